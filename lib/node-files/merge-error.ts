/** The error if settings cannot be merged into a configuration. The message has the reason and the fix. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}
