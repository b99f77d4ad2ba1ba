import { chmod } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { Apiserver, Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { capture } from '../parts/exec';
import { helmHome } from './charts';

interface HelmRelease {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly generation: number };
  readonly spec: {
    readonly chart: {
      readonly spec: {
        readonly chart: string;
        readonly version: string;
        readonly sourceRef: { readonly name: string; readonly namespace?: string };
      };
    };
    readonly values?: Record<string, unknown>;
    readonly postRenderers?: readonly { readonly kustomize: Record<string, unknown> }[];
  };
  readonly status?: { readonly observedGeneration?: number };
}

/**
 * Takes the place of helm-controller, which is in no registry. Runs the real helm with the HelmReleases of an API
 * server, and the HelmRepositories that they name. Like helm-controller, it takes over existing objects.
 */
export class HelmPlayer {
  constructor(
    private readonly lab: Lab,
    private readonly apiserver: Apiserver,
    /** The environment variables with which helm reaches the repository. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Installs or upgrades each HelmRelease that changed since the last call, and sets its status to ready. */
  async reconcile(): Promise<void> {
    const list = JSON.parse(await this.apiserver.kubectl(['get', 'helmreleases', '-A', '-o', 'json']));
    for (const release of list.items as HelmRelease[]) {
      if (release.status?.observedGeneration !== release.metadata.generation) await this.upgrade(release);
    }
  }

  /** Runs helm in the namespace of a release. */
  async helm(namespace: string, ...args: string[]): Promise<string> {
    return capture(
      await ensurePart('helm'),
      [`--kubeconfig=${this.apiserver.kubeconfig}`, `-n=${namespace}`, ...args],
      {
        cwd: this.lab.folder,
        env: { ...helmHome(this.lab), ...this.env },
      },
    );
  }

  private async upgrade({ metadata, spec }: HelmRelease): Promise<void> {
    const { name, namespace, generation } = metadata;
    const { chart, version, sourceRef } = spec.chart.spec;
    const repository = await this.apiserver.kubectl([
      'get',
      'helmrepository',
      sourceRef.name,
      `-n=${sourceRef.namespace ?? namespace}`,
      '-o=jsonpath={.spec.url}',
    ]);
    const values = await this.lab.write(`helm/${namespace}-${name}.yaml`, stringify(spec.values ?? {}));
    const args = [
      `--repo=${repository}`,
      `--version=${version}`,
      `--values=${values}`,
      '--install',
      '--take-ownership',
    ];
    await this.helm(namespace, 'upgrade', name, chart, ...args, ...(await this.postRenderer(spec.postRenderers ?? [])));
    await this.ready('helmrepository', sourceRef.namespace ?? namespace, sourceRef.name, 1, 'stored artifact');
    await this.ready('helmrelease', namespace, name, generation, 'Helm upgrade succeeded');
  }

  /**
   * Makes a kustomization of each post-renderer, as helm-controller does. The input of each kustomization is the output
   * of the kustomization before it.
   */
  private async postRenderer(renderers: readonly { readonly kustomize: Record<string, unknown> }[]): Promise<string[]> {
    const lines = ['#!/bin/sh', 'set -e'];
    for (const [i, { kustomize }] of renderers.entries()) {
      const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...kustomize };
      const text = stringify({ ...kustomization, resources: ['all.yaml'] });
      await this.lab.write(`helm/post-${i}/kustomization.yaml`, text);
      const folder = this.lab.path('helm', `post-${i}`);
      lines.push(`${i === 0 ? 'cat' : `cat '${this.lab.path('helm', `out-${i - 1}.yaml`)}'`} > '${folder}/all.yaml'`);
      lines.push(`'${await ensurePart('kustomize')}' build '${folder}' > '${this.lab.path('helm', `out-${i}.yaml`)}'`);
    }
    if (renderers.length === 0) return [];
    lines.push(`cat '${this.lab.path('helm', `out-${renderers.length - 1}.yaml`)}'`);
    const script = await this.lab.write('helm/post-render.sh', `${lines.join('\n')}\n`);
    await chmod(script, 0o700);
    return [`--post-renderer=${script}`];
  }

  private async ready(kind: string, namespace: string, name: string, generation: number, message: string) {
    const now = new Date().toISOString();
    const condition = { type: 'Ready', status: 'True', reason: 'Succeeded', message, lastTransitionTime: now };
    const conditions = [{ ...condition, observedGeneration: generation }];
    const patch = JSON.stringify({ status: { observedGeneration: generation, conditions } });
    await this.apiserver.kubectl([
      'patch',
      kind,
      name,
      `-n=${namespace}`,
      '--subresource=status',
      '--type=merge',
      `-p=${patch}`,
    ]);
  }
}
