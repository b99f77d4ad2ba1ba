import { isMap, type Json, listOf, mapAt } from '../guards';

/** Arguments of a kube-apiserver by name, the values of each in their order. */
export type Arguments = ReadonlyMap<string, readonly string[]>;

/** `--name=value`, `name=value`, or `--name` with its value next. Others than flags are left out. */
export function parseArguments(words: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (let i = 0; i < words.length; i++) {
    const [, name, equals, value] = /^(?:--)?([a-z][a-z0-9-]*)(=?)(.*)$/s.exec(words[i] ?? '') ?? [];
    if (name === undefined || (!equals && !words[i]?.startsWith('--'))) continue;
    const next = words[i + 1];
    const taken = equals ? value : next !== undefined && !/^-./.test(next) ? words[++i] : 'true';
    found.set(name, [...(found.get(name) ?? []), (taken ?? '').replace(/^(["'])(.*)\1$/s, '$2')]);
  }
  return found;
}

/**
 * The arguments that a file or object gives to kube-apiserver: a static pod, kubeadm's ClusterConfiguration, a
 * KubeadmControlPlane of Cluster API, a configuration of K3s or RKE2, or of a Talos machine. `undefined` where it is
 * about something else.
 */
export function apiServerArguments(document: Json): Map<string, string[]> | undefined {
  switch (document.kind) {
    case 'Pod': {
      const container = apiServerContainer(document);
      return container && parseArguments(wordsOf(container));
    }
    case 'ClusterConfiguration':
      return extraArgs(mapAt(document, 'apiServer').extraArgs);
    case 'KubeadmControlPlane':
      return extraArgs(mapAt(document, 'spec', 'kubeadmConfigSpec', 'clusterConfiguration', 'apiServer').extraArgs);
  }
  if (document.kind !== undefined) return undefined;
  const rancher = document['kube-apiserver-arg'] ?? document['kube-apiserver-arg+'];
  if (rancher !== undefined) return parseArguments(listOf(rancher).map(String));
  if (isMap(document.machine) || isMap(document.cluster)) {
    return extraArgs(mapAt(document, 'cluster', 'apiServer').extraArgs);
  }
  return undefined;
}

const wordsOf = ({ command, args }: Json): string[] => [...listOf(command), ...listOf(args)].map(String);

/** The container of a pod that is a kube-apiserver. */
export const apiServerContainer = (pod: Json): Json | undefined =>
  listOf(mapAt(pod, 'spec').containers)
    .map((one) => mapAt(one))
    .find((container) => wordsOf(container).some((word) => /(^|\/)kube-apiserver$/.test(word)));

/** A list of name and value (kubeadm from v1beta4), or a map (kubeadm up to v1beta3; in Talos with lists in it). */
function extraArgs(extra: unknown): Map<string, string[]> {
  const pairs: (readonly [unknown, unknown])[] = Array.isArray(extra)
    ? extra.map((one) => [mapAt(one).name, mapAt(one).value])
    : Object.entries(isMap(extra) ? extra : {});
  const words = pairs.flatMap(([name, value]) => listOf(value).map((one) => `--${String(name)}=${String(one)}`));
  return parseArguments(words);
}
