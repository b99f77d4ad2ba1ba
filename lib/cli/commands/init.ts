import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { version } from '../../../package.json';
import { defaultBranch, otherHooks, repositoryOf } from '../../existing/repository';
import { hostOfOrigin } from '../../identity/issuer';
import { askAnswers } from '../../init/ask-answers';
import { type Copies, certificateFault, withCopies } from '../../init/certificate-file';
import { clusterFields, type Field, fields, personFields } from '../../init/fields';
import { givenAnswers, withoutEffect } from '../../init/given-answers';
import { newFiles } from '../../init/init-files';
import {
  hasPlugAndPlay,
  isDependency,
  missingLock,
  type PackageSource,
  packageSource,
} from '../../init/package-source';
import { type Answers, type Settings, settingsOf, startOf } from '../../init/settings';
import { firstCheck, type Step, stepsOf } from '../../init/starts';
import { isFor } from '../../init/workflow';
import { surroundings, type Written, writeNew } from '../../init/write-files';
import { command as shell } from '../../node-files/shell';
import { OutputError } from '../../output/output-error';
import { type Command, type Invocation, type Io, type OptionSpec, UserError } from '../command';
import { docsFolder } from '../docs-folder';

const isRepeated = (field: Field) => clusterFields.includes(field) || personFields.includes(field);

const options: Readonly<Record<string, OptionSpec>> = {
  ...Object.fromEntries(
    fields.map((field): [string, OptionSpec] => [
      field.flag,
      {
        type: 'string',
        description: field.description,
        value: field.value,
        multiple: isRepeated(field),
        ...(field.choices ? { choices: field.choices, isCheckedByCommand: field.flag === 'control-plane' } : {}),
      },
    ]),
  ),
  branch: {
    type: 'string',
    value: 'NAME',
    description:
      'Branch that Flux reads (unless set, the default branch of this repository); each push to this branch starts the workflow',
  },
  yes: {
    type: 'boolean',
    short: 'y',
    description: 'Ask nothing; use the default of each setting that is not given as an option',
  },
  cdk8s: { type: 'boolean', description: 'Write cdk8s.yaml and main.ts too, for a cdk8s app of your own' },
};

export const command: Command = {
  name: 'init',
  usage: '[options]',
  details: `Writes four files into this repository: kaniflux.yaml, .gitignore, a GitHub Actions workflow that reviews pull
requests, and a pre-commit hook. A file that exists is not changed.
On a terminal, it asks for each setting that is not given as an option; --yes asks nothing. Where a setting has
neither a value nor a default, kaniflux.yaml has a comment, and \`kaniflux check\` reports the empty field.
For several clusters, give --cluster several times. The first --server belongs to the first --cluster, the second to
the second, and so on. In the same way, the first --display-name belongs to the first --person.
A CA certificate from outside this folder is copied into this folder.`,
  examples: [
    'kaniflux init',
    'kaniflux init --yes --start new-kanidm --domain idm.example.com --cluster homelab --server https://192.0.2.10:6443 --kubernetes 1.34 --control-plane k3s --person jane',
    'kaniflux init --yes --domain idm.example.com --cluster east --server https://192.0.2.10:6443 --cluster west --server https://192.0.2.20:6443 --kubernetes 1.34 --person jane',
  ],
  options,
  async run(invocation) {
    const { options: given, args, io } = invocation;
    if (args.length > 0) throw new UserError(`init takes no arguments, found \`${args[0]}\``);
    const { root, folder, isRepository } = repositoryOf(io.cwd);
    const branch = given.branch === undefined ? (defaultBranch(root) ?? 'main') : String(given.branch);
    const complete = await answersOf(invocation);
    const isAdopted = startOf(complete.general) === 'existing-sign-in';
    const { answers, copies } = isAdopted ? { answers: complete, copies: {} } : withCopies(complete, io.cwd);
    const settings = settingsOf(answers);
    const existing = (path: string) => textOf(join(root, path));
    const files = [
      ...newFiles(settings, { folder, branch, existing }, given.cdk8s === true),
      ...Object.entries(copies).map(([name, text]) => ({ path: join(folder, name), text })),
    ];
    refuseOtherCopies(copies, io);
    const { written, kept } = writeAll(root, files);
    for (const path of written)
      io.stderr(`wrote ${path}${path.startsWith('.github') ? `, for the branch ${branch}` : ''}\n`);
    for (const path of kept) io.stderr(`kept ${path}, which existed\n`);
    const { isPackage, installed, ignored } = surroundings(io.cwd);
    const lock = missingLock(io.cwd, root);
    const isPlugAndPlay = hasPlugAndPlay(io.cwd, root);
    const isNamed = isDependency(io.cwd);
    // Yarn's Plug'n'Play installs packages in another place. For a workspace, a later step names npm install.
    const isInstalled = installed || (isNamed && (isPlugAndPlay || lock === 'workspace'));
    const steps = [
      ...(isRepository ? [] : [`git init -b ${branch}`]),
      // If this folder has no package.json, npm installs into a folder above it that has a package.json.
      ...(isInstalled || isPackage ? [] : ['npm init -y']),
      ...(isInstalled ? [] : [isNamed ? `${lock ?? 'npm'} install` : `npm install --save-dev kaniflux@${version}`]),
      ...(given.cdk8s ? ['npm install --save-dev tsx cdk8s-cli'] : []),
      ...(ignored ? [] : ['add the line `node_modules/` to .gitignore']),
      ...aligned([
        ...(isPlugAndPlay ? [noPlugAndPlay] : []),
        ...lockSteps(lock, folder),
        ...sourceSteps(packageSource(io.cwd, root)),
        ...kept.filter((path) => isForeignWorkflow(folder, path, existing(path))).map(workflowStep),
        ...hookSteps(root, folder, kept),
        // If an existing config was kept, the answers do not describe it.
        ...(kept.includes(folder === '' ? 'kaniflux.yaml' : `${folder}/kaniflux.yaml`)
          ? [firstCheck]
          : nextSteps(settings, branch, docsFolder(io.cwd))),
      ]),
    ];
    io.stderr(`\nNext${also(settings)}:\n${steps.map((step) => `  ${step}\n`).join('')}`);
    io.stderr(`\nEach step in detail: ${docsFolder(io.cwd)}/start.md, section ${settings.start}\n`);
    return 0;
  },
};

