import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab, Running } from '../harness';
import { createGroups, removeGroups } from './cgroups';

/** The error if a command on the machine exits with another code than 0. The message ends with its output. */
export class CommandOnMachineFailed extends Error {
  constructor(
    command: string,
    readonly code: number | string | null,
    readonly output: string,
  ) {
    super(`\`${command}\` on the node ended with ${code}: ${output.trim()}`);
  }
}

/**
 * A machine for one node: the programs and files of this machine, in separate namespaces. All files, interfaces, mounts
 * and processes of it disappear when its first process ends (`machine.sh`).
 */
export class Machine {
  private constructor(
    private readonly init: Running,
    private readonly pid: number,
    /** The folders of its cgroups. */
    readonly groups: readonly string[],
  ) {}

  /**
   * Starts a machine.
   * @param programs folder of kubelet, kubeadm and kubectl
   */
  static async boot(lab: Lab, programs: string): Promise<Machine> {
    const folder = lab.path('machine');
    await mkdir(folder);
    const groups = await createGroups(`kaniflux-node-${process.pid}`);
    lab.removeGroups(groups);
    const enter = groups.map((group) => `echo $$ > ${join(group, 'cgroup.procs')}`).join('; ');
    const unshare = 'exec unshare --mount --net --pid --cgroup --uts --ipc --fork --kill-child';
    const script = `${enter}; ${unshare} bash ${join(__dirname, 'machine.sh')} ${folder} ${programs}`;
    const init = await lab.start({ name: 'machine', command: 'bash', args: ['-c', script] });
    const pid = await childOf(init);
    const machine = new Machine(init, pid, groups);
    await until('containerd answers', () => machine.run('ctr version'), 120);
    return machine;
  }

  /**
   * Runs a shell command line on the machine and returns its standard output.
   * @throws {@link CommandOnMachineFailed}
   */
  async run(command: string, input = ''): Promise<string> {
    // With `--norc`, because a bash whose standard input is a socket behaves as if started by rshd, and reads the
    // user's settings.
    const child = spawn(
      'nsenter',
      ['-t', String(this.pid), '-m', '-n', '-p', '-u', '-i', '-C', '-r', '-w', 'bash', '--norc', '-c', command],
      {
        env: { PATH: '/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin', HOME: '/root', TERM: 'dumb' },
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}).end(input); // EPIPE: it ended before it read all
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject).once('close', (status, signal) => resolve(status ?? signal));
    });
    if (code !== 0) throw new CommandOnMachineFailed(command, code, stderr + stdout);
    return stdout;
  }

  /** Runs kubectl on the machine, with the administrator's certificate. */
  kubectl(args: string, input = ''): Promise<string> {
    return this.run(`kubectl --kubeconfig=/etc/kubernetes/admin.conf ${args}`, input);
  }

  /** Writes a file on the machine. */
  async write(path: string, text: string): Promise<void> {
    await this.run(`mkdir -p "$(dirname ${path})" && cat > ${path}`, text);
  }

  /** Ends all containers and the kubelet at once, as in a power failure, and starts the kubelet again. */
  async reboot(): Promise<void> {
    await this.run(`touch /run/kubelet.stop
pkill -9 -x kubelet || true
pkill -9 containerd-shim || true
ctr -n k8s.io tasks ls -q | xargs -r -n 1 ctr -n k8s.io tasks kill -s SIGKILL || true
rm /run/kubelet.stop`);
  }

  /** Copies the logs of kubelet, containerd and all pods into a folder. */
  async keepLogs(folder: string): Promise<void> {
    const archive = join(folder, 'node.tar.gz');
    await writeFile(archive, Buffer.from(await this.run('tar -C /var/log -czhf - node pods | base64'), 'base64'));
  }

  /** Ends all processes of the machine, and removes its cgroups. */
  async halt(): Promise<void> {
    process.kill(this.init.pid, 'SIGKILL'); // unshare passes no other signal on
    await this.init.stop();
    await until('the cgroups are empty', async () => removeGroups(this.groups), 60);
  }
}

async function childOf({ pid }: Running): Promise<number> {
  const path = `/proc/${pid}/task/${pid}/children`;
  return until(
    'the machine has a first process',
    async () => {
      const child = Number((await readFile(path, 'utf8')).trim().split(' ')[0]);
      if (!child) throw new Error(`${path} is empty`);
      return child;
    },
    20,
  );
}

/** Calls a function until it does not throw. @throws the last error, after a number of seconds */
export async function until<T>(what: string, attempt: () => Promise<T>, seconds: number): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(500)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`not within ${seconds} s: ${what}: ${(error as Error).message}`, { cause: error });
    }
  }
}
