/** A value that was read for several checks, or the reason why it could not be read. */
export type Observation<T> = { readonly value: T } | { readonly value?: undefined; readonly reason: string };

/** The same reason, for what cannot be read because something else could not be. */
export const unreadable = (observation: Observation<unknown>): Observation<never> => ({
  reason: reasonOf(observation),
});

/** Why something could not be read. */
export const reasonOf = (observation: Observation<unknown>): string =>
  'reason' in observation ? observation.reason : '';
