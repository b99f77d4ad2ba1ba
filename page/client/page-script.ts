import { byId, formById, h } from '../../lib/report/client/dom';
import type { Problem, Result } from '../result';
import { fromFragment, toFragment } from './config-link';
import { evaluator } from './evaluator';
import { listFiles, problemItem, showFile, summary } from './results';
import { tabs } from './tabs';

const examples: Readonly<Record<string, string>> = JSON.parse(byId('examples').textContent ?? '');
const docs = document.documentElement.dataset.docs ?? '';
const form = formById('input');
const editor = field('config', HTMLTextAreaElement);
const example = field('example', HTMLSelectElement);
const file = field('file', HTMLSelectElement);
const picture = byId('picture');
let result: Result = { problems: [] };
let panel = 'files';
let shownReport: string | undefined;

function field<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = byId(id);
  if (!(element instanceof type)) throw new Error(`#${id} is not a ${type.name}`);
  return element;
}

const ask = evaluator(show, (reason) => show({ problems: [], internalError: reason }));

function show(next: Result): void {
  result = next;
  const { problems, files } = result;
  byId('status').textContent = summary(result);
  byId('finding-list').replaceChildren(...problems.map((problem) => problemItem(problem, docs, goTo)));
  byId('output').hidden = files === undefined;
  if (files) listFiles(file, files);
  showPanel();
  if (document.documentElement.dataset.ready === undefined) performance.mark('rendered');
  document.documentElement.dataset.ready = 'true';
}

function showPanel(): void {
  showFile('file-text', result.files, file.value);
  showFile('access-text', result.files, 'ACCESS.md');
  // The report is a page with a script, so it is loaded only while it is visible. Each time, the frame is a new one,
  // because Chromium does not draw a frame that was hidden when its content was set.
  const report = panel === 'picture' ? result.report : undefined;
  if (report === shownReport) return;
  shownReport = report;
  const frame = report && h('iframe', { title: 'Who has what', sandbox: 'allow-scripts', srcdoc: report });
  picture.replaceChildren(...(frame ? [frame] : []));
}

/** Selects the line of a finding in the editor. */
function goTo({ line, column }: Problem): void {
  const lines = editor.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  editor.focus();
  editor.setSelectionRange(start + column - 1, start + (lines[line - 1] ?? '').length);
  editor.scrollTop = Math.max(0, (line - 5) * Number.parseFloat(getComputedStyle(editor).lineHeight));
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Evaluates the text of the editor after it has not changed for a moment. */
function changed(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    byId('link').setAttribute('href', toFragment(editor.value));
    ask(editor.value);
  }, delay);
}

function load(text: string): void {
  editor.value = text;
  editor.scrollTop = 0;
  changed(0);
}

/** Loads the config in the address or, without one, the first example. */
function fromAddress(): void {
  let text: string | undefined;
  try {
    text = fromFragment(location.hash);
  } catch {
    byId('damaged').hidden = false;
  }
  if (text !== undefined) load(text);
  else if (editor.value === '') load(examples[example.value] ?? '');
}

form.addEventListener('submit', (event) => event.preventDefault());
editor.addEventListener('input', () => changed(200));
example.addEventListener('change', () => {
  const isEdited = !Object.values(examples).includes(editor.value);
  if (isEdited && !confirm('Replace the config by the example?')) return;
  load(examples[example.value] ?? '');
});
file.addEventListener('change', showPanel);
window.addEventListener('hashchange', () => {
  byId('damaged').hidden = true;
  if (location.hash !== toFragment(editor.value)) fromAddress();
});
tabs(byId('tabs'), (shown) => {
  panel = shown;
  showPanel();
});
fromAddress();
