import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Lab } from '../harness';
import { visit } from '../oidc/sign-in';
import { ensurePart } from '../parts/build';

/** The result of a command. */
export interface KubectlRun {
  readonly code: number | null;
  /** The standard output; in a terminal, everything that was shown. */
  readonly stdout: string;
  readonly stderr: string;
  /** The addresses that each opened browser visited, from the first to the last. */
  readonly visits: readonly (readonly URL[])[];
}

/** A file in the cache of kubelogin. */
export interface Kept {
  readonly mode: number;
  readonly idToken: string;
}

export interface WorkstationOptions {
  readonly browser: Browser;
  /** The name of kubelogin's executable: that of krew, or its own. @default 'kubectl-oidc_login' */
  readonly kubelogin?: 'kubectl-oidc_login' | 'kubelogin';
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The machine of a person who signs in. It has an empty home folder and no keyring. Its PATH contains only kubectl,
 * kubelogin and an `xdg-open`, which opens addresses in the browser of the test.
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

  /** Runs kubectl without a terminal. If a browser is opened, `who` signs in. */
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

  /** Runs kubectl in a terminal. `who` opens the address that is shown there in a browser, and pastes the code. */
  async kubectlInTerminal(who: string, args: readonly string[]): Promise<KubectlRun> {
    const visits: URL[][] = [];
    const command = ['kubectl', ...args].map((arg) => `'${arg}'`).join(' ');
    // `script` passes its standard input to a terminal. Debian installs it by default.
    const said = await this.run('/usr/bin/script', ['-qec', command, '/dev/null'], async (stdout, type) => {
      const [, address] = /Please visit the following URL in your browser: (\S+)\s+Enter code: $/.exec(stdout) ?? [];
      if (!address || visits.length > 0) return;
      visits.push(await this.browse(who, address));
      type(`${visits[0]?.at(-1)?.searchParams.get('code')}\n`);
    });
    return { ...said, visits };
  }

  /** Returns the files that kubelogin keeps on disk, without its locks. */
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

  /** Opens an address in a browser without a session, and follows the redirects. */
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
    // kubectl has its own process group, so that kubelogin ends with it. kubelogin would wait three minutes for the
    // browser.
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
