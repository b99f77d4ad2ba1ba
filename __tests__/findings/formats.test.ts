import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Ajv from 'ajv';
import { registry } from '../../lib/checks/registered-codes';
import { docsFolder } from '../../lib/cli/docs-folder';
import { formatResults } from '../../lib/findings/formats';
import { asResultsMarkdown } from '../../lib/findings/markdown';
import type { Results } from '../../lib/findings/results';
import { asResultsText } from '../../lib/findings/text';
import { version } from '../../package.json';

const finding = {
  file: 'kaniflux.yaml',
  line: 31,
  column: 3,
  severity: 'warning' as const,
  code: 'no-break-glass',
  cluster: 'homelab',
  message: 'people reach homelab through Kanidm alone',
  fix: 'write `breakGlass`',
  excerpt: '  homelab:',
};
const ignored = [
  { code: 'retired-ingress', reason: 'the move is planned: 100%, in May', count: 2 },
  { code: 'many-admins', reason: 'so many', cluster: 'homelab', group: 'admins', path: 'grants.0', count: 1 },
];
const as = (format: string, report: Partial<Results>) =>
  formatResults({ findings: [], ignored: [], ...report }, format, { registry: registry() });
const error = {
  ...finding,
  severity: 'error' as const,
  code: 'api-server-algorithm',
  file: 'hand/a #1.yaml',
  line: 1,
  excerpt: '',
};
const note = { ...finding, severity: 'note' as const, code: 'structured-available' };

describe('text', () => {
  test('names each page once, where a person finds it', () => {
    const wrong = { ...error, code: 'unknown-key', excerpt: '' };
    const text = asResultsText(
      { findings: [finding, wrong, wrong], ignored: [] },
      { docs: 'node_modules/kaniflux/docs' },
    );
    expect(text).toContain('  see: node_modules/kaniflux/docs/findings/no-break-glass.md\n');
    expect(text.match(/node_modules\/kaniflux\/docs\/findings\/unknown-key\.md/g)).toHaveLength(1);
  });

  test('the pages that a fix names are in the same folder, and other paths stay', () => {
    const fix =
      'see `docs/kanidm.md` and docs/robots.md; write ./docs/kanidm.md, my/docs/kanidm.md or docs/access.yaml';
    const text = (docs: string) => asResultsText({ findings: [{ ...finding, fix }], ignored: [] }, { docs });
    expect(text('node_modules/kaniflux/docs')).toContain(
      'see `node_modules/kaniflux/docs/kanidm.md` and node_modules/kaniflux/docs/robots.md; write ./docs/kanidm.md, my/docs/kanidm.md or docs/access.yaml\n',
    );
    expect(text('docs')).toContain(`fix: ${fix}\n`);
  });

  test('the pages are those of this package, from wherever it is called', () => {
    const root = join(__dirname, '..', '..');
    expect(docsFolder(root)).toBe('docs');
    expect(docsFolder(join(root, '..'))).toBe(`${basename(root)}/docs`);
    expect(docsFolder(join(root, 'lib'))).toBe(join(root, 'docs'));
    // The binary has no such folder.
    const address = `https://github.com/kaniflux/kaniflux/blob/v${version}/docs`;
    expect(docsFolder(root, '/')).toBe(address);
  });

  test('the pages of an installed package have the short path, also if it is a link', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kaniflux-docs-'));
    const store = join(folder, 'node_modules/.pnpm/kaniflux@1/node_modules/kaniflux');
    mkdirSync(join(store, 'docs/findings'), { recursive: true });
    mkdirSync(join(store, 'docs/completion'));
    symlinkSync(store, join(folder, 'node_modules/kaniflux'));
    // The container image has no pages.
    expect(docsFolder(folder, join(store, 'build'))).toMatch(/^https:/);
    writeFileSync(join(store, 'docs/findings/README.md'), '');
    expect(docsFolder(folder, join(store, 'build'))).toBe('node_modules/kaniflux/docs');
    const other = mkdtempSync(join(tmpdir(), 'kaniflux-docs-'));
    expect(docsFolder(other, join(store, 'build'))).toBe(join(store, 'docs'));
    for (const path of [folder, other]) rmSync(path, { recursive: true });
  });

  test('is the line, the fix and the page of each, then what is ignored, then the counts', () => {
    expect(
      as('text', { findings: [finding], ignored }),
    ).toBe(`kaniflux.yaml:31:3 warning people reach homelab through Kanidm alone (no-break-glass)
  31 |   homelab:
     |   ^
  fix: write \`breakGlass\`
  see: docs/findings/no-break-glass.md

ignored: retired-ingress, 2 findings: the move is planned: 100%, in May
ignored: many-admins on homelab of group admins at grants.0, one finding: so many

1 warning
`);
  });

  test('counts the findings that are not listed, of the severity that is shown', () => {
    const omitted = [
      { code: 'pod-exec', severity: 'warning' as const, count: 3, total: 5, clusters: 2 },
      { code: 'no-grants', severity: 'warning' as const, count: 1, total: 2, clusters: 1 },
      { code: 'structured-available', severity: 'note' as const, count: 7, total: 8, clusters: 8 },
    ];
    const counted = { findings: [finding], ignored: [], omitted };
    const all = asResultsText(counted);
    expect(all).toContain(`
not listed: 3 of the 5 warnings pod-exec on 2 clusters
not listed: 1 of the 2 warnings no-grants
not listed: 7 of the 8 notes structured-available on 8 clusters
To list all findings, add --max-per-code 0.

5 warnings, 7 notes
`);
    const some = asResultsText(counted, { severity: 'warning' });
    expect(some).not.toContain('structured-available');
    expect(some).toMatch(/\n5 warnings, 7 notes; only those of severity warning and above are shown\n$/);
    expect(asResultsText(counted, { severity: 'error' })).not.toContain('not listed');
  });

  test('says so where there is nothing', () => expect(as('text', {})).toBe('No findings.\n'));
});

