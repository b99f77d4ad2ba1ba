import { json, terminal } from '../output/text-escapes';
import { type FormatOptions, hasStepsAfter, legend, sectionsOf, stepsTitle, untilThen } from './diff-lines';
import { asMarkdown } from './diff-markdown';
import { lineDifference, linesOf } from './file-changes';
import { sentence } from './line-changes';
import { type Diff, isEmpty } from './review-diff';
import { clusterList } from './statement';

export const diffFormats = ['text', 'json', 'markdown'] as const;

/** Returns a diff as text for a terminal. */
export function asText(diff: Diff, { lines = false }: FormatOptions = {}): string {
  if (isEmpty(diff)) return 'No differences.\n';
  const sections = sectionsOf(diff, lines).map(({ title, items }) => [
    title,
    ...items.flatMap(({ mark, sign, text, below }) => [
      `  ${mark}${sign} ${terminal(text)}`,
      ...below.map((line) => `      ${terminal(line)}`),
    ]),
  ]);
  const { afterMerging } = diff;
  const steps = (afterMerging ?? []).flatMap(({ title, commands }, i) => [
    `  ${i + 1}. ${terminal(title)}`,
    ...commands.map((line) => `     ${terminal(line)}`),
  ]);
  const marked = diff.statements.some(({ level }) => level !== 'none');
  const blocks = [
    ...sections,
    ...(afterMerging
      ? [
          [
            stepsTitle(afterMerging),
            ...(hasStepsAfter(afterMerging) ? [`  ${untilThen}`] : []),
            ...(steps.length > 0 ? steps : ['  no manual steps']),
          ],
        ]
      : []),
    ...(marked ? [[legend]] : []),
  ];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

/** Returns the whole diff as JSON. */
export function asJson(diff: Diff): string {
  return `${json({
    statements: diff.statements.map(({ say, clusters, ...statement }) => ({
      ...statement,
      text: say(clusterList(clusters, diff.clusters)),
      clusters,
    })),
    access: diff.access.map((change) => ({
      change: change.change,
      cluster: change.cluster,
      who: change.who,
      danger: change.danger,
      role: change.held.binding.roleRef,
      binding: change.held.binding.metadata.name,
      namespace: change.held.namespace,
      groups: change.way,
      byManaging: change.byManaging,
      reason: change.reason,
      rights: change.rights,
      sentence: sentence(change),
    })),
    objects: diff.objects,
    files: diff.files.map((file) => {
      const { added, removed } = lineDifference(file.before, file.after);
      return {
        change: file.change,
        path: file.path,
        added: added.length,
        removed: removed.length,
        lines: linesOf(file),
      };
    }),
    afterMerging: diff.afterMerging,
  })}\n`;
}

/** The printing functions by the name of the output format. */
export const formats: Readonly<Record<string, (diff: Diff, options: FormatOptions) => string>> = {
  text: asText,
  json: asJson,
  markdown: (diff, options) => asMarkdown(diff, options),
};
