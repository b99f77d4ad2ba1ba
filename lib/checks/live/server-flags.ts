import type { Arguments } from '../../existing/api-server-arguments';
import { apiServerArguments } from '../../existing/read-carrier';
import { isMap, listOf, mapAt, scalarText } from '../../guards';
import type { Settings } from '../../node-files/api-server-settings';

/** A kube-apiserver that runs as a pod. */
export interface ApiServerPod {
  readonly name: string;
  readonly flags: Arguments;
}

/** Returns the API servers among pods, such as the static pods of kubeadm. */
export const apiServerPods = (list: unknown): ApiServerPod[] =>
  listOf(mapAt(list).items).flatMap((pod): ApiServerPod[] => {
    const flags = isMap(pod) ? apiServerArguments({ ...pod, kind: 'Pod' }) : undefined;
    return flags ? [{ name: scalarText(mapAt(pod, 'metadata').name), flags }] : [];
  });

/** Returns the differences from the rendered settings, one line for each flag. */
export function deviations(flags: Arguments, { args, excludes }: Settings): string[] {
  const wanted = new Map<string, string[]>();
  for (const { name, value } of args) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  const names = [...new Set([...wanted.keys(), ...[...flags.keys()].filter((name) => excludes.test(name))])];
  return names.flatMap((name) => {
    const [is, should] = [flags.get(name), wanted.get(name)];
    if (JSON.stringify([...(is ?? [])].sort()) === JSON.stringify([...(should ?? [])].sort())) return [];
    const shown = `\`--${name}\``;
    if (!is) return [`${shown} is missing, but \`${should?.join(', ')}\` is rendered`];
    if (!should) return [`${shown} is \`${is.join(', ')}\`, which is not rendered`];
    return [`${shown} is \`${is.join(', ')}\`, but \`${should.join(', ')}\` is rendered`];
  });
}
