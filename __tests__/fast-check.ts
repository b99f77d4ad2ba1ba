import fc from 'fast-check';

// Other inputs in each run. A failure prints its seed; FAST_CHECK_SEED repeats it.
const seed = process.env.FAST_CHECK_SEED;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

/** How often a property is tried: as often as is quick, times FAST_CHECK_FACTOR. e2e/properties.e2e.ts tries more. */
export const runs = (usual: number): number => usual * Number(process.env.FAST_CHECK_FACTOR ?? 1);

export default fc;
