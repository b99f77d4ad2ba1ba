/**
 * Compares Kaniflux with the real programs on random inputs for a number of minutes: `npm run soak -- [MINUTES]`, by
 * default 60. FAST_CHECK_SEED repeats a run. Prints the seed, what was tried, and what failed. The smallest input that
 * fails is kept in build/soak/. Exits with 1 if something failed.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const folder = join(root, 'build', 'soak');
const figures = join(folder, 'figures.jsonl');

interface Part {
  readonly name: string;
  /** Arguments of Jest. */
  readonly args: readonly string[];
  /** The number of properties in the files. Each of them gets the same time. */
  readonly properties?: number;
  /** The part's share of the time. */
  readonly share: number;
}

const real = ['--config', 'jest.e2e.config.json'];
const soak = (name: string) => [...real, '--testMatch', `**/e2e/soak/${name}.soak.ts`];
/** Parts without properties are repeated with the next seed until their time is over. */
const parts: readonly Part[] = [
  { name: 'diff', args: ['__tests__/diff/.*property'], properties: 2, share: 0.2 },
  { name: 'access', args: soak('access'), properties: 1, share: 0.25 },
  { name: 'yaml', args: soak('yaml'), properties: 8, share: 0.25 },
  { name: 'roles', args: [...real, 'e2e/review-access'], share: 0.1 },
  { name: 'adopt', args: [...real, 'e2e/adopt/same-access'], share: 0.2 },
];

/** Runs Jest. If it takes too long, ends Jest and all processes that it started. */
function jest(args: readonly string[], env: Record<string, string>, seconds: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', '.bin', 'jest'), ...args, '--testTimeout', String(seconds * 1000)],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    },
  );
  const timer = setTimeout(() => {
    console.error(`ended after ${seconds} s`);
    process.kill(-(child.pid as number), 'SIGTERM');
  }, seconds * 1000);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

/** A run that takes longer than its time by this number of seconds counts as hanging. */
const patience = 900;

async function run({ name, args, properties, share }: Part, seconds: number, seed: number): Promise<boolean> {
  const budget = share * seconds;
  if (properties !== undefined) {
    const env = { FAST_CHECK_SEED: String(seed), FAST_CHECK_SECONDS: String(budget / properties) };
    return jest(args, env, budget + patience);
  }
  const clusters = 24;
  const ended = Date.now() + budget * 1000;
  let isGood = true;
  for (let i = 0; i === 0 || Date.now() < ended; i++) {
    const first = (seed % 900_000) + i * clusters;
    const env = {
      FAST_CHECK_SEED: String(seed + i),
      ADOPT_SEED: String(first),
      ADOPT_CLUSTERS: String(clusters),
    };
    const results = join(folder, `${name}-${seed + i}.json`);
    const ok = await jest([...args, '--json', `--outputFile=${results}`], env, budget + patience);
    if (ok) rmSync(results);
    const line = { test: name, cases: name === 'adopt' ? clusters : 1, seed: name === 'adopt' ? first : seed + i };
    writeFileSync(figures, `${JSON.stringify({ ...line, failed: !ok })}\n`, { flag: 'a' });
    isGood &&= ok;
  }
  return isGood;
}

async function main(): Promise<void> {
  const minutes = Number(process.argv[2] ?? 60);
  if (!(minutes > 0)) throw new Error('usage: npm run soak -- [MINUTES]');
  const seed = Number(process.env.FAST_CHECK_SEED ?? randomInt(2 ** 31 - 1));
  console.log(`seed ${seed}: FAST_CHECK_SEED=${seed} npm run soak -- ${minutes}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const failed: string[] = [];
  for (const part of parts) if (!(await run(part, minutes * 60, seed))) failed.push(part.name);
  console.log(`\nseed ${seed}\n${table()}`);
  if (failed.length === 0) return;
  console.error(`failed: ${failed.join(', ')}; what failed is in build/soak/`);
  process.exitCode = 1;
}

/** Returns the numbers of what was tried, by test. */
function table(): string {
  const rows = new Map<string, { cases: number; failed: number }>();
  for (const line of readFileSync(figures, 'utf8').trim().split('\n')) {
    const { test, cases, failed } = JSON.parse(line) as { test: string; cases: number; failed: boolean };
    const row = rows.get(test) ?? { cases: 0, failed: 0 };
    rows.set(test, { cases: row.cases + cases, failed: row.failed + Number(failed) });
  }
  const lines = [...rows].map(([test, { cases, failed }]) => `${test}: ${cases} cases, ${failed} failed`);
  return lines.join('\n');
}

void main();
