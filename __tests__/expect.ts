/*
 * For each value, Jest's `expect` creates six functions for each of its 40 matchers, and a test calls one of them. This
 * `expect` lets Jest create only those of the matcher that the test names.
 */
const store: { matchers: Record<string, unknown> } = Reflect.get(globalThis, Symbol.for('$$jest-matchers-object'));
const real = expect;
const modifiers = new Set(['not', 'resolves', 'rejects']);

const expectation = (actual: unknown, path: readonly string[]): object =>
  new Proxy(
    {},
    {
      get(_, key) {
        const name = String(key);
        if (modifiers.has(name)) return expectation(actual, [...path, name]);
        const { matchers } = store;
        if (!Object.hasOwn(matchers, name)) return undefined;
        store.matchers = { [name]: matchers[name] };
        try {
          return [...path, name].reduce<unknown>((one, part) => Reflect.get(Object(one), part), real(actual));
        } finally {
          store.matchers = matchers;
        }
      },
    },
  );

Object.assign(globalThis, {
  expect: new Proxy(real, { apply: (_target, _this, [actual]) => expectation(actual, []) }),
});
