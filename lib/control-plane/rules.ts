import type { Config } from '../config/config';
import type { Problem } from '../config/problem';

/** What a config asks of an API server that it can't do, or that would let the wrong people in. */
export const rules = (config: Config): Problem[] => [...config.clusters.values()].flatMap(() => []);
