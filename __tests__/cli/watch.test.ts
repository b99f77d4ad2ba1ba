import { once } from 'node:events';
import { watch as eventsOf, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeConfig } from '../../bench/input';
import type { Io } from '../../lib/cli/command';
import { watch } from '../../lib/cli/watch';
import { homeLabText } from '../config';
import { removeTemporary, temporary } from '../output/folder';
import { run } from '../run';

const running: Watching[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.end();
  removeTemporary();
});

/** A watch that runs in a folder. It waits for output without a time limit. */
class Watching {
  private text = '';
  private readonly changed = new EventTarget();
  private readonly controller = new AbortController();
  private readonly ended: Promise<0>;

  /** @param onText called while a run prints */
  constructor(
    private readonly folder: string,
    onText: (text: string) => void = () => undefined,
    output = 'dist',
  ) {
    const io: Io = {
      stdout: () => undefined,
      stderr: (text) => {
        this.text += text;
        onText(text);
        this.changed.dispatchEvent(new Event('text'));
      },
      stdin: async () => '',
      cwd: folder,
      env: {},
      color: false,
      isTTY: false,
    };
    const options = { config: 'kaniflux.yaml', output, check: false, quiet: false };
    this.ended = watch(options, io, this.controller.signal);
    running.push(this);
  }

  /** Returns what each run printed before it waited for the next change. */
  get runs(): string[] {
    return this.text.split('waiting for changes\n').slice(0, -1);
  }

  /** Returns what the first run printed. */
  async first(): Promise<string> {
    await this.until(() => this.runs.length > 0);
    return this.runs[0] ?? '';
  }

  /** Resolves as soon as a condition is true after a run. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.changed, 'text');
  }

  file(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  end(): Promise<0> {
    this.controller.abort();
    return this.ended;
  }
}

function homeLabFolder(): string {
  const folder = temporary();
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  return folder;
}

test('renders now and after each change of the config, until it is ended', async () => {
  const folder = homeLabFolder();
  const watching = new Watching(folder);
  expect(await watching.first()).toContain('dist');
  const before = watching.file('dist/ACCESS.md');
  expect(homeLabText).toContain('clusterRole: cluster-admin');
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: view'));
  await watching.until(() => watching.file('dist/ACCESS.md') !== before);
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  await watching.until(() => watching.file('dist/ACCESS.md') === before);
  expect(await watching.end()).toBe(0);
});

test('a file that no run read does not start a run, and neither does what a run writes', async () => {
  const folder = homeLabFolder();
  const watching = new Watching(folder);
  await watching.first();
  const own = eventsOf(folder);
  const seen = once(own, 'change');
  writeFileSync(join(folder, 'notes.txt'), 'notes');
  await seen;
  own.close();
  // This is longer than the time that the watch waits after a change. On a slow machine, a run could come later and
  // would not be noticed.
  await pause(300);
  expect(watching.runs).toHaveLength(1);
});

test('a file of the config starts a run: changed, new and removed', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 2, grants: 2 }, 'files');
  const watching = new Watching(folder);
  await watching.first();
  const [first, third] = ['cluster0001', 'cluster0003'].map((name) => join(folder, 'clusters', `${name}.yaml`));
  if (!first || !third) throw new Error('no paths');
  const text = readFileSync(first, 'utf8');
  writeFileSync(first, text.replace('clusterRole: edit', 'clusterRole: admin'));
  const access = 'dist/clusters/cluster0001/access/access.k8s.yaml';
  await watching.until(() => watching.file(access).includes('name: admin\n'));
  writeFileSync(third, text.replace('cluster0001', 'cluster0003').replace('cluster1.', 'cluster3.'));
  await watching.until(() => existsSync(join(folder, 'dist/clusters/cluster0003')));
  rmSync(third);
  await watching.until(() => !existsSync(join(folder, 'dist/clusters/cluster0003')));
});

test('an output that contains the config: the config starts a run, and what a run writes does not', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 1, grants: 2 }, 'files');
  const watching = new Watching(folder, undefined, '.');
  await watching.first();
  await pause(300);
  expect(watching.runs).toHaveLength(1);
  const [first, second] = ['cluster0000', 'cluster0001'].map((name) => join(folder, 'clusters', `${name}.yaml`));
  if (!first || !second) throw new Error('no paths');
  const text = readFileSync(first, 'utf8');
  writeFileSync(first, text.replace('clusterRole: edit', 'clusterRole: admin'));
  const access = 'clusters/cluster0000/access/access.k8s.yaml';
  await watching.until(() => watching.file(access).includes('name: admin\n'));
  writeFileSync(second, text.replace('cluster0000', 'cluster0001').replace('cluster0.', 'cluster1.'));
  await watching.until(() => existsSync(join(folder, 'clusters/cluster0001')));
});

test('a change during a run starts another', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 1, grants: 2 }, 'files');
  const file = join(folder, 'clusters', 'cluster0000.yaml');
  let isChanged = false;
  const watching = new Watching(folder, (text) => {
    if (isChanged || !text.startsWith('dist: ')) return;
    isChanged = true;
    writeFileSync(file, readFileSync(file, 'utf8').replace('clusterRole: edit', 'clusterRole: admin'));
  });
  await watching.first();
  await watching.until(() =>
    watching.file('dist/clusters/cluster0000/access/access.k8s.yaml').includes('name: admin\n'),
  );
});

test('an error is printed, and the next change is rendered', async () => {
  const folder = homeLabFolder();
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText.replace('kanidm:', 'kandim:'));
  const watching = new Watching(folder);
  expect(await watching.first()).toContain('kandim');
  expect(existsSync(join(folder, 'dist'))).toBe(false);
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  await watching.until(() => existsSync(join(folder, 'dist/ACCESS.md')));
});

test('a config that is missing is waited for', async () => {
  const folder = temporary();
  const watching = new Watching(folder);
  expect(await watching.first()).toMatch(/^kaniflux: .*kaniflux\.yaml/);
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  await watching.until(() => existsSync(join(folder, 'dist/ACCESS.md')));
});

test('a folder that is missing is waited for', async () => {
  const folder = temporary();
  writeConfig(folder, { clusters: 1, grants: 2 }, 'files');
  renameSync(join(folder, 'clusters'), join(folder, 'elsewhere'));
  const watching = new Watching(folder);
  await watching.first();
  expect(existsSync(join(folder, 'dist'))).toBe(false);
  renameSync(join(folder, 'elsewhere'), join(folder, 'clusters'));
  await watching.until(() => existsSync(join(folder, 'dist/ACCESS.md')));
});

test('what cannot be watched is refused', async () => {
  for (const args of [['--check'], ['-c', '-']]) {
    expect(await run(['synth', '--watch', ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--watch can't be combined with --check or -c -"),
    });
  }
});
