import { type ClusterAccess, groupOf } from '../access/cluster';
import { reachKey } from '../access/equal-access';
import type { BindingObject, SubjectRef } from '../access/objects';
import { isInScopeMap, type Principal, wayInto } from '../access/principals';
import { groupsOfUser } from '../access/strangers';
import { worldOf } from '../become/world';
import { registry } from '../checks/registered-codes';
import { type CheckInput, check } from '../checks/review/run-review';
import type { Config } from '../config/config';
import { locate } from '../config/locate';
import { accessOn, rendered } from '../diff/side';
import { isAbout, type Manifest } from '../existing/manifests';
import { type Judgement, Judgements } from '../expect/judgements';
import { expectationText } from '../expect/verdict-words';
import { membershipTerm, termText } from '../expire/terms';
import { validityOf, validityText } from '../expire/validity';
import { pageOf } from '../findings/registry';
import { memberships } from '../identity/membership';
import type { ExpectationData, HoldData, PersonKind, ReportData } from './model/data';
import { ReportBecomings } from './report-becomings';
import { compare, Grants, isBuiltIn } from './report-grants';

interface Someone {
  readonly name: string;
  readonly kind: PersonKind;
  readonly displayName?: string;
  readonly knownAs: Set<string>;
  /**
   * `known`: the clusters where the config puts the person into a group of the scope map. `unknown`: the clusters where
   * only Kanidm knows whether the person is in such a group.
   */
  readonly scopeMaps: { readonly unknown: Set<number>; readonly known: Set<number> };
  /** What the person holds, with the clusters. The key is made of the grant and the groups through which they hold it. */
  readonly holds: Map<string, { readonly grant: string; readonly way: readonly string[]; readonly clusters: number[] }>;
}

/**
 * Returns the data of the report, from the evaluated access and the findings of `check`. A pure function of its input.
 */
export function reportData(input: CheckInput): ReportData {
  const { config, manifests = [] } = input;
  const names = [...config.clusters.keys()];
  const people = everybody(config);
  const grants = new Grants();
  const side = rendered(config);
  const judgements = new Judgements(config);
  const becomings = new ReportBecomings();
  const ways = new Map<string, readonly string[]>();
  const wayTo = (name: string, group: string) => {
    const key = `${name}\n${group}`;
    const way = ways.get(key) ?? wayInto(config, name, group);
    ways.set(key, way);
    return way;
  };
  for (const [cluster, name] of names.entries()) {
    const own = manifests.filter(({ file }) => isAbout(file, name, names));
    const more = own.map(({ object }) => object);
    const access = accessOn(side, name, more);
    if (!access) continue;
    becomings.add(cluster, reachKey(access, own), () =>
      worldOf(config, access.cluster, [...side.objects(name), ...more]),
    );
    judgements.add(access, side.objects(name), own);
    const shown = new Set<object>([...side.objects(name), ...more]);
    const bindings = access.authorizer.bindings.filter((binding) => shown.has(binding));
    const keys = grants.add(access, cluster, bindings, fileOf(own));
    for (const who of access.principals) {
      const { scopeMaps } = people.get(`${who.kind} ${who.name}`) ?? newcomer(people, who);
      scopeMaps[isInScopeMap(config, who) ? 'known' : 'unknown'].add(cluster);
    }
    for (const who of [...access.principals, ...strangers(access, bindings)]) {
      const someone = people.get(`${who.kind} ${who.name}`) ?? newcomer(people, who);
      if (who.user !== undefined) someone.knownAs.add(who.user);
      for (const { binding } of access.authorizer.held(who)) {
        const grant = keys.get(binding);
        if (grant === undefined) continue;
        for (const subject of asWhom(binding, who)) {
          const group = groupOf(access, subject);
          note(someone, grant, cluster, group === undefined ? builtIn(subject) : wayTo(who.name, group));
        }
      }
    }
  }
  return {
    ...indexed(input, { people, grants, becomings }),
    expectations: judgements.results().map((one) => expectationData(input, one)),
  };
}

