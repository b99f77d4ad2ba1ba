/** Values of another type than expected. */
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

/** Yields a value in which one part is replaced by such a value, for each of its parts. */
export function* bent(value: unknown): Generator<unknown> {
  yield* odd;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const one of bent(inner)) {
      yield Array.isArray(value) ? value.map((item, i) => (String(i) === key ? one : item)) : { ...value, [key]: one };
    }
  }
}
