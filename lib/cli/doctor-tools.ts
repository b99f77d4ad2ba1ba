import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { contextFor } from '../checks/live/contexts';
import type { Tools } from '../checks/live/live-system';
import type { Cluster } from '../config/config';
import { printable } from '../config/printable';
import { errorCode, messageOf } from '../guards';
import { type Invocation, type Io, UserError } from './command';
import { kubectlOf, whoami } from './kubectl';

/**
 * Returns the tools with which the checks of `doctor` read this machine and the network. Options and environment
 * variables configure them.
 */
export function toolsOf({ options, io }: Invocation, clusters: readonly Cluster[], timeout: number): Tools {
  const token = io.env.KANIDM_TOKEN?.trim();
  const tokenFor = originOf(options.kanidm, io);
  const file = options['kanidm-ca'] ?? (io.env.KANIDM_CA_PATH || undefined);
  const contexts = (): unknown => JSON.parse(kubectlOf(io, { timeout })(['config', 'view', '--output=json']));
  const contextOf = (cluster: Cluster): string | undefined => {
    if (options.context !== undefined) return String(options.context);
    return clusters.length === 1 ? undefined : contextFor(cluster, contexts());
  };
  return {
    timeout,
    now: Date.now,
    ...(token ? { token } : {}),
    ...(tokenFor === undefined ? {} : { tokenFor }),
    ...(file === undefined ? {} : { kanidmCa: read(String(file), io) }),
    kubectl(cluster) {
      const context = contextOf(cluster);
      return kubectlOf(io, { timeout, ...(context === undefined ? {} : { context }) });
    },
    read: (path) => read(path, io),
    apiServerLog: () => newestLog('/var/log/pods'),
    installed: (name) =>
      (io.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name))),
    ...(options.login ? { whoami: (text) => signIn(text, io) } : {}),
  };
}

/** Returns the origin that the token is for, from the option or from the variable that Kanidm's own client reads. */
function originOf(option: unknown, io: Io): string | undefined {
  const [name, url] = option === undefined ? ['KANIDM_URL', io.env.KANIDM_URL?.trim()] : ['--kanidm', String(option)];
  if (!url) return undefined;
  const { protocol, origin } = URL.canParse(url) ? new URL(url) : { protocol: '', origin: '' };
  if (protocol !== 'https:')
    throw new UserError(
      `${name} must be an https address, for example https://idm.example.com, not \`${printable(url)}\``,
    );
  return origin;
}

async function signIn(kubeconfig: string, io: Io): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-doctor-'));
  try {
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    return await whoami(io, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (thrown) {
    throw new UserError(`${file} can't be read: ${messageOf(thrown).split(',')[0]}`);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The number of bytes that are read from the end of a log. A kube-apiserver that does not start writes far less. */
const logEnd = 256 * 1024;

/**
 * Returns the end of the newest log of kube-apiserver below the folder in which the kubelet keeps the logs of pods.
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-location-node
 */
export function newestLog(folder: string): string {
  const below = (path: string): string[] => {
    try {
      return readdirSync(path).map((name) => join(path, name));
    } catch (error) {
      if (errorCode(error) === 'EACCES') throw new UserError(`${path} can be read by root only`);
      return [];
    }
  };
  const [newest] = below(folder)
    .filter((path) => /\/kube-system_kube-apiserver-[^/]*$/.test(path))
    .flatMap((path) => below(join(path, 'kube-apiserver')))
    .filter((path) => path.endsWith('.log'))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  if (!newest) throw new UserError(`this machine has no log of kube-apiserver in ${folder}`);
  const file = openSync(newest.path, 'r');
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, logEnd));
    readSync(file, end, 0, end.length, size - end.length);
    return end.toString('utf8');
  } finally {
    closeSync(file);
  }
}
