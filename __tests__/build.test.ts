import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from './config';

const build = join(__dirname, '..', 'build');
const program = join(build, 'kaniflux.js');
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-build-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the built program, and says which of its own files it read. */
function read(...args: string[]): string[] {
  const script = `
    const fs = require('node:fs');
    const read = [];
    const real = fs.readFileSync;
    fs.readFileSync = (file, ...rest) => (read.push(String(file)), real(file, ...rest));
    process.argv.splice(1, 0, ${JSON.stringify(program)});
    process.on('exit', () => fs.writeFileSync('read.json', JSON.stringify([...read, ...Object.keys(require.cache)])));
    require(${JSON.stringify(program)});`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script, '--', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const files = JSON.parse(readFileSync(join(folder, 'read.json'), 'utf8')) as string[];
  return [
    ...new Set(files.filter((file) => file.startsWith(build)).map((file) => file.slice(build.length + 1))),
  ].sort();
}

test('--help and --version load no command', () => {
  expect(read('--version')).toEqual(['kaniflux.js']);
  expect(read('--help')).toEqual(['kaniflux.js']);
});

test('synth loads itself, as it was compiled when it was built', () => {
  writeFileSync(join(folder, 'kaniflux.yaml'), homeLabText);
  expect(read('synth', '--quiet')).toEqual(['commands/synth.js', 'commands/synth.js.cache', 'kaniflux.js']);
  expect(existsSync(join(folder, 'dist', 'ACCESS.md'))).toBe(true);
  const script = `
    const { readFileSync } = require('node:fs');
    const file = ${JSON.stringify(join(build, 'commands', 'synth.js'))};
    const code = require('node:module').wrap(readFileSync(file, 'utf8'));
    console.log(new (require('node:vm').Script)(code, { cachedData: readFileSync(file + '.cache') }).cachedDataRejected);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'false\n', stderr: '' });
});
