import { withDividedArguments } from '../existing/divided-arguments';
import type { Facts, Note } from '../existing/facts';
import type { Identities } from '../existing/kanidm-entries';
import type { LocatedFinding } from '../findings/finding';
import type { Json } from '../guards';
import { certificates, issuerCaOf } from './adopt-certificates';
import { assumeGroups, entriesOf, ownEntriesFirst, recordStrangers, withoutStrangers } from './adopt-entries';
import { type AdoptedGrant, grantsOf, leaveBindings, namesLeft } from './adopt-grants';
import { withHeadlamp } from './adopt-headlamp';
import { issuersOf } from './adopt-issuers';
import { domainNote, kanidmDomain, kanidmLogin, kanidmOf, originNotes, originOf, otherKanidms } from './adopt-kanidm';
import { serverOf } from './adopt-server';
import { Subjects } from './adopt-subjects';
import { assumeClients } from './assumed-clients';
import { allSubjects, type Change, changesOf, gains, rejections, settingChanges, valuesLost } from './changes';
import { clusterOf, filled } from './cluster-config';
import type { KanidmIssuer } from './kanidm-issuer';
import { type NoKanidm, noKanidm } from './no-kanidm';
import { otherManagers } from './other-managers';
import { refusedIssuers } from './refused-issuers';
import { settle } from './settle';
import { itemOf, itemsIn, leftAlone, notUnderstood, type TreatedItem, Treatments } from './treatments';
import { type OwnKanidm, whichKanidm } from './which-kanidm';
import { keepRejected, withdraw, withdrawGrants } from './withdraw';

/** A config made from the facts that were read, and for each fact whether the config has it unchanged. */
export interface Adopted {
  /** The config. `null` marks a field that a person must fill in; `check` reports each such field. */
  readonly config: Json;
  /** The files that the config names. The keys are paths relative to the config. */
  readonly files: Readonly<Record<string, string>>;
  /** All facts that were read, without duplicates. */
  readonly items: readonly TreatedItem[];
  /** Assumptions, and sources that could not be read. */
  readonly notes: readonly Note[];
  readonly changes: readonly Change[];
  /** The entries of `jwt` in the existing AuthenticationConfiguration that the rendered file lacks. */
  readonly left: readonly Json[];
  /** The findings that `synth` will report for the config. */
  readonly findings: readonly LocatedFinding[];
  readonly next: readonly (NextStep | Hint)[];
}

export type NextStep =
  | 'fill in'
  | 'read the API server'
  | 'add Kanidm'
  | 'give the value'
  | 'keep issuers'
  | 'keep settings'
  | 'ask Kanidm'
  | 'read the bindings'
  | 'synth';

/** A step that is needed only for this config, as text. */
export interface Hint {
  readonly hint: string;
}

