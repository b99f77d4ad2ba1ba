import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meaningsOf } from '../../lib/explain/explain-log';
import { explanations } from '../../lib/explain/explanations';
import { logLine } from '../../lib/explain/log-line';
import { explainPages } from '../../scripts/explain-pages';
import { unbounded } from './linear';
import { unlike } from './unlike';

const ids = explanations.map(({ id }) => id);
const cases = explanations.map((one) => [one.id, one] as const);

test('every explanation has an id and a title of its own', () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(explanations.map(({ title }) => title)).size).toBe(ids.length);
});

test.each(cases)('%s: its examples are explained by it', (id, { example }) => {
  for (const line of example) {
    const found = meaningsOf(line);
    expect({ line, ids: found.map((one) => one.id) }).toEqual({ line, ids: expect.arrayContaining([id]) });
    const own = found.find((one) => one.id === id);
    expect(own?.means).toMatch(/[.”]$/);
    expect(own?.fix).toMatch(/[.)]$|.\)\.$/);
    expect(`${own?.means}${own?.fix}`).not.toMatch(/undefined|\[object|\$\{/);
  }
});

test.each(cases)('%s: a line of another program with the same words is not explained by it', (id) => {
  const lines = unlike[id] ?? [];
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const found = meaningsOf(line).filter((one) => one.tell === undefined);
    expect({ line, ids: found.map((one) => one.id) }).toEqual({ line, ids: expect.not.arrayContaining([id]) });
  }
});

test('the lines that must not match are for explanations that exist', () => {
  expect(Object.keys(unlike).filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(cases)('%s: no pattern of it can be made slow by a line', (_id, { pattern, shared, unless }) => {
  expect(unbounded(pattern)).toEqual([]);
  if (unless) expect(unbounded(unless)).toEqual([]);
  if (shared?.sure) expect(unbounded(shared.sure)).toEqual([]);
});

test('what follows from something follows from explanations that exist, and never from itself', () => {
  const causes = new Map(explanations.map(({ id, consequenceOf = [] }) => [id, consequenceOf]));
  expect([...causes.values()].flat().filter((id) => !causes.has(id))).toEqual([]);
  const reaches = (id: string, goal: string, seen: Set<string>): boolean =>
    (causes.get(id) ?? []).some((next) => next === goal || (!seen.has(next) && reaches(next, goal, seen.add(next))));
  expect(ids.filter((id) => reaches(id, id, new Set()))).toEqual([]);
});

test('docs/explain/ has a page for each explanation, and no other', () => {
  const folder = join(__dirname, '..', '..', 'docs', 'explain');
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(explainPages)
      .map((path) => path.replace(/^.*\//, ''))
      .sort(),
  );
  for (const [path, make] of Object.entries(explainPages)) {
    const text = make();
    expect({ path, text: readFileSync(join(folder, '..', '..', path), 'utf8') }).toEqual({ path, text });
  }
});

test('the index of the pages is found by the text of every example', () => {
  const index = readFileSync(join(__dirname, '..', '..', 'docs', 'explain', 'README.md'), 'utf8');
  for (const { id, example } of explanations) {
    for (const line of example) {
      const words = logLine(line).text.replaceAll('`', "'").replaceAll('|', '\\|').slice(0, 60);
      expect({ id, there: index.includes(words) }).toEqual({ id, there: true });
    }
  }
});
