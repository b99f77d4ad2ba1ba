import type { BindingObject, SubjectRef } from '../access/objects';
import type { Config } from '../config/config';
import type { NameMapping } from '../existing/api-server-issuers';
import type { Facts } from '../existing/facts';
import { type Json, mapAt, own, scalarText } from '../guards';
import { authenticators, type ClaimName, type ExpressionName } from '../identity/authenticator';
import { groupSubjects, personSubjects } from '../identity/subject';
import type { AdoptedGrant } from './adopt-grants';
import type { Subjects } from './adopt-subjects';
import { type AdoptedIssuer, isWithVariable, type KanidmIssuer } from './kanidm-issuer';
import type { Dropped } from './settle';
import { bindingName, itemOf, subjectName, type Treatments } from './treatments';
import type { OwnKanidm } from './which-kanidm';

const lacking =
  'the name is built from a value that the config does not have, such as the UUID (`id`); run adopt with `--kanidm`';

/** An effect of the rendered files, such as a role that a person loses or will have under another name. */
export interface Change {
  readonly source: string;
  readonly text: string;
}

const mayLose = (by: string) =>
  `may lose ${by}: this binding keeps the old name, but with the rendered files, the API server derives names in another way, and adopt does not know the new name`;

interface Kept {
  readonly treatments: Treatments;
  readonly config: Config | undefined;
  /** The grants in the config. */
  readonly grants: readonly AdoptedGrant[];
  /** The indexes of the bindings that the config lacks because validation rejects their grants. */
  readonly withdrawn: ReadonlySet<number>;
  readonly issuers: readonly KanidmIssuer[];
}

/**
 * Returns the effects of the rendered files on people and groups. A person or group whose name changes keeps its roles,
 * because bindings are rendered with the new name. A name that no token contains with the new config loses its roles.
 */
export function changesOf(
  facts: Facts,
  subjects: Subjects,
  { treatments, config, grants, withdrawn, issuers }: Kept,
): Change[] {
  const taken = new Set(grants.flatMap(({ bindings }) => bindings));
  const [cluster] = config ? [...config.clusters.values()] : [];
  const rendered = config && cluster ? authenticators(config, cluster) : [];
  const isMappedAlike = (kind: string) =>
    issuers.every(({ issuer, client }) => {
      const ours = rendered.find(({ audience }) => audience === client);
      const [today, then] =
        kind === 'Group' ? [issuer.groups, ours?.groups] : ([issuer.username, ours?.username] as const);
      return ours !== undefined && isSame(today, then);
    });
  return facts.bindings.flatMap(({ source, object }, i) =>
    (object.subjects ?? []).flatMap((subject, j): Change[] => {
      const by = roleBy(object);
      const named = subjects.named(subject, object.metadata.namespace);
      if (named.kind === 'nobody') {
        return named.isLost ? [{ source, text: `${subjectName(subject)} loses ${by}: ${named.reason}` }] : [];
      }
      if (named.kind === 'literal' || !config || !cluster) return [];
      if (withdrawn.has(i) && isMappedAlike(subject.kind)) {
        const text = `${by} is not in the config: the binding stays on the cluster, and ${subjectName(subject)} keeps the role`;
        return [{ source, text }];
      }
      const { people, serviceAccounts, groups } = config;
      const isKept = [named.kind === 'group' ? groups : people, serviceAccounts].some((map) => map.has(named.key));
      if (withdrawn.has(i) && !isKept) return [{ source, text: `${subjectName(subject)} ${mayLose(by)}` }];
      if (!taken.has(i) && !isKept) return [];
      const names = (named.kind === 'group' ? groupSubjects : personSubjects)(config, cluster, named.key);
      if (names.includes(subject.name)) return [];
      const who = `${subjectName(subject)} (${named.kind} ${named.key})`;
      if (!taken.has(i)) {
        // If the new name is unknown, it is also unknown whether the unchanged binding still matches it.
        if (names.length === 0) return withdrawn.has(i) ? [{ source, text: `${who} ${mayLose(by)}` }] : [];
        const text = `with the new config, ${who} is called ${names.join(', ')} and loses ${by}, because this binding keeps the old name`;
        return [{ source, text }];
      }
      const isKnown = names.length > 0;
      treatments.different(
        itemOf.subject(i, j),
        isKnown ? `the name becomes ${names.join(', ')}` : `adopt does not know the new name, because ${lacking}`,
      );
      const effect = isKnown
        ? `is called ${names.join(', ')} with the new config, and has ${by} only under that name`
        : `loses ${by}, because ${lacking}`;
      return [{ source, text: `${who} ${effect}` }];
    }),
  );
}

