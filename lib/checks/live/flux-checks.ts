import { parseAllDocuments } from 'yaml';
import { listed } from '../../access/rights-in-words';
import type { Cluster, Kanidm } from '../../config/config';
import { fieldChanges } from '../../diff/field-changes';
import { listOf, mapAt } from '../../guards';
import { isObject, type KubernetesObject } from '../../output/kubernetes-object';
import { renderCluster } from '../../render';
import { type FluxObject, isFluxObject, readyOf } from './flux-object';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';
import { type Observation, reasonOf, unreadable } from './observation';

/** Returns the objects of `dist/flux/<cluster>.yaml`. */
function rendered(system: LiveSystem, cluster: Cluster): KubernetesObject[] {
  for (const { path, text } of renderCluster(system.config, cluster)) {
    if (path === `flux/${cluster.name}.yaml`)
      return parseAllDocuments(text)
        .map((one) => one.toJS())
        .filter(isObject);
  }
  return [];
}

const resources = {
  Kustomization: 'kustomizations.kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helmreleases.helm.toolkit.fluxcd.io',
  HelmRepository: 'helmrepositories.source.toolkit.fluxcd.io',
  GitRepository: 'gitrepositories.source.toolkit.fluxcd.io',
  OCIRepository: 'ocirepositories.source.toolkit.fluxcd.io',
  Provider: 'providers.notification.toolkit.fluxcd.io',
  Alert: 'alerts.notification.toolkit.fluxcd.io',
} as const;
type Kind = keyof typeof resources;

const isKind = (kind: string): kind is Kind => kind in resources;

const all = (system: LiveSystem, cluster: Cluster, kind: Kind, namespace: string) =>
  system.kubectl(cluster, 'get', resources[kind], `--namespace=${namespace}`);

/**
 * Returns the object called `name` in a list that kubectl printed; `undefined` if there is none.
 * @throws Error if the object does not have the form of a Flux object
 */
function named(list: unknown, name: string): FluxObject | undefined {
  const object = listOf(mapAt(list).items).find((one) => mapAt(one, 'metadata').name === name);
  if (object === undefined || isFluxObject(object)) return object;
  throw new Error(`the spec or status of ${name} is not a map`);
}

interface ObjectName {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

async function one(
  system: LiveSystem,
  cluster: Cluster,
  { kind, namespace, name }: ObjectName,
): Promise<Observation<FluxObject>> {
  const list = await all(system, cluster, kind, namespace);
  if (!list.value) return unreadable(list);
  const found = named(list.value, name);
  return found ? { value: found } : { reason: `there is no ${kind} ${namespace}/${name}` };
}

/** Returns the result for a Kustomization that cannot be read. `flux-missing` reports the reason. */
const unread = (what: string): CheckResult => skipped(what, 'the Kustomizations cannot be read (see flux-missing)');

export const fluxInstalled: LiveCheck = {
  code: 'flux-missing',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'Flux', async (cluster) => {
      const found = await all(system, cluster, 'Kustomization', cluster.flux.namespace);
      if (found.value) return [passed(`${cluster.name} has the resource definitions of Flux`)];
      const reason = reasonOf(found);
      const absent = /doesn't have a resource type|no matches for kind|could not find the requested/.test(reason);
      if (!absent) return [skipped(`the Kustomizations of ${cluster.name}`, reason)];
      return [failed([...cluster.path, 'flux'], `${cluster.name} has no Flux`, '`flux bootstrap`, or `flux install`')];
    }),
};

/** Returns a check of each rendered Kustomization that exists in the cluster. */
function ofKustomizations(
  code: LiveCode,
  judge: (system: LiveSystem, cluster: Cluster, name: string, live: FluxObject) => Promise<CheckResult> | CheckResult,
): LiveCheck {
  return {
    code,
    parts: ['flux'],
    run: (system) =>
      eachCluster(system, 'Flux', async (cluster) => {
        const results: CheckResult[] = [];
        const { value } = await all(system, cluster, 'Kustomization', cluster.flux.namespace);
        for (const { kind, metadata } of rendered(system, cluster)) {
          if (kind !== 'Kustomization') continue;
          if (!value) {
            results.push(unread(`${kind} ${metadata.name}`));
            continue;
          }
          const found = await one(system, cluster, {
            kind: 'Kustomization',
            namespace: cluster.flux.namespace,
            name: metadata.name,
          });
          if (found.value) results.push(await judge(system, cluster, metadata.name, found.value));
        }
        return results;
      }),
  };
}

