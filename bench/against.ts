import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Size, type Spelling, spellings, writeConfig } from './input';
import { interleaved, median, ratio, type Sample, type Subject } from './measure';

export interface Builds {
  /** The program `kaniflux.js` of the new build. */
  readonly now: string;
  /** The program of the build that the new one is compared with. */
  readonly before: string;
}

const sizes: readonly (readonly [Size, number])[] = [
  [{ clusters: 1, grants: 1 }, 15],
  [{ clusters: 1, grants: 100 }, 11],
  [{ clusters: 10, grants: 100 }, 7],
  [{ clusters: 100, grants: 100 }, 3],
  [{ clusters: 1000, grants: 100 }, 1],
];

/**
 * Measures two builds of Kaniflux in turn: the start-up, and a first run for each size and spelling of the config.
 * @returns a Markdown table
 */
export function against(folder: string, config: string, builds: Builds, quick: boolean): string {
  if (!existsSync(builds.before)) throw new Error(`${builds.before} is not there: name the build/ of another checkout`);
  const rows: string[] = [];
  // Each row and build has its own cache of compiled code. The cache contains only the functions that the first run
  // called, so rows cannot share it. A build deletes the compiled code of other builds, so builds cannot share it.
  const cache = (build: string) => ({ XDG_CACHE_HOME: join(folder, `cache-${build}-${rows.length}`) });
  const add = (what: string, at: string | Builds, args: readonly string[], rounds: number) => {
    console.error(what);
    const folders = typeof at === 'string' ? { now: at, before: at } : at;
    const subject = (program: string, cwd: string, env: Subject['env']): Subject => ({
      name: `${program} ${args.join(' ')}`,
      command: [process.execPath, program, ...args],
      cwd,
      env,
      before: () => rmSync(join(cwd, 'dist'), { recursive: true, force: true }),
    });
    const now = subject(builds.now, folders.now, cache('now'));
    const before = subject(builds.before, folders.before, cache('before'));
    rows.push(row(what, interleaved({ now, before }, rounds)));
  };
  // An older build may not read the config of the home lab as it is now, so each build has that of its checkout.
  const home = {
    now: homeOf(join(folder, 'home-now'), config),
    before: homeOf(join(folder, 'home-before'), join(dirname(builds.before), '..', 'kaniflux.yaml')),
  };
  add('`--version`', home, ['--version'], quick ? 3 : 25);
  add('home lab, as in each checkout', home, ['synth', '--quiet'], quick ? 3 : 25);
  for (const [size, rounds] of quick ? sizes.slice(1, 2) : sizes) {
    const objects = size.clusters * size.grants;
    for (const spelling of spellings) {
      const cwd = join(folder, `${objects}-${spelling}`);
      writeConfig(cwd, size, spelling);
      add(`${objects.toLocaleString('en')} objects, ${names[spelling]}`, cwd, ['synth', '--quiet'], quick ? 1 : rounds);
    }
  }
  return [
    '| | CPU before | CPU now | CPU, ratio | time, ratio | memory, ratio |',
    '| --- | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
}

function homeOf(folder: string, config: string): string {
  mkdirSync(folder);
  copyFileSync(config, join(folder, 'kaniflux.yaml'));
  return folder;
}

const names: Readonly<Record<Spelling, string>> = { block: 'block', flow: 'flow', files: 'a file a cluster' };

function row(what: string, { now, before }: Readonly<Record<'now' | 'before', readonly Sample[]>>): string {
  const cpu = (samples: readonly Sample[]) => `${(median(samples.map((sample) => sample.cpu)) * 1000).toFixed(0)} ms`;
  const times = (field: keyof Sample) => ratio(now, before, field).median.toFixed(2);
  return `| ${what} | ${cpu(before)} | ${cpu(now)} | ${times('cpu')} | ${times('wall')} | ${times('memory')} |`;
}
