import { clusterFolders, clusterObjects } from '../lib/render';
import { load } from './config';
import { pair } from './diff/random-configs';
import fc, { runs } from './fast-check';

test('the objects that a review reads are those that are rendered, in their order', () => {
  let compared = 0;
  fc.assert(
    fc.property(pair, ({ before, after }) => {
      for (const input of [before, after]) {
        const { config } = load(input);
        for (const cluster of config?.clusters.values() ?? []) {
          const rendered = clusterFolders(config as NonNullable<typeof config>, cluster);
          const objects = clusterObjects(config as NonNullable<typeof config>, cluster);
          expect(objects).toEqual(rendered.flatMap((folder) => folder.objects));
          compared += objects.length;
        }
      }
    }),
    { numRuns: runs(20) },
  );
  expect(compared).toBeGreaterThan(20);
});
