import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporary, temporary } from '../../__tests__/output/folder';

afterEach(removeTemporary);

const ciRun = readFileSync(join(__dirname, '..', '..', '.ci', 'run'), 'utf8');
const unchanged = /^unchanged\(\) \{\n[\s\S]*?^\}\n/m.exec(ciRun)?.[0] ?? '';

/** Runs the step that finds files which a command has changed; `before` prepares the folder. */
function runSame(folder: string, before = 'true'): number | null {
  const script = `set -euo pipefail\n${before} >/dev/null\n${unchanged}\nunchanged`;
  return spawnSync('bash', ['-c', script], { cwd: folder, env: { ...process.env, GIT_CEILING_DIRECTORIES: '/' } })
    .status;
}

test('a changed file fails the run, and so does a git that cannot say', () => {
  const folder = temporary();
  expect(runSame(folder, 'git init -q .')).toBe(0);
  writeFileSync(join(folder, 'changed'), '');
  expect(runSame(folder)).toBe(1);
  expect(runSame(temporary())).not.toBe(0);
});
