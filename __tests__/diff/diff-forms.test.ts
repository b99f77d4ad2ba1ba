import { asText, formats } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import type { Diff } from '../../lib/diff/review-diff';
import type { Level, Statement } from '../../lib/diff/statement';

const statement = (text: string, more: Partial<Statement> = {}): Statement => ({
  part: 'settings',
  level: 'none',
  change: 'changed',
  say: (on) => (on === '' ? text : `${on}: ${text}`),
  clusters: [],
  details: [],
  ...more,
});
const diff = (more: Partial<Diff> = {}): Diff => ({
  statements: [],
  access: [],
  objects: [],
  files: [],
  afterMerging: [],
  folder: 'dist',
  clusters: 1,
  ...more,
});

const everything = diff({
  statements: [
    statement('owns it', { part: 'access', level: 'high', change: 'added', clusters: ['lab'] }),
    statement('reads', {
      part: 'access',
      level: 'medium',
      change: 'added',
      clusters: ['a', 'b'],
      details: ['one', 'two'],
    }),
    statement('no longer reads', { part: 'access', change: 'removed', clusters: ['lab'] }),
    statement('trusts', { part: 'trust', level: 'low' }),
    statement('edited', { part: 'output', level: 'medium' }),
    statement('a group', { part: 'kanidm' }),
    statement('an interval'),
  ],
  objects: [
    { change: 'added', cluster: 'a', object: 'Role x', fields: [] },
    { change: 'added', cluster: 'b', object: 'Role x', fields: [] },
    { change: 'removed', cluster: 'b', object: 'Role y', fields: [] },
    { change: 'changed', cluster: 'a', object: 'Role x', fields: [{ path: 'rules[]', after: 1 }] },
  ],
  files: [
    { change: 'changed', path: 'kubeconfigs/a.yaml', before: 'x\n', after: 'y\nz\n' },
    { change: 'changed', path: 'kubeconfigs/b.yaml', before: 'v\n', after: 'w\nu\n' },
    { change: 'changed', path: 'kubeconfigs/c.yaml', before: 'v\n', after: 'w\n' },
    { change: 'added', path: 'flux/a.yaml', after: 'x\n' },
    { change: 'removed', path: 'ACCESS.md', before: 'x\n' },
  ],
  afterMerging: [
    { title: 'first', isBefore: true, commands: ['echo 1', '# note'] },
    { title: 'then', commands: ['echo 2'] },
  ],
  clusters: 9,
});
const legend =
  '🔴 can give somebody full control of a cluster, 🟠 gives access to Secrets, service accounts or pods, or changes who is trusted, 🟡 other changes to review; a change without a mark gives nobody more than read access. The lists of objects and files have no marks. `(ROLE, by GROUP)` is the role, and the group that gives it.';
const untilThen =
  'Flux applies the objects of the clusters by itself. Everything else changes only when somebody does these steps.';