test('JSON has every field, and the page', () => {
  expect(JSON.parse(as('json', { findings: [finding], ignored }))).toEqual({
    findings: [{ ...finding, help: 'docs/findings/no-break-glass.md' }],
    ignored,
  });
});

/**
 * The requirements of SARIF 2.1.0 for the parts that are used here (sections 3.13 to 3.30 and 3.49 of the standard).
 */
const sarifSchema = {
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', pattern: '^https://.*sarif-2\\.1\\.0\\.json$' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        additionalProperties: false,
        properties: {
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'rules'],
                properties: {
                  name: { type: 'string', minLength: 1 },
                  version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      required: ['id'],
                      properties: {
                        id: { type: 'string', minLength: 1 },
                        shortDescription: { $ref: '#/$defs/message' },
                        help: { $ref: '#/$defs/message' },
                        defaultConfiguration: { type: 'object', properties: { level: { $ref: '#/$defs/level' } } },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations'],
              properties: {
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { $ref: '#/$defs/level' },
                message: { $ref: '#/$defs/message' },
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation', 'region'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            properties: { uri: { type: 'string', pattern: "^[A-Za-z0-9%._~!$&'()*+,;=@/-]+$" } },
                          },
                          region: {
                            type: 'object',
                            required: ['startLine'],
                            properties: {
                              startLine: { type: 'integer', minimum: 1 },
                              startColumn: { type: 'integer', minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
          invocations: {
            type: 'array',
            items: {
              type: 'object',
              required: ['executionSuccessful'],
              additionalProperties: false,
              properties: {
                executionSuccessful: { type: 'boolean' },
                toolExecutionNotifications: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['message'],
                    additionalProperties: false,
                    properties: { message: { $ref: '#/$defs/message' }, level: { $ref: '#/$defs/level' } },
                  },
                },
              },
            },
          },
          properties: { type: 'object' },
        },
      },
    },
  },
  $defs: {
    message: { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } },
    level: { enum: ['none', 'note', 'warning', 'error'] },
  },
};

const skipped = [
  { reason: 'no answer', codes: ['kanidm-keys', 'no-pkce'] },
  { reason: 'no token', codes: ['entry-missing'] },
];

describe('SARIF', () => {
  const validate = new Ajv({ strict: false }).compile(sarifSchema);
  const sarif = (report: Partial<Results>) => JSON.parse(as('sarif', report));

  test.each<[string, Partial<Results>]>([
    ['nothing', {}],
    ['findings and what is ignored', { findings: [error, finding, note], ignored }],
    ['what was skipped', { skipped }],
    [
      'an error of loading, whose code is no rule',
      { findings: [{ ...finding, code: 'unknown-key', severity: 'error' }] },
    ],
  ])('of %s is what the standard asks for', (_name, report) => {
    validate(sarif(report));
    expect(validate.errors).toBeNull();
  });

  test('each result points at its rule, by name and by place', () => {
    const [run] = sarif({ findings: [error, note, { ...finding, code: 'unknown-key' }] }).runs;
    const { rules } = run.tool.driver;
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex].id).toBe(ruleId);
    const ids = rules.map(({ id }: { id: string }) => id);
    expect(ids).toContain('unknown-key');
    expect(ids).toContain('uuid-changed');
    expect(ids).not.toContain('kanidm-dns');
  });

  test('a file name is a URI, and what is ignored is kept', () => {
    const [run] = sarif({ findings: [error], ignored }).runs;
    expect(run.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('hand/a%20%231.yaml');
    expect(run.properties.ignored).toEqual(ignored);
  });

  test('checks that did not run are notifications of the run', () => {
    const [run] = sarif({ skipped }).runs;
    expect(run.invocations).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          { level: 'note', message: { text: 'skipped: no answer (kanidm-keys, no-pkce)' } },
          { level: 'note', message: { text: 'skipped: no token (entry-missing)' } },
        ],
      },
    ]);
    expect(sarif({}).runs[0]).not.toHaveProperty('invocations');
  });

  test('brackets make no link', () => {
    const [run] = sarif({ findings: [{ ...finding, message: '[here](http://evil.example)' }] }).runs;
    expect(run.results[0].message.text).toContain('\\[here\\](http://evil.example)');
  });
});

