import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* The property tests of `npm test`, with four times as many inputs. */
const root = join(__dirname, '..');
const tests = readdirSync(join(root, '__tests__'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('__tests__', name))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes(': runs('));

test('the properties hold for more inputs', () => {
  expect(tests.length).toBeGreaterThan(4);
  const args = [require.resolve('jest/bin/jest'), '--runInBand', '--runTestsByPath', ...tests];
  const env = { ...process.env, FAST_CHECK_FACTOR: '4' };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}, 900_000);