const noPlugAndPlay: Step = {
  command: 'add the line `nodeLinker: node-modules` to .yarnrc.yml',
  what: "then run yarn install: the hook, npx and the JSON Schema need node_modules, which Yarn's Plug'n'Play does not make",
};

const isForeignWorkflow = (folder: string, path: string, text = '') =>
  path.startsWith('.github/') && isFor(text, folder) !== true;

const workflowStep = (path: string): Step => ({
  command: `edit ${path}`,
  what: 'init did not write this workflow: make sure that it reviews and checks this folder',
});

const hook = '.githooks/pre-commit';

/** The steps after which Git runs the hook. A hook that existed, and the other hooks of a repository, are kept. */
function hookSteps(root: string, folder: string, kept: readonly string[]): Step[] {
  const own = ['npx kaniflux synth --check', 'npx kaniflux check --severity warning'];
  const isForeign = kept.includes(hook) && !isHookOf(folder, textOf(join(root, hook)) ?? '');
  const commands = (folder === '' ? own : [shell('cd', folder), ...own]).map((line) => `\`${line}\``).join(', ');
  const edit = { command: `edit ${hook}`, what: `this hook does not check this folder yet: add ${commands}` };
  const other = otherHooks(root);
  const turnOn =
    other === undefined
      ? { command: 'git config core.hooksPath .githooks', what: 'turns on the pre-commit hook' }
      : {
          command: `call ${hook} in the pre-commit hook of ${other}`,
          what: 'Git runs only the hooks of one folder, so do not set core.hooksPath',
        };
  return [...(isForeign ? [edit] : []), turnOn];
}

/** Whether a hook checks a folder: `init` writes the command `cd` for every folder other than the root. */
const isHookOf = (folder: string, text: string) =>
  text.includes('kaniflux synth --check') &&
  (folder === '' ? !/^\s*cd /m.test(text) : text.split('\n').some((line) => line.trim() === shell('cd', folder)));

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/** The steps that create `package-lock.json` in the folder of the config. The workflow installs Kaniflux from it. */
function lockSteps(missing: ReturnType<typeof missingLock>, folder: string): Step[] {
  const what = 'the workflow installs Kaniflux with npm, from package-lock.json in the folder of the config';
  if (missing === undefined) return [];
  if (missing !== 'workspace') return [{ command: 'npm install --package-lock-only', what: `${what}: commit it` }];
  const command = `remove ${folder} from the workspaces of npm`;
  const why = `${what}, but npm writes no package-lock.json for a workspace`;
  return [{ command, what: `then run npm install in ${folder}: ${why}` }];
}

