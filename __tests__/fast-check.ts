import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

// Each run has other inputs. A failure prints the seed, and FAST_CHECK_SEED repeats it.
const { FAST_CHECK_SEED, FAST_CHECK_FACTOR, FAST_CHECK_SECONDS } = process.env;
const seed = FAST_CHECK_SEED === undefined ? {} : { seed: Number(FAST_CHECK_SEED) };
if (FAST_CHECK_SECONDS === undefined) fc.configureGlobal(seed);
else fc.configureGlobal({ ...seed, interruptAfterTimeLimit: Number(FAST_CHECK_SECONDS) * 1000, reporter: keep });

/**
 * Returns how many times a property is tried: a number that is quick, times FAST_CHECK_FACTOR (e2e/properties.e2e.ts
 * sets a higher one); or unlimited, if FAST_CHECK_SECONDS limits the time.
 */
export const runs = (usual: number): number =>
  FAST_CHECK_SECONDS === undefined ? Math.ceil(usual * Number(FAST_CHECK_FACTOR ?? 1)) : 1e9;

/** Adds a line to the figures of `npm run soak`, and keeps the smallest input that fails. */
export function keep(result: fc.RunDetails<unknown>): void {
  const folder = join(__dirname, '..', 'build', 'soak');
  const { currentTestName: test = '' } = expect.getState();
  const { numRuns, seed, failed, counterexample } = result;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'figures.jsonl'), `${JSON.stringify({ test, cases: numRuns, seed, failed })}\n`);
  if (!failed) return;
  const message = fc.defaultReportMessage(result);
  const name = `${test.replace(/\W+/g, '-').slice(0, 80)}-${seed}`;
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(counterexample, null, 2)}\n`);
  writeFileSync(join(folder, `${name}.txt`), `${message}\n`);
  throw new Error(message);
}

/**
 * A character of Unicode, like the unit `binary` of `fc.string`. That one first creates a table of all characters,
 * which takes longer than the tests.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map(
  (number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800),
  (character) => {
    const code = [...String(character)].length === 1 ? (String(character).codePointAt(0) ?? 0) : -1;
    if (code < 0 || (code >= 0xd800 && code < 0xe000)) throw new Error('not a character');
    return code < 0xd800 ? code : code - 0x800;
  },
);

export default fc;
