import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Lab } from '../harness';
import { visit } from '../oidc/sign-in';
import { ensurePart } from '../parts/build';

/** What became of a command. */
export interface KubectlRun {
  readonly code: number | null;
  /** In a terminal, all that was to be seen there. */
  readonly stdout: string;
  readonly stderr: string;
  /** Where each browser that was opened went, from the first address to the last. */
  readonly visits: readonly (readonly URL[])[];
}

/** A file of kubelogin's cache. */
export interface Kept {
  readonly mode: number;
  readonly idToken: string;
}

export interface WorkstationOptions {
  readonly browser: Browser;
  /** The name of kubelogin's binary: krew's, or its own. @default 'kubectl-oidc_login' */
  readonly kubelogin?: 'kubectl-oidc_login' | 'kubelogin';
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The machine of somebody who signs in: an empty home, no keyring, and on its PATH kubectl, kubelogin and an `xdg-open`,
 * nothing else. What `xdg-open` is given, the browser of the test opens.
 */
export class Workstation {
  private constructor(
    private readonly home: string,
    private readonly browser: Browser,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create(lab: Lab, name: string, options: WorkstationOptions): Promise<Workstation> {
    const { browser, kubelogin = 'kubectl-oidc_login', env } = options;
    const home = lab.path(name, 'home');
    await mkdir(home, { recursive: true });
    await chmod(await lab.write(`${name}/bin/xdg-open`, '#!/bin/sh\necho "$1" >>"$HOME/opened"\n'), 0o755);
    await symlink(await ensurePart('kubectl-1.34'), lab.path(name, 'bin', 'kubectl'));
    await symlink(await ensurePart('kubelogin'), lab.path(name, 'bin', kubelogin));
    const noKeyring = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${home}/nobody` };
    return new Workstation(home, browser, { HOME: home, PATH: lab.path(name, 'bin'), ...noKeyring, ...env });
  }

  /** Runs kubectl without a terminal. `who` signs in where a browser is opened. */
  async kubectl(who: string, args: readonly string[]): Promise<KubectlRun> {
    const opened = async () =>
      (await readFile(join(this.home, 'opened'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
    const before = (await opened()).length;
    const visits: URL[][] = [];
    const said = await this.run(join(this.env.PATH ?? '', 'kubectl'), args, async () => {
      for (const address of (await opened()).slice(before + visits.length))
        visits.push(await this.browse(who, address));
    });
    return { ...said, visits };
  }

  /** Runs kubectl in a terminal. `who` opens the address that is shown there in any browser, and pastes the code. */
  async kubectlInTerminal(who: string, args: readonly string[]): Promise<KubectlRun> {
    const visits: URL[][] = [];
    const command = ['kubectl', ...args].map((arg) => `'${arg}'`).join(' ');
    // A program that reads from a pipe and types that into a terminal; every Debian has it.
    const said = await this.run('/usr/bin/script', ['-qec', command, '/dev/null'], async (stdout, type) => {
      const [, address] = /Please visit the following URL in your browser: (\S+)\s+Enter code: $/.exec(stdout) ?? [];
      if (!address || visits.length > 0) return;
      visits.push(await this.browse(who, address));
      type(`${visits[0]?.at(-1)?.searchParams.get('code')}\n`);
    });
    return { ...said, visits };
  }

  /** What kubelogin keeps on disk, without its locks. */
  async cache(): Promise<readonly Kept[]> {
    const folder = join(this.home, '.kube', 'cache', 'oidc-login');
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.endsWith('.lock'));
    return Promise.all(
      names.map(async (name) => ({
        mode: (await stat(join(folder, name))).mode & 0o777,
        idToken: JSON.parse(await readFile(join(folder, name), 'utf8')).id_token,
      })),
    );
  }

  /** A browser that remembers nobody goes where it is sent. */
  private async browse(who: string, address: string): Promise<URL[]> {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true });
    try {
      const page = await context.newPage();
      const went: URL[] = [];
      page.on('request', (asked) => {
        if (asked.isNavigationRequest()) went.push(new URL(asked.url()));
      });
      await visit(page, address, who);
      return went;
    } finally {
      await context.close();
    }
  }

  private async run(
    command: string,
    args: readonly string[],
    look: (stdout: string, type: (text: string) => void) => Promise<void>,
  ): Promise<Omit<KubectlRun, 'visits'>> {
    // A group of its own, so that kubelogin ends with kubectl: it would wait for the browser for three minutes.
    const child = spawn(command, args, { cwd: this.home, env: { ...this.env, SHELL: '/bin/sh' }, detached: true });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.stdin.on('error', () => {}); // EPIPE: nobody reads
    const ended = new Promise<{ code: number | null }>((resolve, reject) => {
      child.once('error', reject).once('close', (code) => resolve({ code }));
    });
    const deadline = Date.now() + 60_000;
    try {
      for (;;) {
        const end = await Promise.race([ended, sleep(50)]);
        await look(said.stdout, (text) => child.stdin.write(text));
        if (end) return { ...said, ...end };
        if (Date.now() > deadline) throw new Error(`not done after a minute: ${said.stdout}${said.stderr}`);
      }
    } finally {
      try {
        process.kill(-(child.pid as number), 'SIGKILL');
      } catch {} // gone
    }
  }
}
