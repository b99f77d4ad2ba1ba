import type { IssuerInput } from '../config/schema/issuer-schema';
import type { MappingInput } from '../config/schema/mapping-schema';
import type { Issuer } from '../existing/api-server-issuers';
import { isOwnRule } from '../existing/expressions';
import { isFilledText, isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { defaultPrefix } from '../identity/authenticator';

/** Claims of Kanidm that a config can use for user names. */
export const personal = ['sub', 'email', 'preferred_username'];

/**
 * Returns the mapping of a client of Kanidm as fields of a config. A claim that is set is written even if it is the
 * default; a prefix is written only if it is not the default. If the claim for user names does not identify a person,
 * the config gets `sub` instead.
 */
export function kanidmMapping(issuer: Issuer): MappingInput {
  return { ...kanidmUsername(issuer), ...commonMapping(issuer) };
}

function kanidmUsername({ username, url, settings }: Issuer): MappingInput {
  if (username?.expression !== undefined) return { username: { expression: username.expression } };
  if (username?.claim === undefined) return {};
  const isGiven = (what: RegExp) => settings.some(({ name, place }) => name === 'username' && what.test(place));
  const claim = personal.includes(username.claim) ? username.claim : 'sub';
  const isDefault = username.prefix === (isGiven(/prefix/) ? `${url}#` : defaultPrefix(claim, url));
  return { ...(isGiven(/claim/) ? { claim } : {}), ...(isDefault ? {} : { prefix: username.prefix }) };
}

/** Returns all fields of a mapping except the user name. */
function commonMapping({ groups, requiredClaims, entry = {} }: Issuer): MappingInput {
  const { uid, extra } = mapAt(entry, 'claimMappings');
  const rules = (name: string) =>
    listOf(entry[name]).flatMap((rule) => {
      const { expression, message } = mapAt(rule);
      return isFilledText(expression) ? [{ expression, ...(isFilledText(message) ? { message } : {}) }] : [];
    });
  const claimRules = rules('claimValidationRules');
  const userRules = rules('userValidationRules').filter(({ expression }) => !isOwnRule(expression));
  const attributes = listOf(extra).flatMap((one) => {
    const { key, valueExpression } = mapAt(one);
    return isText(key) && isText(valueExpression) ? [{ key, valueExpression }] : [];
  });
  return {
    ...(groups ? { groups: groupsInput(groups) } : {}),
    ...(requiredClaims.size > 0 ? { requiredClaims: Object.fromEntries(requiredClaims) } : {}),
    ...(isMap(uid) && Object.keys(uidInput(uid)).length > 0 ? { uid: uidInput(uid) } : {}),
    ...(attributes.length > 0 ? { extra: attributes } : {}),
    ...(claimRules.length > 0 ? { claimValidationRules: claimRules } : {}),
    ...(userRules.length > 0 ? { userValidationRules: userRules } : {}),
  };
}

const groupsInput = (groups: NonNullable<Issuer['groups']>): NonNullable<MappingInput['groups']> =>
  groups.claim === undefined || groups.expression !== undefined
    ? { expression: scalarText(groups.expression) }
    : { claim: groups.claim, prefix: groups.prefix };

const uidInput = ({ claim, expression }: Json): NonNullable<MappingInput['uid']> => ({
  ...(isFilledText(claim) ? { claim } : {}),
  ...(isFilledText(expression) ? { expression } : {}),
});

/** Whether the fields of a config can express everything in the entry of an issuer other than Kanidm. */
export const isExpressible = ({ username, audiences, settings, url }: Issuer): boolean =>
  username !== undefined &&
  url !== '' &&
  audiences.length > 0 &&
  settings.every(({ name }) => name !== 'other') &&
  !settings.some(({ name, value }) => (name === 'username' || name === 'groups') && value.includes('system:'));

/** Returns an issuer other than Kanidm as fields of a config. */
export function issuerInput(issuer: Issuer): IssuerInput {
  const { url, audiences, username, ca, entry = {} } = issuer;
  const { discoveryURL, egressSelectorType } = mapAt(entry, 'issuer');
  const egress = (['controlplane', 'cluster'] as const).find((one) => one === egressSelectorType);
  return {
    url,
    ...(isFilledText(discoveryURL) ? { discoveryUrl: discoveryURL } : {}),
    audiences: [...audiences],
    ...(egress ? { egressSelectorType: egress } : {}),
    ...(ca?.pem === undefined ? {} : { ca: { pem: ca.pem } }),
    ...(username?.claim === undefined || username.expression !== undefined
      ? { username: { expression: scalarText(username?.expression) } }
      : { claim: username.claim, prefix: username.prefix }),
    ...commonMapping(issuer),
  };
}

/**
 * Returns a key for an issuer: a short name for a known host, otherwise the host as a DNS label, with a number if this
 * key is in use.
 */
export function issuerKey(url: string, taken: readonly string[]): string {
  const host = /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? 'issuer';
  const wish = (
    known.get(host) ??
    host
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
  ).slice(0, 50);
  for (let i = 1; ; i++) {
    const key = i === 1 ? wish : `${wish}-${i}`;
    if (!taken.includes(key)) return key;
  }
}

const known = new Map([
  ['token.actions.githubusercontent.com', 'github'],
  ['gitlab.com', 'gitlab'],
  ['accounts.google.com', 'google'],
]);
