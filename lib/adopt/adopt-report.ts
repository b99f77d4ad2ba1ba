import { printable } from '../config/printable';
import { formatFindings } from '../findings/finding-text';
import { stepsOf } from '../init/starts';
import { toYaml } from '../output/yaml';
import type { Adopted, NextStep } from './adopt-config';
import { notUnderstood, type TreatedItem } from './treatments';

/**
 * Returns the report that is printed in addition to the config: facts that were adopted with changes or not at all,
 * effects on people, and the next steps.
 */
export function adoptReport({ items, notes, changes, left, findings, next }: Adopted, cluster: string): string {
  const count = (treatment: TreatedItem['treatment']) => items.filter((item) => item.treatment === treatment).length;
  const different = items.filter(({ treatment }) => treatment === 'different');
  const not = gathered(items.filter(({ treatment }) => treatment === 'not taken'));
  const own = not.filter(({ isUnrelated }) => !isUnrelated);
  const unrelated = not.filter(({ isUnrelated }) => isUnrelated);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return [
    section('Adopted with changes', grouped(different)),
    section('Not adopted', grouped([...own.filter(isHinted), ...own.filter((item) => !isHinted(item))])),
    section('Left alone, because it has nothing to do with signing in with Kanidm', grouped(unrelated)),
    section('Assumed, or not known', distinct(notes.map(({ source, text }) => `${source}: ${text}`))),
    section(
      'Effects of the rendered files on people',
      distinct(changes.map(({ source, text }) => `${source}: ${text}`)),
    ),
    left.length > 0
      ? `\nThese entries of your AuthenticationConfiguration are missing in the rendered one; add them before you replace your file:\n${toYaml(left)}`
      : '',
    errors.length > 0
      ? `\nApart from empty fields, the config has these errors, and synth rejects it until you correct them:\n${formatFindings(errors)}\n`
      : '',
    `\nOf ${items.length} things that were read, ${count('taken')} are adopted unchanged, ${count('different')} with changes, and ${count('not taken')} are not adopted.\n`,
    section(
      'Next',
      next.map((step, i) => `${i + 1}. ${typeof step === 'string' ? steps[step](cluster) : step.hint}`),
    ),
  ].join('');
}

const steps: Readonly<Record<NextStep, (cluster: string) => string>> = {
  'fill in': () => 'fill in the empty fields of the config: `kaniflux check` lists them',
  'read the API server': () =>
    'run adopt again with the settings of kube-apiserver too, such as its flags or its AuthenticationConfiguration: only these settings say how the API server names people',
  'add Kanidm': () =>
    'none of the issuers of the API server belongs to a client of Kanidm: write a client into the config; set under `authentication` how the API server names the users of this client; to keep a binding, write a grant that has the subjects of the binding under `subjects`',
  'give the value': () => 'replace the variable in the issuer of the API server with its value, and run adopt again',
  'keep issuers': () =>
    'before you replace your AuthenticationConfiguration with the rendered one, add the entries above to the rendered one: otherwise, the users of these issuers cannot sign in',
  'keep settings': () =>
    'the settings listed above, under `Not adopted`, are missing from the rendered AuthenticationConfiguration; add by hand those that you want to keep',
  'ask Kanidm': () =>
    'to replace assumptions and to add missing UUIDs, let adopt read Kanidm too: run `KANIDM_TOKEN=… kaniflux adopt … --kanidm https://<address of Kanidm>`, or run adopt with the output of commands such as `kanidm person list -o json`',
  'read the bindings': () => 'read the bindings of the cluster: run `kaniflux adopt … --live`',
  synth: (cluster) =>
    `continue with docs/start.md: run ${stepsOf('existing-sign-in', { cluster, person: 'PERSON', branch: 'main' })
      .slice(1)
      .map(({ command }) => `\`${command}\``)
      .join(
        ', ',
      )}; dist/control-planes/${cluster}/README.md lists the files to install on the nodes; keep an administrator certificate ready`,
};

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n${title}:\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;

/**
 * Whether an item has a reason, or says what to do. Items with neither come last, because a repository has hundreds of
 * such items.
 */
const isHinted = ({ text }: TreatedItem): boolean => text !== notUnderstood;

const distinct = (lines: readonly string[]): string[] => [...new Set(lines)];

/** Merges items with the same reason: subjects into their binding, and settings into their issuer. */
function gathered(items: readonly TreatedItem[]): TreatedItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const below = new Map<string, TreatedItem[]>();
  for (const item of items) {
    const [, owner = ''] = /^(.*) (?:subject|setting) \d+$/.exec(item.id) ?? [];
    const above = byId.get(owner);
    const isSame = above?.text?.includes(item.text ?? '\n') || item.text?.startsWith('part of ');
    if (above && isSame) below.set(owner, [...(below.get(owner) ?? []), item]);
  }
  const hidden = new Set([...below.values()].flat());
  return items
    .filter((item) => !hidden.has(item))
    .map((item) => {
      const inner = below.get(item.id) ?? [];
      if (inner.length === 0) return item;
      const isBinding = item.id.startsWith('binding ');
      const names = isBinding
        ? listed(inner.map(({ what }) => what.replace(/ in \w+Binding .*$/, '')))
        : `${inner.length} settings`;
      return { ...item, what: `${item.what} (${names})` };
    });
}

/** Returns one line for all items with the same source and reason. */
function grouped(items: readonly TreatedItem[]): string[] {
  const groups = new Map<string, TreatedItem[]>();
  for (const item of items) {
    const key = `${item.source}\n${item.text}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return `${first?.source}: ${listed(group.map(({ what }) => what))}: ${first?.text}`;
  });
}

/** Returns a list of names without duplicates, each with the number of times that it occurs. */
function listed(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`)).join(', ');
}