function expectationData({ config, sources }: CheckInput, { expectation, verdicts }: Judgement): ExpectationData {
  const { path, kind, reason } = expectation;
  const place = { path: [...path, kind], at: 'key' as const };
  const { file, line, column } = locate(sources, { code: '', severity: 'note', place, message: '', fix: '' });
  return {
    text: expectationText(config, expectation),
    ...(reason === undefined ? {} : { reason }),
    place: `${file}:${line}:${column}`,
    results: verdicts.map(({ verdict: { state, why }, clusters }) => ({ state, why, clusters })),
  };
}

/** Returns all subjects of a binding that match a person. The evaluator returns only the first such subject. */
function asWhom({ subjects, metadata }: BindingObject, { kind, user, groups }: Asker): SubjectRef[] {
  return (subjects ?? []).filter((subject) => {
    if (subject.kind === 'Group')
      return groups.includes(subject.name) || (kind !== 'other' && subject.name === 'system:authenticated');
    return subject.kind === 'User' ? subject.name === user : serviceAccountUser(subject, metadata.namespace) === user;
  });
}

const builtIn = (subject: SubjectRef) => (isBuiltIn(subject) ? [subject.name] : []);

function note({ holds }: Someone, grant: string, cluster: number, way: readonly string[]): void {
  const key = [grant, ...way].join('\n');
  const hold = holds.get(key);
  if (!hold) holds.set(key, { grant, way, clusters: [cluster] });
  else if (hold.clusters.at(-1) !== cluster) hold.clusters.push(cluster);
}

function everybody(config: Config): Map<string, Someone> {
  const people = [...config.people.values()].filter(({ absent }) => !absent);
  const accounts = [...config.serviceAccounts.values()].filter(({ absent }) => !absent);
  return new Map<string, Someone>([
    ...people.map(({ name, displayName }): [string, Someone] => [
      `person ${name}`,
      { name, kind: 'person', ...(displayName && displayName !== name ? { displayName } : {}), ...nothing() },
    ]),
    ...accounts.map(({ name }): [string, Someone] => [
      `service account ${name}`,
      { name, kind: 'service account', ...nothing() },
    ]),
  ]);
}

const nothing = (): Omit<Someone, 'name' | 'kind'> => ({
  knownAs: new Set(),
  scopeMaps: { unknown: new Set(), known: new Set() },
  holds: new Map(),
});

type Asker = Omit<Principal, 'kind' | 'client'> & { readonly kind: PersonKind };

function newcomer(people: Map<string, Someone>, { kind, name }: Asker): Someone {
  const someone: Someone = { name, kind, ...nothing() };
  people.set(`${kind} ${name}`, someone);
  return someone;
}

/** Returns the subjects that bindings name and the config does not contain. */
function strangers(access: ClusterAccess, bindings: readonly BindingObject[]): Asker[] {
  const unknown = new Map<string, Asker>();
  for (const { subjects, metadata } of bindings) {
    for (const subject of subjects ?? []) {
      if (access.ownerOf(subject) || isBuiltIn(subject)) continue;
      const { kind } = subject;
      const user = kind === 'ServiceAccount' ? serviceAccountUser(subject, metadata.namespace) : subject.name;
      const name = kind === 'Group' ? `group ${user}` : user;
      unknown.set(name, {
        kind: 'other',
        name,
        ...(kind === 'Group' ? { groups: [user] } : { user, groups: groupsOfUser(user) }),
      });
    }
  }
  return [...unknown.values()];
}

const serviceAccountUser = ({ name, namespace }: SubjectRef, beside = '') =>
  `system:serviceaccount:${namespace ?? beside}:${name}`;

const fileOf = (manifests: readonly Manifest[]) => {
  const files = new Map<object, string>(manifests.map(({ object, file }) => [object, file]));
  return (binding: BindingObject) => files.get(binding);
};

interface Collected {
  readonly people: ReadonlyMap<string, Someone>;
  readonly grants: Grants;
  readonly becomings: ReportBecomings;
}

