/** Values that stand where something else is expected. */
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

/** A value with each of its parts replaced by something odd, one at a time. */
export function* bent(value: unknown): Generator<unknown> {
  yield* odd;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const one of bent(inner)) {
      yield Array.isArray(value) ? value.map((item, i) => (String(i) === key ? one : item)) : { ...value, [key]: one };
    }
  }
}
