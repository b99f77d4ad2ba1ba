/** Something that was read once for several checks, or the reason why it could not be read. */
export type Observation<T> = { readonly value: T } | { readonly value?: undefined; readonly reason: string };

/** Why something could not be read. */
export const reasonOf = (observation: Observation<unknown>): string =>
  'reason' in observation ? observation.reason : '';
