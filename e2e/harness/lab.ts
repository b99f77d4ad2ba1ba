import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import type { LabGlobals } from './environment';
import { type ProcessOptions, Running } from './process';

const shared = globalThis as LabGlobals;

/** The folder of the logs of all labs. The logs stay if a test failed. */
const logsOfAll = join(__dirname, '..', '..', 'build', 'e2e');

/**
 * A temporary folder, and the processes that work in it. The processes are ended and the folder is removed even if the
 * process that opened the lab is killed.
 *
 * ```ts
 * const lab = await Lab.open('access');
 * const etcd = await startEtcd(lab);
 * await lab.close();
 * ```
 */
export class Lab {
  private readonly processes: Running[] = [];
  private readonly reaperInput: Writable;

  private constructor(
    /** The temporary folder. */
    readonly folder: string,
    /** The folder of the processes' logs. */
    readonly logs: string,
    private readonly reaper: ChildProcess,
  ) {
    this.reaperInput = reaper.stdin as Writable;
    this.reaperInput.write(`folder ${folder}\n`);
  }

  /** Opens a lab. Its name is also the name of the folder of its logs. */
  static async open(name: string): Promise<Lab> {
    const folder = await mkdtemp(join(tmpdir(), `kaniflux-e2e-${name}-`));
    const logs = join(logsOfAll, `${name}-${process.pid}`);
    await rm(logs, { recursive: true, force: true });
    await mkdir(logs, { recursive: true });
    const reaper = spawn(process.execPath, [join(__dirname, 'reaper.js')], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    reaper.unref();
    (reaper.stdin as Writable & { unref(): void }).unref();
    const lab = new Lab(folder, logs, reaper);
    shared.kanifluxLabs ??= new Set();
    shared.kanifluxLabs.add(lab);
    return lab;
  }

  /** Returns a path in the temporary folder. */
  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Writes a file in the temporary folder and returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  /** Starts a process of this lab. Rejects if there is no such program. */
  async start(options: ProcessOptions): Promise<Running> {
    const name = options.name ?? basename(options.command);
    const log = join(this.logs, `${this.processes.length}-${name}.log`);
    const running = await Running.start({ cwd: this.folder, ...options }, log);
    this.reaperInput.write(`+${running.pid}\n`);
    running.onGone = () => this.reaperInput.write(`-${running.pid}\n`);
    this.processes.push(running);
    return running;
  }

  /** Registers cgroups, which are removed with their child groups if the test process is killed. */
  removeGroups(folders: readonly string[]): void {
    for (const folder of folders) this.reaperInput.write(`group ${folder}\n`);
  }

  /**
   * Ends the processes, the last one first, and removes the folder. The logs stay if a test failed.
   *
   * @param failed whether to keep the logs. @default whether a test of this file failed, as recorded by environment.ts
   */
  async close(failed: boolean = shared.kanifluxTestFailed ?? false) {
    shared.kanifluxLabs?.delete(this);
    for (const running of this.processes.reverse()) await running.stop();
    await rm(this.folder, { recursive: true, force: true });
    if (failed) console.error(`The logs are kept in ${this.logs}`);
    else await rm(this.logs, { recursive: true, force: true });
    const gone = new Promise((resolve) => this.reaper.once('exit', resolve));
    this.reaperInput.end();
    await gone;
  }
}
