import { parseAllDocuments } from 'yaml';
import { listed } from '../../access/rights-in-words';
import type { Cluster } from '../../config/config';
import { fieldChanges } from '../../diff/field-changes';
import type { KubernetesObject } from '../../output/kubernetes-object';
import { renderCluster } from '../../render';
import { eachCluster } from './kubectl-checks';
import { type Check, reasonOf, type Said, type Seen, seen, unknown, well, wrong } from './live-check';
import type { LiveSystem } from './live-system';

/** An object of Flux, as far as it says how it went. */
interface FluxObject extends KubernetesObject {
  readonly spec: Readonly<Record<string, unknown>> & { readonly suspend?: boolean };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly artifact?: { readonly revision?: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[];
    readonly history?: readonly { readonly chartVersion?: string; readonly status?: string }[];
  };
}

/** The Kustomizations of `dist/flux/<cluster>.yaml`. */
function rendered(system: LiveSystem, cluster: Cluster): FluxObject[] {
  for (const { path, text } of renderCluster(system.config, cluster)) {
    if (path === `flux/${cluster.name}.yaml`) return parseAllDocuments(text).map((one) => one.toJS() as FluxObject);
  }
  return [];
}

const resources = {
  Kustomization: 'kustomizations.kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helmreleases.helm.toolkit.fluxcd.io',
  HelmRepository: 'helmrepositories.source.toolkit.fluxcd.io',
  GitRepository: 'gitrepositories.source.toolkit.fluxcd.io',
  OCIRepository: 'ocirepositories.source.toolkit.fluxcd.io',
} as const;
type Kind = keyof typeof resources;

const all = (system: LiveSystem, cluster: Cluster, kind: Kind, namespace: string) =>
  system.kubectl<{ items?: readonly FluxObject[] }>(
    cluster,
    ...['get', resources[kind], `--namespace=${namespace}`, '--output=json'],
  );

async function one(system: LiveSystem, cluster: Cluster, kind: Kind, namespace: string, name: string) {
  const list = await all(system, cluster, kind, namespace);
  if (!list.value) return list as Seen<FluxObject>;
  const found = list.value.items?.find(({ metadata }) => metadata.name === name);
  return found ? { value: found } : { reason: `there is no ${kind} ${namespace}/${name}` };
}

const readyOf = ({ status }: FluxObject) => status?.conditions?.find(({ type }) => type === 'Ready');

const installed: Check = {
  code: 'KFD401',
  title: 'Flux is not there',
  severity: 'error',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'Flux', async (cluster) => {
      const found = await all(system, cluster, 'Kustomization', cluster.flux.namespace);
      if (found.value) return [well(`${cluster.name} has Flux`)];
      const reason = reasonOf(found);
      const absent = /doesn't have a resource type|no matches for kind|could not find the requested/.test(reason);
      const message = absent ? `${cluster.name} has no Flux` : reason;
      const fix = absent ? '`flux bootstrap`, or `flux install`' : 'take a context that may read it, with --context';
      return [wrong([...cluster.path, 'flux'], message, fix)];
    }),
};

/** A check of each Kustomization that is rendered and there. */
function ofKustomizations(
  head: Pick<Check, 'code' | 'title' | 'severity'>,
  say: (system: LiveSystem, cluster: Cluster, name: string, live: FluxObject) => Promise<Said> | Said,
): Check {
  return {
    ...head,
    parts: ['flux'],
    run: (system) =>
      eachCluster(system, 'Flux', async (cluster) => {
        const said: Said[] = [];
        for (const { metadata } of rendered(system, cluster)) {
          const found = await one(system, cluster, 'Kustomization', cluster.flux.namespace, metadata.name);
          if (found.value) said.push(await say(system, cluster, metadata.name, found.value));
        }
        return said;
      }),
  };
}

const applied: Check = {
  code: 'KFD402',
  title: 'A Flux Kustomization is missing, or not as it is rendered',
  severity: 'error',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the Kustomizations', async (cluster) => {
      const list = await all(system, cluster, 'Kustomization', cluster.flux.namespace);
      if (!list.value) return [];
      return rendered(system, cluster).map((object) => {
        const { name } = object.metadata;
        const found = list.value?.items?.find(({ metadata }) => metadata.name === name);
        const fix = `\`kubectl apply -f dist/flux/${cluster.name}.yaml\`, which nothing does by itself`;
        const path = [...cluster.path, 'flux'];
        if (!found) return wrong(path, `${cluster.name} has no Kustomization ${name}`, fix);
        const fields = fieldChanges(found.spec, object.spec, 'written', 'spec').map(({ path }) => path);
        if (fields.length === 0) return well(`Kustomization ${name} is as rendered`);
        return wrong(path, `Kustomization ${name} of ${cluster.name} has another ${listed(fields)}`, fix);
      });
    }),
};

