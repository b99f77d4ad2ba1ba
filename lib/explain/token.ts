import type { Cluster, Config } from '../config/config';
import { isText, type Json, own } from '../guards';
import { type Authenticator, authenticators } from '../identity/authenticator';
import { groupNamesFrom, groupValue, userNameFrom } from '../identity/subject';
import { uuidOf } from '../identity/uuid';
import { isSignedBy, type Jwt } from './jwt';
import { algorithm, audience, malformed, required, times } from './token-checks';
import { kindOf } from './token-kind';

/** Whether the API server of one cluster accepts a token, and why. */
export interface Verdict {
  readonly cluster: string;
  /** `null` if no check failed, but some checks could not be made. */
  readonly accepted: boolean | null;
  /** All reasons for a refusal. */
  readonly refused: readonly string[];
  readonly user?: string;
  readonly groups: readonly string[];
  /** The checks that could not be made. */
  readonly unchecked: readonly string[];
  /** Hints that do not change the result. */
  readonly notes: readonly string[];
}

/** The token to check, with the time and the keys. */
export interface Judged {
  /** Has no header and no signature if the input was only claims. */
  readonly token: Jwt | Pick<Jwt, 'claims'>;
  /** The current time, in seconds since 1970. */
  readonly now: number;
  /** The JWKS of the issuer. If it is absent, the signature is not checked. */
  readonly jwks?: string;
  /** The origin of the keys, or the reason why they are missing. */
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
  const base = { cluster: cluster.name, groups: [], unchecked: [], notes: [] };
  if (kind && !kind.judged) return { ...base, accepted: false, refused: [kind.says] };

  const unchecked = notLookedAt(token, jwks, source);
  const notes = kind ? [kind.says] : [];
  const all = authenticators(config, cluster);
  const trusted = all.find(({ issuer }) => issuer === claims.iss);
  if (!trusted) return { ...base, accepted: false, refused: [untrusted(claims.iss, all)], unchecked, notes };
  const made = identityOf(cluster, trusted, claims);
  const refused = [
    ...malformed(claims),
    ...('header' in token ? algorithm(cluster, trusted, header) : []),
    ...('header' in token && jwks !== undefined && !isSignedBy(token, jwks, source)
      ? [`none of the keys ${source === undefined ? 'given with --jwks' : `of ${source}`} signed it`]
      : []),
    ...audience(trusted, claims.aud),
    ...times(claims, now),
    ...required(trusted, claims),
    ...made.refused,
  ];
  return {
    cluster: cluster.name,
    accepted: refused.length > 0 ? false : unchecked.length > 0 ? null : true,
    refused,
    ...(made.user === undefined ? {} : { user: made.user }),
    groups: made.groups,
    unchecked,
    notes: [...notes, ...namedByUuid(config, trusted, claims)],
  };
}

function notLookedAt(token: Judged['token'], jwks: string | undefined, source: string | undefined): string[] {
  if (!('header' in token)) return ['the algorithm and the signature: the input has only claims'];
  if (jwks !== undefined) return [];
  return [source ?? 'the signature: pass the keys of the issuer with --jwks, or fetch them with --fetch-jwks'];
}

function untrusted(iss: unknown, known: readonly Authenticator[]): string {
  const trusted = known.map(({ issuer }) => issuer).join(' or ');
  if (!isText(iss)) return `it has no issuer, but the API server trusts only ${trusted}`;
  const near = known.find(({ issuer }) => issuer.toLowerCase() === iss.toLowerCase().replace(/\/$/, ''));
  const hint = near ? '; the API server compares issuers byte for byte, including a slash at the end' : '';
  return `its issuer is ${iss}, but the API server trusts ${trusted}${hint}`;
}

function identityOf(cluster: Cluster, trusted: Authenticator, claims: Json) {
  const { username, groups: wanted } = trusted;
  const refused: string[] = [];
  // Go decodes null as an empty string.
  const name = own(claims, username.claim) === null ? '' : own(claims, username.claim);
  if (!isText(name))
    refused.push(`it has no valid claim ${username.claim}, which the API server uses as the user name`);
  if (username.claim === 'email' && claims.email_verified !== undefined && claims.email_verified !== true) {
    refused.push('its mail address is not verified (email_verified)');
  }
  const list = wanted ? listed(own(claims, wanted.claim), wanted.separator !== undefined) : undefined;
  if (list === null) {
    refused.push(`its claim ${wanted?.claim} is not a ${wanted?.separator === undefined ? 'list of names' : 'string'}`);
  }
  const none = { iss: trusted.issuer, aud: trusted.audience, preferred_username: '', name: '' };
  const user = userNameFrom(trusted, { ...none, [username.claim]: isText(name) ? name : undefined });
  const groups = wanted ? groupNamesFrom(trusted, { ...none, [wanted.claim]: list ?? undefined }) : [];
  if (cluster.authentication.method === 'structured') {
    for (const one of [user, ...groups]) {
      if (one?.startsWith('system:')) refused.push(`${one} begins with system:, which the rendered rules refuse`);
    }
  }
  return { refused, user, groups };
}

/** Returns the groups in the claim, or null if its type is wrong. The rendered CEL expression splits only a string. */
function listed(value: unknown, joined: boolean): string | string[] | undefined | null {
  if (value === undefined || isText(value)) return value;
  if (joined) return null;
  if (value === null) return [];
  if (!Array.isArray(value)) return null;
  const names = value.map((name: unknown) => (name === null ? '' : name));
  return names.every(isText) ? names : null;
}

/** Returns notes about groups that the token names only by UUID, while the bindings use another name. */
function namedByUuid(config: Config, trusted: Authenticator, claims: Json): string[] {
  const { groups } = trusted;
  const value = groups ? own(claims, groups.claim) : undefined;
  if (!groups || !Array.isArray(value)) return [];
  const inToken = new Set(value.filter(isText));
  return [...config.groups.values()].flatMap((group) => {
    const uuid = uuidOf(config, 'group', group);
    const name = groupValue(config, trusted, group.name);
    if (uuid === undefined || !inToken.has(uuid) || name === undefined || inToken.has(name)) return [];
    return [
      `${groups.prefix}${uuid} is the UUID of the group ${group.name}; bindings use ${groups.prefix}${name}, which is not in the token: request the scope groups or groups_spn`,
    ];
  });
}
