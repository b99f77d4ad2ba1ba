import { isPersonal } from '../../access/authorizer';
import { reachKey } from '../../access/equal-access';
import type { Config } from '../../config/config';
import type { Sources } from '../../config/locate';
import { accessOn, rendered, type Side } from '../../diff/side';
import { isAbout, type Manifest } from '../../existing/manifests';
import { Judgements } from '../../expect/judgements';
import type { LocatedFinding, Severity } from '../../findings/finding';
import { type Entry, FindingList } from '../../findings/finding-list';
import { Accepted, type Ignore, type Matched } from '../../findings/ignore';
import type { Results } from '../../findings/results';
import { identityMoves } from '../base/entry-moves';
import { moveCodes } from '../base/move-codes';
import { registry } from '../registered-codes';
import { ownCluster, subjectAt, withSubject } from '../subject-at';
import { DraftEntry } from './draft-entry';
import { endingRules } from './ending-rules';
import { givenBy } from './granted-rights';
import { reviewCodes } from './review-codes';
import type { ClusterView, Foreign, LeftOut, Rule, RuleFinding } from './review-rule';
import { rules as allRules } from './review-rules';

export interface CheckInput {
  readonly config: Config;
  readonly sources: Sources;
  /** The warnings from loading the config. */
  readonly warnings: readonly LocatedFinding[];
  /** Hand-written objects of the same repository. */
  readonly manifests?: readonly Manifest[];
  /** Files in the output that Flux cannot apply. */
  readonly foreign?: readonly Foreign[];
  /** Hand-written files and objects that were not evaluated. */
  readonly leftOut?: readonly LeftOut[];
  /** The config at the base revision, for a comparison. */
  readonly base?: Config;
  /** Report only findings about these clusters. @default - all clusters */
  readonly clusters?: readonly string[];
  /** The day of the check, in UTC, such as `2027-01-31`. @default - ends of grants and memberships are not reported */
  readonly at?: string;
  /**
   * The maximum number of findings to return for each code and severity. The others are counted in `omitted`.
   * @default - all findings are returned
   */
  readonly mostOfEach?: number;
}

/** Applies all rules. Returns their findings, except those that `checks.ignore` matches. */
export function check(input: CheckInput, rules: readonly Rule[] = allRules): Results {
  const { config, warnings, base, mostOfEach } = input;
  const accepted = new Accepted(config.checks.ignore);
  const findings = new FindingList(mostOfEach ?? Number.POSITIVE_INFINITY);
  for (const warning of warnings.flatMap((one) => about(withSubject(config, one), input.clusters))) {
    if (!accepted.has(warning.code, () => warning)) findings.add(writtenEntry(warning));
  }
  // A finding gets its place in a file only if it is reported.
  const report = (code: string, severity: Severity, finding: RuleFinding, cluster?: string) => {
    if (accepted.has(code, () => matchedBy(config, code, finding))) return;
    const { path, manifest } = finding.place;
    const isInPart = cluster !== undefined && !manifest && path[0] === 'clusters' && path[1] === cluster;
    findings.add(new DraftEntry(input, code, severity, finding), isInPart ? cluster : undefined);
  };
  for (const finding of base ? identityMoves(base, config) : []) report(finding.code, finding.severity, finding);
  for (const { code, findings, cluster } of findingsOf(input, rules)) {
    for (const one of findings) report(code, one.severity ?? reviewCodes[code].severity, one, cluster);
  }
  // An entry for `unused-ignore` can match only when the other unused entries are reported.
  for (const isLast of [false, true]) {
    const unused = accepted.unused.filter((one) => (one.code === 'unused-ignore') === isLast);
    for (const entry of unused.filter((one) => wasChecked(one, input, rules)))
      report('unused-ignore', reviewCodes['unused-ignore'].severity, unusedIgnore(entry));
  }
  const { ignored } = accepted;
  const { listed, omitted } = findings.results();
  return { findings: listed.map((entry) => entry.written()), ignored, ...(omitted.length > 0 ? { omitted } : {}) };
}

/**
 * Returns a warning once for each checked cluster that it is about, because `checks.ignore` can name one of these
 * clusters. `FindingList` merges the remaining ones.
 */
function about({ clusters, ...warning }: LocatedFinding, checked?: readonly string[]): LocatedFinding[] {
  const each = clusters ? clusters.map((cluster) => ({ ...warning, cluster })) : [warning];
  return each.filter(({ cluster }) => cluster === undefined || !checked || checked.includes(cluster));
}

const writtenEntry = (finding: LocatedFinding): Entry => ({ ...finding, written: () => finding });

