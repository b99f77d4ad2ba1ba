/**
 * Builds the program, compares it with `cdk8s synth`, `helm template`, `jsonnet` and `kustomize build`, and writes
 * docs/performance.md and docs/performance.svg. `--quick` measures small inputs once, and prints the figures.
 * `--node FILE`, which may be given several times, also measures the start-up with other versions of Node.
 * `--against DIR` compares with the build in another folder instead, and prints a table. `--first` measures the first
 * commands of a new user, with the package and with the binary, and the page to try; together with `--against`, it
 * measures them with that build too.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { against } from './against';
import { commands, graph } from './commands';
import type { Figures, Growth, StartUp } from './figures';
import { binary, firstRuns, megabytes, packed } from './first-runs';
import { addWarning, type Size, type Spelling, spellings, writeConfig } from './input';
import { interleaved, measure, type Sample, type Subject } from './measure';
import { pageTime } from './page-time';
import { kaniflux, peers } from './peers';
import { picture, table } from './report';

const root = join(__dirname, '..');
const quick = process.argv.includes('--quick');
/** `--against DIR`: the build/ of another checkout. */
const other = process.argv.includes('--against')
  ? (process.argv[process.argv.indexOf('--against') + 1] ?? '')
  : undefined;
/** `--node FILE`: other Node programs. */
const nodes = process.argv.flatMap((arg, i) => (arg === '--node' ? [resolve(process.argv[i + 1] ?? '')] : []));
/** A file system in memory, so that the speed of the disk does not change the figures. */
const memory = '/dev/shm';
const inMemory = existsSync(memory);
const say = (text: string) => console.error(text);