/** The steps after which `npm ci` can install Kaniflux in a clone of the repository, as the workflow does. */
function sourceSteps(source: PackageSource | undefined): Step[] {
  if (source === undefined) return [];
  const { path, isOutside } = source;
  const isFile = /\.(tgz|tar\.gz)$/.test(path);
  if (!isOutside) {
    if (!isFile) return [];
    return [
      {
        command: shell('git', 'add', 'package.json', 'package-lock.json', path.replace(/^\.\//, '')),
        what: 'the workflow installs Kaniflux from these files: commit them',
      },
    ];
  }
  const [copy, name] = isFile
    ? [shell('cp', path, '.'), basename(path)]
    : [shell('npm', 'pack', path), `kaniflux-${version}.tgz`];
  return [
    {
      command: `${copy} && ${shell('npm', 'install', '--save-dev', `./${name}`)}`,
      what: `commit ${name} too: the workflow cannot install a file outside this repository`,
    },
  ];
}

function nextSteps({ start, clusters, people, domain, origin }: Settings, branch: string, docs: string): Step[] {
  const kanidm = origin === undefined ? domain : hostOfOrigin(origin);
  return stepsOf(start, {
    cluster: clusters[0]?.name ?? 'CLUSTER',
    person: people[0]?.name ?? 'PERSON',
    branch,
    ...(kanidm === undefined ? {} : { kanidm }),
    docs,
  });
}

/** The clusters for which the steps are to be repeated. */
const also = ({ clusters: [first, ...others] }: Settings): string =>
  first === undefined || others.length === 0
    ? ''
    : ` (repeat the steps with ${first.name} for ${others.map(({ name }) => name).join(', ')})`;

function aligned(steps: readonly Step[]): string[] {
  const width = Math.max(...steps.map(({ command }) => command.length));
  return steps.map(({ command, what }) => `${command.padEnd(width)}  ${what}`);
}

/** @throws UserError with all values that are wrong */
async function answersOf({ options: given, io }: Invocation): Promise<Answers> {
  const values = Object.fromEntries(fields.map(({ flag }) => [flag, [given[flag] ?? []].flat().map(String)]));
  const { answers, faults } = givenAnswers(values);
  const unreadable = fields.flatMap(({ flag, isCertificate }) =>
    (isCertificate ? (values[flag] ?? []) : []).flatMap((path) => {
      const fault = certificateFault(io.cwd, path);
      return fault === undefined ? [] : [`--${flag} is ${fault}; not \`${path}\``];
    }),
  );
  const all = [...faults, ...unreadable];
  if (given.branch === '') all.push('--branch needs the name of a branch, found an empty text');
  if (all.length > 0) throw new UserError(all.join('\n'));
  const isAsked = io.ask !== undefined && given.yes !== true;
  if (startOf(answers.general) !== 'existing-sign-in' && existsSync(join(io.cwd, 'kaniflux.yaml'))) {
    if (isAsked) io.stderr('kaniflux.yaml exists and stays as it is, so nothing is asked.\n');
    return answers;
  }
  const asker = {
    // An empty answer takes the default.
    ask: (isAsked && io.ask) || (async () => ''),
    say: isAsked ? io.stderr : () => {},
    certificateFault: (path: string) => certificateFault(io.cwd, path),
  };
  const complete = await askAnswers(answers, asker);
  const unused = withoutEffect(complete, values);
  if (unused.length === 0) return complete;
  // An error after the questions would discard the answers, and whoever adopts a setup needs none of these options.
  if (!isAsked && startOf(complete.general) !== 'existing-sign-in') throw new UserError(unused.join('\n'));
  for (const text of unused) io.stderr(`not used: ${text}\n`);
  return complete;
}

/** Refuses to copy certificates into an existing file that has other certificates. */
function refuseOtherCopies(copies: Copies, io: Io): void {
  for (const [name, text] of Object.entries(copies)) {
    const path = join(io.cwd, name);
    if (existsSync(path) && readFileSync(path, 'utf8') !== text)
      throw new UserError(
        `${name} exists and has other certificates than the file that you gave: move ${name}, or give ${name} in place of your file. Nothing was written`,
      );
  }
}

function writeAll(root: string, files: Parameters<typeof writeNew>[1]): Written {
  try {
    return writeNew(root, files);
  } catch (thrown) {
    throw thrown instanceof OutputError ? new UserError(thrown.message) : thrown;
  }
}
