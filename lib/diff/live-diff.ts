import { isOfRbac } from '../access/objects';
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

export interface LiveObjects {
  /** The objects in the cluster that have the identity of a rendered object, and RBAC objects that Flux would prune. */
  readonly before: readonly object[];
  /** The objects that the config renders. */
  readonly after: readonly object[];
}

export interface Live {
  /** The RBAC objects in the cluster now, and those after the config is applied, for comparing access. */
  readonly before: Side;
  readonly after: Side;
  readonly objects: LiveObjects;
}

/**
 * Reads the objects of a live cluster with kubectl, and returns them with those that the config renders.
 * @param isRead whether to include a rendered object and its counterpart. @default - all are included
 * @throws the error of kubectl if the cluster cannot be read
 */
export function live(config: Config, cluster: string, kubectl: Kubectl, isRead = (_: KubernetesObject) => true): Live {
  const ours = renderedFor(config, cluster).filter(isRead);
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

/**
 * Returns the rendered objects that are not RBAC objects, with their counterparts in the cluster.
 * @throws the error of kubectl if the cluster cannot be read
 */
export function liveBesidesRbac(config: Config, cluster: string, kubectl: Kubectl): LiveObjects {
  const ours = renderedFor(config, cluster).filter((object) => !isOfRbac(object));
  const before = byKind(ours).flatMap((group) => present(group, kubectl));
  return { before, after: ours.map(withoutInstructions) };
}

const renderedFor = (config: Config, cluster: string) =>
  rendered(config).objects(cluster) as readonly KubernetesObject[];

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
