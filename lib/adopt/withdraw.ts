import type { Issuer, Setting, SettingName } from '../existing/api-server-issuers';
import type { Facts, Note } from '../existing/facts';
import type { Path } from '../findings/finding';
import { own } from '../guards';
import type { AdoptedGrant } from './adopt-grants';
import type { AdoptedIssuers } from './adopt-issuers';
import type { AdoptedIssuer } from './kanidm-issuer';
import type { Dropped } from './settle';
import { itemOf, type Treatments } from './treatments';
import type { OwnKanidm } from './which-kanidm';

const faultOf = ({ finding }: Dropped) => `${finding.message}; fix: ${finding.fix}`;

const refused = (dropped: Dropped) => `the config would have an error if it contained this: ${faultOf(dropped)}`;

/** Returns the grants that validation accepts, and records that the bindings of the others are not taken. */
export function withdrawGrants(
  grants: readonly AdoptedGrant[],
  dropped: readonly Dropped[],
  { facts, treatments }: { facts: Facts; treatments: Treatments },
): readonly AdoptedGrant[] {
  let kept = grants;
  for (const one of dropped) {
    const [, , field, i] = one.path;
    const grant = field === 'grants' && typeof i === 'number' ? kept[i] : undefined;
    if (!grant) continue;
    const why = refused(one);
    for (const i of grant.bindings) {
      treatments.not(itemOf.binding(i), `${why}; the binding stays as it is`);
      for (const [j] of (facts.bindings[i]?.object.subjects ?? []).entries()) treatments.not(itemOf.subject(i, j), why);
    }
    kept = kept.filter((other) => other !== grant);
  }
  return kept;
}

/** Returns the issuers at a path of the config. */
function issuersAt([section, , field, key, client]: Path, issuers: AdoptedIssuers): readonly AdoptedIssuer[] {
  if (section !== 'clusters') return [];
  const names = Object.keys(issuers.fields.issuers ?? {});
  const other = (i: number) => issuers.others.slice(i, i + 1);
  if (field === 'issuers') return other(names.indexOf(String(key)));
  if (field === 'jwt') return typeof key === 'number' ? other(names.length + key) : issuers.others.slice(names.length);
  if (field === 'trust') return typeof key === 'number' ? issuers.trust.slice(key, key + 1) : issuers.trust;
  return field === 'authentication' && key === 'clients' ? issuers.trust.filter((one) => one.client === client) : [];
}

/** Returns the issuers that validation rejects, each with the reason. */
export const refusedAt = (dropped: readonly Dropped[], issuers: AdoptedIssuers): Map<Issuer, string> =>
  new Map(dropped.flatMap((one) => issuersAt(one.path, issuers).map(({ issuer }) => [issuer, refused(one)] as const)));

const settingsOf: Readonly<Record<string, readonly SettingName[]>> = {
  claim: ['username'],
  prefix: ['username'],
  username: ['username'],
  groups: ['groups'],
  requiredClaims: ['required'],
  ca: ['ca'],
};

/** Whether a setting of an issuer belongs to a field of `authentication`, such as `claim` or `extra`. */
const isOf = (field: string, { name, place }: Setting): boolean =>
  own(settingsOf, field)?.includes(name) ?? (name === 'mapping' && place.split(/[.[]/).includes(field));

interface Withdrawal {
  readonly kanidm: OwnKanidm;
  readonly treatments: Treatments;
  readonly facts: Facts;
  readonly issuers: AdoptedIssuers;
  readonly notes: Note[];
}

/**
 * Records that validation rejects a part of the config: the facts from which the part was made are not taken, or are
 * taken without this part. If the part was made from no fact, adds a note. Grants are handled by {@link
 * withdrawGrants}.
 */
export function withdraw(dropped: Dropped, withdrawal: Withdrawal): void {
  const { treatments, facts, notes } = withdrawal;
  const { path } = dropped;
  const [section, , field] = path;
  if (section === 'clusters' && field === 'grants') return;
  const why = refused(dropped);
  const ids = itemsAt(path, withdrawal);
  const isWhole = section === 'clusters' || path.length === 2;
  for (const id of ids) {
    if (isWhole) treatments.not(id, why);
    else treatments.different(id, `${path.slice(2).join('.')} is left out: ${why}`);
  }
  if (ids.length > 0) return;
  notes.push({
    source: facts.apiServers[0]?.source ?? section?.toString() ?? '',
    text: `${path.join('.')} is left out: ${why}`,
  });
}

/** Records that a field that restricts sign-in stays in the config although validation rejects it. */
export function keepRejected(rejected: Dropped, withdrawal: Withdrawal): void {
  const text = `this is an error in the config: ${faultOf(rejected)}; the field stays in the config nevertheless, because without this field, more people could sign in`;
  for (const id of itemsAt(rejected.path, withdrawal)) withdrawal.treatments.different(id, text);
}

/** Returns the items from which a part of the config was made. */
function itemsAt(path: Path, { facts, issuers, kanidm }: Withdrawal): string[] {
  const [section, key, field, sub, client] = path;
  const setting = field === 'authentication' ? String(sub === 'clients' ? path[5] : sub) : undefined;
  const one = sub === 'clients' ? issuers.trust.find((other) => other.client === client) : issuers.own;
  const kinds: Readonly<Record<string, string>> = {
    people: 'person',
    serviceAccounts: 'service account',
    groups: 'group',
    clients: 'client',
  };
  return [
    ...(path.length > 5 ? [] : issuersAt(path, issuers).flatMap(({ items }) => items)),
    ...(one && setting !== undefined ? itemsOf(one, setting) : []),
    ...facts.entries.flatMap(({ kind, name }, i) =>
      kinds[String(section)] === kind && name === key && !kanidm.foreign.has(i) ? [itemOf.entry(i)] : [],
    ),
    ...facts.releases.flatMap((release, i) =>
      section === 'kanidm' && key === 'helm' && release === kanidm.release ? [itemOf.release(i)] : [],
    ),
  ];
}

const itemsOf = ({ issuer, items }: AdoptedIssuer, field: string): string[] =>
  issuer.settings.flatMap((setting, k) => (isOf(field, setting) ? (items[k + 1] ?? []) : []));