const applied: LiveCheck = {
  code: 'flux-not-applied',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the Kustomizations', async (cluster) => {
      const results: CheckResult[] = [];
      for (const object of rendered(system, cluster)) {
        const { kind, metadata } = object;
        if (!isKind(kind)) continue;
        const what = `${kind} ${metadata.name}`;
        const list = await all(system, cluster, kind, cluster.flux.namespace);
        if (!list.value) {
          results.push(kind === 'Kustomization' ? unread(what) : skipped(what, reasonOf(list)));
          continue;
        }
        const found = named(list.value, metadata.name);
        const fix = `\`kubectl apply -f dist/flux/${cluster.name}.yaml\`, which has to be run by hand`;
        const path = [...cluster.path, 'flux'];
        if (!found) {
          results.push(failed(path, `${cluster.name} has no ${what}`, fix));
          continue;
        }
        const fields = fieldChanges(found.spec, object.spec, 'written', 'spec').map(({ path }) => path);
        results.push(
          fields.length === 0
            ? passed(`${what} is as rendered`)
            : failed(path, `${what} of ${cluster.name} differs in ${listed(fields)} from the rendered object`, fix),
        );
      }
      return results;
    }),
};

const source: LiveCheck = {
  code: 'flux-source-failed',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the source', async (cluster) => {
      const { kind, name, namespace } = cluster.flux.source;
      const command = `flux reconcile source ${kind === 'GitRepository' ? 'git' : 'oci'} ${name} -n ${namespace}`;
      return judged('the source', sourceOf(system, cluster), (object) => {
        const what = `${kind} ${namespace}/${name}`;
        const ready = object && readyOf(object);
        const path = [...cluster.path, 'flux', 'source'];
        if (!object) return failed(path, `${cluster.name} has no ${what}`, 'write the name of an existing source');
        if (object.spec?.suspend)
          return failed(path, `${what} is suspended`, `\`${command.replace('reconcile', 'resume')}\``);
        if (ready?.status === 'True')
          return passed(`${what} is at ${object.status?.artifact?.revision ?? 'no revision'}`);
        return failed(
          path,
          `${what} is not ready: ${ready?.message ?? 'no controller has reconciled it'}`,
          `\`${command}\``,
        );
      });
    }),
};

/** Returns the Flux source of a cluster, such as its GitRepository; `null` if it does not exist. */
async function sourceOf(system: LiveSystem, cluster: Cluster): Promise<Observation<FluxObject | null>> {
  const { kind, name, namespace } = cluster.flux.source;
  const list = await all(system, cluster, kind, namespace);
  if (!list.value) return unreadable(list);
  return { value: named(list.value, name) ?? null };
}

const reconcile = (cluster: Cluster, name: string) =>
  `flux reconcile kustomization ${name} -n ${cluster.flux.namespace} --with-source`;

const ready = ofKustomizations('flux-failed', (_, cluster, name, object) => {
  const path = [...cluster.path, 'flux'];
  const condition = readyOf(object);
  if (object.metadata?.deletionTimestamp !== undefined) {
    const message = `Kustomization ${name} of ${cluster.name} is being deleted, so Flux no longer applies its folder`;
    return failed(path, message, `when it is gone, run \`kubectl apply -f dist/flux/${cluster.name}.yaml\``);
  }
  if (object.spec?.suspend) {
    const fix = `\`flux resume kustomization ${name} -n ${cluster.flux.namespace}\``;
    return failed(path, `Kustomization ${name} of ${cluster.name} is suspended`, fix, { severity: 'warning' });
  }
  if (condition?.status === 'True') return passed(`Kustomization ${name} is ready`);
  const message = `Kustomization ${name} of ${cluster.name} is not ready: ${condition?.message ?? 'no controller has reconciled it'}`;
  const severity = condition?.status === 'Unknown' ? ('warning' as const) : ('error' as const);
  return failed(path, message, `fix what the message describes, then \`${reconcile(cluster, name)}\``, { severity });
});

