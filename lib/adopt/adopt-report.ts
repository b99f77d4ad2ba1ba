import { printable } from '../config/printable';
import { formatFindings } from '../findings/finding-text';
import { stepsOf } from '../init/starts';
import { toYaml } from '../output/yaml';
import type { AccountedItem } from './account';
import type { Adopted, NextStep } from './adopt-config';

/** What a person has to know beside the config: what was not taken as it is, what changes for whom, what to do next. */
export function adoptReport({ items, notes, changes, left, findings, next }: Adopted, cluster: string): string {
  const count = (fate: AccountedItem['fate']) => items.filter((item) => item.fate === fate).length;
  const different = items.filter(({ fate }) => fate === 'different');
  const not = gathered(items.filter(({ fate }) => fate === 'not taken'));
  const own = not.filter(({ isUnrelated }) => !isUnrelated);
  const unrelated = not.filter(({ isUnrelated }) => isUnrelated);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return [
    section('Taken differently', grouped(different)),
    section('Not taken', grouped(own)),
    section('Left alone, since it has nothing to do with signing in with Kanidm', grouped(unrelated)),
    section('Assumed, or not known', distinct(notes.map(({ source, text }) => `${source}: ${text}`))),
    section(
      'What the rendered files change for whom',
      distinct(changes.map(({ source, text }) => `${source}: ${text}`)),
    ),
    left.length > 0
      ? `\nEntries of the AuthenticationConfiguration that the rendered one lacks; put them into it before it replaces yours:\n${toYaml(left)}`
      : '',
    errors.length > 0
      ? `\nsynth will refuse the config, once its blanks are filled in:\n${formatFindings(errors)}\n`
      : '',
    `\nOf ${items.length} things that were read, ${count('taken')} are taken, ${count('different')} differently, and ${count('not taken')} are not.\n`,
    section(
      'Next',
      next.map((step, i) => `${i + 1}. ${steps[step](cluster)}`),
    ),
  ].join('');
}

const steps: Readonly<Record<NextStep, (cluster: string) => string>> = {
  'fill in': () => 'fill in what is empty in the config: `kaniflux check` names each place',
  'keep issuers': () =>
    'do not put the rendered AuthenticationConfiguration in place of yours without the entries above: their users would be locked out',
  'keep settings': () =>
    'put into the rendered AuthenticationConfiguration by hand what it lacks of yours (above, under `Not taken`) and you want to keep',
  'ask Kanidm': () =>
    'ask Kanidm what is assumed here: `KANIDM_TOKEN=… kaniflux adopt … --kanidm https://<its address>`, or give what `kanidm person list -o json` and the like print',
  'read the bindings': () => 'read the bindings of the cluster: `kaniflux adopt … --live`',
  synth: (cluster) =>
    `go on as docs/start.md says: ${stepsOf('by-hand', cluster, 'PERSON')
      .slice(1)
      .map(({ command }) => `\`${command}\``)
      .join(
        ', ',
      )}; dist/control-planes/${cluster}/README.md says what to bring to the nodes; keep a certificate of an administrator at hand`,
};

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `\n${title}:\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`;

const distinct = (lines: readonly string[]): string[] => [...new Set(lines)];

/** Subjects are named with their binding, and settings counted with their issuer, where the reason is the same. */
function gathered(items: readonly AccountedItem[]): AccountedItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const below = new Map<string, AccountedItem[]>();
  for (const item of items) {
    const [, owner = ''] = /^(.*) (?:subject|setting) \d+$/.exec(item.id) ?? [];
    const above = byId.get(owner);
    const isSame = above?.text?.includes(item.text ?? '\n') || item.text?.startsWith('belongs to ');
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

/** One line for all that has the same source and reason. */
function grouped(items: readonly AccountedItem[]): string[] {
  const groups = new Map<string, AccountedItem[]>();
  for (const item of items) {
    const key = `${item.source}\n${item.text}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    return `${first?.source}: ${listed(group.map(({ what }) => what))}: ${first?.text}`;
  });
}

/** Names, each once, with how often it is there. */
function listed(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`)).join(', ');
}
