import type { BindingObject } from '../access/objects';
import { isBinding, isRbac } from '../access/objects';
import { memoryReader } from '../config/reader';
import type { Facts, Note } from '../existing/facts';
import { parseConfig } from '../load';
import { clusterFolders } from '../render';

/**
 * Renders an adopted config and holds its bindings against those that were read: what would be applied in place of
 * them must be the same. Says nothing of a config that isn't complete.
 */
export function differences(text: string, files: Readonly<Record<string, string>>, { bindings }: Facts): Note[] {
  const { config } = parseConfig('kaniflux.yaml', new TextEncoder().encode(text), memoryReader(files));
  if (!config) return [];
  const read = new Map(bindings.map((binding) => [identity(binding.object), binding]));
  return [...config.clusters.values()].flatMap((cluster) =>
    clusterFolders(config, cluster)
      .flatMap(({ objects }) => objects)
      .filter((object): object is typeof object & BindingObject => isRbac(object) && isBinding(object))
      .flatMap((object) => {
        const found = read.get(identity(object));
        if (!found || meaning(found.object) === meaning(object)) return [];
        const names = (one: BindingObject) => (one.subjects ?? []).map(({ name }) => name).join(', ');
        const text = `${identity(object)} names ${names(found.object)}; from this config it names ${names(object)}`;
        return [{ source: found.source, text }];
      }),
  );
}

const identity = ({ kind, metadata: { namespace, name } }: BindingObject) =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

const meaning = ({ roleRef, subjects }: BindingObject) =>
  JSON.stringify([roleRef.kind, roleRef.name, [...(subjects ?? [])].map(({ kind, name }) => `${kind} ${name}`).sort()]);
