import type { ClientInput, GroupInput, PersonInput, ServiceAccountInput } from '../config/schema/config-schema';
import { isMap, isOneOf, isText, type Json, mapAt, scalarText } from '../guards';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { leftOver } from './document-paths';
import { type Facts, nothing } from './facts';
import { filled, type ReadEntry, type ServerRef, some } from './kanidm-entries';
import { address, nameOf, otherManagers, serverPlace } from './kanidm-values';
import { passedOverIn } from './passed-over';
import { areLists, byGroup, Fields } from './resource-fields';

export const one = (texts: readonly string[] | undefined) => (texts?.length === 1 ? texts[0] : texts && [...texts]);
export const yes = (flag: boolean | undefined) => (flag ? true : undefined);
const minimums = ['any', 'mfa', 'passkey', 'attested_passkey'] as const;
export const joins = ['array', 'csv', 'ssv'] as const;
export type Claims = NonNullable<ClientInput['claims']>;
export type Common = Pick<ReadEntry, 'source' | 'name'>;

export const clientEntry = (
  common: Common,
  fields: Fields,
  { client, landing, differences = [] }: { client: ClientInput; landing: string; differences?: readonly string[] },
): ReadEntry => ({
  ...common,
  kind: 'client',
  fields: client,
  unread: fields.unread,
  differences: [
    ...differences,
    ...(fields.text(landing) === undefined
      ? [`there is no ${landing}: the first redirect URL is used as the landing URL`]
      : []),
  ],
});

/** Returns how the values of a claim are joined. `array` is left out, since it is the default of a config. */
export const joined = (value: unknown): Pick<Claims[string], 'join'> =>
  value === 'csv' || value === 'ssv' ? { join: value } : {};

/** Parses scope maps of kaniop: `[{group, scopes}]`. */
const scopeMap = (fields: Fields, place: string) => {
  const maps = fields.at(place, areLists('scopes'));
  return maps && filled(byGroup(maps.map(({ group, scopes }) => [group, scopes])));
};

const areValues = areLists('values');

/** Parses claims of kaniop: `[{name, joinStrategy, valuesMap: [{group, values}]}]`. */
function kaniopClaims(fields: Fields): Claims | undefined {
  const isClaim = (one: unknown): one is Json =>
    isMap(one) &&
    isText(one.name) &&
    areValues(one.valuesMap) &&
    (one.joinStrategy === undefined || isOneOf(joins, one.joinStrategy)) &&
    Object.keys(one).every((key) => ['name', 'joinStrategy', 'valuesMap'].includes(key));
  const areClaims = (value: unknown): value is readonly Json[] => Array.isArray(value) && value.every(isClaim);
  // Like kaniop, merges the values of a claim that is listed twice.
  const claims = new Map<string, Claims[string]>();
  for (const { name, joinStrategy, valuesMap } of fields.at('claimMap', areClaims) ?? []) {
    const before = claims.get(scalarText(name));
    const values = areValues(valuesMap) ? valuesMap.map(({ group, values }) => [group, values] as const) : [];
    claims.set(scalarText(name), {
      ...joined(joinStrategy),
      ...before,
      values: byGroup([...Object.entries(before?.values ?? {}), ...values]),
    });
  }
  return filled(Object.fromEntries(claims));
}

/**
 * Returns the Kanidm server that a resource belongs to. A reference without a namespace means the namespace of the
 * resource.
 */
function serverRef(fields: Fields, document: Json): ServerRef | undefined {
  const name = fields.text('kanidmRef.name');
  const namespace = fields.text('kanidmRef.namespace') ?? mapAt(document, 'metadata').namespace;
  return name === undefined ? undefined : { name, ...(isText(namespace) ? { namespace } : {}) };
}

/**
 * Returns the entries and the server in a resource of the operator kaniop.
 * @see https://github.com/pando85/kaniop (kaniop.rs/v1beta1, 0.12)
 */