/** Returns a config made from the facts. */
export function adopt(given: Facts, cluster: string): Adopted {
  const facts = ownEntriesFirst(withDividedArguments(given));
  const refused = refusedIssuers(facts, cluster);
  const treatments = new Treatments(itemsIn(facts));
  const server = serverOf(facts, treatments);
  const issuers = issuersOf(facts, server.index, treatments, refused);
  const { own } = issuers;
  const none = noKanidm(issuers, server.index !== undefined);
  const kanidm = whichKanidm(facts, originOf(facts, own));
  const identities = entriesOf(facts, kanidm, treatments);
  const clients = new Set(identities.clients.keys());
  const lacksUuids = facts.entries.length === 0 || isWithoutUuid(identities);
  const notes = [
    ...facts.notes,
    ...originNotes(facts, own, kanidm),
    ...domainNote(facts, own, kanidm),
    ...otherKanidms(facts, kanidm),
    ...assumeGroups(facts, kanidm, identities),
  ];
  const trusted = own ? [own, ...issuers.trust] : [];
  let grants: readonly AdoptedGrant[] = [];
  let subjects: Subjects | undefined;
  const domain = kanidmDomain(facts, own, kanidm);
  if (own && domain !== undefined) {
    const worlds = trusted.map(({ issuer, client }) => ({ identities, issuer, client, domain }));
    const others = {
      taken: issuers.others.map(({ issuer }) => issuer),
      left: issuers.left.map(({ issuer }) => issuer),
    };
    subjects = new Subjects(worlds, others, allSubjects(facts));
    grants = grantsOf(facts, subjects, treatments);
    const left = namesLeft(facts, subjects, grants);
    notes.push(...assumptions(identities, { trusted, grants, left, subjects, isEks: server.controlPlane === 'eks' }));
  } else {
    leaveBindings(facts, treatments, none.ofBinding);
    notes.push(...clientOfLogin(facts, identities));
  }
  accountForRest(facts, treatments, { own, kanidm, domain, none });
  const { files, kubeconfig, ca } = certificates(cluster, facts, own, kanidm);
  const strangers = withoutStrangers(identities);
  const made = () => ({
    kanidm: kanidmOf(facts, { own, kanidm, domain, cluster }),
    ...filled(identities),
    clusters: { [cluster]: clusterOf({ server, issuers, grants, ca, kubeconfig, login: kanidmLogin(facts) }) },
  });
  let settled = settle(made(), files);
  if (strangers.size > 0 && settled.dropped.some(({ finding }) => dependsOnMembers.has(finding.code))) {
    // A member that was removed may be a group that contains the person or group of a grant. Without this member,
    // validation can reject the grant by mistake. So if a member of a group was removed, the config lists no members of
    // this group.
    for (const name of strangers.keys()) {
      const { members, ...group } = identities.groups.get(name) ?? {};
      identities.groups.set(name, group);
    }
    settled = settle(made(), files);
  }
  recordStrangers(facts, kanidm, { config: settled.config, strangers, treatments });
  const kept = withdrawGrants(grants, settled.dropped, { facts, treatments });
  const withdrawal = { treatments, facts, issuers, kanidm, notes };
  for (const dropped of settled.dropped) withdraw(dropped, withdrawal);
  for (const rejected of settled.rejected) keepRejected(rejected, withdrawal);
  const withdrawn = new Set(grants.filter((grant) => !kept.includes(grant)).flatMap(({ bindings }) => bindings));
  const changes = [
    ...settingChanges(settled.resolved, trusted, {
      keepsClaims: settled.rejected.some(({ path }) => path.includes('requiredClaims')),
    }),
    ...(subjects
      ? changesOf(facts, subjects, { treatments, config: settled.resolved, grants: kept, withdrawn, issuers: trusted })
      : []),
    ...valuesLost(settled.dropped, { config: settled.config, facts, kanidm }),
    ...gains(facts, settled.resolved, kept),
    ...rejections(issuers.left, [...trusted, ...issuers.others], own),
  ];
  const headlamp = withHeadlamp(settled, { cluster, files, isRead: (client) => clients.has(client) });
  const { config: finished, findings } = headlamp.settled;
  const left = issuers.left.flatMap(({ issuer: { entry } }) => (entry ? [entry] : []));
  return {
    config: finished,
    files: named(files, finished),
    items: treatments.all,
    notes,
    changes,
    left,
    findings,
    next: [
      ...(hasBlank(finished) ? (['fill in'] as const) : []),
      ...(own ? [] : [none.step]),
      ...(left.length > 0 ? (['keep issuers'] as const) : []),
      ...(issuers.lacking.length > 0 ? (['keep settings'] as const) : []),
      ...(lacksUuids ? (['ask Kanidm'] as const) : []),
      ...(facts.bindings.length === 0 ? (['read the bindings'] as const) : []),
      ...headlamp.steps,
      ...caSteps(own, kanidm),
      ...otherManagers(facts, kanidm),
      'synth',
    ],
  };
}

/** Codes of findings that depend on the members of groups. Adopt removes a grant that has such a finding. */
const dependsOnMembers: ReadonlySet<string> = new Set(['outside-scope-map', 'scope-not-given']);

/** Returns the next steps if adopt knows only the path of Kanidm's CA on the nodes, and not the CA itself. */
function caSteps(own: KanidmIssuer | undefined, kanidm: OwnKanidm): Hint[] {
  const { nodePath, pem } = own?.issuer.ca ?? {};
  if (nodePath === undefined || pem !== undefined || kanidm.ca !== undefined) return [];
  const hint = `copy the CA of Kanidm (${nodePath} on the control-plane nodes) next to the config; then add \`file: FILE\` beside \`nodePath\` in the config, or run adopt again with \`--kanidm-ca FILE\`: kubelogin, the runbook and doctor need the CA too, not only the API server`;
  return [{ hint }];
}

/** Whether an entry has no UUID. Resources of kaniop and the state of kanidm-provision contain no UUIDs. */
const isWithoutUuid = ({ people, serviceAccounts, groups, clients }: Identities): boolean =>
  [people, serviceAccounts, groups, clients].some((map) => [...map.values()].some(({ id }) => id === undefined));

/** Returns the files that a config still refers to. */
const named = (files: Readonly<Record<string, string>>, config: Json) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => JSON.stringify(config).includes(`"${name}"`)));

interface Own {
  readonly own: KanidmIssuer | undefined;
  readonly kanidm: OwnKanidm;
  readonly domain: string | undefined;
  /** The text about items that are not taken because the facts contain no client of Kanidm. */
  readonly none: NoKanidm;
}

