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
 * Prepares V8 for a large config. Stops V8 from growing the space for new objects: a larger space would take more memory
 * and save little time, because nearly all objects that are created from a large config are kept. Lets V8 mark old
 * objects in steps and on other threads again.
 *
 * The flags are reset before compiled code is cached, because V8 refuses code that was compiled with other flags.
 */
export function prepareForLargeConfig(): void {
  if (isPrepared) return;
  isPrepared = true;
  growYoungGeneration();
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--incremental-marking');
  setFlagsFromString('--concurrent-marking');
  process.prependOnceListener('exit', () => {
    setFlagsFromString(fastGrowth);
    setFlagsFromString(noMarking);
  });
}

let isPrepared = false;

/**
 * The least size of the space for new objects, in bytes. V8 grows this space from 2 MB directly to 8 MB, so any size
 * between the two leads to 8 MB. With 2 MB, V8 would collect garbage four times as often, and a large config would take
 * 1.5 times as long.
 */
const leastYoungGeneration = 4 * 2 ** 20;

/**
 * Makes V8 grow the space for new objects to {@link leastYoungGeneration}. V8 grows the space when more bytes have
 * survived its collections than fit into the space. So this function creates and keeps objects until the space is large
 * enough.
 */
function growYoungGeneration(): void {
  const kept: number[][] = [];
  // With a small `--max-semi-space-size`, the space never grows. So the loop ends after 16 MB of objects at the latest.
  while (youngGeneration() < leastYoungGeneration && kept.length < 256) kept.push(new Array<number>(8192).fill(0));
}

const youngGeneration = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? leastYoungGeneration;

/**
 * Collects garbage now. Otherwise, V8 would keep the parse events of a large config, which take more memory than the
 * config, until the heap has nearly doubled.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