export function kaniopFacts(source: string, document: Json): Facts | undefined {
  if (!scalarText(document.apiVersion).startsWith('kaniop.rs/')) return undefined;
  const spec = mapAt(document, 'spec');
  const fields = new Fields(spec);
  const name = fields.text('kanidmName') ?? scalarText(mapAt(document, 'metadata').name);
  const server = document.kind === 'Kanidm' ? undefined : serverRef(fields, document);
  const common = { source, name, ...(isBuiltIn(name) ? { isBuiltIn: true } : {}), ...(server ? { server } : {}) };
  const isUnbound = document.kind !== 'Kanidm' && !server;
  const unbound = isUnbound ? ['kanidmRef is missing: kaniop does not create the entry'] : [];
  const aside = passedOverIn(source, document, ['kind', 'apiVersion', 'metadata.name', 'metadata.namespace', 'spec']);
  const entry = (made: ReadEntry): Facts => ({
    ...nothing,
    passedOver: aside,
    entries: [{ ...made, manager: 'kaniop', differences: [...(made.differences ?? []), ...unbound] }],
  });
  switch (document.kind) {
    case 'Kanidm': {
      const [domain, origin] = [fields.text('domain'), fields.text('origin')];
      const version = /:(\d+\.\d+(\.\d+)?)/.exec(fields.text('image') ?? '')?.[1];
      const { place, notes } = serverPlace(`Kanidm ${name}`, { domain, origin });
      const { namespace } = mapAt(document, 'metadata');
      return {
        ...nothing,
        servers: [
          {
            source,
            resource: { name, ...(isText(namespace) ? { namespace } : {}) },
            ...place,
            ...(version === undefined ? {} : { version }),
          },
        ],
        notes: [...(!domain ? [`Kanidm ${name} has no spec.domain`] : []), ...notes].map((text) => ({
          source,
          text,
        })),
        passedOver: [
          ...aside,
          ...fields.unread.map(
            (what) => ({ source, what: `Kanidm ${name}: spec.${what}`, why: 'not about sign-in' }) as const,
          ),
        ],
      };
    }
    case 'KanidmPersonAccount': {
      const posix = some<NonNullable<PersonInput['posix']>>({
        gid: fields.number('posixAttributes.gidnumber'),
        shell: fields.text('posixAttributes.loginshell'),
      });
      const person = some<PersonInput>({
        displayName: fields.text('personAttributes.displayname') ?? name,
        legalName: fields.text('personAttributes.legalname'),
        mail: one(fields.texts('personAttributes.mail')),
        validFrom: fields.text('personAttributes.accountValidFrom'),
        expires: fields.text('personAttributes.accountExpire'),
        posix: fields.has('posixAttributes') ? posix : undefined,
      });
      return entry({ ...common, kind: 'person', fields: person, unread: fields.unread });
    }
    case 'KanidmServiceAccount': {
      const managers = fields.texts('serviceAccountAttributes.entryManagedBy')?.map(nameOf);
      const account = some<ServiceAccountInput>({
        displayName: fields.text('serviceAccountAttributes.displayname') ?? name,
        managedBy: managers?.[0],
        validFrom: fields.text('serviceAccountAttributes.accountValidFrom'),
        expires: fields.text('serviceAccountAttributes.accountExpire'),
      });
      const differences = otherManagers(managers);
      return entry({ ...common, kind: 'service account', fields: account, unread: fields.unread, differences });
    }
    case 'KanidmGroup': {
      const managers = fields.texts('entryManagedBy')?.map(nameOf);
      const gid = fields.number('posixAttributes.gidnumber');
      const policy = some<NonNullable<GroupInput['policy']>>({
        credentialMinimum: fields.oneOf('accountPolicy.credentialTypeMinimum', minimums),
        sessionExpiry: fields.number('accountPolicy.authSessionExpiry'),
        privilegeExpiry: fields.number('accountPolicy.privilegeExpiry'),
        passwordMinimumLength: fields.number('accountPolicy.passwordMinimumLength'),
      });
      const group = some<GroupInput>({
        members: fields.texts('members')?.map(nameOf),
        managedBy: managers?.[0],
        posix: fields.has('posixAttributes') ? some<NonNullable<GroupInput['posix']>>({ gid }) : undefined,
        policy: fields.has('accountPolicy') ? policy : undefined,
      });
      const differences = otherManagers(managers);
      return entry({ ...common, kind: 'group', fields: group, unread: fields.unread, differences });
    }
    case 'KanidmOAuth2Client': {
      const redirects = fields.texts('redirectUrl')?.map(address);
      const client = some<ClientInput>({
        displayName: fields.text('displayname'),
        type: fields.flag('public') === true ? undefined : 'basic',
        landingUrl: address(fields.text('origin') ?? redirects?.[0] ?? ''),
        redirectUrls: redirects,
        localhostRedirects: yes(fields.flag('allowLocalhostRedirect')),
        scopes: scopeMap(fields, 'scopeMap'),
        supplementaryScopes: scopeMap(fields, 'supScopeMap'),
        claims: kaniopClaims(fields),
        preferShortUsername: yes(fields.flag('preferShortUsername')),
        legacyCrypto: yes(fields.flag('jwtLegacyCryptoEnable')),
        disablePkce: yes(fields.flag('allowInsecureClientDisablePkce')),
        consentPrompt: fields.flag('disableConsentPrompt') === true ? false : undefined,
      });
      return entry(clientEntry(common, fields, { client, landing: 'origin' }));
    }
  }
  return entry({
    ...common,
    kind: 'other',
    unread: [],
    why: `a config has nothing that corresponds to a ${scalarText(document.kind)} of kaniop (fields left out: ${leftOver(spec, []).length})`,
  });
}
