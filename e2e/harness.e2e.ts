import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab, launchChromium } from './harness';
import { processesOf } from './harness/leftovers';
import { findChromium } from './parts/chromium';

// A shell that ignores SIGTERM and has a child process, which is the hardest case to clean up.
const stubborn = { command: 'sh', args: ['-c', 'trap "" TERM; sleep 600 & wait; wait'] };

describe('a lab', () => {
  test('ends a process that ignores SIGTERM, and its children, and removes its folder', async () => {
    const lab = await Lab.open('stubborn');
    const running = await lab.start(stubborn);
    await running.stop(100);
    expect(isAlive(running.pid)).toBe(false);
    await lab.close();
    expect(existsSync(lab.folder)).toBe(false);
    expect(existsSync(lab.logs)).toBe(false);
  });

  test('keeps the logs, and nothing else, when a test failed', async () => {
    const told = jest.spyOn(console, 'error').mockImplementation();
    const lab = await Lab.open('failed');
    const running = await lab.start({ command: 'sh', args: ['-c', 'echo the reason; sleep 600'] });
    await running.ready(async () => (await running.output()) === 'the reason\n');
    await lab.close(true);
    expect(told).toHaveBeenCalledWith(`The logs are kept in ${lab.logs}`);
    expect(existsSync(running.log)).toBe(true);
    expect(existsSync(lab.folder)).toBe(false);
    told.mockRestore();
    await (await Lab.open('failed')).close(); // the same folder of logs: it goes with this one
  });

  test('tells what is missing when a program is', async () => {
    const lab = await Lab.open('missing');
    await expect(lab.start({ command: 'no-such-program' })).rejects.toThrow('no-such-program');
    await lab.close();
  });

  test('ends its processes when the one that opened it is killed', async () => {
    const program = `
      const { Lab } = require('./e2e/harness/lab.ts');
      Lab.open('killed').then(async (lab) => {
        const { pid } = await lab.start(${JSON.stringify(stubborn)});
        console.log(JSON.stringify({ pid, folder: lab.folder, logs: lab.logs }));
        setInterval(() => {}, 1000);
      });`;
    const opener = spawn(process.execPath, ['-r', 'tsx/cjs', '-e', program], { cwd: join(__dirname, '..') });
    const line = await new Promise<string>((resolve) => opener.stdout.once('data', (data) => resolve(`${data}`)));
    const { pid, folder, logs } = JSON.parse(line);
    expect(isAlive(pid)).toBe(true);
    opener.kill('SIGKILL');
    for (let i = 0; i < 400 && (isAlive(pid) || existsSync(folder)); i++) await sleep(50);
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    rmSync(logs, { recursive: true });
  });
});

describe('a run', () => {
  test('knows its processes, also one that left its parents', async () => {
    const { KANIFLUX_E2E_RUN = '' } = process.env;
    const lab = await Lab.open('orphan');
    const log = await lab.write('pid', '');
    await lab.start({ command: 'sh', args: ['-c', `setsid sleep 600 & echo $! > '${log}'`] });
    let pid = 0;
    for (let i = 0; i < 400 && !pid; i++, await sleep(50)) pid = Number(readFileSync(log, 'utf8'));
    expect([...processesOf(KANIFLUX_E2E_RUN)]).toContainEqual([pid, 'sleep 600']);
    expect(processesOf('another run').size).toBe(0);
    process.kill(pid, 'SIGKILL');
    await lab.close();
  });

  test('has a home folder and temporary files of its own', async () => {
    const lab = await Lab.open('own');
    expect(lab.folder.startsWith(process.env.TMPDIR as string)).toBe(true);
    expect(homedir()).toBe(process.env.HOME);
    expect(dirname(homedir())).toBe(dirname(process.env.TMPDIR as string));
    await lab.close();
  });
});

/** Whether a process of a process group exists. */
function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

describe('Chromium', () => {
  test('reaches this machine and the hosts that it is led to, and nothing else', async () => {
    const server = createServer(({ headers }, answer) => answer.end(`<h1>${headers.host}</h1>`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const browser = await launchChromium({ hosts: { 'sso.example.com': port } });
    try {
      const page = await browser.newPage();
      await page.goto('http://sso.example.com/');
      expect(await page.textContent('h1')).toBe('sso.example.com');
      await page.goto(`http://localhost:${port}/`);
      expect(await page.textContent('h1')).toBe(`localhost:${port}`);
      await expect(page.goto('http://example.org/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  });

  test('is the one that CHROMIUM names, else the first on PATH', async () => {
    expect(await findChromium({ CHROMIUM: '/opt/mine', PATH: '' })).toBe('/opt/mine');
    const lab = await Lab.open('chromium');
    const mine = await lab.write('bin/chromium', '#!/bin/sh\n');
    chmodSync(mine, 0o755);
    expect(await findChromium({ PATH: `/nonexistent:${lab.path('bin')}` })).toBe(mine);
    await lab.close();
  });
});
