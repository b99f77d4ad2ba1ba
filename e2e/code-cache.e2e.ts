import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { removeTemporary, temporary } from '../__tests__/output/folder';

const built = mkdtempSync(join(tmpdir(), 'kaniflux-cache-'));
const main = join(built, 'main.js');
beforeAll(() => {
  buildSync({
    stdin: {
      contents: `
        import { requireCached } from './lib/cli/code-cache';
        const [file, cache] = process.argv.slice(2);
        console.log(requireCached({ file, hash: 'h', use: 'synth' }, cache));`,
      resolveDir: join(__dirname, '..'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    outfile: main,
  });
});
afterAll(() => rmSync(built, { recursive: true }));
afterEach(removeTemporary);

/**
 * Creates a folder with a program. `run` starts a process that loads the program through the cache, and returns what
 * the program exports.
 */
function prepare() {
  const folder = temporary();
  const file = join(folder, 'program.js');
  const cache = join(folder, 'cache', 'compiled');
  const write = (text: string, time: number) => {
    writeFileSync(file, `(function (exports, require, module) { module.exports = '${text}'; })`);
    utimesSync(file, time, time);
  };
  const run = () => spawnSync(process.execPath, [main, file, cache], { encoding: 'utf8' }).stdout.trim();
  return { cache, write, run, made: () => readdirSync(cache) };
}

test('what is not ASCII is run as it is written, from the file and from the cache', () => {
  const { write, run } = prepare();
  write('…✗ѕ', 1);
  expect([run(), run()]).toEqual(['…✗ѕ', '…✗ѕ']);
});

test('code is compiled once, for this user alone, and again where the file has changed', () => {
  const { cache, write, run, made } = prepare();
  write('one', 1);
  expect(run()).toBe('one');
  const [first = ''] = made();
  expect(statSync(cache).mode & 0o777).toBe(0o700);
  expect(statSync(join(cache, first)).mode & 0o777).toBe(0o600);
  const { mtimeMs } = statSync(join(cache, first));
  expect(run()).toBe('one');
  expect(statSync(join(cache, first)).mtimeMs).toBe(mtimeMs);
  // The new text has the same length as the old one, so V8 would accept the old compiled code and run it.
  write('two', 2);
  expect(run()).toBe('two');
  expect(made()).toHaveLength(1);
  expect(made()).not.toEqual([first]);
});

test('what others may write is neither used nor made', () => {
  const { cache, write, run, made } = prepare();
  mkdirSync(cache, { recursive: true });
  chmodSync(cache, 0o777);
  write('one', 1);
  expect(run()).toBe('one');
  expect(made()).toEqual([]);
});

/** Loading one of these takes a tenth of the time in which a small config is rendered. */
test.each(['child_process', 'http', 'https', 'net', 'tls', 'readline'])('synth does not load node:%s', (name) => {
  const folder = temporary();
  const print = join(folder, 'print.cjs');
  writeFileSync(print, `process.on('exit', () => console.log(process.moduleLoadList.join('\\n')));`);
  const config = join(__dirname, '..', '__tests__', 'fixtures', 'home-lab', 'kaniflux.yaml');
  const program = join(__dirname, '..', 'build', 'kaniflux.js');
  const args = ['-r', print, program, 'synth', '-q', '-c', config, '-o', join(folder, 'dist')];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout.split('\n')).toContain('NativeModule vm');
  expect(stdout.split('\n')).not.toContain(`NativeModule ${name}`);
});
