import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Start, starts } from '../../lib/init/starts';

/*
 * Compares docs/start.md with the transcripts of people who followed it with real programs (fixtures/starts): they
 * typed each command of the page in its order, and the programs printed what the page says. The tests of `init` check
 * that it prints the same steps.
 */
const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'start.md'), 'utf8');
const afterMigrations = 'Kanidm has the entries of the config; the attributes that migrations set were not compared';
const transcript = (start: Start) =>
  readFileSync(join(root, '__tests__', 'fixtures', 'starts', `${start}.transcript.txt`), 'utf8')
    .replaceAll('https://idm.example.org:8443', 'https://idm.example.com')
    .replaceAll('../kaniflux-0.1.0.tgz', 'kaniflux')
    .replaceAll('getent hosts idm.example.org', 'getent hosts idm.example.com')
    // The last line of the runbook with migrations, which said this when the transcripts were recorded.
    .replaceAll(/(nothing else was changed\n)Kanidm matches the config/g, (line, before: string) =>
      start.startsWith('new-') ? `${before}${afterMigrations}` : line,
    )
    // The page does not have this option in the command. It mentions the option in the text after the command.
    .replaceAll(' --kanidm-ca kanidm-ca.crt', '');

const section = (start: Start): string => page.split(/^## /m).find((text) => text.startsWith(`\`${start}\``)) ?? '';

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code ?? []);
const isCommand = (code: string) => /^([A-Z_]+=\S+ )?(npx|npm|kubectl|sh|cat|flux|getent) /.test(code);

/**
 * Commands that were not typed. A script of the transcript takes the place of Flux's source, and the log is only needed
 * if a migration was rejected.
 */
const notTyped = [
  'flux bootstrap git --url=URL --branch=main --path=clusters/homelab',
  'flux check',
  "kubectl --namespace=kanidm logs kanidm-0 | grep 'Failed to apply'",
];

/** Returns the commands of a transcript. */
const typed = (text: string): string[] =>
  [...text.matchAll(/^[$#] (.*)$/gm)]
    .flatMap(([, line = '']) => line.split(/ && |; /))
    .map((command) => command.trim());

/**
 * Whether a code span is output that the page announces. Other code spans are fields of the config, files, or names of
 * programs.
 */
const printed = (code: string) =>
  /^(nothing was changed|Kanidm (has the entries of|matches) the config|No differences\.|nothing wrong|people\.|https:|2\/2|True|person-)/.test(
    code,
  );

/** Returns the commands that are not among the others in the same order. */
function missing(commands: readonly string[], among: readonly string[]): string[] {
  let next = 0;
  return commands.filter((command) => {
    const at = among.indexOf(command, next);
    if (at >= 0) next = at + 1;
    return at < 0;
  });
}

describe.each(starts)('%s', (start) => {
  const text = section(start);
  const steps = text.slice(0, text.indexOf('\nTo go back:'));
  const commands = codesIn(steps).filter((code) => isCommand(code) && !notTyped.includes(code));

  test('every command of the page was typed, in its order', () => {
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) expect(typed(transcript(start))).toContain(command);
    expect(
      missing(
        commands.filter((command) => !command.endsWith('get kustomizations')),
        typed(transcript(start)),
      ),
    ).toEqual([]);
  });

  test('and the way back', () => {
    const back = codesIn(text.slice(text.indexOf('\nTo go back:'))).filter(isCommand);
    expect(back.length).toBeGreaterThan(0);
    for (const command of back) expect(typed(transcript(start))).toContain(command);
  });

  test('what the page says is printed was printed', () => {
    const codes = codesIn(steps).filter(printed);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(transcript(start)).toContain(code);
  });

  test('it ends with a name at the API server', () => {
    expect(transcript(start)).toMatch(
      /^\$ kubectl --kubeconfig=dist\/kubeconfigs\/homelab\.yaml auth whoami\nATTRIBUTE +VALUE\nUsername +\S+$/m,
    );
  });
});

test('a command that nobody typed is found', () => {
  expect(missing(['npx kaniflux check', 'npx kaniflux frobnicate'], typed(transcript('new-cluster')))).toEqual([
    'npx kaniflux frobnicate',
  ]);
  expect(missing(['npx kaniflux doctor', 'npx kaniflux init'], typed(transcript('new-cluster')))).toEqual([
    'npx kaniflux init',
  ]);
});

test('the first commands of the page were typed in each start', () => {
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const first = block.trim().split('\n');
  expect(first).toEqual(['npm install --save-dev kaniflux', 'npx kaniflux init']);
  for (const start of starts) expect(missing(first, typed(transcript(start)))).toEqual([]);
});

test('no transcript has a password or a token', () => {
  for (const start of starts) {
    expect(transcript(start)).not.toMatch(/eyJ[\w-]{20}|new_password: "[^…]|token=[^…]|use-reset-token [^…]/);
  }
});
