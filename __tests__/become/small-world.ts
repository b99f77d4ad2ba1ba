import type { PolicyRule } from '../../lib/access/objects';
import { closure } from '../../lib/become/closure';
import { type Fact, identityFact } from '../../lib/become/fact';
import type { Derivation, Reached } from '../../lib/become/reached';
import { type World, worldOf } from '../../lib/become/world';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const api = 'rbac.authorization.k8s.io/v1';

/** The rules of a user in these tests, in a namespace or the whole cluster. */
export interface Has {
  readonly namespace?: string;
  readonly rules: readonly PolicyRule[];
}

/** Parses a rule: `create pods`, `get secrets a,b`, `bind clusterroles.rbac.authorization.k8s.io`. */
export function rule(text: string): PolicyRule {
  const [verb = '', what = '', names] = text.split(' ');
  const at = what.indexOf('.');
  return {
    verbs: [verb],
    apiGroups: [at < 0 ? '' : (what.slice(at + 1).split('/')[0] ?? '')],
    resources: [at < 0 ? what : `${what.slice(0, at)}${what.includes('/') ? `/${what.split('/')[1]}` : ''}`],
    ...(names === undefined ? {} : { resourceNames: names.split(',') }),
  };
}

export const rules = (...texts: readonly string[]): PolicyRule[] => texts.map(rule);

/** Returns a role, and its binding to a user or service account (`namespace/name`). */
export function grant(user: string, has: Has): object[] {
  const wide = has.namespace === undefined;
  const where = wide ? {} : { namespace: has.namespace };
  const name = `${user.replace('/', '-')}-${has.namespace ?? 'everywhere'}`;
  const [namespace, account] = user.split('/');
  const subject =
    account === undefined ? { kind: 'User', name: user } : { kind: 'ServiceAccount', namespace, name: account };
  const kind = wide ? 'ClusterRole' : 'Role';
  return [
    { apiVersion: api, kind, metadata: { name, ...where }, rules: has.rules },
    {
      apiVersion: api,
      kind: `${kind}Binding`,
      metadata: { name, ...where },
      roleRef: { kind, name },
      subjects: [subject],
    },
  ];
}

/** Returns a service account with every right, so that becoming it is visible. */
export const boss = (namespace: string, name = 'boss'): object[] =>
  grant(`${namespace}/${name}`, { rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] });

/** An installation of Flux without its usual rights, which are then not assumed. */
const noFlux: object[] = [
  {
    apiVersion: api,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'crd-controller' },
    roleRef: { kind: 'ClusterRole', name: 'system:basic-user' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'flux-system', name: 'kustomize-controller' }],
  },
];

interface Setting {
  /** A change of the home lab's config. */
  readonly config?: Record<string, unknown>;
  /** Whether Flux has its usual rights. @default false */
  readonly flux?: boolean;
  readonly objects?: readonly object[];
}

export function world({ config = {}, flux = false, objects = [] }: Setting = {}): World {
  const resolved = configOf(config);
  const cluster = resolved.clusters.get('homelab');
  if (!cluster) throw new Error('the home lab has no cluster');
  return worldOf(resolved, cluster, [...rendered(resolved).objects('homelab'), ...objects, ...(flux ? [] : noFlux)]);
}

export const user = (name: string): Fact => identityFact({ user: name, groups: [] }, name);

/** Returns what the user `jane` can reach with some rights. */
export const reached = (has: readonly Has[], setting: Setting = {}): Reached =>
  closure(world({ ...setting, objects: [...(setting.objects ?? []), ...has.flatMap((one) => grant('jane', one))] }), [
    user('jane'),
  ]);

/** Returns what the steps with a code give. */
export const taken = (result: Reached, code: string): string[] => [
  ...new Set(stepsOf(result, code).map(({ fact }) => fact.words)),
];

/** The same, but only steps that jane takes as herself. */
export const takenByJane = (result: Reached, code: string): string[] =>
  stepsOf(result, code)
    .filter(({ from }) => from.key === user('jane').key)
    .map(({ fact }) => fact.words);

export const stepsOf = (result: Reached, code: string): Derivation[] =>
  [...result.derivations.values()].flat().filter(({ step }) => step.code === code);
