import fc from 'fast-check';

// Other inputs in each run. A failure prints its seed; FAST_CHECK_SEED repeats it.
const seed = process.env.FAST_CHECK_SEED;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

/** How often a property is tried: as often as is quick, or FAST_CHECK_RUNS times. */
export const runs = (usual: number): number => Number(process.env.FAST_CHECK_RUNS ?? usual);

export default fc;
