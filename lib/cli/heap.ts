import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Makes short runs collect garbage less often: V8 grows the space for new objects fourfold at once, does not mark old
 * objects in steps, and does not collect garbage when the program waits for the system. Node 20, 22 and 24 have these
 * flags; V8 prints an error for a flag that it does not have.
 */
export function seldomCollectGarbage(): void {
  setFlagsFromString(fastGrowth);
  setFlagsFromString(noMarking);
  setFlagsFromString('--no-minor-gc-task');
}

const fastGrowth = '--semi-space-growth-factor=4';
const noMarking = '--no-incremental-marking';

/**
 * Prepares V8 for a large config. Grows the space for new objects to a size, and then stops V8 from growing it further.
 * Lets V8 mark old objects in steps and on other threads again.
 *
 * If the first call has {@link fastYoungGeneration}, V8 collects new objects on one thread, since several threads take
 * more CPU time. After each call with this size, until {@link collectGarbage} is called, the space for old objects can
 * grow fivefold before V8 collects garbage there, since nearly all objects of a config are kept.
 *
 * The flags are reset before compiled code is cached, because V8 refuses code that was compiled with other flags.
 * @param youngGeneration the size in bytes
 */
export function prepareForLargeConfig(youngGeneration: number): void {
  const isFast = youngGeneration === fastYoungGeneration;
  if (isFast) setFlagsFromString('--heap-growing-percent=400');
  if (isPrepared) return;
  isPrepared = true;
  growYoungGeneration(youngGeneration);
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--incremental-marking');
  setFlagsFromString('--concurrent-marking');
  if (isFast) setFlagsFromString('--no-parallel-scavenge');
  process.prependOnceListener('exit', () => {
    setFlagsFromString(fastGrowth);
    setFlagsFromString(noMarking);
    setFlagsFromString(usualGrowth);
    setFlagsFromString('--parallel-scavenge');
  });
}

const usualGrowth = '--heap-growing-percent=0';

let isPrepared = false;

/**
 * The size of the space for new objects for a command that takes little memory. V8 grows this space from 2 MB directly
 * to 8 MB, so any size between the two leads to 8 MB. With 2 MB, V8 would collect garbage four times as often, and a
 * large config would take 1.5 times as long.
 */
export const smallYoungGeneration = 4 * 2 ** 20;

/**
 * A size that makes V8 use the largest space that it allows. With this size, a command takes less time, and some 30 MB
 * more memory. V8 can create objects directly in the space for old objects, but only with this size. With a smaller
 * size, V8 copies the objects that it parses from a large config two times, because nearly all of them are kept.
 */
export const fastYoungGeneration = 12 * 2 ** 20;

/**
 * Makes V8 grow the space for new objects to a size. V8 grows the space when more bytes have survived its collections
 * than fit into the space. So this function creates and keeps objects until the space is large enough.
 */
function growYoungGeneration(least: number): void {
  const kept: number[][] = [];
  // With a small `--max-semi-space-size`, the space never grows. So the loop ends after 32 MB of objects at the latest.
  while (youngGeneration() < least && kept.length < 512) kept.push(new Array<number>(8192).fill(0));
}

const youngGeneration = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? Number.POSITIVE_INFINITY;

/**
 * Collects garbage now. Otherwise, V8 would keep the parse events of a large config, which take more memory than the
 * config, until the heap has nearly doubled.
 */
export function collectGarbage(): void {
  setFlagsFromString(usualGrowth);
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
