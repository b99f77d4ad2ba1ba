import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from '@stryker-mutator/api/core';
import type { Logger } from '@stryker-mutator/api/logging';

const root = join(__dirname, '..', '..');

/**
 * The maximum number of mutants in a chosen place. Stryker's option `mutate` takes ranges of the source, and tries all
 * mutants inside each of them.
 */
const mostInside = 6;

const off = () => false;
const nothing = () => {};
const quiet: Logger = {
  isTraceEnabled: off,
  isDebugEnabled: off,
  isInfoEnabled: off,
  isWarnEnabled: off,
  isErrorEnabled: off,
  isFatalEnabled: off,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
};

type Place = Pick<Mutant, 'fileName' | 'location'>;

const range = ({ fileName, location: { start, end } }: Place): string =>
  `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;

function inside(inner: Place, outer: Place): boolean {
  const before = (a: Mutant['location']['start'], b: typeof a) =>
    a.line < b.line || (a.line === b.line && a.column <= b.column);
  return (
    inner.fileName === outer.fileName &&
    before(outer.location.start, inner.location.start) &&
    before(inner.location.end, outer.location.end)
  );
}

/** Returns the mutants that Stryker creates in files, except those that cannot be distinguished from the original. */
async function mutantsOf(files: readonly string[]): Promise<readonly Mutant[]> {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const { strykerPlugins } = await import('./equivalent.mjs');
  const inputs = files.map((name) => ({ name, mutate: true, content: readFileSync(join(root, name), 'utf8') }));
  const ignorers = strykerPlugins.map(({ value }) => value);
  const { mutants } = await new Instrumenter(quiet).instrument(inputs, {
    plugins: null,
    excludedMutations: [],
    ignorers,
  });
  return mutants.filter(({ status }) => status !== 'Ignored');
}

/**
 * Chooses `count` mutants, or a few less: those whose code has the lowest hashes. A change of the source elsewhere does
 * not change the hash.
 *
 * @returns their places, as Stryker's option `mutate` wants them
 */
export async function sample(files: readonly string[], count: number, seed: string): Promise<string[]> {
  const mutants = await mutantsOf(files);
  const lines = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n')]));
  const hash = ({ fileName, location: { start, end } }: Place) =>
    createHash('sha256')
      .update(
        [
          seed,
          fileName,
          ...(lines.get(fileName)?.slice(start.line, end.line + 1) ?? []),
          start.column,
          end.column,
        ].join('\n'),
      )
      .digest('hex');
  const places = [...new Map(mutants.map((one) => [range(one), { one, hash: hash(one) }])).values()];
  const chosen = new Set<Mutant>();
  const ranges: string[] = [];
  for (const { one } of places.sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
    if (chosen.size === count) break;
    const brought = mutants.filter((other) => inside(other, one));
    const added = brought.filter((other) => !chosen.has(other));
    if (added.length === 0 || brought.length > mostInside || chosen.size + added.length > count) continue;
    for (const other of added) chosen.add(other);
    ranges.push(range(one));
  }
  return ranges;
}
