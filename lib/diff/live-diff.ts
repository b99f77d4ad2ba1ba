import type { Config } from '../config/config';
import type { Kubectl } from '../existing/live-cluster';
import { mapAt, messageOf, scalarText } from '../guards';
import { identityOf, type KubernetesObject } from '../output/kubernetes-object';
import { rendered, type Side } from './side';

const rbac = ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'].map(
  (resource) => `${resource}.rbac.authorization.k8s.io`,
);

/** The errors of kubectl for a kind that is not installed in the cluster. The cluster then has no such objects. */
const unknownKind = /no matches for kind|doesn't have a resource type|could not find the requested resource/;

/** The prefix of annotations that configure how Flux applies an object. They do not change what the object does. */
const instruction = 'kustomize.toolkit.fluxcd.io/';

export interface Live {
  /** The RBAC objects in the cluster now, and those after the config is applied, for comparing access. */
  readonly before: Side;
  readonly after: Side;
  /** Only the objects that the config renders and those that Flux would prune. */
  readonly objects: { readonly before: readonly object[]; readonly after: readonly object[] };
}

/**
 * Reads the objects of a live cluster with kubectl, and returns them with those that the config renders.
 * @throws the error of kubectl if the cluster cannot be read
 */
export function live(config: Config, cluster: string, kubectl: Kubectl): Live {
  const ours = rendered(config).objects(cluster) as readonly KubernetesObject[];
  const inCluster = itemsOf(kubectl(['get', rbac.join(','), '--all-namespaces', '-o', 'json']));
  const wanted = new Set(ours.map(identityOf));
  const counterparts = byKind(ours).flatMap((group) => present(group, kubectl));
  const pruned = inCluster.filter((object) => ownedByUs(object) && !wanted.has(identityOf(object)));
  const gone = new Set(pruned.map(identityOf));
  const stay = inCluster.filter((object) => !gone.has(identityOf(object)) && !wanted.has(identityOf(object)));
  const side = (objects: readonly object[]): Side => ({
    config: { ...config, clusters: new Map([...config.clusters].filter(([name]) => name === cluster)) },
    objects: () => objects,
    whole: true,
  });
  return {
    before: side(inCluster),
    after: side([...stay, ...ours]),
    objects: { before: [...counterparts, ...pruned], after: ours.map(withoutInstructions) },
  };
}

const ownedByUs = ({ metadata }: KubernetesObject) => {
  const owner = mapAt(metadata, 'labels')['kustomize.toolkit.fluxcd.io/name'];
  return scalarText(owner).startsWith('kaniflux-');
};

function byKind(objects: readonly KubernetesObject[]): KubernetesObject[][] {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups.values()];
}

function present(objects: readonly KubernetesObject[], kubectl: Kubectl): KubernetesObject[] {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  try {
    return itemsOf(kubectl(['get', '--ignore-not-found', '-o', 'json', '-f', '-'], list));
  } catch (error) {
    if (unknownKind.test(messageOf(error))) return [];
    throw error;
  }
}

function itemsOf(text: string): KubernetesObject[] {
  if (text.trim() === '') return [];
  const answer: KubernetesObject & { readonly items?: readonly KubernetesObject[] } = JSON.parse(text);
  return answer.items ? [...answer.items] : [answer];
}

function withoutInstructions(object: KubernetesObject): KubernetesObject {
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !key.startsWith(instruction));
  return {
    ...object,
    metadata: { ...metadata, ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}) },
  };
}
