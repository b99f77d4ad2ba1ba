import { modelOf, type NodeId } from '../model/access-paths';
import type { ReportData } from '../model/data';
import { choose } from '../model/filter';
import { summary } from '../model/words';
import { becomings } from './becomings';
import { byId } from './dom';
import { filters } from './filters';
import { findings } from './findings';
import { matrix } from './matrix';
import { panel } from './panel';
import { picture } from './picture-view';
import { columnsOf, fromHash, type State, start, toHash } from './state';
import { themeButton } from './theme';

const data: ReportData = JSON.parse(byId('data').textContent ?? '');
const model = modelOf(data);
let state: State = start;
let chosen = choose(model, state.filter);

const form = filters(model, (filter) => change({ ...state, filter }));
const table = matrix(model, (node) => {
  hold(node);
  drawing.focus(node);
});
const drawing = picture(model, hold);
const words = panel(model);
const showFindings = findings(model.data);
const showBecomings = becomings(model);

function hold(held: NodeId | undefined): void {
  const { held: _, ...rest } = state;
  change(held === undefined ? rest : { ...rest, held });
}

/** Changes the state, and updates the parts of the page that depend on what changed. */
function change(next: State, all = false): void {
  const before = state;
  state = next;
  const filtered = all || JSON.stringify(before.filter) !== JSON.stringify(next.filter);
  if (filtered) {
    chosen = choose(model, next.filter);
    announce(form.result(chosen));
    showBecomings(next.filter);
    showFindings(next.filter.cluster);
  }
  if (filtered || before.columns !== next.columns) table(chosen, next.columns);
  if (filtered || before.held !== next.held) {
    drawing.show(chosen, next.held);
    words(chosen, next.held);
    if (before.held !== next.held)
      announce(next.held === undefined ? 'Nothing is selected' : summary(model, chosen.paths, next.held));
  }
  if (!all) remember();
}

/** Announces a change to screen readers. */
function announce(text: string): void {
  byId('status').textContent = text;
}

function remember(): void {
  try {
    history.replaceState(null, '', toHash(model, state) || location.pathname + location.search);
  } catch {
    // Some viewers, such as a preview in a frame, forbid changes of the address. The page works without them.
  }
}

function fromAddress(): void {
  const asked = location.hash.includes('=') ? fromHash(model, location.hash) : start;
  form.show(asked.filter);
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=columns]')) {
    radio.checked = radio.value === asked.columns;
  }
  change(asked, true);
}

for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=columns]')) {
  radio.addEventListener('change', () => change({ ...state, columns: columnsOf(radio.value) }));
}
window.addEventListener('hashchange', () => {
  if (location.hash.includes('=') && location.hash !== toHash(model, state)) fromAddress();
});
themeButton();
fromAddress();
document.documentElement.dataset.ready = 'true';