describe('GitHub annotations', () => {
  test('say which checks did not run', () => {
    expect(as('github', { skipped }).split('\n')).toEqual([
      '::notice title=kaniflux::not fully checked: kanidm-keys, no-pkce, entry-missing',
      'skipped: no answer (kanidm-keys, no-pkce)',
      'skipped: no token (entry-missing)',
      'No findings, 3 checks skipped',
      '',
    ]);
    expect(as('github', { findings: [error], skipped: skipped.slice(1) })).toContain('1 error, one check skipped\n');
  });

  test('in Markdown, they are a list', () => {
    expect(as('markdown', { skipped, command: 'doctor' })).toBe(
      '## kaniflux doctor: No findings, 3 checks skipped\n\n\n- skipped\\: no answer \\(kanidm\\-keys, no\\-pkce\\)\n- skipped\\: no token \\(entry\\-missing\\)\n',
    );
  });

  test('have a level, a place and a title, and end with the counts', () => {
    expect(as('github', { findings: [error, finding, note] }).split('\n')).toEqual([
      '::error file=hand/a #1.yaml,line=1,col=3,title=api-server-algorithm::people reach homelab through Kanidm alone — write `breakGlass`',
      '::warning file=kaniflux.yaml,line=31,col=3,title=no-break-glass::people reach homelab through Kanidm alone — write `breakGlass`',
      '::notice file=kaniflux.yaml,line=31,col=3,title=structured-available::people reach homelab through Kanidm alone — write `breakGlass`',
      '1 error, 1 warning, 1 note',
      '',
    ]);
  });

  test.each([
    ['errors', { findings: Array.from({ length: 11 }, () => error) }, '11 errors'],
    ['warnings', { findings: [error, ...Array.from({ length: 11 }, () => finding)] }, '1 error, 11 warnings'],
    ['notices', { findings: Array.from({ length: 10 }, () => note), ignored }, '10 notes'],
  ])('the first one says that GitHub does not show all %s', (_level, results, total) => {
    const [first, ...others] = as('github', results).trimEnd().split('\n');
    expect(first).toBe(
      `::notice title=kaniflux::${total}; GitHub shows only 10 annotations of each level, the log of this step has all`,
    );
    expect(others).toHaveLength(results.findings.length + ('ignored' in results ? ignored.length : 0) + 1);
  });

  test('up to ten of each level are all shown', () => {
    const findings = [error, finding, note].flatMap((one) => Array.from({ length: 10 }, () => one));
    expect(as('github', { findings })).not.toContain('GitHub shows');
  });

  test('what would end a property or a message is escaped', () => {
    const text = as('github', {
      findings: [{ ...finding, file: 'a,b:c%\r\n::error::.yaml', message: '50% of\r\n::error::x, y: z' }],
    });
    const [line, ...rest] = text.split('\n');
    expect(rest).toEqual(['1 warning', '']);
    expect(line).toMatch(
      /^::warning file=a%2Cb%3Ac%25[^,:\r\n]*%3A%3Aerror%3A%3A\.yaml,line=31,col=3,title=no-break-glass::50%25 of[^\r\n]*$/,
    );
    expect(line).toContain('x, y: z');
  });

  test('what is ignored is a notice with its reason', () => {
    expect(as('github', { ignored })).toContain(
      '::notice title=retired-ingress::ignored: retired-ingress, 2 findings: the move is planned: 100%25, in May\n',
    );
  });
});

describe('Markdown', () => {
  test('is a table, and what is ignored below', () => {
    const text = as('markdown', { findings: [error, finding], ignored });
    expect(text).toMatch(/^## kaniflux check: 1 error, 1 warning\n\n\| \| Where \| What \| Fix \|\n/);
    expect(text).toContain(
      '| error api-server-algorithm | `hand/a #1.yaml:1` | people reach homelab through Kanidm alone |',
    );
    expect(text).toContain('- ignored\\: retired\\-ingress, 2 findings\\:');
  });

  test('a file name with `|` stays in its cell', () => {
    const text = as('markdown', { findings: [{ ...finding, file: 'a|b.yaml' }] });
    expect(text).toContain(`| \`a\\|b.yaml:${finding.line}\` |`);
  });

  test('stays under its limit, errors first, and counts what it leaves out', () => {
    const findings = [error, ...Array.from({ length: 200 }, () => finding)];
    const text = asResultsMarkdown({ findings, ignored }, 2000);
    expect(text.length).toBeLessThanOrEqual(2000);
    expect(text).toMatch(/… and \d+ more: run `kaniflux check --max-per-code 0`/);
    const doctor = asResultsMarkdown({ findings, ignored, command: 'doctor' }, 2000);
    expect(doctor).toMatch(/… and \d+ more: run `kaniflux doctor`/);
    expect(text.split('\n').filter((line) => line.startsWith('| '))[1]).toContain('error api-server-algorithm');
  });
});
