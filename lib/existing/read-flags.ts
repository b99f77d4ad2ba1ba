import type { Arguments } from './api-server-arguments';
import type { Note, TrustedIssuer } from './facts';

export interface FlagFacts {
  readonly method?: 'flags' | 'structured';
  readonly issuers: readonly TrustedIssuer[];
  readonly notes: readonly Note[];
}

const known = new Set([
  'oidc-issuer-url',
  'oidc-client-id',
  'oidc-signing-algs',
  'oidc-username-claim',
  'oidc-username-prefix',
  'oidc-groups-claim',
  'oidc-groups-prefix',
  'oidc-required-claim',
  'oidc-ca-file',
]);

/**
 * What the `--oidc-*` flags of a kube-apiserver say.
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 */
export function oidcFromFlags(source: string, flags: Arguments): FlagFacts {
  const notes: Note[] = [];
  const one = (name: string) => flags.get(name)?.at(-1);
  const file = one('authentication-config');
  if (file !== undefined) {
    notes.push({
      source,
      text: `--authentication-config=${file}: give that file of a control-plane node to adopt too`,
    });
    return { method: 'structured', issuers: [], notes };
  }
  const issuer = one('oidc-issuer-url');
  if (issuer === undefined) return { issuers: [], notes };
  for (const name of flags.keys()) {
    if (name.startsWith('oidc-') && !known.has(name))
      notes.push({ source, text: `--${name} has no field in a config` });
  }
  const algorithms = one('oidc-signing-algs')?.split(',') ?? ['RS256'];
  if (algorithms.join() !== 'ES256') {
    const text = `--oidc-signing-algs allows ${algorithms.join(', ')}; Kaniflux writes the one that Kanidm signs with`;
    notes.push({ source, text });
  }
  const claim = one('oidc-username-claim') ?? 'sub';
  const prefix = one('oidc-username-prefix');
  const groupsClaim = one('oidc-groups-claim');
  const caFile = one('oidc-ca-file');
  const required = (flags.get('oidc-required-claim') ?? []).flatMap((value) => value.split(','));
  return {
    method: 'flags',
    issuers: [
      {
        issuer,
        audiences: [one('oidc-client-id') ?? ''],
        claim,
        // `-` means none, for users only.
        ...(prefix === undefined ? {} : { prefix: prefix === '-' ? '' : prefix }),
        ...(groupsClaim === undefined
          ? {}
          : { groups: { claim: groupsClaim, prefix: one('oidc-groups-prefix') ?? '' } }),
        requiredClaims: Object.fromEntries(
          required.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
        ),
        ...(caFile === undefined ? {} : { ca: { nodePath: caFile } }),
      },
    ],
    notes,
  };
}
