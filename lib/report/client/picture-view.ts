import { edgeId, type Model, type NodeId, through } from '../model/access-paths';
import type { Chosen } from '../model/filter';
import { count, labelOf, spoken } from '../model/labels';
import { pictureOf } from '../model/picture-nodes';
import type { Picture, Placed } from '../model/placement';
import { badge } from './badge';
import { byId, h, icon, svg } from './dom';
import { moves } from './moves';

/** Sizes in CSS pixels. */
const rowHeight = 64;
const nodeHeight = 54;
const headHeight = 40;
const padding = 6;
const gap = 52;
const widths = { least: 172, most: 300 };
const roomAtFirst = { people: 30, others: 60, rows: 12 };

/** Shows the picture: nodes are buttons in lists, with the edges drawn behind them. */
export function picture(model: Model, hold: (node: NodeId | undefined) => void) {
  const canvas = byId('canvas');
  const more = byId('picture-more');
  let shown: { chosen: Chosen; held?: NodeId } = { chosen: { paths: [], people: [], narrowed: false } };
  let room = roomAtFirst;
  let drawn: Picture = { columns: [], edges: [], height: 0 };
  let key = '';
  const buttons = new Map<NodeId, HTMLButtonElement>();
  const lines = new Map<string, SVGElement>();
  let last: NodeId | undefined;

  const light = (near?: NodeId) => {
    const centre = shown.held ?? near;
    const lit = centre === undefined ? undefined : through(shown.chosen.paths, centre);
    canvas.classList.toggle('following', lit !== undefined);
    for (const [id, button] of buttons) {
      button.classList.toggle('lit', lit?.nodes.has(id) ?? false);
      button.setAttribute('aria-pressed', String(id === shown.held));
      const followed = shown.held !== undefined && lit?.nodes.has(id);
      button.tabIndex = followed || id === (last ?? drawn.columns[0]?.nodes[0]?.id) ? 0 : -1;
    }
    for (const [id, line] of lines) line.classList.toggle('lit', lit?.edges.has(id) ?? false);
  };

  const draw = () => {
    const focused = nodeOf(document.activeElement);
    drawn = pictureOf(model, shown.chosen, room, shown.held);
    const now = JSON.stringify([drawn.columns, drawn.edges, columnWidth(canvas, drawn.columns.length)]);
    if (now !== key) {
      key = now;
      place(focused);
    }
    const rest = drawn.columns[0]?.hidden ?? 0;
    more.hidden = rest <= 0;
    more.textContent = `Show ${Math.min(rest, roomAtFirst.people)} more of ${count(rest, 'person', 'people')}`;
    light(focused);
  };

  const place = (focused: string | undefined) => {
    const width = columnWidth(canvas, drawn.columns.length);
    const left = (column: number) => column * (width + gap);
    const at = new Map(drawn.columns.flatMap(({ nodes }) => nodes).map((node) => [node.id, node]));
    buttons.clear();
    lines.clear();
    const down = (row: number) => Math.round(headHeight + row * rowHeight);
    const middle = ({ row }: Placed) => down(row) + nodeHeight / 2;
    const total = { width: left(drawn.columns.length) - gap, height: down(drawn.height) };
    const behind = svg('svg', {
      class: 'edges',
      'aria-hidden': 'true',
      ...total,
      viewBox: `0 0 ${total.width} ${total.height}`,
    });
    for (const { from, to, via } of drawn.edges) {
      const [a, b] = [at.get(from), at.get(to)];
      if (!a || !b) continue;
      const stops = [...via.map(({ column, row }) => ({ column, y: down(row) })), { column: b.column, y: middle(b) }];
      let [x, y] = [left(a.column) + width, middle(a)];
      let d = `M${x} ${y}`;
      for (const stop of stops) {
        const to = left(stop.column);
        d += `C${x + gap / 2} ${y} ${to - gap / 2} ${stop.y} ${to} ${stop.y}`;
        if (stop.column !== b.column) d += `H${to + width}`;
        [x, y] = [to + width, stop.y];
      }
      const line = svg('path', { d });
      lines.set(edgeId(from, to), line);
      behind.append(line);
    }
    const leads = new Map<NodeId, NodeId[]>();
    for (const { from, to } of drawn.edges) leads.set(from, [...(leads.get(from) ?? []), to]);
    const columns = drawn.columns.map(({ title, kind, nodes, hidden }, column) => {
      const heading = h('h3', { id: `column-${column}` }, title);
      const list = h('ul', { class: 'plain', 'aria-labelledby': `column-${column}` });
      for (const { id, row } of nodes) {
        const button = node(model, id, leads.get(id) ?? []);
        buttons.set(id, button);
        const item = h('li', {}, button);
        item.style.top = `${down(row)}px`;
        item.style.width = `${width}px`;
        list.append(item);
      }
      const rest =
        hidden > 0 && kind !== 'person'
          ? h('span', { class: 'quiet' }, ` and ${hidden.toLocaleString('en')} more`)
          : undefined;
      if (rest) heading.append(rest);
      const box = h('div', { class: 'column' }, heading, list);
      box.style.left = `${left(column)}px`;
      box.style.height = `${total.height}px`;
      box.style.width = `${width}px`;
      return box;
    });
    const inner = h('div', { class: 'inner' });
    inner.append(behind, ...columns);
    inner.style.width = `${total.width}px`;
    inner.style.height = `${total.height}px`;
    canvas.replaceChildren(inner);
    if (last !== undefined && !buttons.has(last)) last = undefined;
    const again = focused === undefined ? undefined : buttons.get(focused);
    again?.focus({ preventScroll: true });
    again?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };

  canvas.addEventListener('click', (event) => {
    const id = nodeOf(event.target);
    if (id !== undefined) {
      last = id;
      hold(id === shown.held ? undefined : id);
    } else if (shown.held !== undefined) hold(undefined);
  });
  canvas.addEventListener('pointerover', (event) => light(nodeOf(event.target)));
  canvas.addEventListener('pointerleave', () => light());
  canvas.addEventListener('focusin', (event) => {
    last = nodeOf(event.target) ?? last;
    light(last);
  });
  canvas.addEventListener('focusout', () => light());
  canvas.addEventListener('keydown', (event) => {
    const id = nodeOf(event.target);
    if (event.key === 'Escape' && shown.held !== undefined) {
      event.preventDefault();
      hold(undefined);
    }
    if (id === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const among = shown.held === undefined ? undefined : through(shown.chosen.paths, shown.held);
    const to = moves(drawn, event.key, id, among);
    if (to === undefined) return;
    event.preventDefault();
    buttons.get(to)?.focus();
  });
  more.addEventListener('click', () => {
    room = { ...room, people: room.people + roomAtFirst.people };
    draw();
  });
  new ResizeObserver(draw).observe(canvas);

  return {
    show(chosen: Chosen, held: NodeId | undefined): void {
      if (chosen !== shown.chosen) room = roomAtFirst;
      shown = { chosen, ...(held === undefined ? {} : { held }) };
      draw();
    },
    /** Focuses a node. */
    focus(id: NodeId): void {
      const quick = matchMedia('(prefers-reduced-motion: reduce)').matches;
      buttons.get(id)?.focus({ preventScroll: true });
      buttons.get(id)?.scrollIntoView({ behavior: quick ? 'auto' : 'smooth', block: 'center', inline: 'nearest' });
    },
  };
}

const nodeOf = (target: EventTarget | null): NodeId | undefined =>
  target instanceof Element ? target.closest<HTMLElement>('[data-node]')?.dataset.node : undefined;

function columnWidth(canvas: HTMLElement, columns: number): number {
  const room = Math.floor((canvas.clientWidth - 2 * padding - (columns - 1) * gap) / columns);
  return Math.min(widths.most, Math.max(widths.least, room));
}

function node(model: Model, id: NodeId, leads: readonly NodeId[]): HTMLButtonElement {
  const { kind, title, note, danger } = labelOf(model, id);
  const level = kind === 'grant' || kind === 'person' ? badge(danger) : undefined;
  return h(
    'button',
    { type: 'button', class: `node ${kind}`, 'data-node': id, title: `${title}\n${note}` },
    icon(kind),
    h(
      'span',
      { class: 'names' },
      h('span', { class: 'title' }, title),
      h('span', { class: 'note' }, level, level && ' ', note),
      h('span', { class: 'unseen' }, spoken(model, id, leads)),
    ),
  );
}