function matchedBy(config: Config, code: string, { place: { path, manifest }, ...finding }: RuleFinding): Matched {
  const { cluster, grant, group } = subjectAt(config, path);
  return {
    code,
    cluster: finding.cluster ?? ownCluster(cluster, finding).cluster,
    grant: finding.grant ?? grant,
    group: finding.group ?? group,
    ...(manifest ? { file: manifest.file } : { path }),
  };
}

const unusedIgnore = ({ code, place }: Ignore): RuleFinding => ({
  place: { path: place },
  message: `no finding matches this entry for \`${code}\``,
  fix: 'remove this entry',
});

/**
 * Whether this run checked everything that an entry of `checks.ignore` could match. Otherwise the entry may still be
 * needed.
 */
function wasChecked(entry: Ignore, input: CheckInput, rules: readonly Rule[]): boolean {
  const { base, manifests = [], clusters, config, at } = input;
  const { code, cluster } = entry;
  if (code === 'unused-ignore')
    return config.checks.ignore.every((one) => one.code === code || wasChecked(one, input, rules));
  // `doctor` can report the code too, and this run does not check the live system.
  if (registry().get(code)?.reporters.includes('doctor')) return false;
  if (Object.hasOwn(moveCodes, code) && !base) return false;
  if (at === undefined && endingRules.some((rule) => rule.code === code)) return false;
  if (manifests.length === 0 && rules.some((rule) => rule.code === code && rule.readsManifests)) return false;
  const chosen = clusters ?? [...config.clusters.keys()];
  return cluster === undefined ? chosen.length === config.clusters.size : chosen.includes(cluster);
}

/** The findings of one rule: about one cluster, or about the whole config. */
interface RuleFindings {
  readonly code: Rule['code'];
  readonly findings: readonly RuleFinding[];
  readonly cluster?: string;
}

function* findingsOf(input: CheckInput, rules: readonly Rule[]): Generator<RuleFindings> {
  const { config, manifests = [], foreign = [], leftOut = [], clusters = [...config.clusters.keys()], at } = input;
  const on = at === undefined ? {} : { at };
  const reaching = new Set<string>();
  const judgements = new Judgements(config, at);
  const side = rendered(config);
  for (const view of views(input, side)) {
    for (const who of view.access.principals) {
      if (reaching.has(who.name)) continue;
      const held = view.access.authorizer.held(who);
      if (held.some(isPersonal)) reaching.add(who.name);
    }
    if (!clusters.includes(view.cluster.name)) continue;
    judgements.add(view.access, view.rendered, view.manifests);
    const { name } = view.cluster;
    for (const rule of rules) yield { code: rule.code, findings: rule.onCluster?.(view) ?? [], cluster: name };
  }
  const view = { config, manifests, foreign, leftOut, reaching, judgements: judgements.results(), ...on };
  for (const rule of rules) yield { code: rule.code, findings: rule.onConfig?.(view) ?? [] };
}

/** Yields a view of each cluster. Clusters with equal access share the access, and what the rules compute from it. */
function* views({ config, manifests = [], at }: CheckInput, side: ReturnType<typeof rendered>): Generator<ClusterView> {
  const names = [...config.clusters.keys()];
  const equal = new Map<string, { clusters: number; shared?: Omit<ClusterView, 'cluster'> }>();
  const all = [...config.clusters.values()].map((cluster) => {
    const own = manifests.filter(({ file }) => isAbout(file, cluster.name, names));
    const key = reachKey({ config, cluster }, own);
    const alike = equal.get(key) ?? { clusters: 0 };
    alike.clusters++;
    equal.set(key, alike);
    return { cluster, own, alike };
  });
  for (const { cluster, own, alike } of all) {
    alike.shared ??= sharedView(side, cluster.name, own);
    const { shared } = alike;
    // To limit memory, access is kept only until the last cluster that shares it.
    if (--alike.clusters === 0) delete alike.shared;
    if (!shared) continue;
    yield { ...shared, access: { ...shared.access, cluster }, cluster, ...(at === undefined ? {} : { at }) };
  }
}

function sharedView(
  side: Side,
  name: string,
  manifests: readonly Manifest[],
): Omit<ClusterView, 'cluster'> | undefined {
  const objects = side.objects(name);
  const byHand = manifests.map(({ object }) => object);
  const access = accessOn(side, name, byHand);
  if (!access) return undefined;
  const given = givenBy(access, new Set<unknown>([...objects, ...byHand]));
  return { config: side.config, access, rendered: objects, manifests, given };
}
