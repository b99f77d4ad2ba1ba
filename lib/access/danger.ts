import { covers, type Right } from './rights';

/** How bad a right is in the wrong hands, the worst first. */
export const dangers = ['everything', 'takeover', 'secrets', 'exec', 'write', 'read'] as const;
export type Danger = (typeof dangers)[number];

const all: Right = { verb: '*', group: '*', resource: '*' };

/**
 * Rights from which every other can be had, or nearly so.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks
 */
const takeovers: readonly Right[] = [
  ...['roles', 'clusterroles'].flatMap((resource) =>
    ['escalate', 'bind'].map((verb) => ({ verb, group: 'rbac.authorization.k8s.io', resource })),
  ),
  ...['users', 'groups', 'serviceaccounts'].map((resource) => ({ verb: 'impersonate', group: '', resource })),
  { verb: 'create', group: '', resource: 'serviceaccounts/token' },
  { verb: 'create', group: '', resource: 'nodes/proxy' },
  { verb: 'get', group: '', resource: 'nodes/proxy' },
  { verb: 'update', group: 'certificates.k8s.io', resource: 'certificatesigningrequests/approval' },
  ...['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].flatMap((resource) =>
    ['create', 'update', 'patch'].map((verb) => ({ verb, group: 'admissionregistration.k8s.io', resource })),
  ),
];

const secrets: readonly Right[] = ['get', 'list', 'watch'].map((verb) => ({ verb, group: '', resource: 'secrets' }));

const execs: readonly Right[] = [
  ...['pods/exec', 'pods/attach'].flatMap((resource) =>
    ['create', 'get'].map((verb) => ({ verb, group: '', resource })),
  ),
  ...['update', 'patch'].map((verb) => ({ verb, group: '', resource: 'pods/ephemeralcontainers' })),
];

const reads = new Set(['get', 'list', 'watch']);

/** Whether a right touches one of a list, in its own namespace and names. */
const touches = (right: Right, list: readonly Right[]) => {
  const everywhere = { ...right, namespace: undefined, name: undefined };
  return list.some((one) => covers(everywhere, one));
};

/** Roles repeat the same few rights, and a review asks for each of them once for every person. */
const known = new Map<string, Danger>();

/** The worst that a right is, wherever it is had. */
export function dangerOf(right: Right): Danger {
  const { verb, group, resource, path, name } = right;
  const key = `${verb}\n${group}\n${resource}\n${path}\n${name === undefined}`;
  let danger = known.get(key);
  if (danger === undefined) {
    if (known.size > 50_000) known.clear();
    danger = judged(right);
    known.set(key, danger);
  }
  return danger;
}

function judged(right: Right): Danger {
  if (right.path !== undefined) return reads.has(right.verb) ? 'read' : 'write';
  if (right.name === undefined && covers({ ...right, namespace: undefined }, all)) return 'everything';
  if (touches(right, takeovers)) return 'takeover';
  if (touches(right, secrets)) return 'secrets';
  if (touches(right, execs)) return 'exec';
  return reads.has(right.verb) ? 'read' : 'write';
}

/** The worst of several; `undefined` where there are none. */
export function worst(rights: readonly Right[]): Danger | undefined {
  const found = new Set(rights.map(dangerOf));
  return dangers.find((danger) => found.has(danger));
}
