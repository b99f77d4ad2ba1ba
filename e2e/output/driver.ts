import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The functions that change the disk. */
export const changing = ['writeFileSync', 'renameSync', 'rmSync', 'rmdirSync', 'mkdirSync'] as const;

/** A program that writes `count` files with `size` characters, which contain `mark`. It runs as a separate process. */
const source = `
import { writeArtifacts } from './lib/output/write';
const [outdir, mark, count, size, killAt, user] = process.argv.slice(2);
const fs = require('node:fs');
let calls = 0;
// killAt counts the calls that change the disk. The process is killed before the call with this number. If this call
// writes a file, a part of the file is written first.
if (Number(killAt) > 0) {
  for (const name of ${JSON.stringify(changing)}) {
    const real = fs[name];
    fs[name] = (...args) => {
      if (++calls === Number(killAt)) {
        if (name === 'writeFileSync') real(args[0], String(args[1]).slice(0, 3), args[2]);
        process.kill(process.pid, 'SIGKILL');
      }
      return real(...args);
    };
  }
}
function* artifacts() {
  for (let i = 0; i < Number(count); i++) yield { path: mark + '/' + i, text: (mark + i).padEnd(Number(size), '.') };
  yield { path: 'common', text: mark };
}
if (Number(user) > 0) process.setuid(Number(user));
writeArtifacts(outdir, artifacts(), { shown: 'dist', layout: () => true }).then(
  ({ recovered, unchanged }) => console.log(JSON.stringify({ recovered, unchanged, calls })),
  (error) => { console.error(error.message); process.exitCode = 2; },
);
`;

const root = join(__dirname, '..', '..');
let program: string | undefined;
afterAll(() => {
  if (program) rmSync(dirname(program), { recursive: true });
});

function build(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'kaniflux-driver-')), 'driver.cjs');
  // The command of esbuild, because its API leaves a process behind.
  const options = [
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--loader=ts',
    '--log-level=error',
    `--outfile=${outfile}`,
  ];
  execFileSync(join(root, 'node_modules', '.bin', 'esbuild'), options, {
    cwd: root,
    input: source,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return outfile;
}

export interface Drive {
  readonly outdir: string;
  readonly mark: string;
  readonly count?: number;
  readonly size?: number;
  readonly killAt?: number;
  /** The user as which it writes. Requires root. */
  readonly user?: number;
  /** A shell command to run first, for example to set a limit. */
  readonly shell?: string;
}

function command({ outdir, mark, count = 5, size = 10, killAt = 0, user = 0, shell = 'true' }: Drive) {
  program ??= build();
  const args = [process.execPath, program, outdir, mark, ...[count, size, killAt, user].map(String)];
  return ['-c', `${shell}; exec "$@"`, 'sh', ...args];
}

/** Runs the writer in a separate process, and waits until it ends. */
export const drive = (options: Drive) => spawnSync('sh', command(options), { encoding: 'utf8' });

/** Returns the result that a successful run prints. */
export const resultOf = (run: { readonly stdout: string }) =>
  JSON.parse(run.stdout) as { recovered: boolean; unchanged: number; calls: number };

/** Starts the writer. `ended` resolves when it has ended. */
export function start(options: Drive) {
  const child = spawn('sh', command(options), { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ status: number | null; stderr: string }>((done) => {
    child.on('close', (status) => done({ status, stderr }));
  });
  return { child, ended };
}
