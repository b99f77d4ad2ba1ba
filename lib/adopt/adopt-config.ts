import type { ClusterInput } from '../config/schema/config-schema';
import { withDividedArguments } from '../existing/divided-arguments';
import type { Facts, Note } from '../existing/facts';
import type { LocatedFinding } from '../findings/finding';
import type { Json } from '../guards';
import { Account, type AccountedItem, itemOf, itemsIn, leftAlone } from './account';
import { domainIn, entriesOf } from './adopt-entries';
import { type AdoptedGrant, grantsOf } from './adopt-grants';
import { type AdoptedIssuers, issuersOf, type KanidmIssuer, leave } from './adopt-issuers';
import { kanidmDomain, kanidmOf } from './adopt-kanidm';
import { type AdoptedServer, serverOf } from './adopt-server';
import { Subjects } from './adopt-subjects';
import { assumeClients } from './assumed-clients';
import { allSubjects, type Change, changesOf, settingChanges } from './changes';
import { type Dropped, settle } from './settle';

/** A config made from the facts, and an account of all facts. */
export interface Adopted {
  /** The config. `null` marks a field that a person must fill in; `check` reports each. */
  readonly config: Json;
  /** Files that the config refers to, by path relative to it. */
  readonly files: Readonly<Record<string, string>>;
  /** Every fact that was read, each once. */
  readonly items: readonly AccountedItem[];
  /** Assumptions, and sources that could not be read. */
  readonly notes: readonly Note[];
  readonly changes: readonly Change[];
  /** Entries of the existing AuthenticationConfiguration that the rendered one does not have. */
  readonly left: readonly Json[];
  /** The findings that `synth` will report for the config. */
  readonly findings: readonly LocatedFinding[];
  readonly next: readonly NextStep[];
}

export type NextStep =
  | 'fill in'
  | 'read the API server'
  | 'keep issuers'
  | 'keep settings'
  | 'ask Kanidm'
  | 'read the bindings'
  | 'synth';

/** Returns a config made from the facts. */
export function adopt(given: Facts, cluster: string): Adopted {
  const facts = withDividedArguments(given);
  const account = new Account(itemsIn(facts));
  const server = serverOf(facts, account);
  const issuers = issuersOf(facts, server.index, account);
  const identities = entriesOf(facts, account);
  const notes: Note[] = [...facts.notes];
  const { own } = issuers;
  let grants: readonly AdoptedGrant[] = [];
  let subjects: Subjects | undefined;
  const domain = kanidmDomain(facts, own, domainIn(facts));
  if (own && domain !== undefined) {
    const world = { identities, issuer: own.issuer, client: own.client, domain, left: issuers.left };
    subjects = new Subjects(world, allSubjects(facts));
    grants = grantsOf(facts, subjects, account);
    const trusted = [own, ...issuers.trust];
    const isEks = server.controlPlane === 'eks';
    const assumed = assumeClients(identities, { trusted, grants, isShort: subjects.isShortInferred, isEks });
    notes.push(...assumed);
    if (subjects.assumed.size > 0) {
      const text = `the data read from Kanidm does not contain ${[...subjects.assumed].sort().join(', ')}: assumed to exist; to verify, use --kanidm, or give adopt the JSON that the kanidm client prints`;
      notes.push({ source: own.issuer.source, text });
    }
  } else leaveBindings(facts, account);
  accountForRest(facts, account, own);
  const { files, kubeconfig, ca } = certificates(cluster, facts, own);
  const { people, serviceAccounts, groups, clients } = identities;
  const config = {
    kanidm: kanidmOf(facts, { own, domain, cluster }),
    ...filled({ people, serviceAccounts, groups, clients }),
    clusters: { [cluster]: clusterOf({ server, issuers, grants, ca, kubeconfig }) },
  };
  const settled = settle(config, files);
  const { kept, withdrawn } = withdrawGrants(grants, settled.dropped);
  for (const { grant, why } of withdrawn) leaveGrant(facts, account, grant, why);
  const left = [...issuers.left];
  for (const dropped of settled.dropped) left.push(...withdraw(dropped, { account, facts, issuers, notes }));
  const trusted = own ? [own, ...issuers.trust] : [];
  const changes = [
    ...settingChanges(settled.resolved, trusted),
    ...(subjects ? changesOf(facts, subjects, { account, config: settled.resolved, grants: kept }) : []),
  ];
  return {
    config: settled.config,
    files: named(files, settled.config),
    items: account.all,
    notes,
    changes,
    left: left.flatMap(({ entry }) => (entry ? [entry] : [])),
    findings: settled.findings,
    next: [
      ...(hasBlank(settled.config) ? (['fill in'] as const) : []),
      ...(own ? [] : (['read the API server'] as const)),
      ...(left.length > 0 ? (['keep issuers'] as const) : []),
      ...(issuers.lacking.length > 0 ? (['keep settings'] as const) : []),
      ...(facts.entries.length === 0 ? (['ask Kanidm'] as const) : []),
      ...(facts.bindings.length === 0 ? (['read the bindings'] as const) : []),
      'synth',
    ],
  };
}

