/** Why settings can't be merged into what a person gave, and what to do. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
}
