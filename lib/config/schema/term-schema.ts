import { Type } from '@sinclair/typebox';
import { day } from './field-patterns';
import { text } from './field-types';

/** The fields that say how long a grant or a membership lasts, and why it exists. */
export const term = (what: string) => ({
  until: Type.Optional(
    text({
      description: `The last day of the ${what}, in UTC. From the next day on, \`kaniflux check\` reports the ${what}, and \`kaniflux expire\` removes it from the config. The access ends when the changed config is applied.`,
      pattern: day,
      examples: ['2027-01-31'],
    }),
  ),
  reason: Type.Optional(text({ description: `Why the ${what} exists.`, examples: ['on call until the migration'] })),
});
