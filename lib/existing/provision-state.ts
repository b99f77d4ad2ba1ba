import type { ClientInput, GroupInput, PersonInput } from '../config/schema/config-schema';
import { isMap, isOneOf, type Json, listOf, mapAt, scalarText } from '../guards';
import { isBuiltIn } from '../upstream/kanidm-builtin';
import { leftOver, valuesAt } from './document-paths';
import { type Facts, nothing, together } from './facts';
import { filled, type ReadEntry, some } from './kanidm-entries';
import { type Claims, type Common, clientEntry, joined, joins, one, yes } from './kanidm-resources';
import { address, nameOf } from './kanidm-values';
import { byGroup, Fields, isMapOfTexts } from './resource-fields';
import { hasVariable, runWithValue } from './variables';

/**
 * Returns the entries in a state file of kanidm-provision, which NixOS generates.
 * @see https://github.com/oddlama/kanidm-provision
 */
export function provisionFacts(source: string, document: Json): Facts | undefined {
  const { persons, systems } = document;
  const isState = document.kind === undefined && (isMap(persons) || isMap(mapAt(systems).oauth2));
  if (!isState) return undefined;
  const all = (place: string, map: unknown, make: (common: Common, fields: Fields) => ReadEntry): Facts[] =>
    Object.entries(isMap(map) ? map : {}).map(([written, value]) => {
      const what = `${place}.${written}`;
      const { displayName, legalName, ...deciding } = mapAt(value);
      if (hasVariable(JSON.stringify([what, isMap(value) ? deciding : value])))
        return { ...nothing, passedOver: [{ source, what, why: 'not understood', instead: variable }] };
      const name = nameOf(written);
      const fields = new Fields(isMap(value) ? value : {});
      const isAbsent = fields.flag('present') === false;
      const rest = fields.unread.length > 0 ? ` (${fields.unread.join(', ')} then have no effect)` : '';
      const why = `kanidm-provision removes this entry${rest}; to let Kaniflux remove it, write \`absent: true\``;
      const absent: ReadEntry = { source, name, kind: 'other', unread: [], why };
      const common = { source, name, ...(isBuiltIn(name) ? { isBuiltIn: true } : {}) };
      const entry = isAbsent ? absent : make(common, fields);
      const texts = Object.entries({ displayName, legalName }).filter(([, text]) => hasVariable(scalarText(text)));
      const differences = [
        ...(entry.differences ?? []),
        ...(isAbsent ? [] : texts.map(([field]) => `the ${field} is taken as it is written: ${ifVariable}`)),
      ];
      return { ...nothing, entries: [{ ...entry, differences, manager: 'kanidm-provision' }] };
    });
  const places = ['groups', 'persons', 'systems.oauth2'].filter((place) => valuesAt(document, place).length > 0);
  const rest = leftOver(document, places);
  return together([
    ...all('persons', persons, (common, fields) => personOfState(common, fields, document.groups)),
    ...all('groups', document.groups, groupOfState),
    ...all('systems.oauth2', mapAt(systems).oauth2, clientOfState),
    { ...nothing, passedOver: rest.map((what) => ({ source, what, why: 'not understood' })) },
  ]);
}

const variable = `the entry contains a variable: ${runWithValue}`;
const ifVariable = 'if it contains a variable, write the value in place of the variable';

/** Returns the POSIX attributes of a person or group in a state file. */
function posixOf(fields: Fields): NonNullable<PersonInput['posix']> | undefined {
  // Without `enableUnix` the other fields have no effect.
  if (fields.flag('enableUnix') !== true) return undefined;
  return some<NonNullable<PersonInput['posix']>>({
    gid: fields.number('gidNumber'),
    shell: fields.text('loginShell'),
  });
}

function personOfState(common: Common, fields: Fields, groups: unknown): ReadEntry {
  const person = some<PersonInput>({
    displayName: fields.text('displayName') ?? common.name,
    legalName: fields.text('legalName'),
    mail: one(fields.texts('mailAddresses')),
    posix: posixOf(fields),
  });
  // NixOS writes the groups of a person into the state, and also adds the person to the members of these groups.
  const lists = (group: string) =>
    listOf(mapAt(groups, group).members).some((member) => nameOf(scalarText(member)) === common.name);
  const differences = (fields.texts('groups') ?? [])
    .filter((group) => !lists(group))
    .map((group) => `kanidm-provision reads only the members of a group, and ${group} does not list ${common.name}`);
  return { ...common, kind: 'person', fields: person, unread: fields.unread, differences };
}

function groupOfState(common: Common, fields: Fields): ReadEntry {
  const keeps = fields.flag('overwriteMembers') === false;
  const members = fields.texts('members')?.map(nameOf);
  const isByHand = keeps && !members?.length;
  const differences =
    keeps && !isByHand
      ? [
          '`overwriteMembers: false` keeps members that are not listed, but a config lists all members, and Kaniflux removes any others',
        ]
      : [];
  return {
    ...common,
    kind: 'group',
    fields: some<GroupInput>({ members: isByHand ? undefined : members, posix: posixOf(fields) }),
    unread: fields.unread,
    differences,
  };
}

/** Parses claims of a state file: a map from the name to `{joinType, valuesByGroup}`. */
function stateClaims(fields: Fields): Claims | undefined {
  const isClaim = (one: unknown): one is Json =>
    isMap(one) && isOneOf(joins, one.joinType) && isMapOfTexts(one.valuesByGroup) && Object.keys(one).length === 2;
  const areClaims = (value: unknown): value is Readonly<Record<string, Json>> =>
    isMap(value) && Object.values(value).every(isClaim);
  const claims = Object.entries(fields.at('claimMaps', areClaims) ?? {}).map(([name, { joinType, valuesByGroup }]) => {
    const values = isMapOfTexts(valuesByGroup) ? byGroup(Object.entries(valuesByGroup)) : {};
    return [name, { ...joined(joinType), values }] as const;
  });
  return filled(Object.fromEntries(claims));
}

function clientOfState(common: Common, fields: Fields): ReadEntry {
  const redirects = fields.texts('originUrl')?.map(address);
  const scopes = (place: string) => {
    const map = fields.at(place, isMapOfTexts);
    return map && filled(byGroup(Object.entries(map)));
  };
  const client = some<ClientInput>({
    displayName: fields.text('displayName'),
    type: fields.flag('public') === true ? undefined : 'basic',
    landingUrl: address(fields.text('originLanding') ?? redirects?.[0] ?? ''),
    redirectUrls: redirects,
    localhostRedirects: yes(fields.flag('enableLocalhostRedirects')),
    scopes: scopes('scopeMaps'),
    supplementaryScopes: scopes('supplementaryScopeMaps'),
    claims: stateClaims(fields),
    preferShortUsername: yes(fields.flag('preferShortUsername')),
    legacyCrypto: yes(fields.flag('enableLegacyCrypto')),
    disablePkce: yes(fields.flag('allowInsecureClientDisablePkce')),
  });
  // Without `claims`, Kaniflux keeps all claim maps.
  const keeps = fields.flag('removeOrphanedClaimMaps') === false && client.claims !== undefined;
  const differences = keeps
    ? [
        '`removeOrphanedClaimMaps: false` keeps claim maps that are not listed, but a config lists all claim maps, and Kaniflux removes any others',
      ]
    : [];
  return clientEntry(common, fields, { client, landing: 'originLanding', differences });
}
