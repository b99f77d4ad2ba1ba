import { type Danger, dangers } from '../access/danger';

/** What a change is about, the worst first. */
export const parts = ['access', 'trust', 'output', 'kanidm', 'settings'] as const;
export type Part = (typeof parts)[number];

/** How much a reviewer has to look at a change: `high` can hand over a cluster. */
export const levels = ['high', 'medium', 'low', 'none'] as const;
export type Level = (typeof levels)[number];

/** One change, in words that a reviewer understands. */
export interface Statement {
  readonly part: Part;
  readonly level: Level;
  readonly change: 'added' | 'removed' | 'changed';
  /** The sentence, with the clusters that it is about as they are listed. */
  say(clusters: string): string;
  /** Clusters on which it is so; empty for what is of no cluster. */
  readonly clusters: readonly string[];
  /** What belongs to it, a line each. */
  readonly details: readonly string[];
  /** What in the config changed: `clusters.homelab.server`; none where it follows from several fields. */
  readonly path?: string;
  /** By what `--fail-on` knows it, beside its part. */
  readonly danger?: Danger;
}

/** The level of what somebody gains. */
export function levelOf(danger: Danger): Level {
  switch (danger) {
    case 'everything':
    case 'takeover':
      return 'high';
    case 'secrets':
    case 'accounts':
    case 'exec':
      return 'medium';
    case 'write':
      return 'low';
    case 'read':
      return 'none';
  }
}

/** Statements that are the same but for the cluster are one, with all of the clusters. The order stays. */
export function gathered(statements: readonly Statement[]): Statement[] {
  const found = new Map<string, Statement>();
  for (const one of statements) {
    const key = JSON.stringify([one.part, one.change, one.say(''), one.details, one.clusters.length > 0]);
    const known = found.get(key);
    // Two bindings may read the same and differ in danger.
    const worse = known && levels.indexOf(known.level) <= levels.indexOf(one.level) ? known : one;
    found.set(key, known ? { ...worse, clusters: [...new Set([...known.clusters, ...one.clusters])] } : one);
  }
  return [...found.values()];
}

/** The worst first; gains before losses; otherwise as they were. */
export const inOrder = (statements: readonly Statement[]): Statement[] =>
  [...statements].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));

/** `homelab`, `a, b and c`, `all 12 clusters`. */
export function clusterList(names: readonly string[], all: number): string {
  if (names.length > 3 && names.length === all) return `all ${all} clusters`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What `--fail-on` takes: a part, a gain of any kind, or a danger, which stands for what is worse as well. */
export const failOns = ['gain', 'loss', 'trust', 'output', 'kanidm', 'settings', ...dangers] as const;
export type FailOn = (typeof failOns)[number];

export const isFailOn = (text: string): text is FailOn => failOns.some((one) => one === text);

/** Whether a statement is one of those that a review must not let through by itself. */
export function failsOn({ part, change, danger }: Statement, on: FailOn): boolean {
  switch (on) {
    case 'gain':
      return part === 'access' && danger !== undefined && change !== 'removed';
    case 'loss':
      return part === 'access' && danger !== undefined && change === 'removed';
    case 'trust':
    case 'output':
    case 'kanidm':
    case 'settings':
      return part === on;
    default:
      return change !== 'removed' && danger !== undefined && dangers.indexOf(danger) <= dangers.indexOf(on);
  }
}
