import { claimExpression } from '../cel/claim-expression';
import { isFilledText, isMap, isText, type Json, listOf, mapAt, own, scalarText } from '../guards';
import { defaultPrefix } from '../identity/authenticator';
import type { Arguments } from './api-server-arguments';
import { isOwnRule } from './expressions';
import { apiServerArguments } from './read-carrier';

/** How an API server builds a name: from a claim with its effective prefix, or with a CEL expression. */
export type NameMapping =
  | { readonly claim: string; readonly prefix: string; readonly expression?: string }
  | { readonly claim?: undefined; readonly expression: string };

/** The names of the settings that an API server has for an issuer. */
export type SettingName =
  | 'issuer'
  | 'audience'
  | 'algorithms'
  | 'username'
  | 'groups'
  | 'required'
  | 'ca'
  /** A validation rule that Kaniflux renders too. */
  | 'own rule'
  /** A part of the mapping for which a config has a field: `uid`, `extra`, and rules. */
  | 'mapping'
  /** The discovery URL and the egress selector. A config has fields for them if the issuer is not Kanidm. */
  | 'connection'
  | 'other';

/** One setting that was read. */
export interface Setting {
  readonly name: SettingName;
  /** Where the setting is, such as `--oidc-client-id` or `jwt[0].issuer.audiences[1]`. */
  readonly place: string;
  readonly value: string;
  /** The index of the source that has the setting, if this is not the source of the issuer. */
  readonly server?: number;
  /** How sign-in changes if a rendered file lacks the setting. */
  readonly without?: string;
}

export interface Issuer {
  readonly source: string;
  /** Where the issuer is: `jwt[0]` or `--oidc-*`. */
  readonly place: string;
  readonly url: string;
  readonly audiences: readonly string[];
  /** `undefined` if every algorithm that kube-apiserver supports is accepted. */
  readonly algorithms?: readonly string[];
  /** `undefined` if the API server would reject the file. */
  readonly username?: NameMapping;
  readonly groups?: NameMapping;
  readonly requiredClaims: ReadonlyMap<string, string>;
  readonly ca?: { readonly nodePath?: string; readonly pem?: string };
  readonly settings: readonly Setting[];
  /** The unchanged entry of the AuthenticationConfiguration, for printing. */
  readonly entry?: Json;
}

/** Returns the issuers in a document: an AuthenticationConfiguration, or arguments of kube-apiserver. */
export function issuersIn(document: Json, source = ''): Issuer[] {
  const configuration = authenticationConfiguration(document);
  if (configuration) return structuredIssuers(configuration, source);
  const args = apiServerArguments(document);
  return args ? flagIssuers(args, source) : [];
}

/** Returns the AuthenticationConfiguration in a document, which can be inside a Talos document. */
export function authenticationConfiguration(document: Json): Json | undefined {
  if (document.kind === 'AuthenticationConfiguration') return document;
  return document.kind === 'KubeAuthenticationConfig' ? mapAt(document, 'configuration') : undefined;
}

/** @see https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/ */
export const structuredIssuers = (configuration: Json, source = ''): Issuer[] =>
  listOf(configuration.jwt).map((jwt, i) => structuredIssuer(isMap(jwt) ? jwt : {}, `jwt[${i}]`, source));

const known = {
  issuer: new Set(['url', 'audiences', 'audienceMatchPolicy', 'certificateAuthority']),
  jwt: new Set(['issuer', 'claimMappings', 'claimValidationRules', 'userValidationRules']),
};

/** What changes if a rendered file lacks a field. */
const without: Readonly<Record<string, string>> = {
  discoveryURL: 'the API server fetches the keys from the issuer URL',
  egressSelectorType: 'the API server connects to the issuer directly',
  uid: 'users have no UID in requests to admission webhooks and in the audit log',
  extra: 'users do not have this extra field in requests to admission webhooks',
  claimValidationRules: 'the API server accepts tokens that this rule rejects today',
  userValidationRules: 'the API server accepts users whom this rule rejects today',
};

