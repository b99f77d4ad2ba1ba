import type { LocatedFinding } from '../../findings/finding';
import { isSilent } from './kubectl-checks';
import type { LiveCode } from './live-codes';

/** Makes a finding the consequence of a finding with one of the codes in `of`. */
interface Consequence {
  readonly of: readonly LiveCode[];
  /** Whether the cause leads to the effect. @default - whenever both are reported for the same cluster */
  readonly when?: (effect: LocatedFinding, cause: LocatedFinding) => boolean;
}

const kustomization = ({ message }: LocatedFinding) => /Kustomization (\S+)/.exec(message)?.[1];
const isSame = (effect: LocatedFinding, cause: LocatedFinding) => kustomization(effect) === kustomization(cause);
const ofKanidm = (effect: LocatedFinding) => kustomization(effect) === 'kaniflux-kanidm';
const flux = ['flux-missing', 'flux-controller-down', 'flux-source-failed'] as const;
const kanidmDown: readonly Consequence[] = [
  { of: ['kanidm-not-running'] },
  {
    of: ['kanidm-objects-differ'],
    when: (_, { message }) => /^(StatefulSet|HelmRelease|Service)\S* .*is missing/.test(message),
  },
];
const signIn: readonly Consequence[] = [
  { of: ['issuer-unresolved', 'issuer-untrusted', 'issuer-not-read', 'kanidm-unreachable', 'kanidm-dns'] },
  ...kanidmDown,
];

/** For each code, the findings that can cause it. A cause can have a cause too. */
const consequences: Partial<Record<LiveCode, readonly Consequence[]>> = {
  'kubectl-unusable': [{ of: ['api-server-down'] }],
  'api-server-unreachable': [
    { of: ['api-server-down'] },
    {
      of: ['kubectl-unusable'],
      when: (effect, cause) => / does not answer at /.test(effect.message) && isSilent(cause.message),
    },
  ],
  'flux-source-failed': [{ of: ['flux-missing', 'flux-controller-down'] }],
  'flux-not-applied': [{ of: ['flux-missing'] }],
  'flux-failed': [{ of: flux }, { of: ['kanidm-not-running'], when: ofKanidm }],
  'flux-outdated': [{ of: flux }, { of: ['flux-failed'], when: isSame }],
  'flux-helm-failed': [{ of: flux }, { of: ['kanidm-not-running'] }],
  'access-differs': [
    { of: flux },
    {
      of: ['flux-not-applied', 'flux-failed', 'flux-outdated'],
      when: (_, cause) => kustomization(cause)?.startsWith('kaniflux-access') === true,
    },
  ],
  'kanidm-objects-differ': [
    { of: flux },
    { of: ['flux-not-applied', 'flux-failed', 'flux-outdated'], when: (_, cause) => ofKanidm(cause) },
  ],
  'kanidm-unreachable': [{ of: ['kanidm-dns'] }, ...kanidmDown],
  'kanidm-certificate-name': [
    { of: ['kanidm-unreachable'], when: (_, { message }) => message.includes('the default certificate of an ingress') },
  ],
  // An ingress controller without a backend answers the request itself.
  'no-discovery-document': kanidmDown.map(({ of, when }) => ({
    of,
    when: (effect, cause) =>
      /returns status (404|5\d\d), and the answer has no header of Kanidm/.test(effect.message) &&
      (when?.(effect, cause) ?? true),
  })),
  'issuer-untrusted': [
    {
      of: ['kanidm-certificate-expiry'],
      when: (effect, cause) => / is after /.test(effect.message) && / expired on /.test(cause.message),
    },
  ],
  'issuer-not-read': [
    { of: ['no-discovery-document'] },
    { of: ['kanidm-unreachable'], when: (...both) => both.every(({ message }) => /refused/i.test(message)) },
    ...kanidmDown,
  ],
  'keys-not-fetched': signIn,
  'tokens-refused': signIn,
  'login-failed': signIn,
};

const rulesOf = (code: string): readonly Consequence[] =>
  Object.entries(consequences).find(([effect]) => effect === code)?.[1] ?? [];

/**
 * Returns the root cause of each finding that follows from another finding. A finding that is not in the map has no
 * known cause.
 */
export function causes(findings: readonly LocatedFinding[]): ReadonlyMap<LocatedFinding, LocatedFinding> {
  const direct = (effect: LocatedFinding) => {
    for (const { of, when } of rulesOf(effect.code)) {
      const cause = findings.find(
        (one) =>
          of.some((code) => code === one.code) &&
          (effect.cluster === undefined || one.cluster === undefined || effect.cluster === one.cluster) &&
          (when?.(effect, one) ?? true),
      );
      if (cause) return cause;
    }
    return undefined;
  };
  const result = new Map<LocatedFinding, LocatedFinding>();
  for (const finding of findings) {
    let root = direct(finding);
    for (let next = root && direct(root); next; next = direct(next)) root = next;
    if (root) result.set(finding, root);
  }
  return result;
}
