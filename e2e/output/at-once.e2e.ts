import { output, removeTemporary, temporary } from '../../__tests__/output/folder';
import { start } from './driver';

afterEach(removeTemporary);

test.each([2, 8])('of %i runs at once each is whole or refused, and nothing is mixed', async (count) => {
  const dist = temporary();
  const runs = Array.from({ length: count }, (_, i) => start({ outdir: dist, mark: `m${i}`, count: 200, size: 2000 }));
  const results = await Promise.all(runs.map(({ ended }) => ended));
  const winners = results.flatMap(({ status }, i) => (status === 0 ? [`m${i}`] : []));
  expect(winners.length).toBeGreaterThan(0);
  for (const { status, stderr } of results) {
    if (status !== 0) expect(stderr).toMatch(/is writing to this folder; wait until it ends/);
    expect(status === 0 || status === 2).toBe(true);
  }
  const found = output(dist);
  const { common = '' } = found;
  expect(winners).toContain(common);
  expect(Object.keys(found).every((path) => path === 'common' || path.startsWith(`${common}/`))).toBe(true);
  expect(Object.keys(found)).toHaveLength(201);
});