describe('as text', () => {
  test('each part has a section, and similar objects and files share a line', () => {
    expect(asText(everything)).toBe(`Can give full control of a cluster
  🔴 + lab: owns it

Access
  🟠 + a and b: reads
      one
      two
  - lab: no longer reads

Trust
  🟡 ~ trusts

Differences between the output folder and the config
  🟠 ~ edited

Kanidm
  ~ a group

Settings
  ~ an interval

Objects
  + a and b: Role x
  - b: Role y
  ~ a: Role x
      + rules[]: 1

Files
  ~ dist/kubeconfigs/{a,b}.yaml (lines: +2 -1)
  ~ dist/kubeconfigs/c.yaml (lines: +1 -1)
  + dist/flux/a.yaml (lines: +1 -0)
  - dist/ACCESS.md (lines: +0 -1)

Before and after merging
  ${untilThen}
  1. first
     echo 1
     # note
  2. then
     echo 2

${legend}
`);
  });

  test('the lines of each file are printed on request, and then only equal lines share an item', () => {
    const { files } = everything;
    const same = { change: 'changed', path: 'kubeconfigs/d.yaml', before: 'x\n', after: 'y\nz\n' } as const;
    expect(asText(diff({ files: [...files.slice(0, 2), same] }), { lines: true })).toBe(`Files
  ~ dist/kubeconfigs/{a,d}.yaml (lines: +2 -1)
      - x
      + y
      + z
  ~ dist/kubeconfigs/b.yaml (lines: +2 -1)
      - v
      + w
      + u

After merging
  no manual steps
`);
    const moved = diff({ files: [{ change: 'changed', path: 'a', before: 'x\ny\n', after: 'y\nx\n' }] });
    expect(asText(moved, { lines: true })).toContain(
      '  ~ dist/a (lines: +0 -0)\n      only the order of the lines changed, or the newline at the end\n',
    );
  });

  test.each<[string, Diff['afterMerging'], string]>([
    ['none', [], 'After merging\n  no manual steps\n'],
    ['one after merging', [{ title: 'do', commands: [] }], `After merging\n  ${untilThen}\n  1. do\n`],
    ['one before merging', [{ title: 'do', isBefore: true, commands: ['x'] }], 'Before merging\n  1. do\n     x\n'],
  ])('manual steps: %s', (_, afterMerging, text) => {
    expect(asText(diff({ statements: [statement('a')], afterMerging }))).toBe(`Settings\n  ~ a\n\n${text}`);
  });

  test('manual steps that are not known, as in a live diff, are left out', () => {
    const { afterMerging: _unknown, ...rest } = diff({ statements: [statement('a')] });
    expect(asText(rest)).toBe('Settings\n  ~ a\n');
    expect(asMarkdown(rest)).not.toMatch(/merging|manual/i);
    expect(asMarkdown(diff({ statements: [statement('a')] }))).toContain('No manual steps.');
  });

  test.each<Level>(['low', 'medium', 'high'])('marks are explained where there is one: %s', (level) => {
    expect(asText(diff({ statements: [statement('a', { level })] }))).toMatch(/\n\n🔴 can give .*\n$/u);
    expect(asText(diff({ statements: [statement('a')] }))).not.toContain('🔴');
  });

  test('a character that changes the direction of writing is printed as a code everywhere', () => {
    const odd = '\u202e';
    const text = asText(
      diff({
        statements: [statement(`a${odd}`, { details: [`b${odd}`] })],
        afterMerging: [{ title: `c${odd}`, commands: [`d${odd}`] }],
      }),
    );
    expect(text).not.toContain(odd);
    for (const letter of ['a', 'b', 'c', 'd']) expect(text).toContain(`${letter}\\u202e`);
  });

  test.each<[Partial<Diff>]>([
    [{ statements: [statement('a')] }],
    [{ objects: everything.objects.slice(0, 1) }],
    [{ files: everything.files.slice(0, 1) }],
  ])('something differs if %j', (more) => {
    expect(asText(diff(more))).not.toBe('No differences.\n');
    expect(asText(diff())).toBe('No differences.\n');
  });
});

