import type { ClientInput, GroupInput, PersonInput, ServiceAccountInput } from '../config/schema/config-schema';
import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { type Facts, nothing, together } from './facts';
import { filled, type ReadEntry, some } from './kanidm-entries';
import { address, nameOf } from './kanidm-values';
import { leftOver, valuesAt } from './places';

/** Reads fields of a map and records which were read, so that the others can be reported. */
class Fields {
  private readonly read: string[] = [];
  constructor(private readonly map: Json) {}

  /** Returns the value at a path of keys joined by dots. */
  at(place: string): unknown {
    this.read.push(place);
    return valuesAt(this.map, place)[0]?.value;
  }
  text(place: string): string | undefined {
    const value = this.at(place);
    return isText(value) ? value : undefined;
  }
  number(place: string): number | undefined {
    const value = this.at(place);
    return typeof value === 'number' ? value : undefined;
  }
  flag(place: string): boolean | undefined {
    const value = this.at(place);
    return typeof value === 'boolean' ? value : undefined;
  }
  texts(place: string): string[] | undefined {
    const value = this.at(place);
    return value === undefined ? undefined : listOf(value).map(scalarText);
  }
  get unread(): string[] {
    return leftOver(this.map, this.read);
  }
}

const one = (texts: readonly string[] | undefined) => (texts?.length === 1 ? texts[0] : texts && [...texts]);
const yes = (flag: boolean | undefined) => (flag ? true : undefined);
const minimums = ['any', 'mfa', 'passkey', 'attested_passkey'] as const;
const joins = ['array', 'csv', 'ssv'] as const;
const joinOf = (value: unknown) => joins.find((join) => join === value && join !== 'array');

const clientEntry = (
  common: Pick<ReadEntry, 'source' | 'name'>,
  fields: Fields,
  { client, landing }: { client: ClientInput; landing: string },
): ReadEntry => ({
  ...common,
  kind: 'client',
  fields: client,
  unread: fields.unread,
  differences:
    fields.text(landing) === undefined
      ? [`there is no ${landing}: the first redirect URL is used as the landing URL`]
      : [],
});

/** Returns scope maps from the form of kaniop: `[{group, scopes}]`. */
const scopes = (value: unknown) =>
  filled(
    Object.fromEntries(
      listOf(value).map((map) => [nameOf(scalarText(mapAt(map).group)), listOf(mapAt(map).scopes).map(scalarText)]),
    ),
  );

/**
 * Returns the entries and the server in a resource of the operator kaniop.
 * @see https://github.com/pando85/kaniop (kaniop.rs/v1beta1, 0.12)
 */
