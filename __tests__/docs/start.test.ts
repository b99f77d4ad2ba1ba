import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Start, starts } from '../../lib/init/starts';

/*
 * docs/start.md beside what happened when somebody followed it with real programs: fixtures/starts. Each command of the
 * page was typed there, in the order of the page, and what the page promises to print was printed. That `init` prints the
 * same steps is tested with `init`.
 */
const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'start.md'), 'utf8');
const transcript = (start: Start) =>
  readFileSync(join(root, '__tests__', 'fixtures', 'starts', `${start}.transcript.txt`), 'utf8')
    .replaceAll('https://idm.example.org:8443', 'https://idm.example.com')
    .replaceAll('../kaniflux-0.1.0.tgz', 'kaniflux')
    .replaceAll('getent hosts idm.example.org', 'getent hosts idm.example.com')
    // The page names this option behind the command.
    .replaceAll(' --kanidm-ca kanidm-ca.crt', '');

const section = (start: Start): string => page.split(/^## /m).find((text) => text.startsWith(`\`${start}\``)) ?? '';

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code ?? []);
const isCommand = (code: string) => /^([A-Z_]+=\S+ )?(npx|npm|kubectl|sh|cat|flux|getent) /.test(code);

/** A script of the transcript stands in for Flux's own source; the log is read only if a migration was rejected. */
const notTyped = [
  'flux bootstrap git --url=URL --branch=main --path=clusters/homelab',
  'flux check',
  "kubectl --namespace=kanidm logs kanidm-0 | grep 'Failed to apply'",
];

/** The commands of a transcript, each alone. */
const typed = (text: string): string[] =>
  [...text.matchAll(/^[$#] (.*)$/gm)]
    .flatMap(([, line = '']) => line.split(/ && |; /))
    .map((command) => command.trim());

/** What the page says is printed, among its fields and files of the config and names of programs. */
const printed = (code: string) =>
  /^(nothing was changed|Kanidm matches the config|No differences\.|nothing wrong|people\.|https:|2\/2|True|person-)/.test(
    code,
  );

/** Which commands are not among the others, in the same order. */
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
