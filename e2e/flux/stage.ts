import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, entry } from '../../lib/config/config';
import { tokenClaims } from '../../lib/identity/claims';
import { clusterFolders } from '../../lib/render';
import {
  type Apiserver,
  Authority,
  Lab,
  startApiserver,
  startControllerManager,
  startEtcd,
  startKustomizeController,
} from '../harness';
import { Issuer } from '../oidc/issuer';
import { HttpsProxy } from '../oidc/proxy';
import type { Source } from '../source/source';
import { startChartRepository } from './charts';
import { HelmPlayer } from './helm-player';
import { apiserverFlags, renderInto } from './rendered';

/** The time to wait for Flux, in milliseconds. What takes 2 s on an idle machine can take a minute on a busy one. */
const patience = 120_000;

/** The result of a Flux Kustomization, as far as its status shows it. */
export interface Outcome {
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly message: string;
  readonly applied?: string;
}

interface KustomizationStatus {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly status?: {
    readonly lastAttemptedRevision?: string;
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: Outcome['ready'];
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration?: number;
    }[];
  };
}

/** The cluster of a config with Flux, and everything outside the cluster that the config names. */
export class Stage {
  private constructor(
    readonly lab: Lab,
    readonly apiserver: Apiserver,
    readonly source: Source,
    readonly helm: HelmPlayer,
    readonly issuer: Issuer,
    /** The folder that is pushed as `dist/`. */
    readonly dist: string,
    private readonly closers: readonly { close(): Promise<void> }[],
  ) {}

