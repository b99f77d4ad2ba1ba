import { basename } from 'node:path';
import { version } from '../../../package.json';
import { newFiles } from '../../init/init-files';
import { type Answers, type Field, fields, settingsOf } from '../../init/settings';
import { firstCheck, type Step, stepsOf } from '../../init/starts';
import { repositoryOf, surroundings, writeNew } from '../../init/write-files';
import { type Command, type Io, type OptionSpec, UserError } from '../command';

const options: Readonly<Record<string, OptionSpec>> = {
  ...Object.fromEntries(
    fields.map(({ flag, description, value, choices }): [string, OptionSpec] => [
      flag,
      { type: 'string', description, value, multiple: flag === 'person', ...(choices ? { choices } : {}) },
    ]),
  ),
  cdk8s: { type: 'boolean', description: 'Write cdk8s.yaml and main.ts too, for a cdk8s app of your own' },
};

export const command: Command = {
  name: 'init',
  usage: '[options]',
  details: [
    'Writes kaniflux.yaml, a GitHub Actions workflow and a pre-commit hook into this repository. Existing files are',
    'not changed. On a terminal, it asks for every setting that is not an option. A setting without a value becomes a',
    'commented placeholder, which `kaniflux check` reports.',
  ].join('\n'),
  examples: [
    'kaniflux init',
    'kaniflux init --domain idm.example.com --cluster homelab --server https://192.0.2.10:6443 --kubernetes 1.34 --person jane',
  ],
  options,
  async run({ options: given, args, io }) {
    if (args.length > 0) throw new UserError(`init takes no arguments, found \`${args[0]}\``);
    const settings = settingsOf(await answers(given, io));
    const { root, folder } = repositoryOf(io.cwd);
    const { written, kept } = writeNew(root, newFiles(settings, { folder }, given.cdk8s === true));
    for (const path of written) io.stderr(`wrote ${path}\n`);
    for (const path of kept) io.stderr(`kept ${path}, which existed\n`);
    const { installed, ignored } = surroundings(io.cwd);
    const steps = [
      ...(installed ? [] : [`npm install --save-dev kaniflux@${version}`]),
      ...(given.cdk8s ? ['npm install --save-dev tsx cdk8s-cli'] : []),
      ...(ignored ? [] : ['add the line `node_modules/` to .gitignore']),
      ...aligned([
        { command: 'git config core.hooksPath .githooks', what: 'turns on the pre-commit hook' },
        // If an existing config was kept, the answers do not describe it.
        ...(kept.some((path) => basename(path) === 'kaniflux.yaml')
          ? [firstCheck]
          : stepsOf(settings.start, settings.cluster ?? 'CLUSTER', settings.people[0] ?? 'PERSON')),
      ]),
    ];
    io.stderr(`\nNext:\n${steps.map((step) => `  ${step}\n`).join('')}`);
    return 0;
  },
};

function aligned(steps: readonly Step[]): string[] {
  const width = Math.max(...steps.map(({ command }) => command.length));
  return steps.map(({ command, what }) => `${command.padEnd(width)}  ${what}`);
}

async function answers(given: Readonly<Record<string, unknown>>, io: Io): Promise<Answers> {
  const answered: Record<string, readonly string[]> = {};
  for (const field of fields) {
    const values = [given[field.flag] ?? []].flat().map(String);
    for (const value of values) {
      const fault = field.fault(value);
      if (fault) throw new UserError(`--${field.flag} is ${fault}; not \`${value}\``);
    }
    if (values.length > 0) answered[field.flag] = values;
  }
  for (const field of fields) {
    if (!io.ask || answered[field.flag] || !isUsed(field, answered)) continue;
    const answer = await askFor({ ...field, ...standardOf(field, answered) }, io.ask, io);
    if (answer !== undefined) answered[field.flag] = [answer];
  }
  return answered;
}

/**
 * Whether a setting is needed, given the earlier answers. With `by-hand`, `adopt` writes the config, so only the name
 * of the cluster is used, in the next steps. If Kaniflux deploys Kanidm, its origin is at its domain.
 */
function isUsed({ flag }: Field, { start }: Answers): boolean {
  if (flag === 'origin') return start?.[0] === 'kanidm-elsewhere';
  return start?.[0] !== 'by-hand' || flag === 'cluster';
}

/** Returns the answer that is suggested because of the earlier answers. */
function standardOf(field: Field, answered: Answers): Pick<Field, 'standard'> {
  const guess = field.guess?.(answered);
  return guess === undefined ? {} : { standard: guess };
}

async function askFor(field: Field, ask: NonNullable<Io['ask']>, io: Io): Promise<string | undefined> {
  const hint = field.standard ? ` [${field.standard}]` : ` (empty: ${field.empty ?? 'fill it in later'})`;
  for (;;) {
    const answer = (await ask(`${field.question}${hint}: `)).trim() || field.standard;
    const fault = answer === undefined ? undefined : field.fault(answer);
    if (!fault) return answer;
    io.stderr(`Expected ${fault}.\n`);
  }
}
