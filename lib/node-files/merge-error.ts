/** The settings can't be merged into the configuration. The message has the reason and the fix. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}
