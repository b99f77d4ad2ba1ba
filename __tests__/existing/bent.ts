/** Values to put in place of a part, which usually has another type. */
const odd: readonly unknown[] = [
  null,
  7,
  true,
  '',
  'x',
  [],
  ['x'],
  {},
  { toString: 'x', valueOf: null },
  [[null]],
  { a: [{ b: null }] },
];

/**
 * Yields copies of a value. In each copy, one part is replaced by one of the odd values above. The part can be at any
 * depth, and can be the whole value.
 */
export function* bent(value: unknown): Generator<unknown> {
  yield* odd;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const one of bent(inner)) {
      yield Array.isArray(value) ? value.map((item, i) => (String(i) === key ? one : item)) : { ...value, [key]: one };
    }
  }
}