async function main(): Promise<void> {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'inherit' });
  const folder = mkdtempSync(join(inMemory ? memory : tmpdir(), 'kaniflux-bench-'));
  try {
    if (process.argv.includes('--first')) return await first(folder);
    if (other !== undefined) {
      const builds = { now: join(root, 'build', 'kaniflux.js'), before: resolve(other, 'kaniflux.js') };
      return console.log(against(folder, join(root, 'kaniflux.yaml'), builds, quick));
    }
    const figures: Figures = {
      inMemory,
      startUp: startUps(folder),
      commands: fleet(folder),
      graphs: (['chain', 'dense'] as const).map((shape) => graph(folder, shape)),
      beside: await beside(folder),
      growth: growth(folder),
    };
    const text = table(figures);
    if (quick) return console.log(text);
    writeFigures('figures', 'npm run bench', text);
    writeFileSync(join(root, 'docs', 'performance.svg'), picture(figures));
    say('wrote docs/performance.md and docs/performance.svg');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Replaces the figures between two comments of docs/performance.md. */
function writeFigures(name: string, command: string, text: string): void {
  const page = join(root, 'docs', 'performance.md');
  const between = new RegExp(`(<!-- ${name}: made by ${command} -->\\n)[\\s\\S]*(<!-- end of ${name} -->)`);
  const before = readFileSync(page, 'utf8');
  if (!between.test(before)) throw new Error(`${page} has no place for ${name}`);
  writeFileSync(
    page,
    before.replace(between, (_, begin, end) => `${begin}\n${text.trimEnd()}\n\n${end}`),
  );
}

/** Measures the first commands of a new user with each program, and the page to try. */
async function first(folder: string): Promise<void> {
  say('the first commands of a new user');
  const programs = {
    'npm package': packed(join(folder, 'package')),
    binary: binary(),
    ...(other === undefined ? {} : { before: [process.execPath, resolve(other, 'kaniflux.js')] }),
  };
  const text = [
    `The table shows the shortest of ${quick ? 1 : 9} runs, because other programs on the machine only make a run longer. Measured with Node ${process.version} on ${cpus().length} × ${cpus()[0]?.model}. The binary has ${megabytes(programs.binary[0] ?? '')}.`,
    '',
    firstRuns(folder, programs, quick ? 1 : 9),
    '',
    await pageTime(quick ? 1 : 9),
  ].join('\n');
  if (quick || other !== undefined) return console.log(text);
  writeFigures('first commands', 'npm run bench -- --first', text);
}

/**
 * Measures the home lab, and commands that do little, with each of the Node programs. The package is built with the
 * Node that runs this script. Each Node has its own cache of compiled code, because the cache contains only the
 * functions that the first run called.
 */
function startUps(folder: string): StartUp[] {
  const cwd = join(folder, 'home');
  mkdirSync(cwd);
  copyFileSync(join(root, 'kaniflux.yaml'), join(cwd, 'kaniflux.yaml'));
  const program = packed(join(folder, 'package'))[1] ?? '';
  return [process.execPath, ...nodes].map((node) => {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');
    say(`start-up with Node ${version}`);
    const env = { XDG_CACHE_HOME: join(folder, `cache-${version}`) };
    const subject = (...args: readonly string[]): Subject => ({
      name: args.join(' '),
      command: [node, ...args],
      cwd,
      env,
    });
    const synth = subject(program, 'synth', '--quiet');
    const subjects = {
      version: subject(program, '--version'),
      help: subject(program, '--help'),
      node: subject('-e', '0'),
      synth,
      first: { ...synth, env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
    };
    return { version, samples: interleaved(subjects, quick ? 3 : 21) };
  });
}

/** Measures the bindings of one cluster with each program. */
async function beside(folder: string) {
  const measured: { objects: number; samples: Record<string, Sample[]> }[] = [];
  for (const [objects, rounds] of quick
    ? ([[100, 2]] as const)
    : ([
        [1, 5],
        [100, 5],
        [1000, 5],
        [10_000, 3],
      ] as const)) {
    say(`${objects} objects, by each program`);
    const subjects = await peers(join(folder, `peers-${objects}`), objects);
    measured.push({ objects, samples: interleaved(subjects, rounds) });
  }
  return measured;
}

/** Measures each command for a thousand clusters, in each spelling. */
function fleet(folder: string) {
  const size = quick ? { clusters: 10, grants: 100 } : { clusters: 1000, grants: 100 };
  return spellings.map((spelling) => {
    say(`commands over ${size.clusters} clusters, ${spelling}`);
    return commands(folder, size, spelling, quick ? 1 : 3);
  });
}

/** Measures fleets of several sizes: the first run, a run that changes nothing, and a run for one of the clusters. */
function growth(folder: string): Growth[] {
  const largest: Size = quick ? { clusters: 10, grants: 100 } : { clusters: 1000, grants: 100 };
  const smaller: readonly (readonly [Size, number])[] = quick
    ? []
    : [
        [{ clusters: 1, grants: 1 }, 5],
        [{ clusters: 1, grants: 10 }, 5],
        [{ clusters: 1, grants: 100 }, 5],
        [{ clusters: 10, grants: 100 }, 3],
        [{ clusters: 100, grants: 100 }, 3],
      ];
  return [
    ...smaller.flatMap(([size, rounds]) =>
      (['block', 'files'] as const).map((spelling) => grow(folder, { size, spelling, rounds, hasWarning: false })),
    ),
    ...spellings.flatMap((spelling) =>
      [false, true].map((hasWarning) => grow(folder, { size: largest, spelling, rounds: quick ? 1 : 3, hasWarning })),
    ),
  ];
}

interface Fleet {
  readonly size: Size;
  readonly spelling: Spelling;
  readonly hasWarning: boolean;
  readonly rounds: number;
}

function grow(folder: string, { size, spelling, hasWarning, rounds }: Fleet): Growth {
  const objects = size.clusters * size.grants;
  say(`${objects} objects of ${size.clusters} clusters, ${spelling}${hasWarning ? ', one warning' : ''}`);
  const cwd = join(folder, `growth-${objects}-${spelling}-${hasWarning}`);
  writeConfig(cwd, size, spelling);
  if (hasWarning) addWarning(cwd, size, spelling);
  const synth: Subject = {
    name: 'kaniflux synth',
    command: [...kaniflux, 'synth', '--quiet'],
    cwd,
    env: { XDG_CACHE_HOME: join(cwd, 'cache') },
  };
  // Stores the compiled code.
  measure(synth);
  const first: Sample[] = [];
  const second: Sample[] = [];
  const one: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    rmSync(join(cwd, 'dist'), { recursive: true, force: true });
    first.push(measure(synth));
    if (round > 0 && objects > 10_000) continue;
    second.push(measure(synth));
    one.push(measure({ ...synth, command: [...synth.command, '--cluster', 'cluster0000'] }));
  }
  rmSync(cwd, { recursive: true });
  return { ...size, spelling, hasWarning, objects, first, second, one };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
