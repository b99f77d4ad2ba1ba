import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tried } from '../../e2e/become/tried';
import { steps } from '../../lib/become/become-steps';

const root = join(__dirname, '..', '..');

/** Returns the text of the tests, or of the transcripts, in a folder. */
const textOf = (folder: string): string =>
  readdirSync(join(root, folder))
    .filter((file) => /\.(ts|txt)$/.test(file) && file !== 'tried.ts')
    .map((file) => readFileSync(join(root, folder, file), 'utf8'))
    .join('\n');

const records = {
  'e2e/become': textOf('e2e/become'),
  'e2e/node': textOf('e2e/node'),
  'by hand': textOf('__tests__/fixtures/become'),
};

test('every step of the model was tried on the real programs, or is listed as not tried', () => {
  expect(Object.keys(tried).sort()).toEqual(steps.map(({ code }) => code).sort());
});

test.each(Object.entries(tried))('%s: %s', (code, place) => {
  if (place === 'not tried') return expect(Object.values(records).join()).not.toContain(`'${code}'`);
  if (place !== 'by hand') return expect(records[place]).toMatch(new RegExp(`'${code}['":]`));
  for (const state of ['open', 'closed']) expect(records[place]).toContain(`## ${code}, ${state}`);
});