/** Returns the files that a config still refers to. */
const named = (files: Readonly<Record<string, string>>, config: Json) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => JSON.stringify(config).includes(`"${name}"`)));

function leaveBindings({ bindings }: Facts, account: Account): void {
  const why = 'whom this binding names depends on the settings of the API server: give these to adopt too';
  for (const [i, { object }] of bindings.entries()) {
    account.not(itemOf.binding(i), `${why}; the binding stays as it is`);
    for (const [j] of (object.subjects ?? []).entries()) account.not(itemOf.subject(i, j), why);
  }
}

function accountForRest(facts: Facts, account: Account, own: KanidmIssuer | undefined): void {
  for (const [i, { issuer }] of facts.logins.entries()) {
    const id = itemOf.login(i);
    if (!own) account.not(id, 'the settings of the API server were not read: give them to adopt too');
    else if (issuer === own.issuer.url) account.taken(id);
    else
      account.not(
        id,
        `this user signs in at ${issuer}, and kubectl on this cluster at ${own.issuer.url}; Kaniflux does not change it`,
      );
  }
  for (const [i, release] of facts.releases.entries()) {
    if (i === 0) {
      account.taken(itemOf.release(i));
      if (release.name !== 'kanidm') account.different(itemOf.release(i), otherName(release.name));
    } else account.not(itemOf.release(i), 'a config has one HelmRelease of Kanidm, and another one was read first');
  }
  for (const [i, { why, release }] of facts.passedOver.entries()) {
    const [helm] = facts.releases;
    if (why === 'runs Kanidm') {
      if (helm && helm.name === release) account.taken(itemOf.passedOver(i));
      else account.not(itemOf.passedOver(i), runsAlready);
    } else if (why === 'not about sign-in') account.leave(itemOf.passedOver(i), leftAlone);
    else account.not(itemOf.passedOver(i), 'adopt does not understand this part');
  }
}

const otherName = (name: string) =>
  `Kaniflux renders a HelmRelease named kanidm, and this one is named ${name}: Flux would install a second Kanidm with an empty database, so first make a backup, and see docs/backup.md`;

const runsAlready =
  'Kaniflux does not take over a Kanidm that something else deploys: it keeps running as it is, and the config treats it as one that runs elsewhere; to move it, see docs/backup.md';

/** Returns the sections that are not empty, as plain objects. */
const filled = (sections: Readonly<Record<string, ReadonlyMap<string, unknown>>>): Json =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([name, map]) => (map.size > 0 ? [[name, Object.fromEntries(map)]] : [])),
  );

interface ClusterParts {
  readonly server: AdoptedServer;
  readonly issuers: AdoptedIssuers;
  readonly grants: readonly AdoptedGrant[];
  readonly ca: object | undefined;
  readonly kubeconfig: ClusterInput['kubeconfig'];
}

