import fc from 'fast-check';

// Other inputs in each run. A failure prints its seed; FAST_CHECK_SEED repeats it.
const seed = process.env.FAST_CHECK_SEED;
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });
