import { fieldText } from './field-changes';
import { lineDifference, linesOf, withoutCluster } from './file-changes';
import type { ObjectChange } from './object-changes';
import type { Diff } from './review-diff';
import { clusterList, type Level, type Part, parts, type Statement } from './statement';
import type { Step } from './steps/manual-step';

export interface FormatOptions {
  /** Whether to print each changed line of each file. @default false */
  readonly lines?: boolean;
}

/*
 * The sections of a diff, with their items. The text and Markdown formats print the same sections, and differ only in
 * how they escape texts.
 */

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

export interface Item {
  readonly mark: string;
  readonly sign: '+' | '-' | '~';
  readonly text: string;
  readonly below: readonly string[];
  /** Whether the text is a name or a value from a file, to be printed verbatim. */
  readonly verbatim?: true;
}

export const marks: Readonly<Record<Level, string>> = { high: '🔴 ', medium: '🟠 ', low: '🟡 ', none: '' };

export const legend =
  '🔴 can give somebody full control of a cluster, 🟠 gives access to Secrets, service accounts or pods, or changes who is trusted, 🟡 other changes to review; a change without a mark gives nobody more than read access. The lists of objects and files have no marks. `(ROLE, by GROUP)` is the role, and the group that gives it.';

/** The title of the manual steps. */
export const stepsTitle = (steps: readonly Step[]): string =>
  !steps.some(({ isBefore }) => isBefore)
    ? 'After merging'
    : hasStepsAfter(steps)
      ? 'Before and after merging'
      : 'Before merging';

/** Whether there is a step after merging. Until somebody does this step, a part of the change has no effect. */
export const hasStepsAfter = (steps: readonly Step[]): boolean => steps.some(({ isBefore }) => !isBefore);

/** The text before the manual steps. */
export const untilThen =
  'Flux applies the objects of the clusters by itself. Everything else changes only when somebody does these steps.';

const titles: Readonly<Record<Part, string>> = {
  access: 'Access',
  trust: 'Trust',
  output: 'Differences between the output folder and the config',
  kanidm: 'Kanidm',
  settings: 'Settings',
};

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** Returns the sections of a diff. Changes that can give full control of a cluster come first. */
export function sectionsOf(diff: Diff, withLines: boolean): Section[] {
  const item = (one: Statement): Item => ({
    mark: marks[one.level],
    sign: signs[one.change],
    text: one.say(clusterList(one.clusters, diff.clusters)),
    below: one.details,
  });
  const high = diff.statements.filter(({ level }) => level === 'high');
  const rest = diff.statements.filter(({ level }) => level !== 'high');
  return [
    { title: 'Can give full control of a cluster', items: high.map(item) },
    ...parts.map((part) => ({ title: titles[part], items: rest.filter((one) => one.part === part).map(item) })),
    { title: 'Objects', items: objectItems(diff) },
    { title: 'Files', items: fileItems(diff, withLines) },
  ].filter(({ items }) => items.length > 0);
}

/**
 * Returns an item for each changed object. If the same object changes in the same way on many clusters, this is one
 * item.
 */
function objectItems({ objects, clusters }: Diff): Item[] {
  const alike = new Map<string, { readonly one: ObjectChange; readonly on: string[] }>();
  for (const one of objects) {
    const key = JSON.stringify([one.change, one.object, one.fields, one.kept]);
    const known = alike.get(key);
    if (known) known.on.push(one.cluster);
    else alike.set(key, { one, on: [one.cluster] });
  }
  return [...alike.values()].map(({ one, on }) => ({
    mark: '',
    sign: signs[one.change],
    text: `${clusterList(on, clusters)}: ${one.object}`,
    below: [...one.fields.map(fieldText), ...(one.kept === undefined ? [] : [one.kept])],
    verbatim: true,
  }));
}

/**
 * Returns an item for each changed file. Files of the same kind for several clusters are one item if their numbers of
 * changed lines are equal.
 */
function fileItems({ files, folder }: Diff, withLines: boolean): Item[] {
  const alike = new Map<string, { readonly item: Item; readonly names: string[]; readonly path: string }>();
  for (const file of files) {
    const { name, path } = withoutCluster(file.path);
    const { added, removed } = lineDifference(file.before, file.after);
    const counts = `+${added.length} -${removed.length}`;
    const below = withLines ? linesOf(file) : [];
    const key = JSON.stringify([file.change, path, counts, below]);
    const known = alike.get(key);
    if (known) known.names.push(name);
    else
      alike.set(key, {
        item: { mark: '', sign: signs[file.change], text: counts, below, verbatim: true },
        names: [name],
        path,
      });
  }
  return [...alike.values()].map(({ item, names, path }) => {
    const where = names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`;
    return { ...item, text: `${folder}/${path.replace('*', () => where)} (lines: ${item.text})` };
  });
}
