import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { man } from '../../package.json';
import { commandTree } from '../../scripts/command-tree';
import { manPage } from '../../scripts/man-page';

const shown = (roff: string) =>
  roff
    .replaceAll('\\-', '-')
    .replace(/\\f[BIR]/g, '')
    .replaceAll('\\(aq', "'");

test('the man page names every command, option and example', async () => {
  const page = shown(await manPage());
  for (const { command, options } of await commandTree()) {
    expect(page).toContain(`\n.SS kaniflux ${command.name}`);
    for (const [name] of options) expect(page).toContain(`--${name}`);
    for (const example of command.examples) expect(page).toContain(example.replaceAll('…', '...'));
  }
});

test('nothing of a text is a request to roff', async () => {
  const known = /^\.(TH|SH|SS|TP|PP|B|I|RI|nf|fi|RS|RE|\\")( |$)/;
  for (const line of (await manPage()).split('\n')) {
    if (/^[.']/.test(line)) expect(line).toMatch(known);
  }
});

test('the package names it, and it is the one that is committed', async () => {
  // The field must be a list, because npm ignores a text here.
  expect(man).toHaveLength(1);
  expect(readFileSync(join(__dirname, '..', '..', String(man[0])), 'utf8')).toBe(await manPage());
});
