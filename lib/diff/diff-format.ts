import type { Danger } from '../access/danger';
import { codeSpan, commentLimit, json, markdown, terminal } from '../output/escape';
import type { AccessChange } from './change';
import type { FieldChange } from './field-changes';
import type { FileChange } from './file-changes';
import { accessLines, sentence } from './line-changes';
import type { ObjectChange } from './object-changes';

export interface Diff {
  readonly access: readonly AccessChange[];
  readonly objects: readonly ObjectChange[];
  /** Where they were asked for. */
  readonly files?: readonly FileChange[];
}

export const diffFormats = ['text', 'json', 'markdown'] as const;

export const isEmpty = ({ access, objects, files = [] }: Diff): boolean =>
  access.length + objects.length + files.length === 0;

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** For a terminal: access first, then objects with their fields, then files. */
export function asText(diff: Diff): string {
  if (isEmpty(diff)) return 'No differences.\n';
  const lines = [
    'Access',
    ...(diff.access.length > 0
      ? accessLines(diff.access).map((line) => `  ${terminal(line)}`)
      : ['  nobody gains or loses anything']),
  ];
  if (diff.objects.length > 0) lines.push('', 'Objects', ...diff.objects.flatMap(objectLines));
  if (diff.files?.length)
    lines.push('', 'Files', ...diff.files.map(({ change, path }) => `  ${signs[change]} ${terminal(path)}`));
  return `${lines.join('\n')}\n`;
}

const objectLines = ({ change, cluster, object, fields }: ObjectChange) => [
  `  ${signs[change]} ${terminal(`${cluster}: ${object}`)}`,
  ...fields.map((field) => `      ${terminal(fieldText(field))}`),
];

function fieldText({ path, before, after }: FieldChange): string {
  if (before === undefined) return `+ ${path}: ${short(after)}`;
  if (after === undefined) return `- ${path}: ${short(before)}`;
  return `~ ${path}: ${short(before)} -> ${short(after)}`;
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

export const asJson = ({ access, objects, files }: Diff): string =>
  `${json({
    access: access.map((change) => ({
      change: change.change,
      cluster: change.cluster,
      who: change.who,
      danger: change.danger,
      role: change.held.binding.roleRef,
      binding: change.held.binding.metadata.name,
      namespace: change.held.namespace,
      groups: change.way,
      reason: change.reason,
      rights: change.rights,
      sentence: sentence(change),
    })),
    objects,
    ...(files ? { files } : {}),
  })}\n`;

const marks: Record<Danger, string> = {
  everything: '🔴 ',
  takeover: '🔴 ',
  secrets: '🟠 ',
  accounts: '🟠 ',
  exec: '🟠 ',
  write: '🟡 ',
  read: '',
};

/** A pull-request comment, the most dangerous first, cut where it would grow over the limit; what is cut is counted. */
export function asMarkdown(diff: Diff, limit = commentLimit): string {
  const { access, objects, files = [] } = diff;
  const head = '## Who may do what after this change\n\n';
  if (isEmpty(diff)) return `${head}No differences.\n`;
  const of = (change: AccessChange['change']) => {
    // Two bindings may read the same and differ in danger: the first is the more dangerous one.
    const lines = new Map<string, string>();
    for (const one of access.filter((each) => each.change === change)) {
      const text = markdown(sentence(one));
      if (!lines.has(text)) lines.set(text, `- ${change === 'gained' ? marks[one.danger] : ''}${text}`);
    }
    return [...lines.values()];
  };
  const sections = [
    { title: '### Gained', lines: of('gained') },
    { title: '### Lost', lines: of('lost') },
    { title: '### Objects', lines: objects.flatMap(objectItem) },
    { title: '### Files', lines: files.map(({ change, path }) => `- ${change}: ${codeSpan(path)}`) },
  ].filter(({ lines }) => lines.length > 0);
  const none = access.length === 0 ? 'Nobody gains or loses anything.\n\n' : '';
  return fitted(head + none, sections, limit);
}

const objectItem = ({ change, cluster, object, fields }: ObjectChange): string[] => [
  `- ${change} on ${markdown(cluster)}: ${codeSpan(object)}`,
  ...fields.map((field) => `  - ${codeSpan(fieldText(field))}`),
];

function fitted(head: string, sections: readonly { title: string; lines: readonly string[] }[], limit: number): string {
  const reserve = 80 * sections.length;
  let text = head;
  for (const { title, lines } of sections) {
    text += `${title}\n\n`;
    let shown = 0;
    for (const line of lines) {
      if (text.length + line.length + 1 > limit - reserve) break;
      text += `${line}\n`;
      shown++;
    }
    if (shown < lines.length) text += `- … and ${lines.length - shown} more lines: run \`kaniflux diff\`\n`;
    text += '\n';
  }
  return `${text.trimEnd()}\n`;
}