/**
 * Returns a change for each person, service account or group that gets a role under a further name. A grant is rendered
 * for every trusted client, and each client can have another name for the same person.
 */
export function gains(facts: Facts, config: Config | undefined, grants: readonly AdoptedGrant[]): Change[] {
  const [cluster] = config ? [...config.clusters.values()] : [];
  if (!config || !cluster) return [];
  const key = ({ roleRef, metadata }: BindingObject, name: string) =>
    JSON.stringify([roleRef.kind, roleRef.name, metadata.namespace, name]);
  const held = new Set(
    facts.bindings.flatMap(({ object }) => (object.subjects ?? []).map(({ name }) => key(object, name))),
  );
  return grants.flatMap(({ grant, bindings }) => {
    const { people = [], serviceAccounts = [], groups = [] } = grant;
    const holders = [
      ...[...people, ...serviceAccounts].map((one) => ({ what: one, names: personSubjects(config, cluster, one) })),
      ...groups.map((one) => ({ what: `group ${one}`, names: groupSubjects(config, cluster, one) })),
    ];
    return bindings.flatMap((i): Change[] => {
      const { source, object } = facts.bindings[i] ?? {};
      if (source === undefined || !object) return [];
      return holders.flatMap(({ what, names }) => {
        const more = names.filter((name) => !held.has(key(object, name)));
        return more.length === 0 || more.length === names.length
          ? []
          : [
              {
                source,
                text: `${what} also gets ${roleBy(object)} under another name (${more.join(', ')}): Kaniflux renders the grant for every client that the cluster trusts`,
              },
            ];
      });
    });
  });
}

const roleBy = (object: BindingObject): string =>
  `${object.roleRef.name}${object.metadata.namespace === undefined ? '' : ` in ${object.metadata.namespace}`} by ${bindingName(object)}`;

