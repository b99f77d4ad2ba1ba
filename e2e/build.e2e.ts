import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from './harness';
import { cached } from './parts/cache';

describe('building parts', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open('build');
  });
  afterAll(() => lab?.close());

  test('a signal ends the build, and nothing of it is left but its log', async () => {
    const cache = lab.path('cache');
    const root = join(__dirname, '..');
    const main = spawn(join(root, 'node_modules', '.bin', 'tsx'), ['e2e/parts/main.ts', 'registry'], {
      cwd: root,
      // With an empty build cache, the build takes longer than the time until the signal.
      env: { ...process.env, KANIFLUX_CACHE: cache, GOCACHE: lab.path('go') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    main.stderr.on('data', (data) => {
      said += data;
    });
    const ended = new Promise((resolve) => main.once('exit', (code, signal) => resolve(code ?? signal)));
    const logs = join(cache, 'logs');
    for (let i = 0; i < 1000 && !(existsSync(logs) && readdirSync(logs).length > 0); i++) await sleep(50);
    main.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(said).toContain('registry v0.22.1 could not be built');
    expect(readdirSync(join(cache, 'parts'))).toEqual([]);
    expect(readdirSync(logs)).toHaveLength(1);
  });

  test('what a killed build left goes with the next one', async () => {
    const { KANIFLUX_CACHE } = process.env;
    process.env.KANIFLUX_CACHE = lab.path('another');
    for (const name of ['a-1.99999.unfinished', 'a-1.99999.unfinished.work', 'a-10.99999.unfinished']) {
      await mkdir(lab.path('another', 'parts', name), { recursive: true });
    }
    try {
      expect(await cached('parts/a-1', async () => {})).toEqual([lab.path('another', 'parts', 'a-1'), true]);
      expect(readdirSync(lab.path('another', 'parts'))).toEqual(['a-1', 'a-10.99999.unfinished']);
    } finally {
      process.env.KANIFLUX_CACHE = KANIFLUX_CACHE;
    }
  });
});
