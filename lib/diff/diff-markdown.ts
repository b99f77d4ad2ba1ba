import { codeSpan, commentLimit, markdown, terminal } from '../output/text-escapes';
import {
  type FormatOptions,
  hasStepsAfter,
  type Item,
  legend,
  type Section,
  sectionsOf,
  stepsTitle,
  untilThen,
} from './diff-lines';
import { type Diff, isEmpty } from './review-diff';
import type { Step } from './steps/manual-step';

const head = '## What this change does\n\n';
const headWithSteps = `${head}Parts of it take effect only when somebody does the manual steps at the end.\n\n`;

/**
 * Returns a diff as a comment for a pull request, the worst changes first. If the text exceeds the limit, it is
 * shortened, and the number of omitted items is printed. The manual steps get at most about a third of the limit.
 */
export function asMarkdown(diff: Diff, { lines = false }: FormatOptions = {}, limit = commentLimit): string {
  if (isEmpty(diff)) return `${head}No differences.\n`;
  const marked = diff.statements.some(({ level }) => level !== 'none');
  const steps = diff.afterMerging;
  const after = steps ? stepsAfterMerging(steps, Math.floor(limit / 3)) : '';
  const end = `${after}${marked ? `\n${legend}\n` : ''}`;
  const start = steps && hasStepsAfter(steps) ? headWithSteps : head;
  return `${start}${fitted(sectionsOf(diff, lines), limit - start.length - end.length)}${end}`;
}

const items = ({ mark, sign, text, below, verbatim }: Item): string => {
  const words = { '+': 'new: ', '-': 'gone: ', '~': 'changed: ' };
  const line = verbatim ? `${words[sign]}${codeSpan(text)}` : markdown(text);
  return [`- ${mark}${line}`, ...below.map((one) => `  - ${codeSpan(one)}`)].map((one) => `${one}\n`).join('');
};

function fitted(sections: readonly Section[], limit: number): string {
  const note = (cut: number) => `- … and ${cut} more: run \`kaniflux diff\`\n`;
  // Each section may need a note with the number of omitted items. Reserve room for these notes.
  const room = limit - sections.reduce((sum, { title }) => sum + title.length + note(999_999).length + 8, 0);
  let text = '';
  let left = room;
  for (const section of sections) {
    text += `### ${section.title}\n\n`;
    let shown = 0;
    for (const one of section.items) {
      const whole = items(one);
      const more = `${one.below.length} more lines: run \`kaniflux diff\``;
      const next = whole.length <= left ? whole : `${items({ ...one, below: [] })}  - … ${more}\n`;
      if (next.length > left) break;
      text += next;
      left -= next.length;
      shown++;
    }
    if (shown < section.items.length) text += note(section.items.length - shown);
    text += '\n';
  }
  return text;
}

function stepsAfterMerging(steps: readonly Step[], limit: number): string {
  const title = `### ${stepsTitle(steps)}\n\n`;
  if (steps.length === 0) return `${title}No manual steps.\n`;
  let text = hasStepsAfter(steps) ? `${title}${untilThen}\n\n` : title;
  for (const [i, step] of steps.entries()) {
    const next = stepText(step, i + 1, Math.max(0, limit - text.length));
    if (next === undefined) return `${text}… and ${steps.length - i} more steps: run \`kaniflux diff\`\n`;
    text += next;
  }
  return text;
}

/** Returns a step with as many of its commands as fit; `undefined` if no command fits. */
function stepText({ title, commands }: Step, number: number, room: number): string | undefined {
  const start = `${number}. ${markdown(title)}:\n`;
  const lines = commands.map((line) => `   ${terminal(line)}\n`);
  const fence = '`'.repeat(Math.max(3, ...(lines.join('').match(/`+/g) ?? []).map((run) => run.length + 1)));
  let left = room - start.length - 2 * fence.length - 60;
  const shown = lines.filter((line) => {
    left -= line.length;
    return left >= 0;
  });
  if (lines.length > 0 && shown.length === 0) return undefined;
  const cut = lines.length - shown.length;
  const note = cut > 0 ? `   … and ${cut} more lines: run \`kaniflux diff\`\n` : '';
  return `${start}   ${fence}sh\n${shown.join('')}   ${fence}\n${note}`;
}
