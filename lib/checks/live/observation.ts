/** A value that was read for several checks, or the reason why it could not be read. */
export type Observation<T> = { readonly value: T } | { readonly value?: undefined; readonly reason: string };

/** Returns the same reason for a value that could not be read because another value could not be read. */
export const unreadable = (observation: Observation<unknown>): Observation<never> => ({
  reason: reasonOf(observation),
});

/** The reason why a value could not be read. */
export const reasonOf = (observation: Observation<unknown>): string =>
  'reason' in observation ? observation.reason : '';
