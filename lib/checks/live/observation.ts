/** A value that was read for several checks, or the reason why it could not be read. */
export type Observation<T> = { readonly value: T } | { readonly value?: undefined; readonly reason: string };

/** Returns an observation without a value, because another value on which it depends could not be read. */
export const unreadable = (observation: Observation<unknown>): Observation<never> => ({
  reason: reasonOf(observation),
});

/** Returns the reason why a value could not be read; `''` if it was read. */
export const reasonOf = (observation: Observation<unknown>): string =>
  'reason' in observation ? observation.reason : '';
