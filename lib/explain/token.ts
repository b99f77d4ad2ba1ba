import type { Cluster, Config } from '../config/config';
import { isText, type Json, listOf, mapAt, own, scalarText } from '../guards';
import { type Authenticator, authenticators, issuerAuthenticators, type TokenMapping } from '../identity/authenticator';
import { groupClaimValues, groupScope } from '../identity/claims';
import { spn } from '../identity/issuer';
import { identityOf } from '../identity/token-identity';
import { uuidOf } from '../identity/uuid';
import { type Jwt, signatureFault } from './jwt';
import { algorithm, audience, decodedClaims, fetched, malformed, required, signature, times } from './token-checks';

import { kindOf } from './token-kind';

/** Whether the API server of one cluster accepts a token, and why. */
export interface Verdict {
  readonly cluster: string;
  /** Whether the token is accepted; `null` if no check failed, but some checks could not be made. */
  readonly accepted: boolean | null;
  /** All reasons for a refusal. */
  readonly refused: readonly string[];
  readonly user?: string;
  /** `undefined` if the groups are unknown. */
  readonly groups?: readonly string[];
  /** The checks that could not be made. */
  readonly unchecked: readonly string[];
  /** Hints that do not change the result. */
  readonly notes: readonly string[];
}

/** The token to check, with the time and the keys. */
export interface Judged {
  /** The token. It has no header and no signature if the input was only claims. */
  readonly token: Jwt | Pick<Jwt, 'claims'>;
  /** The current time, in seconds since 1970. */
  readonly now: number;
  /** The JWKS of the issuer. If it is absent, the signature is not checked. */
  readonly jwks?: string;
  /** Where the keys come from, or the reason why they are missing. */
  readonly source?: string;
}

/**
 * Checks a token as the API server of a cluster does.
 * @throws TokenError if `jwks` is not a JWKS
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/plugin/pkg/authenticator/token/oidc/oidc.go
 */
export function judge(config: Config, cluster: Cluster, { token, now, jwks, source }: Judged): Verdict {
  const { claims } = token;
  const header = 'header' in token ? token.header : {};
  const kind = kindOf({ header, claims });
  const basic = decodedClaims(claims);
  const base = { cluster: cluster.name, groups: [], unchecked: [], notes: [] };
  if (kind && !kind.judged) return { ...base, accepted: false, refused: [kind.says] };

  const unchecked = notLookedAt(token, jwks, source);
  const notes = kind ? [kind.says] : [];
  const issuers = issuersOf(config, cluster);
  // Google leaves out https:// in some tokens, which kube-apiserver accepts.
  const iss = basic.iss === 'accounts.google.com' ? `https://${basic.iss}` : basic.iss;
  const trusted = issuers.find(({ issuer }) => issuer === iss);
  if (!trusted && kind?.judged === 'elsewhere') {
    const incomplete = 'header' in token ? signatureFault(token) : undefined;
    if (incomplete !== undefined) return { ...base, accepted: false, refused: [incomplete], notes };
    const own =
      'whether this cluster issued the token. If so, its API server accepts the token; if not, it refuses the token';
    return { ...base, accepted: null, refused: [], unchecked: [own], notes };
  }
  if (!trusted) return { ...base, accepted: false, refused: [untrusted(basic.iss, issuers)], unchecked, notes };
  const { mapping, client } = trusted;
  const structured = cluster.authentication.method === 'structured';
  const made = mapping && identityOf(mapping, claims, structured);
  const elsewhere = mapping && fetched(mapping, claims);
  const literal =
    'the user and the groups, because the issuer is an entry under `jwt`, and Kaniflux does not evaluate these entries';
  const refused = [
    ...malformed(basic),
    ...('header' in token ? algorithm(structured ? undefined : client?.signingAlgorithm, header) : []),
    ...('header' in token ? signature(token, jwks, source) : []),
    ...audience(trusted.audiences, basic.aud),
    ...times(basic, now),
    ...(mapping ? required(mapping, claims) : []),
    ...(made?.refused ?? []),
    ...(elsewhere && 'refused' in elsewhere ? [elsewhere.refused] : []),
  ];
  const open = [
    ...unchecked,
    ...(made ? made.unchecked : [literal]),
    ...(elsewhere && 'unchecked' in elsewhere ? [elsewhere.unchecked] : []),
  ];
  const groups = elsewhere ? undefined : made?.groups;
  return {
    cluster: cluster.name,
    accepted: refused.length > 0 ? false : open.length > 0 ? null : true,
    refused,
    ...(made?.user === undefined ? {} : { user: made.user }),
    ...(groups ? { groups } : {}),
    unchecked: open,
    notes: [...notes, ...(client ? namedOtherwise(config, client, claims) : [])],
  };
}