const unknownEffect = 'adopt does not know the effect of this field';

/** Returns a value without those of the given fields that the API server treats as not set. */
const filled = (value: unknown, fields: readonly string[]): unknown =>
  isMap(value)
    ? Object.fromEntries(
        Object.entries(value).filter(
          ([key, one]) => !fields.includes(key) || (one !== null && (one !== '' || key === 'prefix')),
        ),
      )
    : value;

/** Whether a value is a map of texts, with all of the required keys, and no others except the optional ones. */
const hasTexts = (value: unknown, required: readonly string[], optional: readonly string[] = []): boolean =>
  isMap(value) &&
  required.every((key) => isFilledText(value[key])) &&
  Object.entries(value).every(([key, one]) => isText(one) && [...required, ...optional].includes(key));

const isUid = (value: unknown): boolean => hasTexts(value, ['claim']) || hasTexts(value, ['expression']);
const isRule = (value: unknown): boolean => hasTexts(value, ['expression'], ['message']);

function structuredIssuer(jwt: Json, place: string, source: string): Issuer {
  const issuer = mapAt(jwt, 'issuer');
  const mappings = mapAt(jwt, 'claimMappings');
  const settings: Setting[] = [];
  const add = (name: SettingName, at: string, value: unknown, lost?: string) =>
    settings.push({
      name,
      place: `${place}.${at}`,
      value: isText(value) ? value : (JSON.stringify(value) ?? ''),
      ...(lost === undefined ? {} : { without: lost }),
    });
  add('issuer', 'issuer.url', issuer.url);
  const audiences = listOf(issuer.audiences).map(scalarText);
  for (const [i, one] of audiences.entries()) add('audience', `issuer.audiences[${i}]`, one);
  if (issuer.certificateAuthority !== undefined) add('ca', 'issuer.certificateAuthority', 'a certificate');
  if (issuer.audienceMatchPolicy !== undefined && audiences.length > 0)
    add('audience', 'issuer.audienceMatchPolicy', issuer.audienceMatchPolicy);
  for (const [field, value] of Object.entries(issuer)) {
    const lost = own(without, field) ?? unknownEffect;
    if ((field === 'discoveryURL' || field === 'egressSelectorType') && isText(value))
      add('connection', `issuer.${field}`, value, lost);
    else if (!known.issuer.has(field)) add('other', `issuer.${field}`, value, lost);
  }
  for (const [field, value] of Object.entries(mappings)) {
    if (field === 'username' || field === 'groups') {
      const set = filled(value, ['claim', 'prefix', 'expression']);
      for (const [key, one] of Object.entries(isMap(set) ? set : { '': set })) {
        const at = `claimMappings.${field}.${key}`;
        if (key === 'claim' || key === 'prefix' || key === 'expression') add(field, at, one);
        else add('other', at, one, unknownEffect);
      }
      continue;
    }
    for (const [i, given] of listOf(value).entries()) {
      const one = field === 'uid' ? filled(given, ['claim', 'expression']) : given;
      if (field === 'uid' && isMap(one) && Object.keys(one).length === 0) continue;
      const isKnown = field === 'uid' ? isUid(one) : field === 'extra' && hasTexts(one, ['key', 'valueExpression']);
      const at = `claimMappings.${field}${Array.isArray(value) ? `[${i}]` : ''}`;
      add(isKnown ? 'mapping' : 'other', at, one, own(without, field) ?? unknownEffect);
    }
  }
  const required = new Map<string, string>();
  for (const [i, given] of listOf(jwt.claimValidationRules).entries()) {
    const rule = filled(given, ['claim', 'requiredValue', 'expression', 'message']);
    const { claim, requiredValue = '', ...rest } = isMap(rule) ? rule : {};
    const at = `claimValidationRules[${i}]`;
    if (isText(claim) && Object.keys(rest).length === 0) {
      required.set(claim, scalarText(requiredValue));
      add('required', at, `${claim}=${scalarText(requiredValue)}`);
    } else add(isRule(rule) ? 'mapping' : 'other', at, rule, without.claimValidationRules);
  }
  for (const [i, given] of listOf(jwt.userValidationRules).entries()) {
    const rule = filled(given, ['expression', 'message']);
    const isOwn = isOwnRule(scalarText(mapAt(rule).expression));
    const name = isOwn ? 'own rule' : isRule(rule) ? 'mapping' : 'other';
    add(name, `userValidationRules[${i}]`, rule, without.userValidationRules);
  }
  for (const [field, value] of Object.entries(jwt))
    if (!known.jwt.has(field)) add('other', field, value, own(without, field) ?? unknownEffect);
  const [username, groups] = [mapping(mappings.username), mapping(mappings.groups)];
  return {
    source,
    place,
    url: isText(issuer.url) ? issuer.url : '',
    audiences,
    ...(username ? { username } : {}),
    ...(groups ? { groups } : {}),
    requiredClaims: required,
    ...(isText(issuer.certificateAuthority) ? { ca: { pem: issuer.certificateAuthority } } : {}),
    settings,
    entry: jwt,
  };
}

