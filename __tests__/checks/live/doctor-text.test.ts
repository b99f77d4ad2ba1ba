import { doctorFormats } from '../../../lib/checks/live/doctor-format';
import { asText } from '../../../lib/checks/live/doctor-text';
import type { DoctorResults, LocatedResult } from '../../../lib/checks/live/run-live';
import type { LocatedFinding } from '../../../lib/findings/finding';

const finding = (code: string, message: string, more: Partial<LocatedFinding> = {}): LocatedFinding => ({
  code,
  message,
  severity: 'error',
  fix: 'a command',
  file: 'kaniflux.yaml',
  line: 7,
  column: 1,
  excerpt: '',
  ...more,
});
const failed = (one: LocatedFinding): LocatedResult => ({ state: 'failed', code: one.code, finding: one });
const ok = (code: string, text: string): LocatedResult => ({ state: 'passed', code, text });
const skipped = (code: string, text: string, reason?: string): LocatedResult => ({
  state: 'skipped',
  code,
  text,
  ...(reason === undefined ? {} : { reason }),
});
const report = (...results: LocatedResult[]): DoctorResults => ({
  results,
  findings: results.flatMap((one) => (one.state === 'failed' ? [one.finding] : [])),
  ignored: [],
  command: 'doctor',
});

const pod = finding('kanidm-not-running', 'pod kanidm/kanidm-0 does not run', { cluster: 'one' });
const unreachable = finding('kanidm-unreachable', 'https://idm.example.com does not answer');
const clock = finding('kanidm-clock', 'the clock is late', { severity: 'warning' });

test('causes come first, the worst before the others, and what follows from a cause is below it', () => {
  expect(asText(report(failed(clock), ok('kubectl', 'kubectl runs'), failed(unreachable), failed(pod)))).toBe(
    `error   pod kanidm/kanidm-0 does not run (kanidm-not-running)
        fix: a command (kaniflux.yaml:7)
        then: https://idm.example.com does not answer (kanidm-unreachable)
warning the clock is late (kanidm-clock)
        fix: a command (kaniflux.yaml:7)
ok      kubectl runs (kubectl)

1 ok, 2 errors, 1 warning
`,
  );
});

test('consecutive checks that were skipped for the same reason share a line', () => {
  const text = asText(
    report(
      skipped('a', 'one: no answer', 'no answer'),
      skipped('b', 'two: no answer', 'no answer'),
      skipped('a', 'three: no answer', 'no answer'),
      skipped('c', 'four: refused', 'refused'),
      skipped('d', 'five has no client'),
      skipped('e', 'six has no client'),
      ok('f', 'seven'),
      skipped('g', 'eight: refused', 'refused'),
      { state: 'ignored', code: 'h', text: 'nine', reason: 'a test' },
      skipped('i', 'ten: refused', 'refused'),
    ),
  );
  expect(text).toBe(
    `skipped no answer (a, b)
skipped four: refused (c)
skipped five has no client (d)
skipped six has no client (e)
ok      seven (f)
skipped eight: refused (g)
ignored nine: a test (h)
skipped ten: refused (i)

1 ok, nothing wrong, 1 ignored, 8 skipped
`,
  );
});

test('a failed check between skipped ones does not separate them', () => {
  expect(
    asText(report(skipped('a', 'one: x', 'x'), failed(clock), skipped('b', 'two: x', 'x')))
      .split('\n')
      .slice(2, 3),
  ).toEqual(['skipped x (a, b)']);
});

test.each<[string, LocatedResult[], string]>([
  ['nothing', [], '0 ok, nothing checked'],
  ['only skipped checks', [skipped('a', 'one')], '0 ok, nothing checked, 1 skipped'],
  ['a check that passed', [ok('a', 'one'), skipped('b', 'two')], '1 ok, nothing wrong, 1 skipped'],
  ['an ignored finding', [{ state: 'ignored', code: 'a', text: 'one', reason: 'x' }], '0 ok, nothing wrong, 1 ignored'],
  ['a finding', [failed(clock)], '0 ok, 1 warning'],
])('the last line counts %s', (_, results, line) => {
  expect(
    asText(report(...results))
      .split('\n')
      .at(-2),
  ).toBe(line);
});

test('that kubectl may be connected to another cluster comes before all other findings', () => {
  const found = [
    finding('a', 'an error', { severity: 'error' }),
    finding('kubectl-unusable', 'may be', { severity: 'warning' }),
  ];
  expect(asText(report(...found.map(failed)))).toMatch(/^warning may be/);
});

test('misleading characters are printed as codes', () => {
  const odd = '\u202e';
  const text = asText(report(failed(finding('a', `m${odd}`, { fix: `f${odd}`, file: `p${odd}` })), ok('b', `o${odd}`)));
  expect(text).not.toContain(odd);
  for (const letter of ['m', 'f', 'p', 'o']) expect(text).toContain(`${letter}\\u202e`);
});

test('as JSON, each finding has the code of its cause', () => {
  const json = JSON.parse(
    doctorFormats.json?.(
      { ...report(failed(unreachable), failed(pod), ok('a', 'one'), skipped('b', 'two', 'x')), ignored: [] },
      {} as never,
    ) ?? '',
  );
  expect(json).toMatchObject({
    findings: [{ code: 'kanidm-unreachable', followsFrom: 'kanidm-not-running' }, { code: 'kanidm-not-running' }],
    ignored: [],
    ok: [{ code: 'a', text: 'one' }],
    skipped: [{ code: 'b', text: 'two' }],
  });
  expect(json.findings[1]).not.toHaveProperty('followsFrom');
});

test('the other formats group the skipped checks by reason', () => {
  const results = report(
    skipped('a', 'one: no answer', 'no answer'),
    skipped('d', 'five has no client'),
    skipped('b', 'two: no answer', 'no answer'),
    skipped('a', 'three: no answer', 'no answer'),
    ok('f', 'seven'),
  );
  const text = doctorFormats.github?.(results, { registry: new Map() });
  expect(text).toBe(
    '::notice title=kaniflux::not fully checked: a, b, d\nskipped: no answer (a, b)\nskipped: five has no client (d)\nNo findings, 3 checks skipped\n',
  );
});

test('the other formats list errors first', () => {
  const text = doctorFormats.github?.(report(failed(clock), failed(pod)), { registry: new Map() });
  expect(text?.split('\n').map((line) => line.replace(/ .*/, ''))).toEqual(['::error', '::warning', '1', '']);
});
