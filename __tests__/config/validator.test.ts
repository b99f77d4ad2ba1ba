import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { validate } from '../../lib/config/validator';
import { homeLabText } from '../config';

/*
 * Compares the compiled validators, which the tests and the build use, with those of lib/config/validator.ts: the
 * errors must be equal, and so must the values after the defaults are filled in.
 */
const actual = jest.requireActual<typeof import('../../lib/config/validator')>('../../lib/config/validator');
const names = ['config', 'clusterFile', 'tokenGroups', 'backup'] as const;

const texts = ['valid', 'invalid'].flatMap((folder) => {
  const path = join(__dirname, '..', 'fixtures', folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(path, file), 'utf8'));
});

/** Validates a copy of a value, which then has the defaults. */
function outcome(check: typeof validate, name: (typeof names)[number], parsed: unknown) {
  const value = structuredClone(parsed);
  const errors = check(name, value);
  // An error contains its schema. The compiled schema has a name, and lacks the symbols of TypeBox.
  const plain = JSON.parse(JSON.stringify(errors, (key, part) => (key === '$id' ? undefined : part)));
  return { errors: plain, value };
}

test('these are two validators', () => {
  expect(validate).not.toBe(actual.validate);
});

test.each(names)('both say the same of every fixture: %s', (name) => {
  const seen = { right: 0, wrong: 0 };
  const configs = name === 'config' ? [homeLabText, ...texts] : [homeLabText];
  for (const text of [...configs, '{}', '[]', 'null', 'text', 'prefix: "a:"', 'schedule: 5']) {
    const parsed: unknown = parseDocument(text, { logLevel: 'silent' }).toJS();
    const expected = outcome(actual.validate, name, parsed);
    expect(outcome(validate, name, parsed)).toEqual(expected);
    seen[expected.errors.length > 0 ? 'wrong' : 'right']++;
  }
  expect(seen.wrong).toBeGreaterThan(3);
  if (name === 'config') expect(seen.right).toBeGreaterThan(5);
});
