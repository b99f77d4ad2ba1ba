import { isOfRbac } from '../access/objects';
import { type Config, entry } from '../config/config';
import type { Kubectl } from '../existing/live-cluster';
import { mapAt, messageOf, scalarText } from '../guards';
import { identityOf, type KubernetesObject } from '../output/kubernetes-object';
import { type KeptObject, keptObjects, withKeptObjects } from './not-applied-statements';
import { objectChanges } from './object-changes';
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
  /** The rendered objects whose kind or API version the cluster does not have. */
  readonly ofUnknownKind: readonly KubernetesObject[];
}

export interface Live {
  /** The RBAC objects in the cluster now, and those after the config is applied, for comparing access. */
  readonly before: Side;
  readonly after: Side;
  readonly objects: LiveObjects;
  /** The RBAC objects that Flux neither changes nor deletes. */
  readonly kept: readonly KeptObject[];
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
  const counterparts = present(ours, kubectl);
  const { namespace } = entry(config.clusters, cluster).flux;
  const pruned = inCluster.filter((object) => isOwn(object, namespace) && !wanted.has(identityOf(object)));
  const gone = new Set(pruned.map(identityOf));
  const stay = inCluster.filter((object) => !gone.has(identityOf(object)) && !wanted.has(identityOf(object)));
  const written = ours.map(withoutInstructions);
  const differs = new Set(objectChanges(cluster, inCluster, written, 'written').map(({ object }) => object));
  const managed = inCluster.filter((object) => differs.has(identityOf(object)) && !stay.includes(object));
  const kept = keptObjects(managed, ours);
  const side = (objects: readonly object[]): Side => ({
    config: { ...config, clusters: new Map([...config.clusters].filter(([name]) => name === cluster)) },
    objects: () => objects,
    whole: true,
  });
  return {
    before: side(inCluster),
    after: side([...stay, ...withKeptObjects(ours, kept)]),
    objects: { before: [...counterparts.found, ...pruned], after: written, ofUnknownKind: counterparts.ofUnknownKind },
    kept,
  };
}

/**
 * Returns the rendered objects that are not RBAC objects, with their counterparts in the cluster.
 * @throws the error of kubectl if the cluster cannot be read
 */
export function liveBesidesRbac(config: Config, cluster: string, kubectl: Kubectl): LiveObjects {
  const ours = renderedFor(config, cluster).filter((object) => !isOfRbac(object));
  const { found, ofUnknownKind } = present(ours, kubectl);
  return { before: found, after: ours.map(withoutInstructions), ofUnknownKind };
}

const renderedFor = (config: Config, cluster: string) =>
  rendered(config).objects(cluster) as readonly KubernetesObject[];

/** Whether Flux applied an object from the output of Kaniflux. Other Kustomizations can have such a name too. */
function isOwn({ metadata }: KubernetesObject, namespace: string): boolean {
  const labels = mapAt(metadata, 'labels');
  return (
    scalarText(labels[`${instruction}name`]).startsWith('kaniflux-') && labels[`${instruction}namespace`] === namespace
  );
}

function byKind(objects: readonly KubernetesObject[]): KubernetesObject[][] {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const key = `${object.apiVersion} ${object.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  return [...groups.values()];
}

interface Present {
  /** The objects in the cluster. */
  readonly found: readonly KubernetesObject[];
  /** The objects whose kind or API version the cluster does not have. */
  readonly ofUnknownKind: readonly KubernetesObject[];
}

function present(objects: readonly KubernetesObject[], kubectl: Kubectl): Present {
  const ofUnknownKind: KubernetesObject[] = [];
  const found = byKind(objects).flatMap((group) => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: group });
    try {
      return itemsOf(kubectl(['get', '--ignore-not-found', '-o', 'json', '-f', '-'], list));
    } catch (error) {
      if (!unknownKind.test(messageOf(error))) throw error;
      ofUnknownKind.push(...group);
      return [];
    }
  });
  return { found, ofUnknownKind };
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
