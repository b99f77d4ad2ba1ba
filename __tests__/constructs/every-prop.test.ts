import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * The tests use all fields of the type of each construct's props, so that a new prop without a test does not compile.
 * This test finds constructs for which this was forgotten.
 */
test('the tests use every prop of every exported construct', () => {
  const index = readFileSync(join(__dirname, '..', '..', 'lib', 'index.ts'), 'utf8');
  const props = [...index.matchAll(/\b(\w+Props)\b/g)].flatMap(([, name = '']) => (/^[A-Z]/.test(name) ? [name] : []));
  expect(props.length).toBeGreaterThan(12);
  const tests = readdirSync(__dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .join('\n');
  expect(props.filter((name) => !new RegExp(`: (Required|Whole)<${name}> = \\{`).test(tests))).toEqual([]);
});