/** Returns the clusters on which somebody holds a grant, but only Kanidm knows whether they can sign in. */
function signInUnknown(
  { unknown, known }: Someone['scopeMaps'],
  holds: readonly { readonly clusters: readonly number[] }[],
): { readonly signInUnknown?: readonly number[] } {
  const held = new Set(holds.flatMap(({ clusters }) => clusters));
  const clusters = [...unknown].filter((cluster) => held.has(cluster) && !known.has(cluster));
  return clusters.length > 0 ? { signInUnknown: clusters } : {};
}

function validOf(config: Config, { kind, name }: Pick<Someone, 'kind' | 'name'>): { readonly valid?: string } {
  const isAccount = kind === 'person' || kind === 'service account';
  const valid = isAccount ? validityText(validityOf(config, name)) : undefined;
  return valid === undefined ? {} : { valid };
}

/** Replaces names by indices. */
function indexed(input: CheckInput, found: Collected): Omit<ReportData, 'expectations'> {
  const { config } = input;
  const grants = found.grants.sorted();
  const grantAt = new Map(grants.map(([key], at) => [key, at]));
  const people = [...found.people.values()].sort((a, b) => compare(a.name, b.name) || compare(a.kind, b.kind));
  const onTheWay = [
    ...grants.flatMap(([, { groups }]) => groups),
    ...people.flatMap(({ holds }) => [...holds.values()].flatMap(({ way }) => way)),
  ];
  const groups = [...new Set(onTheWay)].sort(compare);
  const groupAt = new Map(groups.map((name, at) => [name, at]));
  const clusterAt = new Map([...config.clusters.keys()].map((name, at) => [name, at]));
  const about = (cluster?: string) => {
    const at = cluster === undefined ? undefined : clusterAt.get(cluster);
    return at === undefined ? {} : { cluster: at };
  };
  const aboutAll = (names: readonly string[]) => {
    const all = names.flatMap((name) => clusterAt.get(name) ?? []);
    return all.length > 0 ? { clusters: all } : {};
  };
  const at = (map: ReadonlyMap<string, number>, key: string) => map.get(key) as number;
  const report = check(input);
  return {
    domain: config.kanidm.domain,
    clusters: [...config.clusters.values()].map(({ name, server, kubernetes }) => ({
      name,
      server,
      kubernetes: kubernetes.text,
    })),
    people: people.map(({ holds, knownAs, scopeMaps, ...someone }) => ({
      ...someone,
      knownAs: [...knownAs].sort(),
      ...signInUnknown(scopeMaps, [...holds.values()]),
      ...validOf(config, someone),
      holds: [...holds.values()]
        .map(({ grant, way, clusters }): HoldData => {
          const terms = way.map((_, i) => termText(membershipTerm(config, someone.name, way, i)));
          const whole = grants[at(grantAt, grant)]?.[1].clusters.length === clusters.length;
          return {
            grant: at(grantAt, grant),
            way: way.map((group) => at(groupAt, group)),
            ...(terms.some((term) => term !== '') ? { terms } : {}),
            ...(whole ? {} : { clusters }),
          };
        })
        .sort((a, b) => a.grant - b.grant || compare(a.way.join(), b.way.join())),
    })),
    groups: groups.map((name) => groupData(config, name)),
    becomings: found.becomings.data(new Map(people.map(({ kind, name }, at) => [`${kind} ${name}`, at])), groupAt),
    grants: grants.map(([, grant]) => ({ ...grant, groups: grant.groups.map((group) => at(groupAt, group)) })),
    findings: report.findings.map(({ severity, code, message, fix, file, line, column, cluster, clusters }) => ({
      severity,
      code,
      title: registry().get(code)?.title ?? code,
      message,
      fix,
      place: `${file}:${line}:${column}`,
      page: pageOf(code),
      ...aboutAll(clusters ?? (cluster === undefined ? [] : [cluster])),
    })),
    ignored: report.ignored.map(({ code, reason, count, cluster }) => ({ code, reason, count, ...about(cluster) })),
  };
}

function groupData(config: Config, name: string) {
  const group = config.groups.get(name);
  if (!group) return { name, builtIn: true as const };
  return group.members === undefined ? { name } : { name, people: memberships(config).peopleIn.get(name)?.length ?? 0 };
}