const source: Check = {
  code: 'KFD403',
  title: 'The source that Flux reads is not ready',
  severity: 'error',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the source', async (cluster) => {
      const { kind, name, namespace } = cluster.flux.source;
      const command = `flux reconcile source ${kind === 'GitRepository' ? 'git' : 'oci'} ${name} -n ${namespace}`;
      return seen('the source', sourceOf(system, cluster), (object) => {
        const what = `${kind} ${namespace}/${name}`;
        const ready = object && readyOf(object);
        const path = [...cluster.path, 'flux', 'source'];
        if (!object) return wrong(path, `${cluster.name} has no ${what}`, 'name the source of your repository there');
        if (object.spec.suspend)
          return wrong(path, `${what} is suspended`, `\`${command.replace('reconcile', 'resume')}\``);
        if (ready?.status === 'True')
          return well(`${what} is at ${object.status?.artifact?.revision ?? 'no revision'}`);
        return wrong(
          path,
          `${what} is not ready: ${ready?.message ?? 'no controller has looked at it'}`,
          `\`${command}\``,
        );
      });
    }),
};

/** `null` where there is none. */
async function sourceOf(system: LiveSystem, cluster: Cluster): Promise<Seen<FluxObject | null>> {
  const { kind, name, namespace } = cluster.flux.source;
  const list = await all(system, cluster, kind, namespace);
  if (!list.value) return list as Seen<FluxObject>;
  return { value: list.value.items?.find(({ metadata }) => metadata.name === name) ?? null };
}

const reconcile = (cluster: Cluster, name: string) =>
  `flux reconcile kustomization ${name} -n ${cluster.flux.namespace} --with-source`;

const ready = ofKustomizations(
  { code: 'KFD404', title: 'A Flux Kustomization has failed', severity: 'error' },
  (_, cluster, name, object) => {
    const path = [...cluster.path, 'flux'];
    const condition = readyOf(object);
    if (object.spec.suspend) {
      const fix = `\`flux resume kustomization ${name} -n ${cluster.flux.namespace}\``;
      return wrong(path, `Kustomization ${name} of ${cluster.name} is suspended`, fix, { severity: 'warning' });
    }
    if (condition?.status === 'True') return well(`Kustomization ${name} is ready`);
    const message = `Kustomization ${name} of ${cluster.name} is not ready: ${condition?.message ?? 'no controller has looked at it'}`;
    const severity = condition?.status === 'Unknown' ? ('warning' as const) : ('error' as const);
    return wrong(path, message, `fix what it says, then \`${reconcile(cluster, name)}\``, { severity });
  },
);

const revision = ofKustomizations(
  { code: 'KFD405', title: 'Flux has not applied the newest revision', severity: 'warning' },
  async (system, cluster, name, { status }) => {
    const found = await sourceOf(system, cluster);
    const newest = found.value?.status?.artifact?.revision;
    if (newest === undefined) return unknown(`the revision of ${name}: its source has none (KFD403)`);
    const is = status?.lastAppliedRevision;
    if (is === newest) return well(`Kustomization ${name} has applied ${newest}`);
    const message = `Kustomization ${name} of ${cluster.name} has applied ${is ?? 'nothing yet'}, and its source is at ${newest}`;
    return wrong([...cluster.path, 'flux'], message, `\`${reconcile(cluster, name)}\``);
  },
);

const release: Check = {
  code: 'KFD406',
  title: 'The HelmRelease of Kanidm has failed, or is at another version',
  severity: 'error',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the HelmRelease', async (cluster) => {
      const { helm, namespace } = system.config.kanidm;
      if (!helm || system.config.kanidm.cluster !== cluster.name) return [];
      const path = ['kanidm', 'helm'];
      const repository = await one(system, cluster, 'HelmRepository', namespace, 'kanidm');
      const fetched = repository.value && readyOf(repository.value);
      if (fetched?.status === 'False') {
        const message = `HelmRepository ${namespace}/kanidm is not ready: ${fetched.message}`;
        return [wrong([...path, 'repository'], message, `\`flux reconcile source helm kanidm -n ${namespace}\``)];
      }
      const again = `\`flux reconcile helmrelease kanidm -n ${namespace} --force\``;
      return seen('the HelmRelease', one(system, cluster, 'HelmRelease', namespace, 'kanidm'), (object) => {
        const condition = readyOf(object);
        if (object.spec.suspend)
          return wrong(
            path,
            `HelmRelease ${namespace}/kanidm is suspended`,
            `\`flux resume helmrelease kanidm -n ${namespace}\``,
          );
        if (condition?.status !== 'True') {
          const message = `HelmRelease ${namespace}/kanidm is not ready: ${condition?.message ?? 'no controller has looked at it'}`;
          const severity = condition?.status === 'False' ? ('error' as const) : ('warning' as const);
          return wrong(path, message, `fix what it says, then ${again}`, { severity });
        }
        const version = object.status?.history?.[0]?.chartVersion?.replace(/\+.*$/, '');
        if (version !== undefined && version !== helm.version)
          return wrong([...path, 'version'], `chart ${version} is installed, and ${helm.version} is rendered`, again);
        return well(
          `HelmRelease ${namespace}/kanidm is ready${version === undefined ? '' : `, with chart ${version}`}`,
        );
      });
    }),
};

export const fluxChecks: readonly Check[] = [installed, applied, source, ready, revision, release];
