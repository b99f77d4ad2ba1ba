import { modelOf, type NodeId } from '../model/access-paths';
import type { ReportData } from '../model/data';
import { choose } from '../model/filter';
import { summary } from '../model/words';
import { byId } from './dom';
import { filters } from './filters';
import { findings } from './findings';
import { matrix } from './matrix';
import { panel } from './panel';
import { picture } from './picture-view';
import { fromHash, type State, start, toHash } from './state';
import { themeButton } from './theme';

const model = modelOf(JSON.parse(byId('data').textContent ?? '') as ReportData);
let state: State = start;
let chosen = choose(model, state.filter);

const form = filters(model, (filter) => change({ ...state, filter }));
const table = matrix(model, (node) => {
  hold(node);
  drawing.focus(node);
});
const drawing = picture(model, hold);
const words = panel(model);
const found = findings(model.data);

function hold(held: NodeId | undefined): void {
  const { held: _, ...rest } = state;
  change(held === undefined ? rest : { ...rest, held });
}

/** Goes over to another state; what does not differ is left as it is. */
function change(next: State, all = false): void {
  const before = state;
  state = next;
  const filtered = all || JSON.stringify(before.filter) !== JSON.stringify(next.filter);
  if (filtered) {
    chosen = choose(model, next.filter);
    say(form.result(chosen));
    found(next.filter.cluster);
  }
  if (filtered || before.columns !== next.columns) table(chosen, next.columns);
  if (filtered || before.held !== next.held) {
    drawing.show(chosen, next.held);
    words(chosen, next.held);
    if (before.held !== next.held)
      say(next.held === undefined ? 'Nothing is followed' : summary(model, chosen.paths, next.held));
  }
  if (!all) remember();
}

/** Tells those who don't see the page what changed on it. */
function say(text: string): void {
  byId('status').textContent = text;
}

function remember(): void {
  try {
    history.replaceState(null, '', toHash(model, state) || location.pathname + location.search);
  } catch {
    // Some viewers give the page no address of its own.
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
  radio.addEventListener('change', () => change({ ...state, columns: radio.value as State['columns'] }));
}
window.addEventListener('hashchange', () => {
  if (location.hash.includes('=') && location.hash !== toHash(model, state)) fromAddress();
});
themeButton();
fromAddress();
document.documentElement.dataset.ready = 'true';
