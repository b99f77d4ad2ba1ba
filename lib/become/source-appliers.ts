import type { ClusterAccess } from '../access/cluster';
import type { Cluster } from '../config/config';
import { isMap, isText, mapAt, scalarText } from '../guards';

/** A service account as which Flux applies a source. */
export interface SourceApplier {
  readonly namespace: string;
  readonly name: string;
  readonly assumes: readonly string[];
}

/**
 * Returns the service accounts as which Flux applies the source of the output. `flux.serviceAccountName` limits only
 * the Kustomizations of Kaniflux. Other Kustomizations can have the same source, such as the one of `flux bootstrap`,
 * which kustomize-controller usually applies with its own rights.
 * @param objects objects of any kind, in which other Kustomizations are looked for
 */
export function sourceAppliersOf(
  { cluster, fluxHome }: Pick<ClusterAccess, 'cluster' | 'fluxHome'>,
  objects: readonly object[],
): readonly SourceApplier[] {
  const { flux } = cluster;
  const controller = { namespace: fluxHome, name: 'kustomize-controller' };
  const applierOf = (namespace: string, own: unknown) => {
    const name = isText(own) && own !== '' ? own : flux.lockdown?.defaultServiceAccount;
    return name === undefined ? controller : { namespace, name };
  };
  const found = [
    applierOf(flux.namespace, flux.serviceAccountName),
    ...objects.flatMap((object) => {
      const { namespace } = mapAt(object, 'metadata');
      const { serviceAccountName, suspend, kubeConfig } = mapAt(object, 'spec');
      // With `kubeConfig`, Flux applies the source to another cluster.
      if (!isText(namespace) || suspend === true || kubeConfig !== undefined) return [];
      return hasSourceOf(flux, object) ? [applierOf(namespace, serviceAccountName)] : [];
    }),
  ];
  const appliers = new Map(
    found.map((one) => [`${one.namespace}/${one.name}`, { ...one, assumes: [] }] as [string, SourceApplier]),
  );
  const key = `${controller.namespace}/${controller.name}`;
  if (!appliers.has(key)) {
    const assumes = [
      'another Kustomization, such as the one of `flux bootstrap`, has the same source and is applied as kustomize-controller',
    ];
    appliers.set(key, { ...controller, assumes });
  }
  return [...appliers.values()];
}

/** Whether an object is a Kustomization of Flux whose source is the one that contains the output. */
export function hasSourceOf({ source }: Cluster['flux'], object: object): boolean {
  if (!isMap(object) || object.kind !== 'Kustomization') return false;
  if (!scalarText(object.apiVersion).startsWith('kustomize.toolkit.fluxcd.io/')) return false;
  const { kind, name, namespace = mapAt(object, 'metadata').namespace } = mapAt(object, 'spec', 'sourceRef');
  return kind === source.kind && name === source.name && namespace === source.namespace;
}
