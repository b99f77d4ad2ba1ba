import type { Chart } from 'cdk8s';
import {
  Kustomization,
  KustomizationSpecDeletionPolicy,
  KustomizationSpecSourceRefKind,
} from '../../imports/kustomize.toolkit.fluxcd.io';
import type { Cluster } from '../config/config';
import { noSubstitution } from './flux-annotations';

const sourceKinds = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
} as const;

/**
 * Adds the Flux Kustomizations of `dist/flux/<cluster>.yaml`: one for each folder of `dist/clusters/<cluster>/`, named
 * `kaniflux-<folder>`. None waits for another: access must not depend on Kanidm being up.
 *
 * Two on one path would take each other's objects, and a rename is a delete and a create: the names and paths stay.
 *
 * @param folders the folders that are rendered for the cluster, such as `access`
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function syncObjects(chart: Chart, cluster: Cluster, folders: readonly string[]): Kustomization[] {
  const { namespace, source, path, interval, retryInterval, timeout, serviceAccountName } = cluster.flux;
  return folders.map(
    (folder) =>
      new Kustomization(chart, `sync-${folder}`, {
        metadata: { name: `kaniflux-${folder}`, namespace, annotations: noSubstitution },
        spec: {
          interval,
          retryInterval,
          ...(folder === 'kanidm' ? kanidm(timeout) : {}),
          path: `${path}/clusters/${cluster.name}/${folder}`,
          prune: true,
          serviceAccountName,
          sourceRef: { ...source, kind: sourceKinds[source.kind] },
        },
      }),
  );
}

/** Ready means that Kanidm runs. Taking the Kustomization away leaves Kanidm where it is, its database with it. */
const kanidm = (timeout: string) => ({
  wait: true,
  timeout,
  deletionPolicy: KustomizationSpecDeletionPolicy.ORPHAN,
});
