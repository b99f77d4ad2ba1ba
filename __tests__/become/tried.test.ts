import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tried } from '../../e2e/become/tried';
import { notModelled, steps } from '../../lib/become/become-steps';

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

describe('docs/becoming.md', () => {
  const page = readFileSync(join(root, 'docs', 'becoming.md'), 'utf8').split('\n');

  test('has a row for each step, in their order', () => {
    const rows = steps.map(
      ({ code, title, allowedBy, gives, closedBy, source }) =>
        `| \`${code}\`: [${title}](${source}) | ${allowedBy} | ${gives} | ${closedBy} |`,
    );
    expect(page.filter((line) => /^\| `[a-z-]+`: /.test(line))).toEqual(rows);
  });

  test('lists what is not modelled', () => {
    const [first = ''] = notModelled;
    const start = page.indexOf(`- ${first}`);
    const end = page.indexOf('', start);
    expect(page.slice(start, end)).toEqual(notModelled.map((what) => `- ${what}`));
  });
});

test('the steps for which requests to the API server are enough', () => {
  expect(steps.filter(({ apiServerOnly }) => apiServerOnly).map(({ code }) => code)).toEqual([
    'request-token',
    'create-token-secret',
    'read-token-secret',
    'relabel-namespace',
    'impersonate',
    'constrained-impersonation',
    'bind',
    'write-role',
    'escalate',
    'bind-written-role',
    'share',
    'request-certificate',
  ]);
});

test('the steps that begin with an account of Kanidm, or with control of a node', () => {
  const begun = (kind: string) => steps.filter(({ begins }) => begins === kind).map(({ code }) => code);
  expect(begun('account')).toEqual([
    'join-managed-group',
    'issue-kanidm-token',
    'administer-service-accounts',
    'administer-groups',
    'reset-credential',
    'push-to-source',
    'change-name',
    'change-mail',
  ]);
  expect(begun('node')).toEqual(['read-node']);
});
