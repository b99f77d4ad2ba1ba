import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../harness';
import { ensurePart } from '../parts/build';
import { capture } from '../parts/exec';
import { type Machine, until } from './machine';
import { importImage, repository } from './node';

const crds = join(__dirname, '..', '..', 'crds');

/** kustomize-controller in a pod, as Flux installs it, with the rights that Flux's `reconciler.yaml` gives it. */
const controller = `apiVersion: v1
kind: Namespace
metadata: { name: flux-system }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: kustomize-controller, namespace: flux-system }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: cluster-reconciler }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: kustomize-controller, namespace: flux-system }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kustomize-controller, namespace: flux-system, labels: { app: kustomize-controller } }
spec:
  selector: { matchLabels: { app: kustomize-controller } }
  template:
    metadata: { labels: { app: kustomize-controller } }
    spec:
      serviceAccountName: kustomize-controller
      containers:
        - name: manager
          image: ${repository}/kustomize-controller:e2e
          imagePullPolicy: Never
          args: [--watch-all-namespaces, --enable-leader-election=false, --requeue-dependency=5s]
          env: [{ name: RUNTIME_NAMESPACE, value: flux-system }]
          volumeMounts: [{ name: tmp, mountPath: /tmp }]
      volumes: [{ name: tmp, emptyDir: {} }]
`;

/**
 * Flux on the node. The suite takes the place of source-controller: it serves what is pushed, and writes the status of
 * the source.
 */
export class FluxOnNode {
  private constructor(
    private readonly machine: Machine,
    private readonly lab: Lab,
  ) {}

  static async install(machine: Machine, lab: Lab): Promise<FluxOnNode> {
    await importImage(machine, lab, {
      name: `${repository}/kustomize-controller:e2e`,
      files: { '/usr/local/bin/kustomize-controller': await ensurePart('kustomize-controller') },
      entrypoint: ['/usr/local/bin/kustomize-controller'],
    });
    for (const file of await readdir(crds)) {
      await machine.kubectl('apply --server-side -f -', await readFile(join(crds, file), 'utf8'));
    }
    await machine.kubectl('apply -f -', controller);
    await machine.kubectl(
      'create -f -',
      JSON.stringify({
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'flux-system', namespace: 'flux-system' },
        spec: { interval: '1m', url: 'ssh://git@example.org/fleet.git' },
      }),
    );
    await machine.run('mkdir -p /srv/artifacts && busybox httpd -p 192.0.2.10:8080 -h /srv/artifacts');
    await machine.kubectl('-n flux-system rollout status deployment kustomize-controller --timeout=120s');
    return new FluxOnNode(machine, lab);
  }

  /** Commits a folder as `dist/`, and waits until every Flux Kustomization has applied it. */
  async push(dist: string, { wait = true } = {}): Promise<string> {
    const archive = this.lab.path('artifact.tar.gz');
    await capture('tar', ['-C', join(dist, '..'), '-czf', archive, 'dist']);
    const content = await readFile(archive);
    const digest = createHash('sha256').update(content).digest('hex');
    const revision = `main@sha1:${digest.slice(0, 40)}`;
    await this.machine.run(`base64 -d > /srv/artifacts/${digest}.tar.gz`, content.toString('base64'));
    const now = new Date().toISOString();
    const status = {
      observedGeneration: 1,
      artifact: {
        url: `http://192.0.2.10:8080/${digest}.tar.gz`,
        digest: `sha256:${digest}`,
        path: `${digest}.tar.gz`,
        revision,
        size: content.length,
        lastUpdateTime: now,
      },
      conditions: [{ type: 'Ready', status: 'True', reason: 'Succeeded', message: 'stored', lastTransitionTime: now }],
    };
    await this.machine.kubectl(
      `-n flux-system patch gitrepository flux-system --subresource=status --type=merge -p '${JSON.stringify({ status })}'`,
    );
    if (wait) await this.applied(revision);
    return revision;
  }

  /** Suspends or resumes a Kustomization. */
  async suspend(name: string, suspend: boolean): Promise<void> {
    await this.machine.kubectl(
      `-n flux-system patch kustomization ${name} --type=merge -p '${JSON.stringify({ spec: { suspend } })}'`,
    );
  }

  /** Returns the message in the status of a Kustomization. */
  message(name: string): Promise<string> {
    return this.machine.kubectl(
      `-n flux-system get kustomization ${name} -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}'`,
    );
  }

  /** Waits until every Flux Kustomization has applied a revision. */
  applied(revision: string): Promise<void> {
    return until(
      `Flux has applied ${revision}`,
      async () => {
        const { items } = JSON.parse(await this.machine.kubectl('-n flux-system get kustomizations -o json'));
        const states = items.map(({ metadata, status }: Kustomization) => [
          metadata.name,
          status?.lastAppliedRevision === revision,
          status?.conditions?.find(({ type }) => type === 'Ready')?.message,
        ]);
        if (states.length === 0 || states.some(([, isApplied]: [string, boolean]) => !isApplied)) {
          throw new Error(JSON.stringify(states));
        }
      },
      240,
    );
  }
}

interface Kustomization {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}