const revision = ofKustomizations('flux-outdated', async (system, cluster, name, { spec, status }) => {
  const { kind, name: source, namespace = cluster.flux.namespace } = mapAt(spec, 'sourceRef');
  const isSame = (is: unknown, wanted: string) => is === undefined || is === wanted;
  const wanted = cluster.flux.source;
  if (!isSame(kind, wanted.kind) || !isSame(source, wanted.name) || namespace !== wanted.namespace)
    return skipped(
      `the revision of ${name}: the source of this Kustomization differs from the rendered one (see flux-not-applied)`,
    );
  const found = await sourceOf(system, cluster);
  if (found.value === undefined) return skipped(`the revision of ${name}`, reasonOf(found));
  const newest = found.value?.status?.artifact?.revision;
  if (newest === undefined)
    return skipped(`the revision of ${name}: the source has no revision yet (see flux-source-failed)`);
  const is = status?.lastAppliedRevision;
  if (is === newest) return passed(`Kustomization ${name} has applied ${newest}`);
  const message = `Kustomization ${name} of ${cluster.name} has applied ${is ?? 'nothing yet'}, but the newest revision of its source is ${newest}`;
  return failed([...cluster.path, 'flux'], message, `\`${reconcile(cluster, name)}\``);
});

function repositoryFix(message: string, { helm, namespace }: Kanidm): string {
  const again = `\`flux reconcile source helm kanidm -n ${namespace}\``;
  if (!message.includes('x509: certificate signed by unknown authority')) {
    return `fix what the message describes, then ${again}`;
  }
  const name = helm?.certSecretRef;
  if (name !== undefined) {
    return `put the CA of the repository into the Secret ${namespace}/${name}, as \`ca.crt\`, then ${again}`;
  }
  const create = `\`kubectl -n ${namespace} create secret generic chart-ca --from-file=ca.crt\``;
  return `store the CA of the repository: ${create}; write \`certSecretRef: chart-ca\` into \`kanidm.helm\`, run \`kaniflux synth\`, commit and push`;
}

const release: LiveCheck = {
  code: 'flux-helm-failed',
  parts: ['flux'],
  run: (system) =>
    eachCluster(system, 'the HelmRelease', async (cluster) => {
      const { helm, namespace } = system.config.kanidm;
      if (!helm || system.config.kanidm.cluster !== cluster.name) return [];
      const path = ['kanidm', 'helm'];
      const repository = await one(system, cluster, { kind: 'HelmRepository', namespace, name: 'kanidm' });
      const fetched = repository.value && readyOf(repository.value);
      if (fetched?.status === 'False') {
        const message = `HelmRepository ${namespace}/kanidm is not ready: ${fetched.message}`;
        return [failed([...path, 'repository'], message, repositoryFix(fetched.message, system.config.kanidm))];
      }
      const again = `\`flux reconcile helmrelease kanidm -n ${namespace} --force\``;
      return judged(
        'the HelmRelease',
        one(system, cluster, { kind: 'HelmRelease', namespace, name: 'kanidm' }),
        (object) => {
          const condition = readyOf(object);
          if (object.spec?.suspend) {
            const resume = `\`flux resume helmrelease kanidm -n ${namespace}\``;
            return failed(path, `HelmRelease ${namespace}/kanidm is suspended`, resume);
          }
          if (condition?.status !== 'True') {
            const message = `HelmRelease ${namespace}/kanidm is not ready: ${condition?.message ?? 'no controller has reconciled it'}`;
            const severity = condition?.status === 'False' ? ('error' as const) : ('warning' as const);
            return failed(path, message, `fix what the message describes, then ${again}`, { severity });
          }
          const version = object.status?.history?.[0]?.chartVersion?.replace(/\+.*$/, '');
          if (version !== undefined && version !== helm.version)
            return failed(
              [...path, 'version'],
              `chart version ${version} is installed, but the config says ${helm.version}`,
              again,
            );
          return passed(
            `HelmRelease ${namespace}/kanidm is ready${version === undefined ? '' : `, with chart ${version}`}`,
          );
        },
      );
    }),
};

export const fluxChecks: readonly LiveCheck[] = [applied, source, ready, revision, release];