describe('as Markdown', () => {
  const head = '## What this change does\n\n';

  test('each part has a section, and names and values are verbatim', () => {
    expect(
      asMarkdown(everything),
    ).toBe(`${head}Parts of it take effect only when somebody does the manual steps at the end.

### Can give full control of a cluster

- 🔴 lab\\: owns it

### Access

- 🟠 a and b\\: reads
  - \`one\`
  - \`two\`
- lab\\: no longer reads

### Trust

- 🟡 trusts

### Differences between the output folder and the config

- 🟠 edited

### Kanidm

- a group

### Settings

- an interval

### Objects

- new: \`a and b: Role x\`
- gone: \`b: Role y\`
- changed: \`a: Role x\`
  - \`+ rules[]: 1\`

### Files

- changed: \`dist/kubeconfigs/{a,b}.yaml (lines: +2 -1)\`
- changed: \`dist/kubeconfigs/c.yaml (lines: +1 -1)\`
- new: \`dist/flux/a.yaml (lines: +1 -0)\`
- gone: \`dist/ACCESS.md (lines: +0 -1)\`

### Before and after merging

${untilThen}

1. first:
   \`\`\`sh
   echo 1
   # note
   \`\`\`
2. then:
   \`\`\`sh
   echo 2
   \`\`\`

${legend}
`);
  });

  test('a value with `|` is verbatim, because a list is no table', () => {
    const details = ['displayname: "a" -> "a || b"'];
    expect(asMarkdown(diff({ statements: [statement('a', { details })] }))).toContain(
      '  - `displayname: "a" -> "a || b"`\n',
    );
  });

  test('without differences, without steps, and without marks', () => {
    const steps = [{ title: 'do', isBefore: true, commands: ['x'] }];
    expect(asMarkdown(diff())).toBe(`${head}No differences.\n`);
    expect(asMarkdown(diff({ statements: [statement('a')] }))).toBe(
      `${head}### Settings\n\n- a\n\n### After merging\n\nNo manual steps.\n`,
    );
    expect(asMarkdown(diff({ statements: [statement('a')], afterMerging: steps }))).toBe(
      `${head}### Settings\n\n- a\n\n### Before merging\n\n1. do:\n   \`\`\`sh\n   x\n   \`\`\`\n`,
    );
  });

  test('commands with backticks have a longer fence', () => {
    const afterMerging = [{ title: 'do', commands: ['a ``` b', 'c ```` d', 'e `f`'] }];
    expect(asMarkdown(diff({ statements: [statement('a')], afterMerging }))).toContain(
      '\n1. do:\n   `````sh\n   a ``` b\n   c ```` d\n   e `f`\n   `````\n',
    );
  });

  test('lines that do not fit are left out, and counted', () => {
    const details = Array.from({ length: 20 }, (_, i) => `line ${i} ${'x'.repeat(40)}`);
    const short = asMarkdown(diff({ statements: [statement('a', { details }), statement('b')] }), {}, 500);
    expect(short).toBe(
      `${head}### Settings\n\n- a\n  - … 20 more lines: run \`kaniflux diff\`\n- b\n\n### After merging\n\nNo manual steps.\n`,
    );
  });

  test('items that do not fit are left out, and counted in each section', () => {
    const statements = Array.from({ length: 10 }, (_, i) => statement(`s${i} ${'x'.repeat(40)}`));
    const other = statement(`t ${'x'.repeat(60)}`, { part: 'kanidm' });
    const text = asMarkdown(diff({ statements: [other, ...statements] }), {}, 400);
    const shown = [0, 1, 2].map((i) => `- s${i} ${'x'.repeat(40)}\n`).join('');
    expect(text).toBe(
      `${head}### Kanidm\n\n- t ${'x'.repeat(60)}\n\n### Settings\n\n${shown}- … and 7 more: run \`kaniflux diff\`\n\n### After merging\n\nNo manual steps.\n`,
    );
    expect(text.length).toBeLessThanOrEqual(400);
  });

  test('steps and commands that do not fit are left out, and counted', () => {
    const step = (title: string, count: number) => ({
      title,
      commands: Array.from({ length: count }, (_, i) => `echo ${i} ${'x'.repeat(40)}`),
    });
    const steps = (limit: number, ...afterMerging: NonNullable<Diff['afterMerging']>) => {
      const text = asMarkdown(diff({ statements: [statement('a')], afterMerging }), {}, limit);
      return text.slice(text.indexOf(`${untilThen}\n\n`) + untilThen.length + 2);
    };
    const line = (i: number) => `   echo ${i} ${'x'.repeat(40)}\n`;
    expect(steps(1200, step('one', 10), step('two', 1), step('three', 1))).toBe(
      `1. one:\n   \`\`\`sh\n${line(0)}${line(1)}${line(2)}   \`\`\`\n   … and 7 more lines: run \`kaniflux diff\`\n… and 2 more steps: run \`kaniflux diff\`\n`,
    );
    expect(steps(6000, step('one', 2), { title: 'none', commands: [] })).toBe(
      `1. one:\n   \`\`\`sh\n${line(0)}${line(1)}   \`\`\`\n2. none:\n   \`\`\`sh\n   \`\`\`\n`,
    );
  });
});

test('each format by its name', () => {
  const one = diff({ files: everything.files.slice(0, 1) });
  expect(formats.text?.(one, { lines: true })).toBe(asText(one, { lines: true }));
  expect(formats.markdown?.(one, { lines: true })).toContain('  - `- x`\n');
  const { statements, files, afterMerging } = JSON.parse(formats.json?.(everything, {}) ?? '');
  expect(statements[0]).toMatchObject({ text: 'lab: owns it', clusters: ['lab'] });
  expect(Object.entries(files[0]).flat()).toEqual([
    'change',
    'changed',
    'path',
    'kubeconfigs/a.yaml',
    'added',
    2,
    'removed',
    1,
    'lines',
    ['- x', '+ y', '+ z'],
  ]);
  expect(afterMerging).toEqual(everything.afterMerging);
});
