import type { Config } from '../config/config';
import type { Problem } from '../config/problem';

export const identityMoves = (_before: Config, _after: Config): Problem[] => [];
