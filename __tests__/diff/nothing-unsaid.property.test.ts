import type { Config } from '../../lib/config/config';
import type { ConfigInput } from '../../lib/config/schema/config-schema';
import { asJson, asText } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { isMap } from '../../lib/guards';
import { render } from '../../lib/render';
import { load } from '../config';
import fc, { runs } from '../fast-check';
import { pair, valid } from './random-configs';

const configOf = (input: ConfigInput): Config => {
  const { config } = load(input);
  if (!config) throw new Error('not valid');
  return config;
};

/** Returns a value with sorted maps, and without the paths of entries. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  const fields = Object.entries(value).filter(
    ([key, field]) => !['path', 'place'].includes(key) || !Array.isArray(field),
  );
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, plain(field)]));
}

const isSame = (one: Config, other: Config): boolean =>
  JSON.stringify(plain(one)) === JSON.stringify(plain(other)) &&
  JSON.stringify([...render(one)]) === JSON.stringify([...render(other)]);

/** Changes without an effect on a cluster, and entries in another order. */
const asides = fc.record(
  {
    description: fc.constantFrom('one', 'two'),
    ignored: fc.constantFrom('one', 'two'),
    most: fc.constantFrom(3, 4),
    breakGlass: fc.constantFrom('one', 'two'),
    reversed: fc.boolean(),
  },
  { requiredKeys: [] },
);

function withAsides(input: ConfigInput, made: { [K in string]?: unknown }): ConfigInput {
  const entries = Object.entries(input.people ?? {});
  const described = entries.map(([name, person]) => [
    name,
    { ...person, ...(name === 'p0' && made.description !== undefined ? { description: made.description } : {}) },
  ]);
  const clusters = Object.entries(input.clusters as object).map(([name, cluster]) => [
    name,
    { ...cluster, ...(made.breakGlass === undefined ? {} : { breakGlass: made.breakGlass }) },
  ]);
  return {
    ...input,
    people: Object.fromEntries(made.reversed ? described.reverse() : described),
    clusters: Object.fromEntries(clusters),
    checks: {
      ...(made.most === undefined ? {} : { maxClusterAdmins: made.most }),
      ...(made.ignored === undefined ? {} : { ignore: [{ code: 'no-grants', reason: made.ignored }] }),
    },
  } as ConfigInput;
}

/**
 * Fails if a diff is wrong about whether something changed. Returns one value for each run: true if nothing changed.
 */
function sameness(change: 'pair' | 'asides' | 'none', numRuns: number): boolean[] {
  const seen: boolean[] = [];
  fc.assert(
    fc.property(fc.tuple(pair, asides, asides), ([{ before, after }, one, other]) => {
      const input = withAsides(before, one);
      const changed = withAsides(change === 'pair' ? after : before, change === 'none' ? one : other);
      fc.pre(valid(input) && valid(changed));
      const [old, now] = [configOf(input), configOf(changed)];
      const diff = reviewDiff({ before: rendered(old), after: rendered(now) });
      const same = isSame(old, now);
      seen.push(same);
      expect(asText(diff) === 'No differences.\n').toBe(same);
      expect(/^## .*\n\nNo differences\.\n$/.test(asMarkdown(diff))).toBe(same);
      const { statements, access, objects, files } = JSON.parse(asJson(diff));
      expect([statements, access, objects, files].every((list) => list.length === 0)).toBe(same);
      // There is a sentence for each difference, not only the name of a file.
      expect(statements.length > 0).toBe(!same);
    }),
    { numRuns },
  );
  return seen;
}

describe('there are no differences if and only if the rendered bytes and the resolved configs are the same', () => {
  test('of a config and itself', () => {
    expect(sameness('none', runs(4))).not.toContain(false);
  });

  test('of a config with other comments, descriptions and ignores', () => {
    sameness('asides', runs(4));
  });

  test('of two configs', () => {
    expect(sameness('pair', runs(8))).toContain(false);
  });
});
