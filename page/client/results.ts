import { byId, h, marked } from '../../lib/report/client/dom';
import type { Problem, Result } from '../result';

/** Returns a number with a noun: `2 errors`, `1 warning`. */
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Returns the result in one line, which screen readers announce. */
export function summary({ files, problems, internalError }: Result): string {
  if (internalError !== undefined) return `internal error: ${internalError}`;
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  const severities = ['error', 'warning', 'note'].filter((severity) => count(severity) > 0);
  const parts = severities.map((severity) => counted(count(severity), severity));
  if (files)
    return [`${counted(files.length, 'file')} rendered`, ...(parts.length > 0 ? parts : ['no findings'])].join(', ');
  return `${parts.join(', ')}. Nothing is rendered until the errors are fixed.`;
}

/** Creates an item of the list of findings. A click on its place selects the line in the editor. */
export const problemItem = (problem: Problem, docs: string, goTo: (problem: Problem) => void): HTMLElement => {
  const { severity, code, line, column, message, fix, page } = problem;
  const place = h('button', { type: 'button', class: 'place' }, `line ${line}, column ${column}`);
  place.addEventListener('click', () => goTo(problem));
  return h(
    'li',
    { class: severity },
    h('p', {}, h('strong', {}, severity), ' ', place, ': ', h('span', {}, ...marked(message))),
    h('p', {}, 'fix: ', h('span', {}, ...marked(fix))),
    h('p', { class: 'quiet' }, h('a', { href: `${docs}/${page}`, rel: 'noreferrer' }, code)),
  );
};

/** Lists the files. The selected file stays selected if it is still rendered. */
export function listFiles(list: HTMLSelectElement, files: NonNullable<Result['files']>): void {
  const chosen = list.value;
  list.replaceChildren(...files.map(({ path }) => h('option', { value: path }, path)));
  if (files.some(({ path }) => path === chosen)) list.value = chosen;
}

export function showFile(element: string, files: Result['files'], path: string): void {
  byId(element).textContent = files?.find((file) => file.path === path)?.text ?? '';
}