function clusterOf({ server, issuers, grants, ca, kubeconfig }: ClusterParts): Json {
  const { own, trust, authentication } = issuers;
  const controlPlane = server.controlPlane ?? 'flags';
  const needsVersion = controlPlane === 'talos' && authentication.method === 'structured';
  const version = server.controlPlaneVersion ?? (needsVersion ? null : undefined);
  const settings = { ...authentication, ...(ca ? { ca: { ...authentication.ca, ...ca } } : {}) };
  return {
    server: server.server ?? null,
    kubernetes: server.kubernetes ?? null,
    client: own?.client ?? null,
    ...(trust.length > 0 ? { trust: trust.map(({ client }) => client) } : {}),
    controlPlane,
    ...(version === undefined ? {} : { controlPlaneVersion: version }),
    ...(Object.keys(settings).length > 0 ? { authentication: settings } : {}),
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(grants.length > 0 ? { grants: grants.map(({ grant }) => grant) } : {}),
  };
}

function certificates(cluster: string, { serverCa, logins }: Facts, own: KanidmIssuer | undefined) {
  const [oidc, file] = [`${cluster}-oidc-ca.crt`, `${cluster}-ca.crt`];
  const login = logins.find(({ issuer }) => own && issuer === own.issuer.url);
  const issuerCa = own?.issuer.ca?.pem;
  const ca = serverCa ?? login?.ca;
  const kubeconfig = {
    ...(login?.user === undefined ? {} : { user: login.user }),
    ...(ca ? { certificateAuthority: { file } } : {}),
  };
  return {
    files: { ...(issuerCa ? { [oidc]: issuerCa } : {}), ...(ca ? { [file]: ca } : {}) },
    ca: issuerCa ? { file: oidc } : undefined,
    kubeconfig: Object.keys(kubeconfig).length > 0 ? kubeconfig : undefined,
  };
}

const refused = ({ finding }: Dropped) =>
  `validation of the config rejects this part: ${finding.message}; fix: ${finding.fix}`;

/** Divides grants into those that stay and those that were removed from the config. */
function withdrawGrants(grants: readonly AdoptedGrant[], dropped: readonly Dropped[]) {
  const withdrawn: { grant: AdoptedGrant; why: string }[] = [];
  let kept = grants;
  for (const one of dropped) {
    const [, , field, i] = one.path;
    const grant = field === 'grants' && typeof i === 'number' ? kept[i] : undefined;
    if (!grant) continue;
    withdrawn.push({ grant, why: refused(one) });
    kept = kept.filter((other) => other !== grant);
  }
  return { kept, withdrawn };
}

function leaveGrant({ bindings }: Facts, account: Account, grant: AdoptedGrant, why: string): void {
  for (const i of grant.bindings) {
    account.not(itemOf.binding(i), `${why}; the binding stays as it is`);
    for (const [j] of (bindings[i]?.object.subjects ?? []).entries()) account.not(itemOf.subject(i, j), why);
  }
}

interface Withdrawal {
  readonly account: Account;
  readonly facts: Facts;
  readonly issuers: AdoptedIssuers;
  readonly notes: Note[];
}

/**
 * Marks the items of a part of the config that validation rejects as not taken. Returns the issuers that are left out
 * with it.
 */
function withdraw(dropped: Dropped, { account, facts, issuers, notes }: Withdrawal) {
  const why = refused(dropped);
  const [section, , field] = dropped.path;
  if (field === 'grants') return [];
  if (field === 'trust') {
    for (const { issuer, items } of issuers.trust) leave(account, items, { issuer, why });
    return issuers.trust.map(({ issuer }) => issuer);
  }
  notes.push({
    source: facts.apiServers[0]?.source ?? section?.toString() ?? '',
    text: `${dropped.path.join('.')} is left out: ${why}`,
  });
  return [];
}

const hasBlank = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).some(hasBlank));
