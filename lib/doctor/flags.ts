import { at, isMap, type Json, listOf } from '../adopt/facts';
import { parseArguments } from '../adopt/flags';
import type { Settings } from '../control-plane/settings';

/** Arguments of a kube-apiserver by name. */
export type Flags = ReadonlyMap<string, readonly string[]>;

/** A kube-apiserver that runs as a pod. */
export interface ApiServerPod {
  readonly name: string;
  readonly flags: Flags;
}

/** The API servers among pods: kubeadm's, and those of other static pods. */
export const apiServerPods = (list: unknown): ApiServerPod[] =>
  listOf(at(list).items).flatMap((pod): ApiServerPod[] =>
    listOf(at(pod, 'spec').containers).flatMap((container) => {
      const { command, args } = at(container);
      const words = [...listOf(command), ...listOf(args)].map(String);
      if (!words.some((word) => /(^|\/)kube-apiserver$/.test(word))) return [];
      return [{ name: String(at(pod, 'metadata').name), flags: parseArguments(words) }];
    }),
  );

/** What a ClusterConfiguration gives to the API server: a map up to v1beta3, a list from v1beta4. */
export function extraArgs(configuration: unknown): Flags {
  const extra = at(configuration, 'apiServer').extraArgs;
  const pairs = Array.isArray(extra)
    ? extra.map((one) => [at(one).name, at(one).value])
    : Object.entries(isMap(extra) ? (extra as Json) : {});
  return parseArguments(pairs.map(([name, value]) => `--${String(name)}=${String(value)}`));
}

/** What is different from the settings that are rendered, a line each. */
export function deviations(flags: Flags, { args, excludes }: Settings): string[] {
  const wanted = new Map<string, string[]>();
  for (const { name, value } of args) wanted.set(name, [...(wanted.get(name) ?? []), value]);
  const names = [...new Set([...wanted.keys(), ...[...flags.keys()].filter((name) => excludes.test(name))])];
  return names.flatMap((name) => {
    const [is, should] = [flags.get(name), wanted.get(name)];
    if (JSON.stringify([...(is ?? [])].sort()) === JSON.stringify([...(should ?? [])].sort())) return [];
    const shown = `\`--${name}\``;
    if (!is) return [`${shown} is missing, which is to be \`${should?.join(', ')}\``];
    if (!should) return [`${shown} is \`${is.join(', ')}\`, which is not rendered`];
    return [`${shown} is \`${is.join(', ')}\`, and \`${should.join(', ')}\` is rendered`];
  });
}
