import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Lab } from '../harness';
import { ensurePart } from '../parts/build';

interface Named {
  readonly name: string;
}

/** The container and the volumes of a static pod. */
export interface Pod {
  readonly spec: {
    readonly containers: readonly [
      { readonly command: readonly string[]; readonly volumeMounts: readonly Named[]; readonly [key: string]: unknown },
    ];
    readonly volumes: readonly Named[];
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** A kubeadm of one version, which reads a configuration from a text. */
export class Kubeadm {
  private constructor(
    private readonly lab: Lab,
    private readonly binary: string,
  ) {}

  static async of(lab: Lab, version: '1.34' | '1.37'): Promise<Kubeadm> {
    return new Kubeadm(lab, await ensurePart(`kubeadm-${version}`));
  }

  /** Returns what `config validate` prints, with its warnings. Rejects if it exits with an error. */
  async validate(text: string): Promise<string> {
    const { stdout, stderr } = await this.run(['config', 'validate', '--config', await this.save(text)]);
    return stdout + stderr;
  }

  /** Returns the static pod of kube-apiserver that kubeadm would write, without using the node or the network. */
  async pod(text: string): Promise<Pod> {
    const out = this.lab.path('out');
    await rm(out, { recursive: true, force: true });
    await mkdir(out);
    const args = ['init', 'phase', 'control-plane', 'apiserver', '--dry-run', '--config', await this.save(text)];
    await this.run(args, { KUBEADM_INIT_DRYRUN_DIR: out });
    return parse(await readFile(`${out}/kube-apiserver.yaml`, 'utf8'));
  }

  /** Creates the certificates that a configuration requires, in its `certificatesDir`. */
  async certificates(text: string): Promise<void> {
    await this.run(['init', 'phase', 'certs', 'all', '--config', await this.save(text)]);
  }

  /** Returns the warnings of `init` about the age of a configuration, without changing anything. */
  async warnings(text: string): Promise<string> {
    const args = ['init', 'phase', 'control-plane', 'apiserver', '--dry-run', '--config', await this.save(text)];
    return (await this.run(args, { KUBEADM_INIT_DRYRUN_DIR: this.lab.folder })).stderr;
  }

  private run(args: readonly string[], env: Record<string, string> = {}) {
    return promisify(execFile)(this.binary, [...args], { cwd: this.lab.folder, env: { ...process.env, ...env } });
  }

  private save(text: string): Promise<string> {
    return this.lab.write('kubeadm.yaml', text);
  }
}

/**
 * Returns the items that only the second pod has, sorted, for each of the lists that may differ. Throws if anything
 * else differs, or if something is missing.
 */
export function added(before: Pod, after: Pod) {
  const [was] = before.spec.containers;
  const [is] = after.spec.containers;
  const rest = (pod: Pod) => {
    const [{ command, volumeMounts, ...container }, ...others] = pod.spec.containers;
    return { ...pod, spec: { ...pod.spec, volumes: [], containers: [container, ...others] } };
  };
  expect(rest(after)).toEqual(rest(before));
  return {
    command: beyond(was.command, is.command),
    volumes: beyond(before.spec.volumes, after.spec.volumes),
    volumeMounts: beyond(was.volumeMounts, is.volumeMounts),
  };
}

/** Returns the items that only the second list has. Throws if it lacks an item of the first list. */
function beyond<T>(before: readonly T[], after: readonly T[]): T[] {
  const left = after.map((item) => JSON.stringify(item));
  for (const item of before) {
    const at = left.indexOf(JSON.stringify(item));
    if (at < 0) throw new Error(`${JSON.stringify(item)} is gone`);
    left.splice(at, 1);
  }
  return left.sort().map((item) => JSON.parse(item) as T);
}
