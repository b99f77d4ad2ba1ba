import type { FieldChange } from './field-changes';
import { lineDifference, linesOf } from './file-changes';
import type { ObjectChange } from './object-changes';
import type { Diff } from './review-diff';
import { clusterList, type Level, type Part, parts, type Statement } from './statement';
import { shown, shownBoth } from './values';

/** How a diff is shown. */
export interface FormatOptions {
  /** Whether each changed line of each file is shown. @default false */
  readonly lines?: boolean;
}

/*
 * A diff as sections of lines, whatever they are printed as: the text and the comment differ in how they escape.
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
  /** Whether the text is a name, or a value as it is in a file, and no sentence. */
  readonly verbatim?: true;
}

export const marks: Readonly<Record<Level, string>> = { high: '🔴 ', medium: '🟠 ', low: '🟡 ', none: '' };

export const legend =
  '🔴 can hand over a cluster, 🟠 gives access to Secrets, service accounts or pods, or changes who is trusted, 🟡 other changes to review';

const titles: Readonly<Record<Part, string>> = {
  access: 'Access',
  trust: 'Trust',
  output: 'Files that the config does not render',
  kanidm: 'Kanidm',
  settings: 'Settings',
};

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** Everything that differs, the worst first. What can hand over a cluster stands before everything else. */
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
    { title: 'Can hand over a cluster', items: high.map(item) },
    ...parts.map((part) => ({ title: titles[part], items: rest.filter((one) => one.part === part).map(item) })),
    { title: 'Objects', items: objectItems(diff) },
    { title: 'Files', items: fileItems(diff, withLines) },
  ].filter(({ items }) => items.length > 0);
}

/** The same change of the same object on many clusters is one item. */
function objectItems({ objects, clusters }: Diff): Item[] {
  const alike = new Map<string, { readonly one: ObjectChange; readonly on: string[] }>();
  for (const one of objects) {
    const key = JSON.stringify([one.change, one.object, one.fields]);
    const known = alike.get(key);
    if (known) known.on.push(one.cluster);
    else alike.set(key, { one, on: [one.cluster] });
  }
  return [...alike.values()].map(({ one, on }) => ({
    mark: '',
    sign: signs[one.change],
    text: `${clusterList(on, clusters)}: ${one.object}`,
    below: one.fields.map(fieldText),
    verbatim: true,
  }));
}

export function fieldText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `+ ${path}: ${shown(after)}`;
  if (after === undefined) return `- ${path}: ${shown(before)}`;
  const [from, to] = shownBoth(before, after);
  return `~ ${path}: ${from} -> ${to}`;
}

/** The clusters' files of one kind that change by as many lines are one item. */
function fileItems({ files }: Diff, withLines: boolean): Item[] {
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
    return { ...item, text: `${path.replace('*', () => where)} (lines: ${item.text})` };
  });
}

/** A path with a star in place of its cluster, and that cluster; a path of no cluster is its own. */
function withoutCluster(path: string): { readonly name: string; readonly path: string } {
  const [, start = '', name = '', end = ''] =
    /^(clusters\/|control-planes\/|flux\/|kubeconfigs\/)([^/]+?)(\/.*|\.yaml)$/.exec(path) ?? [];
  return start === '' ? { name: '', path } : { name, path: `${start}*${end}` };
}