  /**
   * Starts an empty cluster with Flux. Its API server has the flags that are rendered for the config's only cluster.
   * The host names of Kanidm's origin and of the Helm repository point to this machine.
   */
  static async open(
    name: string,
    config: Config,
    startSource: (lab: Lab, apiserver: Apiserver) => Promise<Source>,
    /** Additional flags of kustomize-controller. */
    extraArgs: readonly string[] = [],
  ): Promise<Stage> {
    const lab = await Lab.open(name);
    const dist = lab.path('dist');
    const files = await renderInto(dist, config);
    const repository = config.kanidm.helm?.repository as string;
    const hosts = [config.kanidm.origin, repository].map((address) => new URL(address).hostname) as [string, string];
    const authority = await Authority.create('the web');
    const certificate = await authority.issue({ commonName: 'the web', hosts });
    const issuer = await Issuer.start(certificate, config.kanidm.origin);
    const charts = await startChartRepository(lab, certificate, repository);
    const proxy = await HttpsProxy.start({ [hosts[0]]: issuer.port, [hosts[1]]: charts.port });
    const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: await lab.write('web.crt', authority.cert) };
    const etcd = await startEtcd(lab);
    const apiserver = await startApiserver(lab, { etcd, env, extraArgs: apiserverFlags(files) });
    await startControllerManager(lab, apiserver);
    await startKustomizeController(lab, apiserver, extraArgs);
    const source = await startSource(lab, apiserver);
    const helm = new HelmPlayer(lab, apiserver, env);
    return new Stage(lab, apiserver, source, helm, issuer, dist, [source, issuer, charts, proxy]);
  }

  /** Renders a config as `dist/`, applies `change` to the folder, and pushes it. Returns the revision. */
  async push(config: Config, message: string, change = async (_dist: string): Promise<void> => {}): Promise<string> {
    await renderInto(this.dist, config);
    await change(this.dist);
    return this.source.push(this.dist, message);
  }

  /**
   * Returns the result of each Kustomization after all of them have tried a revision. Meanwhile, helm-controller works.
   * @param names the Kustomizations to wait for. @default all
   */
  async settled(revision: string, names?: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
    for (const deadline = Date.now() + patience; ; await sleep(200)) {
      await this.helm.reconcile();
      const list = (await this.kustomizations()).filter(({ metadata }) => names?.includes(metadata.name) ?? true);
      const done = list.length >= (names?.length ?? 1) && list.every((kustomization) => tried(kustomization, revision));
      if (done) return new Map(list.map(({ metadata, status }) => [metadata.name, outcome(status)]));
      if (Date.now() > deadline)
        throw new Error(`not settled on ${revision}: ${JSON.stringify(list.map(({ status }) => status))}`);
    }
  }

  /** Waits until the result of a Kustomization is as expected. */
  async until(name: string, wanted: (outcome: Outcome) => boolean): Promise<Outcome> {
    for (const deadline = Date.now() + patience; ; await sleep(200)) {
      const now = await this.outcome(name);
      if (wanted(now)) return now;
      if (Date.now() > deadline) throw new Error(`${name} is still ${JSON.stringify(now)}`);
    }
  }

  /** Returns the current result of a Kustomization. */
  async outcome(name: string): Promise<Outcome> {
    return outcome((await this.kustomizations()).find(({ metadata }) => metadata.name === name)?.status);
  }

  /** Requests another attempt, as `flux reconcile kustomization` does. */
  async retry(name: string): Promise<void> {
    const asked = `reconcile.fluxcd.io/requestedAt=${new Date().toISOString()}`;
    await this.apiserver.kubectl(['annotate', '--overwrite', 'kustomization', name, '-n=flux-system', asked]);
  }

  private async kustomizations(): Promise<readonly KustomizationStatus[]> {
    return JSON.parse(await this.apiserver.kubectl(['get', 'kustomizations', '-n=flux-system', '-o=json'])).items;
  }

  /** Returns what is rendered for Flux, and the objects in the cluster with the same names. */
  async live(config: Config): Promise<{ rendered: object[]; found: object[] }> {
    const rendered = [...config.clusters.values()].flatMap((cluster) =>
      clusterFolders(config, cluster).flatMap(({ objects }) => objects),
    );
    const list = await this.apiserver.kubectl(
      ['get', '-f', '-', '-o=json', '--ignore-not-found'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: rendered }),
    );
    const found = JSON.parse(list || '{"items":[]}');
    return { rendered, found: found.items ?? [found] };
  }

  /** Returns the bindings that Flux applied, as `kind namespace/name`. */
  async bindings(): Promise<string[]> {
    const output = await this.apiserver.kubectl([
      'get',
      'clusterrolebindings,rolebindings',
      '-A',
      '-l=kustomize.toolkit.fluxcd.io/name',
      '-o=jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}',
    ]);
    return output.split('\n').filter(Boolean).sort();
  }

  /** Returns a token for a person, with the claims that Kanidm would issue. */
  token(config: Config, person: string): string {
    const [cluster] = config.clusters.values();
    const client = entry(config.clients, cluster?.client as string);
    return this.issuer.token(tokenClaims(config, entry(config.people, person), client));
  }

  async close(): Promise<void> {
    for (const part of this.closers) await part.close();
    await this.lab.close();
  }
}

/**
 * Whether Flux has finished with a revision. If the revision lacks the folder, only the conditions show the attempt. If
 * the revision was applied, it must also be in `lastAppliedRevision`. Flux writes this field in a later request than
 * the conditions.
 */
function tried({ metadata, status }: KustomizationStatus, revision: string): boolean {
  const of = (type: string) => status?.conditions?.find((condition) => condition.type === type);
  const [ready, retrying] = [of('Ready'), of('Reconciling')];
  if (!ready || ready.status === 'Unknown' || ready.observedGeneration !== metadata.generation) return false;
  if (ready.status === 'True') return status?.lastAppliedRevision === revision;
  return (
    status?.lastAttemptedRevision === revision ||
    (retrying?.reason === 'ProgressingWithRetry' && retrying.message.includes(revision))
  );
}

function outcome(status: KustomizationStatus['status']): Outcome {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return { ready: ready?.status ?? 'Unknown', message: ready?.message ?? '', applied: status?.lastAppliedRevision };
}
