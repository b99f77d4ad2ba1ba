import { execFileSync } from 'node:child_process';
import { controllers } from './cgroups';

const wanted = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'devices', 'freezer'];

/** Returns why this machine cannot run a node; `undefined` if it can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'a node needs Linux';
  if (process.getuid?.() !== 0) return 'a node needs root';
  const missing = wanted.filter((name) => !controllers().includes(name));
  if (missing.length > 0)
    return `no cgroup v1 hierarchy of ${missing.join(', ')}: the node was only tried with cgroup v1`;
  const attempts: readonly [string, string][] = [
    ['namespaces', 'true'],
    ['a bridge', 'ip link add probe0 type bridge'],
    [
      'an overlay on memory',
      'd=$(mktemp -d); mount -t tmpfs t $d; mkdir $d/u $d/w $d/r; mount -t overlay o -o lowerdir=/etc,upperdir=$d/u,workdir=$d/w $d/r',
    ],
    ['iptables', 'iptables -t nat -L -n'],
  ];
  for (const [what, command] of attempts) {
    try {
      execFileSync(
        'unshare',
        ['--mount', '--net', '--pid', '--cgroup', '--uts', '--ipc', '--fork', 'sh', '-c', command],
        { stdio: 'pipe' },
      );
    } catch (error) {
      const message = (error as Error).message;
      const [, program] = /(\S+): not found$/m.exec(message) ?? [];
      if (program) return `${program} is not installed: \`npm run e2e:parts\`, run as root, installs what a node needs`;
      return `${what} can't be had here: ${message}`;
    }
  }
  return undefined;
}