const made = (mapping: NameMapping | ClaimName | ExpressionName | undefined) =>
  mapping && mapping.claim === undefined
    ? `the expression \`${mapping.expression}\``
    : mapping
      ? `\`${mapping.claim}\` with ${mapping.prefix === '' ? 'no prefix' : `the prefix \`${mapping.prefix}\``}`
      : 'nothing';

const isSame = (a: NameMapping | undefined, b: ClaimName | ExpressionName | undefined) =>
  b?.expression === undefined
    ? a?.claim === b?.claim && (a?.claim === undefined || a.prefix === b?.prefix)
    : a?.expression === b.expression;

/**
 * Compares the rendered settings of an API server with the existing ones: which names it derives from a token, and
 * which claims it requires.
 * @param keepsClaims whether validation rejects required claims; `config` then lacks them, but the printed config has
 * all required claims
 */
export function settingChanges(
  config: Config | undefined,
  issuers: readonly KanidmIssuer[],
  { keepsClaims }: { keepsClaims: boolean },
): Change[] {
  const [cluster] = config ? [...config.clusters.values()] : [];
  const rendered = config && cluster ? authenticators(config, cluster) : [];
  return issuers.flatMap(({ issuer, client }) => {
    const ours = rendered.find(({ audience }) => audience === client);
    if (!ours) return [];
    const { source, username, groups, requiredClaims } = issuer;
    const required = new Map(Object.entries(ours.requiredClaims));
    const lost = (keepsClaims ? [] : [...requiredClaims])
      .filter(([claim, value]) => required.get(claim) !== value)
      .map(([claim]) => claim);
    const texts = [
      ...(isSame(username, ours.username)
        ? []
        : [`user names come from ${made(username)} today, and from ${made(ours.username)} with the new config`]),
      ...(isSame(groups, ours.groups)
        ? []
        : [`group names come from ${made(groups)} today, and from ${made(ours.groups)} with the new config`]),
      ...(lost.length > 0
        ? [`with the new config, the API server accepts tokens without the claim ${lost.join(', ')}`]
        : []),
    ];
    return texts.map((text) => ({ source, text: `client ${client}: ${text}` }));
  });
}

/** The fields whose values Kaniflux removes in Kanidm if the config lacks them, with the kind of entry. */
const lists: Readonly<Record<string, readonly [kind: string, fields: readonly string[]]>> = {
  people: ['person', ['mail', 'sshKeys']],
  groups: ['group', ['members']],
  clients: ['client', ['scopes', 'supplementaryScopes', 'claims', 'redirectUrls']],
};

/** Returns the effects on Kanidm if parts of entries are left out because validation rejects them. */
export function valuesLost(
  dropped: readonly Dropped[],
  { config, facts: { entries, apiServers }, kanidm: { foreign } }: { config: Json; facts: Facts; kanidm: OwnKanidm },
): Change[] {
  return dropped.flatMap(({ path: [section, key, field, ...rest] }): Change[] => {
    const [kind, fields = []] = own(lists, String(section)) ?? [];
    if (typeof field !== 'string' || !fields.includes(field)) return [];
    const entry = entries.find((one, i) => one.kind === kind && one.name === key && !foreign.has(i));
    const { source = '' } = entry ?? apiServers[0] ?? {};
    const kept = mapAt(config, String(section), String(key))[field];
    const before = entry && entry.kind !== 'other' ? mapAt({ ...entry }, 'fields')[field] : undefined;
    // The value is named, not its index: an index says little, and changes if an earlier element is removed.
    const gone = Array.isArray(before) && Array.isArray(kept) ? before.filter((one) => !kept.includes(one)) : [];
    const what =
      gone.length > 0
        ? `${gone.map(scalarText).join(', ')} from ${field} of ${kind} ${key}`
        : `${[field, ...rest].join('.')} of ${kind} ${key}`;
    const text =
      kept === undefined
        ? `${what} is not in the config, so Kanidm keeps ${entry ? 'the old value' : 'the value, if there is one'}`
        : `the runbook and the migrations remove ${what} in Kanidm${field === 'scopes' ? ': people who are in no other group of `scopes` can no longer sign in' : ''}`;
    return [{ source, text }];
  });
}

/**
 * Returns the effect on the users of issuers that the config lacks: the API server rejects their tokens. An issuer
 * without a URL has no users, because the API server rejects a file with such an issuer even now. If it is not known
 * which issuer is Kanidm's, issuers that contain a variable are skipped, because such an issuer could be Kanidm's.
 */
export const rejections = (
  left: readonly AdoptedIssuer[],
  taken: readonly AdoptedIssuer[],
  own: KanidmIssuer | undefined,
): Change[] =>
  left.flatMap(({ issuer }) => {
    const { source, url, entry } = issuer;
    if (url === '' || (!own && isWithVariable(issuer)) || taken.some((one) => one.issuer.url === url)) return [];
    const until = entry ? ' until you add the entry of this issuer by hand' : '';
    return [
      {
        source,
        text: `with the new config, the API server rejects tokens of ${url} (401), so its users cannot sign in${until}`,
      },
    ];
  });

export const allSubjects = ({ bindings }: Facts): SubjectRef[] =>
  bindings.flatMap(({ object }) => object.subjects ?? []);
