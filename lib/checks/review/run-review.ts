import type { Config } from '../../config/config';
import { type Issue, locate, type Sources } from '../../config/locate';
import { accessOn, rendered } from '../../diff/side';
import { isAbout, type Manifest } from '../../existing/manifests';
import { givenBy } from './given';
import { loadWarnings, otherWarning } from './load-warnings';
import { type ClusterView, type Finding, type Foreign, type Rule, type Severity, severities } from './review-rule';
import { rules as allRules } from './review-rules';

/** A finding with its place, as every format prints it. */
export interface Reported extends Omit<Issue, 'severity'> {
  readonly severity: Severity;
  readonly cluster?: string;
}

/** An entry of `checks.ignore`, and how many findings it took out. */
export interface Ignored {
  readonly code: string;
  readonly reason: string;
  readonly cluster?: string;
  readonly count: number;
}

export interface Report {
  /** Errors first; then in the order of the files. */
  readonly findings: readonly Reported[];
  /** Also those that matched nothing: they are said too. */
  readonly ignored: readonly Ignored[];
  /** The command that looked, and all that it can find. @default check and its rules */
  readonly by?: { readonly command: string; readonly rules: readonly Pick<Rule, 'code' | 'title' | 'severity'>[] };
}

export interface CheckInput {
  readonly config: Config;
  readonly sources: Sources;
  /** The warnings of loading. */
  readonly issues: readonly Issue[];
  /** Hand-written objects of the same repository. */
  readonly manifests?: readonly Manifest[];
  /** What lies in the output and Flux would fail on. */
  readonly foreign?: readonly Foreign[];
  /** The config at the revision to compare with. */
  readonly base?: Config;
  /** Only what is about these. @default all */
  readonly clusters?: readonly string[];
}

/** Everything that the rules find, without what the config says to ignore. */
export function check(input: CheckInput, rules: readonly Rule[] = allRules): Report {
  const all = [...warned(input), ...found(input, rules)];
  // Those of `doctor` are about the live system.
  const ignore = input.config.checks.ignore.filter(({ code }) => !code.startsWith('KFD'));
  const counts = new Map(ignore.map((entry) => [entry, 0]));
  const findings = all.filter(({ code, cluster }) => {
    const entry = ignore.find((one) => one.code === code && (one.cluster === undefined || one.cluster === cluster));
    if (entry) counts.set(entry, (counts.get(entry) ?? 0) + 1);
    return !entry;
  });
  return {
    findings: distinct(findings).sort(inOrder),
    ignored: ignore.map((entry) => ({
      code: entry.code,
      reason: entry.reason,
      ...(entry.cluster === undefined ? {} : { cluster: entry.cluster }),
      count: counts.get(entry) ?? 0,
    })),
  };
}

/** What is true of a line on many clusters, or in many namespaces, is said once. */
function distinct(findings: readonly Reported[]): Reported[] {
  const seen = new Map<string, Reported>();
  for (const { cluster, ...finding } of findings) {
    const key = JSON.stringify([finding.code, finding.severity, finding.file, finding.line, finding.message]);
    const known = seen.get(key);
    const same = cluster !== undefined && (!known || known.cluster === cluster);
    seen.set(key, { ...finding, ...(same ? { cluster } : {}) });
  }
  return [...seen.values()];
}

function warned({ issues }: CheckInput): Reported[] {
  return issues.map((issue) => ({ ...issue, ...(loadWarnings[issue.code] ?? otherWarning), code: codeOf(issue.code) }));
}

const codeOf = (name: string) => (loadWarnings[name] ?? otherWarning).code;

function* found(input: CheckInput, rules: readonly Rule[]): Generator<Reported> {
  const { config, sources, manifests = [], foreign = [], base, clusters = [...config.clusters.keys()] } = input;
  const reaching = new Set<string>();
  const side = rendered(config);
  for (const view of views(input, side)) {
    for (const who of view.access.principals) {
      const held = view.access.authorizer.held(who);
      if (held.some(({ subject }) => subject.name !== 'system:authenticated')) reaching.add(who.name);
    }
    if (!clusters.includes(view.cluster.name)) continue;
    for (const rule of rules) {
      for (const one of rule.onCluster?.(view) ?? []) yield reported(sources, rule, one);
    }
  }
  for (const rule of rules) {
    for (const one of rule.onConfig?.({ config, base, manifests, foreign, reaching }) ?? [])
      yield reported(sources, rule, one);
  }
}

function* views({ config, manifests = [] }: CheckInput, side: ReturnType<typeof rendered>): Generator<ClusterView> {
  const names = [...config.clusters.keys()];
  for (const cluster of config.clusters.values()) {
    const own = manifests.filter(({ file }) => isAbout(file, cluster.name, names));
    const objects = side.objects(cluster.name);
    const access = accessOn(
      side,
      cluster.name,
      own.map(({ object }) => object),
    );
    if (!access) continue;
    const ours = new Set<unknown>([...objects, ...own.map(({ object }) => object)]);
    yield { config, cluster, access, rendered: objects, manifests: own, given: givenBy(access, ours) };
  }
}

/** A finding with its place. */
export function reported(sources: Sources, rule: Pick<Rule, 'code' | 'severity'>, finding: Finding): Reported {
  const severity = finding.severity ?? rule.severity;
  const { path, at, message, fix, cluster, manifest } = finding;
  const placed = locate(sources, {
    path,
    ...(at ? { at } : {}),
    code: rule.code,
    severity: severity === 'note' ? 'warning' : severity,
    message,
    fix,
  });
  return {
    ...placed,
    severity,
    ...(cluster === undefined ? {} : { cluster }),
    ...(manifest ? { file: manifest.file, line: manifest.line, column: 1, excerpt: '' } : {}),
  };
}

function inOrder(a: Reported, b: Reported): number {
  const text = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    text(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    text(a.code, b.code) ||
    text(a.message, b.message)
  );
}
