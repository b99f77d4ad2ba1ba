/** How often a property is tried: as often as is quick, or FAST_CHECK_RUNS times. */
export const runs = (usual: number): number => Number(process.env.FAST_CHECK_RUNS ?? usual);
