import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liveCodes } from '../../lib/checks/live/live-codes';
import { registry } from '../../lib/checks/registered-codes';
import { error } from '../../lib/findings/code';
import { pageOf, refusesConfig, registryOf } from '../../lib/findings/registry';
import { run as cli } from '../run';
import { cases } from './review/check-cases';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const codes = [...registry().values()];

test('a code is words in lower case', () => {
  for (const { code } of codes) expect(code).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
});

test('a code that two parts describe differently is an error of Kaniflux', () => {
  expect(() =>
    registryOf([
      ['synth', { a: error('one') }],
      ['doctor', { a: error('two') }],
    ]),
  ).toThrow('two titles');
  expect(
    registryOf([
      ['doctor', { a: error('one') }],
      ['synth', { a: error('one') }],
    ]).get('a')?.reporters,
  ).toEqual(['synth', 'doctor']);
});

test('every page belongs to a code, and every code has a page', () => {
  const pages = readdirSync(join(root, 'docs', 'findings')).filter((file) => file !== 'README.md');
  expect(pages.sort()).toEqual(codes.map(({ code }) => `${code}.md`).sort());
});

test('every code that the YAML reader uses is in the registry', () => {
  const files = ['source.ts', 'yaml-faults.ts'].map((name) => read(`lib/config/${name}`)).join('\n');
  const used = [...files.matchAll(/(?:refused\(|code: |add\(\s*\S+,|offset,)\s*'([a-z0-9-]+)'/g)].map(
    ([, code]) => code,
  );
  expect(used.length).toBeGreaterThan(8);
  for (const code of used) expect(registry().has(code ?? '')).toBe(true);
});

test('every code of check has cases: what reports it, and what does not', () => {
  const ofCheck = codes.filter((code) => !refusesConfig(code) && code.reporters.some((one) => one !== 'doctor'));
  // `manifest-left-out` is reported only if files are read. Its cases are in __tests__/cli/commands/check.test.ts.
  const withCases = ofCheck.map(({ code }) => code).filter((code) => code !== 'manifest-left-out');
  expect(Object.keys(cases).sort()).toEqual(withCases.sort());
});

test('every error of the config has a fixture, or a test that names it', () => {
  const fixtures = readdirSync(join(__dirname, '..', 'fixtures', 'invalid')).map((file) => file.replace('.yaml', ''));
  const tests = readdirSync(join(__dirname, '..'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('registered-codes.test.ts'))
    .map((file) => readFileSync(join(__dirname, '..', file), 'utf8'))
    .join('\n');
  const errors = codes.filter(refusesConfig).map(({ code }) => code);
  expect(errors.filter((code) => !fixtures.includes(code) && !tests.includes(`'${code}'`))).toEqual([]);
});

test('every code of doctor is tried, here or on the real programs', () => {
  const folders = [join(__dirname, 'live'), join(root, 'e2e', 'doctor')];
  const tests = folders
    .flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')))
    .join('\n');
  expect(Object.keys(liveCodes).filter((code) => !tests.includes(code))).toEqual([]);
});

describe.each(codes.map((one) => [one.code, one] as const))('the page of %s', (code, { title, severity }) => {
  const text = read(pageOf(code));
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
  );

  test('has the title and the severity of the registry', () => {
    expect(text.startsWith(`# ${code}: ${title}\n\nSeverity: ${severity}. Reported by: `)).toBe(true);
  });

  test('says what goes wrong, shows it, and gives the fix', () => {
    const [first, middle, last] = sections.keys();
    expect([first, last]).toEqual(['What goes wrong', 'The fix']);
    expect(['How to see it', 'Example']).toContain(middle);
    expect(sections.size).toBe(3);
    for (const section of sections.values()) expect(section.length).toBeGreaterThan(15);
    expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
  });

  test('names only commands and options of kaniflux that exist', async () => {
    const { stdout: help } = await cli(['--help']);
    const commands = 'check|diff|who-can|explain|doctor|synth|kubeadm-merge|adopt|init';
    for (const [, line = ''] of text.matchAll(new RegExp(`kaniflux ((?:${commands})\\b[^\`\\n|;]*)`, 'g'))) {
      const [command = ''] = line.split(' ');
      expect(help).toMatch(new RegExp(`^ +${command}\\b`, 'm'));
      const { stdout: options } = await cli([command, '--help']);
      for (const [option] of line.matchAll(/--[a-z-]{2,}/g)) expect(options).toContain(option);
    }
  });
});