function accountForRest(facts: Facts, treatments: Treatments, { own, kanidm, domain, none }: Own): void {
  for (const [i, server] of facts.servers.entries()) {
    if (server.ca !== undefined) accountForCa(treatments, itemOf.kanidmCa(i), server.ca, { own, kanidm, domain, none });
    if (!server.resource) continue;
    const why = kanidm.others.get(server);
    if (why === undefined) treatments.taken(itemOf.kanidm(i));
    else treatments.not(itemOf.kanidm(i), why);
  }
  for (const [i, { issuer, client, others = [] }] of facts.logins.entries()) {
    const id = itemOf.login(i);
    const rest = others.length > 0 ? `Kaniflux renders its own kubeconfig, without ${others.join(', ')}` : '';
    if (rest !== '') treatments.different(id, rest);
    if (!own) treatments.not(id, [none.why, rest].filter(Boolean).join('; '));
    else if (issuer === own.issuer.url && (client ?? own.client) === own.client) treatments.taken(id);
    else if (issuer === own.issuer.url)
      treatments.not(
        id,
        `this kubeconfig user has the client ${client}, but the issuer ${issuer} belongs to the client ${own.client}`,
      );
    else
      treatments.not(
        id,
        `this kubeconfig user signs in at ${issuer}, but people sign in to this cluster at ${own.issuer.url}; Kaniflux does not change this kubeconfig user`,
      );
  }
  const { release: helm } = kanidm;
  for (const [i, release] of facts.releases.entries()) {
    if (release === helm) {
      treatments.taken(itemOf.release(i));
      for (const difference of release.differences ?? []) treatments.different(itemOf.release(i), difference);
      if (release.name !== 'kanidm') treatments.different(itemOf.release(i), otherName(release.name));
    } else if (helm)
      treatments.not(itemOf.release(i), 'a config can have only one HelmRelease of Kanidm, and adopt took another one');
    else treatments.not(itemOf.release(i), kanidm.unclear ?? otherDomain(release.domain, domain));
  }
  const hasContent = {
    'authentication-config': facts.apiServers.some((one) => one.method === 'structured' && one.issuers.length > 0),
    'oidc-ca-file': issuerCaOf(own, kanidm) !== undefined,
  };
  for (const [i, { why, release, instead, flag }] of facts.passedOver.entries()) {
    if (why === 'runs Kanidm') {
      if (helm && helm.name === release) treatments.taken(itemOf.passedOver(i));
      else treatments.not(itemOf.passedOver(i), runsAlready);
    } else if (flag !== undefined && hasContent[flag]) treatments.taken(itemOf.passedOver(i));
    else if (why === 'not about sign-in') treatments.leave(itemOf.passedOver(i), leftAlone);
    else {
      const parts = [why === 'not in force' ? undefined : notUnderstood, instead];
      treatments.not(itemOf.passedOver(i), parts.filter(Boolean).join('; '));
    }
  }
}

function accountForCa(treatments: Treatments, id: string, ca: string, { own, kanidm, none }: Own): void {
  const used = issuerCaOf(own, kanidm);
  if (used?.trim() === ca.trim()) treatments.taken(id);
  else if (used !== undefined) treatments.not(id, 'the config has another CA, from the settings of the API server');
  else
    treatments.not(
      id,
      own
        ? 'adopt takes the CA for Kanidm only from the settings of the API server, which contain none; if kubelogin needs this CA, name its file in `authentication.ca.file` of the cluster: the API server then trusts only this CA for Kanidm'
        : none.why,
    );
}

const otherDomain = (domain: string | undefined, own: string | undefined) =>
  domain === undefined
    ? 'adopt cannot tell which HelmRelease of Kanidm the cluster uses, because several of them, this one too, have no known domain: copy this HelmRelease to a file, add the domain there, and run adopt with this file'
    : `the domain of this HelmRelease is ${domain}, but the Kanidm of the cluster has the domain ${own}`;

const otherName = (name: string) =>
  `Kaniflux renders a HelmRelease named kanidm, and this one is named ${name}: Flux would install a second Kanidm with an empty database, so first make a backup, and see docs/backup.md`;

const runsAlready =
  'Kaniflux does not take over a Kanidm that something else deploys: this Kanidm stays unchanged, and the config treats it as a Kanidm that runs elsewhere; to move its data, see docs/backup.md';

/**
 * Adds the trusted clients that were not read from Kanidm, and returns notes about everything that is assumed about
 * Kanidm.
 */
function assumptions(
  identities: Identities,
  wanted: Omit<Parameters<typeof assumeClients>[1], 'isShort' | 'trusted'> & {
    readonly trusted: readonly KanidmIssuer[];
    readonly subjects: Subjects;
  },
): Note[] {
  const { trusted, subjects } = wanted;
  const clients = assumeClients(identities, { ...wanted, isShort: (client) => subjects.isShortInferred(client) });
  const keys = [...subjects.assumed].sort();
  const text = `the data read from Kanidm does not contain ${keys.join(', ')}, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints`;
  return [...clients, ...(keys.length > 0 ? [{ source: trusted[0]?.issuer.source ?? '', text }] : [])];
}

/** Adds the client that a kubeconfig names, if it was not read from Kanidm, and returns a note about it. */
function clientOfLogin(facts: Facts, identities: Identities): Note[] {
  const { client, source } = kanidmLogin(facts) ?? {};
  if (client === undefined || source === undefined) return [];
  const trusted = [{ client, issuer: { source } }];
  return assumeClients(identities, { trusted, grants: [], isShort: () => false, isEks: false });
}

const hasBlank = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(hasBlank));