export function kaniopFacts(source: string, document: Json): Facts | undefined {
  if (!scalarText(document.apiVersion).startsWith('kaniop.rs/')) return undefined;
  const spec = mapAt(document, 'spec');
  const fields = new Fields(spec);
  const name = fields.text('kanidmName') ?? scalarText(mapAt(document, 'metadata').name);
  const common = { source, name };
  const isUnbound = document.kind !== 'Kanidm' && !isText(mapAt(fields.at('kanidmRef')).name);
  const unbound = isUnbound ? ['kanidmRef is missing: kaniop does not create the entry'] : [];
  const entry = (made: ReadEntry): Facts => ({
    ...nothing,
    entries: [{ ...made, differences: [...(made.differences ?? []), ...unbound] }],
  });
  switch (document.kind) {
    case 'Kanidm': {
      const [domain, image, origin] = [fields.text('domain'), fields.text('image'), fields.text('origin')];
      const version = /:(\d+\.\d+(\.\d+)?)/.exec(image ?? '')?.[1];
      return {
        ...nothing,
        ...(domain === undefined ? {} : { domain }),
        ...(version === undefined ? {} : { kanidmVersion: version }),
        ...(origin === undefined ? {} : { origin: address(origin) }),
        notes: domain === undefined ? [{ source, text: `Kanidm ${name} has no spec.domain` }] : [],
        passedOver: fields.unread.map((what) => ({
          source,
          what: `Kanidm ${name}: spec.${what}`,
          why: 'not about sign-in',
        })),
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
        posix: spec.posixAttributes === undefined ? undefined : posix,
      });
      return entry({ ...common, kind: 'person', fields: person, unread: fields.unread });
    }
    case 'KanidmServiceAccount': {
      const account = some<ServiceAccountInput>({
        displayName: fields.text('serviceAccountAttributes.displayname') ?? name,
        managedBy: fields.texts('serviceAccountAttributes.entryManagedBy')?.map(nameOf)[0],
        validFrom: fields.text('serviceAccountAttributes.accountValidFrom'),
        expires: fields.text('serviceAccountAttributes.accountExpire'),
      });
      return entry({ ...common, kind: 'service account', fields: account, unread: fields.unread });
    }
    case 'KanidmGroup': {
      const gid = fields.number('posixAttributes.gidnumber');
      const group = some<GroupInput>({
        members: fields.texts('members')?.map(nameOf),
        managedBy: fields.texts('entryManagedBy')?.map(nameOf)[0],
        posix: spec.posixAttributes === undefined ? undefined : some<NonNullable<GroupInput['posix']>>({ gid }),
        policy: filled(
          some<NonNullable<GroupInput['policy']>>({
            credentialMinimum: minimums.find((one) => one === fields.text('accountPolicy.credentialTypeMinimum')),
            sessionExpiry: fields.number('accountPolicy.authSessionExpiry'),
            privilegeExpiry: fields.number('accountPolicy.privilegeExpiry'),
            passwordMinimumLength: fields.number('accountPolicy.passwordMinimumLength'),
          }),
        ),
      });
      return entry({ ...common, kind: 'group', fields: group, unread: fields.unread });
    }
    case 'KanidmOAuth2Client': {
      const redirects = fields.texts('redirectUrl')?.map(address);
      const claims = listOf(fields.at('claimMap')).map((map) => {
        const { name: claim, joinStrategy, valuesMap } = mapAt(map);
        return [scalarText(claim), { ...joined(joinStrategy), values: valuesOf(valuesMap) }] as const;
      });
      const client = some<ClientInput>({
        displayName: fields.text('displayname'),
        type: fields.flag('public') === true ? undefined : 'basic',
        landingUrl: address(fields.text('origin') ?? redirects?.[0] ?? ''),
        redirectUrls: redirects,
        localhostRedirects: yes(fields.flag('allowLocalhostRedirect')),
        scopes: scopes(fields.at('scopeMap')),
        supplementaryScopes: scopes(fields.at('supScopeMap')),
        claims: filled(Object.fromEntries(claims)),
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
    why: `${scalarText(document.kind)} of kaniop has no place in a config (${leftOver(spec, []).length} fields)`,
  });
}

const joined = (value: unknown) => {
  const join = joinOf(value);
  return join ? { join } : {};
};

const valuesOf = (value: unknown): Record<string, string[]> =>
  Object.fromEntries(
    listOf(value).map((map) => [nameOf(scalarText(mapAt(map).group)), listOf(mapAt(map).values).map(scalarText)]),
  );

/**
 * Returns the entries in a state file of kanidm-provision, which NixOS generates.
 * @see https://github.com/oddlama/kanidm-provision
 */
export function provisionFacts(source: string, document: Json): Facts | undefined {
  const { persons, systems } = document;
  const isState = document.kind === undefined && (isMap(persons) || isMap(mapAt(systems).oauth2));
  if (!isState) return undefined;
  const all = (
    map: unknown,
    make: (common: Pick<ReadEntry, 'source' | 'name'>, fields: Fields) => ReadEntry,
  ): Facts[] =>
    Object.entries(isMap(map) ? map : {}).map(([name, value]) => {
      const fields = new Fields(isMap(value) ? value : {});
      const isAbsent = fields.flag('present') === false;
      const why = 'kanidm-provision removes this entry; to let Kaniflux remove it, write `absent: true`';
      const absent: ReadEntry = { source, name, kind: 'other', unread: [], why };
      return { ...nothing, entries: [isAbsent ? absent : make({ source, name }, fields)] };
    });
  const rest = leftOver(document, [
    ...['groups', 'persons', 'systems.oauth2'].filter((place) => valuesAt(document, place).length > 0),
  ]);
  return together([
    ...all(persons, personOfState),
    ...all(document.groups, groupOfState),
    ...all(mapAt(systems).oauth2, clientOfState),
    { ...nothing, passedOver: rest.map((what) => ({ source, what, why: 'not understood' })) },
  ]);
}

/** Returns the POSIX attributes of a person or group in a state file. */
function posixOf(fields: Fields): NonNullable<PersonInput['posix']> | undefined {
  const posix = some<NonNullable<PersonInput['posix']>>({
    gid: fields.number('gidNumber'),
    shell: fields.text('loginShell'),
  });
  return fields.flag('enableUnix') === true ? posix : undefined;
}

function personOfState(common: Pick<ReadEntry, 'source' | 'name'>, fields: Fields): ReadEntry {
  const person = some<PersonInput>({
    displayName: fields.text('displayName') ?? common.name,
    legalName: fields.text('legalName'),
    mail: one(fields.texts('mailAddresses')),
    posix: posixOf(fields),
  });
  return { ...common, kind: 'person', fields: person, unread: fields.unread };
}

function groupOfState(common: Pick<ReadEntry, 'source' | 'name'>, fields: Fields): ReadEntry {
  const members = fields.texts('members')?.map(nameOf);
  const keeps = fields.flag('overwriteMembers') === false;
  const differences = keeps
    ? [
        '`overwriteMembers: false` keeps members that are not listed, but a config lists all members, and Kaniflux removes any others',
      ]
    : [];
  return {
    ...common,
    kind: 'group',
    fields: some<GroupInput>({ members, posix: posixOf(fields) }),
    unread: fields.unread,
    differences,
  };
}

function clientOfState(common: Pick<ReadEntry, 'source' | 'name'>, fields: Fields): ReadEntry {
  const redirects = fields.texts('originUrl')?.map(address);
  const map = (value: unknown) =>
    filled(
      Object.fromEntries(
        Object.entries(isMap(value) ? value : {}).map(([group, list]) => [nameOf(group), listOf(list).map(scalarText)]),
      ),
    );
  const claimMaps = fields.at('claimMaps');
  const claims = Object.entries(isMap(claimMaps) ? claimMaps : {}).map(
    ([claim, value]) =>
      [claim, { ...joined(mapAt(value).joinType), values: map(mapAt(value).valuesByGroup) ?? {} }] as const,
  );
  const client = some<ClientInput>({
    displayName: fields.text('displayName'),
    type: fields.flag('public') === true ? undefined : 'basic',
    landingUrl: address(fields.text('originLanding') ?? redirects?.[0] ?? ''),
    redirectUrls: redirects,
    localhostRedirects: yes(fields.flag('enableLocalhostRedirects')),
    scopes: map(fields.at('scopeMaps')),
    supplementaryScopes: map(fields.at('supplementaryScopeMaps')),
    claims: filled(Object.fromEntries(claims)),
    preferShortUsername: yes(fields.flag('preferShortUsername')),
    legacyCrypto: yes(fields.flag('enableLegacyCrypto')),
    disablePkce: yes(fields.flag('allowInsecureClientDisablePkce')),
  });
  return clientEntry(common, fields, { client, landing: 'originLanding' });
}