/** An issuer that an API server trusts. */
interface TrustedIssuer {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** How the token becomes a user and groups; `undefined` for an entry of `jwt`, which Kaniflux does not evaluate. */
  readonly mapping?: TokenMapping;
  /** The authenticator, if the issuer is a client of Kanidm; `undefined` for other issuers. */
  readonly client?: Authenticator;
}

/** Returns all issuers that the API server of a cluster trusts. */
export const issuersOf = (config: Config, cluster: Cluster): TrustedIssuer[] => [
  ...authenticators(config, cluster).map((one) => ({
    issuer: one.issuer,
    audiences: [one.audience],
    mapping: one,
    client: one,
  })),
  ...issuerAuthenticators(cluster).map((one) => ({
    issuer: one.issuer,
    audiences: one.source.audiences,
    mapping: one,
  })),
  ...cluster.jwt.map((entry) => {
    const { url, audiences } = mapAt(entry, 'issuer');
    return { issuer: scalarText(url), audiences: listOf(audiences).map(scalarText) };
  }),
];

function notLookedAt(token: Judged['token'], jwks: string | undefined, source: string | undefined): string[] {
  if (!('header' in token)) return ['the algorithm and the signature, because the input has only claims'];
  if (jwks !== undefined || signatureFault(token) !== undefined) return [];
  return [source ?? 'the signature: pass the keys of the issuer with --jwks, or fetch them with --fetch-jwks'];
}

function untrusted(iss: unknown, known: readonly TrustedIssuer[]): string {
  const trusted = known.map(({ issuer }) => issuer).join(' or ');
  if (!isText(iss)) return `the token has no issuer, but the API server trusts only ${trusted}`;
  const near = known.find(({ issuer }) => issuer.toLowerCase() === iss.toLowerCase().replace(/\/$/, ''));
  const hint = near ? '; the API server compares issuers byte for byte, including a slash at the end' : '';
  return `the issuer of the token is ${iss}, but the API server trusts ${trusted}${hint}`;
}

/** Returns notes about groups that the token names only in another form than the bindings. */
function namedOtherwise(config: Config, { client, groups }: Authenticator, claims: Json): string[] {
  const scope = groupScope(client);
  if (groups?.claim !== 'groups' || scope === undefined) return [];
  const inToken = new Set(listOf(own(claims, 'groups')).filter(isText));
  return [...config.groups.values()].flatMap((group) => {
    const bound = groupClaimValues(config, scope, group.name).at(-1);
    if (bound === undefined || inToken.has(bound)) return [];
    const forms: readonly (readonly [string | undefined, string])[] = [
      [uuidOf(config, 'group', group), 'the UUID'],
      [spn(config.kanidm, group.name), 'the name with the domain'],
      [group.name, 'the name without the domain'],
    ];
    return forms.flatMap(([form, what]) =>
      form !== undefined && inToken.has(form)
        ? [
            `${groups.prefix}${form} is ${what} of the group ${group.name}; bindings use ${groups.prefix}${bound}, and ${bound} is not in the token: request the scope ${scope}`,
          ]
        : [],
    );
  });
}
