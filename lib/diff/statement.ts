import { type Danger, dangers } from '../access/danger';

/** The parts of a review, the most important first. */
export const parts = ['access', 'trust', 'output', 'kanidm', 'settings'] as const;
export type Part = (typeof parts)[number];

/** How closely a reviewer must look at a change. `high` changes can give somebody full control of a cluster. */
export const levels = ['high', 'medium', 'low', 'none'] as const;
export type Level = (typeof levels)[number];

/** One change, described for a reviewer. */
export interface Statement {
  readonly part: Part;
  readonly level: Level;
  readonly change: 'added' | 'removed' | 'changed';
  /**
   * Returns the sentence.
   * @param clusters the affected clusters as text
   */
  say(clusters: string): string;
  /** The affected clusters; empty if the change is not about a cluster. */
  readonly clusters: readonly string[];
  /** Details, each on its own line. */
  readonly details: readonly string[];
  /** The changed field, such as `clusters.homelab.server`; not set if several fields changed. */
  readonly path?: string;
  /** The danger by which `--fail-on` selects the statement. */
  readonly danger?: Danger | undefined;
  /** Whether the rights are not known, so that `--fail-on` must assume any danger. @default false */
  readonly isUnknown?: boolean;
}

/** Returns the level of a gained right. */
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

/** Merges statements that differ only in their clusters. Keeps the order. */
export function gathered(statements: readonly Statement[]): Statement[] {
  const found = new Map<string, Statement>();
  for (const one of statements) {
    const key = JSON.stringify([one.part, one.change, one.say(''), one.details, one.clusters.length > 0]);
    const known = found.get(key);
    // Two bindings may have equal sentences and different levels: keep the worse one.
    const worse = known && levels.indexOf(known.level) <= levels.indexOf(one.level) ? known : one;
    found.set(key, known ? { ...worse, clusters: [...new Set([...known.clusters, ...one.clusters])] } : one);
  }
  return [...found.values()];
}

/** Sorts statements by level. Keeps their order within a level. */
export const inOrder = (statements: readonly Statement[]): Statement[] =>
  [...statements].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));

/** Returns a list of clusters as text: `homelab`, `a, b and c`, `all 12 clusters`. */
export function clusterList(names: readonly string[], all: number): string {
  if (names.length > 3 && names.length === all) return `all ${all} clusters`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/**
 * The values of `--fail-on`: a part of the review, any gain or loss of access, or a danger, which also selects the
 * worse dangers.
 */
export const failOns = ['gain', 'loss', 'trust', 'output', 'kanidm', 'settings', ...dangers] as const;
export type FailOn = (typeof failOns)[number];

export const isFailOn = (text: string): text is FailOn => failOns.some((one) => one === text);

/**
 * Whether `--fail-on` selects a statement. If it is unknown which rights are gained, `gain` and every level of danger
 * select the statement.
 */
export function failsOn({ part, change, danger, isUnknown = false }: Statement, on: FailOn): boolean {
  switch (on) {
    case 'gain':
      return part === 'access' && (danger !== undefined || isUnknown) && change !== 'removed';
    case 'loss':
      return part === 'access' && danger !== undefined && change === 'removed';
    case 'trust':
    case 'output':
    case 'kanidm':
    case 'settings':
      return part === on;
    default:
      if (change !== 'removed' && isUnknown) return true;
      return change !== 'removed' && danger !== undefined && dangers.indexOf(danger) <= dangers.indexOf(on);
  }
}
