import type { Config } from '../../config/config';
import { endings, isDay } from '../../expire/terms';
import type { Finding } from '../../findings/finding';
import { configFinding } from './config-codes';

/** Reports values of `until` that are not dates in the calendar, such as `2027-02-30`. */
export const termRules = (config: Config): Finding[] =>
  endings(config)
    .filter(({ until }) => !isDay(until))
    .map(({ path, until }) =>
      configFinding(
        'no-such-time',
        [...path, 'until'],
        `\`${until}\` is not a day of the calendar`,
        'write a date that exists',
      ),
    );
