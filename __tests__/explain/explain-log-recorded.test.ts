import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainLog } from '../../lib/explain/explain-log';
import { linesOf } from '../../lib/explain/log-line';

const folder = join(__dirname, '..', 'fixtures');
const explain = join(folder, 'explain');
/** Returns the lines of a fixture, without the comments at its beginning about its origin. */
const linesIn = (path: string) => linesOf(readFileSync(path, 'utf8').replace(/^(?:#.*\n)*/, ''));
const named = (pattern: RegExp) => readdirSync(explain).filter((name) => pattern.test(name));

describe('what kube-apiserver wrote in the end-to-end tests (e2e/explain.e2e.ts)', () => {
  test.each(named(/^issuers-/))('%s: each reason for which it cannot read an issuer is in plain words', (name) => {
    const lines = linesIn(join(explain, name));
    const { answers, open } = explainLog(lines.join('\n'));
    expect(open).toEqual([]);
    expect(answers.map(({ id }) => id)).toEqual(lines.map(() => 'initializing-plugin'));
    expect(
      answers.filter(({ means }) => /(?:It|The program) reports: “|does not contain the reason/.test(means)),
    ).toEqual([]);
  });

  test.each(named(/^tokens-/))('%s: each refused token is explained for what is wrong with it', (name) => {
    const pairs = readFileSync(join(explain, name), 'utf8').matchAll(/^# (.+)\n(.+)$/gm);
    const seen = [...pairs].map(([, id, line = '']) => ({
      id,
      line,
      ids: explainLog(line).answers.map((one) => one.id),
    }));
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toEqual(seen.map(({ id, line }) => ({ id, line, ids: [id] })));
  });

  test.each(named(/^configurations-/))('%s: each refused configuration is explained in plain words', (name) => {
    const lines = linesIn(join(explain, name));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      const { answers, open } = explainLog(line);
      expect({ line, open, ids: answers.map(({ id }) => id) }).toEqual({
        line,
        open: [],
        ids: [expect.stringMatching(/^authentication-configuration-(?:rule|file)$/)],
      });
      expect(answers[0]?.means).not.toMatch(/“/);
    }
  });
});

describe('ordinary logs', () => {
  const kanidm = join(folder, 'kanidm', 'real');
  const examined = readdirSync(kanidm)
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => linesIn(join(kanidm, name)))
    .filter((line) => line.startsWith('examining migration'));
  const files = named(/^ordinary-/).map((name): [string, string[]] => [name, linesIn(join(explain, name))]);

  test.each([...files, ['of Kanidm, recorded', examined] as [string, string[]]])(
    '%s: no line is explained',
    (_name, lines) => {
      expect(lines.length).toBeGreaterThan(10);
      const { answers, open } = explainLog(lines.join('\n'));
      expect([...answers, ...open].flatMap((one) => one.lines)).toEqual([]);
    },
  );

  test('there are 500 lines of them and more, of every program', () => {
    const names = files.map(([name]) => name.replace(/^ordinary-|\.log$/g, ''));
    expect(names).toEqual(expect.arrayContaining(['flux', 'kanidm', 'kube-apiserver', 'kubelet', 'manager']));
    expect(files.flatMap(([, lines]) => lines).length).toBeGreaterThan(500);
  });
});

const transcripts = join(folder, 'kubelogin');
const written = readdirSync(transcripts)
  .filter((name) => name.endsWith('.transcript.txt'))
  .flatMap((name) => readFileSync(join(transcripts, name), 'utf8').split('\n'))
  .filter((line) => /^(?:Enter code: )?error: |getting credentials: exec/.test(line));

test('every error in the transcripts of the real kubelogin is explained, as one of kubelogin or of kubectl beside it', () => {
  expect(written.length).toBeGreaterThan(5);
  for (const line of written) {
    const { answers, open } = explainLog(line);
    expect({ line, open, of: answers.map(({ of }) => of) }).toEqual({
      line,
      open: [],
      of: [expect.stringMatching(/^(?:kubelogin|kubectl)$/)],
    });
  }
});