function mapping(value: unknown): NameMapping | undefined {
  const { claim, prefix = '', expression } = isMap(value) ? value : {};
  if (isFilledText(expression)) {
    const simple = claimExpression(expression);
    return simple ? { ...simple, expression } : { expression };
  }
  return isFilledText(claim) ? { claim, prefix: scalarText(prefix) } : undefined;
}

/** The setting that each flag belongs to. */
export const oidcFlags: Readonly<Record<string, SettingName>> = {
  'oidc-issuer-url': 'issuer',
  'oidc-client-id': 'audience',
  'oidc-signing-algs': 'algorithms',
  'oidc-username-claim': 'username',
  'oidc-username-prefix': 'username',
  'oidc-groups-claim': 'groups',
  'oidc-groups-prefix': 'groups',
  'oidc-ca-file': 'ca',
  'oidc-required-claim': 'required',
};

/**
 * Returns the issuer that the `--oidc-*` flags configure. The flags can configure only one issuer.
 * @param ca the CA of the issuer, if the document contains the CA itself and not only a path
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export function flagIssuers(args: Arguments, source = '', ca?: Issuer['ca']): Issuer[] {
  // If a flag is repeated, kube-apiserver uses the last value. For required claims and algorithms, kube-apiserver uses
  // all values.
  const last = (name: string) => args.get(name)?.at(-1);
  const url = last('oidc-issuer-url');
  if (url === undefined) return [];
  const claim = last('oidc-username-claim') ?? 'sub';
  const prefix = last('oidc-username-prefix');
  const groupsClaim = last('oidc-groups-claim');
  const nodePath = last('oidc-ca-file');
  // kube-apiserver does not split at commas, and removes spaces around the name and the value.
  const required = (args.get('oidc-required-claim') ?? []).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  const settings = [...args].flatMap(([flag, values]) => {
    const name = own(oidcFlags, flag);
    const all = name === 'algorithms' ? [values.join(',')] : values;
    return name === undefined ? [] : all.map((value): Setting => ({ name, place: `--${flag}`, value }));
  });
  return [
    {
      source,
      place: '--oidc-*',
      url,
      audiences: [last('oidc-client-id') ?? ''],
      algorithms: (args.get('oidc-signing-algs') ?? ['RS256'])
        .flatMap((one) => one.split(','))
        .map((one) => one.trim()),
      // For users, unlike for groups, the value `-` means no prefix.
      username: { claim, prefix: prefix === '-' ? '' : prefix || defaultPrefix(claim, url) },
      ...(groupsClaim ? { groups: { claim: groupsClaim, prefix: last('oidc-groups-prefix') ?? '' } } : {}),
      requiredClaims: new Map(required),
      ...(ca !== undefined ? { ca } : nodePath === undefined ? {} : { ca: { nodePath } }),
      settings,
    },
  ];
}
