import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tried } from '../../e2e/become/tried';
import { steps } from '../../lib/become/steps';

const root = join(__dirname, '..', '..');

/** The text of the tests in a folder. */
const textOf = (folder: string): string =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts') && file !== 'tried.ts')
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');

const texts = { 'e2e/become': textOf('e2e/become') };

test('every step of the model was tried on the real programs, or is listed as not tried', () => {
  expect(Object.keys(tried).sort()).toEqual(steps.map(({ code }) => code).sort());
});

test.each(Object.entries(tried).filter(([, place]) => place in texts))('%s is tried in %s', (code, place) => {
  expect(texts[place as keyof typeof texts]).toMatch(new RegExp(`'${code}['":]`));
});
