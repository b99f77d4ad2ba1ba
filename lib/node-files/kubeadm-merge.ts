import { type Document, isAlias, isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Settings } from './api-server-settings';
import { type ClusterConfiguration, findClusterConfiguration, print } from './cluster-configuration';
import { type KubeadmVersion, type Mount, mounts } from './kubeadm-config';
import { MergeError } from './merge-error';
import { type Argument, toFlag } from './oidc-flags';

export interface MergeOptions {
  /** Take away what stands in the way, such as the arguments of an earlier issuer. @default false */
  readonly replace?: boolean;
}

/**
 * A cluster's own kubeadm configuration with the settings merged in. What else is in it stays: other documents,
 * arguments, comments, order. Merging again changes nothing.
 * @throws MergeError where the text has no ClusterConfiguration that kubeadm would read, or one that says otherwise
 */
export function kubeadmMerge(text: string, settings: Settings, { replace = false }: MergeOptions = {}): string {
  const found = findClusterConfiguration(text);
  const apiServer = mapAt(found.document, found.document.contents as YAMLMap, 'apiServer');
  mergeArgs(found, apiServer, settings, replace);
  mergeVolumes(found, apiServer, mounts(settings), replace);
  return print(found.documents, text);
}

function mapAt(document: Document, parent: YAMLMap, key: string): YAMLMap {
  const node = parent.get(key, true) as unknown;
  if (isMap(node)) return node;
  if (parent.get(key) != null)
    throw new MergeError(`\`${key}\` of the ClusterConfiguration is not a map that is written out`);
  const map = document.createNode({}) as YAMLMap;
  parent.set(key, map);
  return map;
}

function seqAt(document: Document, parent: YAMLMap, key: string): YAMLSeq {
  const node = parent.get(key, true) as unknown;
  if (isSeq(node)) return node;
  if (parent.get(key) != null) {
    throw new MergeError(`\`apiServer.${key}\` of the ClusterConfiguration is not a list that is written out`);
  }
  const seq = document.createNode([]) as YAMLSeq;
  parent.set(key, seq);
  return seq;
}

function mergeArgs(
  { document, version }: ClusterConfiguration,
  apiServer: YAMLMap,
  settings: Settings,
  replace: boolean,
) {
  const present = argsOf(apiServer.toJS(document)?.extraArgs, version);
  const wanted = new Set(settings.args.map(toFlag));
  const foreign = present.filter((argument) => settings.excludes.test(argument.name) && !wanted.has(toFlag(argument)));
  if (foreign.length > 0 && !replace) {
    const list = foreign.map((argument) => `  ${toFlag(argument)}`).join('\n');
    throw new MergeError(
      `the cluster has arguments that say something else:\n${list}\ntake them out, or merge with --replace, which does`,
    );
  }
  const kept = new Set(present.map(toFlag));
  const missing = settings.args.filter((argument) => !kept.has(toFlag(argument)));
  const gone = new Set(foreign.map(toFlag));
  if (missing.length === 0 && gone.size === 0) return;
  if (version === 'v1beta3') {
    const map = mapAt(document, apiServer, 'extraArgs');
    for (const { name } of foreign) map.delete(name);
    for (const { name, value } of missing) {
      if (map.has(name))
        throw new MergeError(`v1beta3 holds --${name} once, and it is needed twice: migrate to v1beta4`);
      map.set(name, value);
    }
    return;
  }
  const list = seqAt(document, apiServer, 'extraArgs');
  list.items = list.items.filter((item) => {
    const { name, value = '' } = (item as YAMLMap).toJS(document) as Partial<Argument> & { name: string };
    return !gone.has(toFlag({ name, value }));
  });
  for (const { name, value } of missing) list.add(document.createNode({ name, value }));
}

/** The arguments that are there: a map in v1beta3, a list in v1beta4, and kubeadm reads neither for the other. */
function argsOf(value: unknown, version: KubeadmVersion): Argument[] {
  if (value == null) return [];
  if (version === 'v1beta3') {
    if (typeof value === 'object' && !Array.isArray(value)) {
      return Object.entries(value).map(([name, text]) => ({ name, value: String(text) }));
    }
    throw new MergeError('`apiServer.extraArgs` of v1beta3 is a map of name and value, and here it is not');
  }
  const named = (item: unknown): item is Partial<Argument> & { name: string } =>
    typeof (item as Argument | null)?.name === 'string';
  if (Array.isArray(value) && value.every(named)) return value.map((item) => ({ value: '', ...item }));
  throw new MergeError('`apiServer.extraArgs` of v1beta4 is a list of `name` and `value`, and here it is not');
}

function mergeVolumes(
  { document }: ClusterConfiguration,
  apiServer: YAMLMap,
  wanted: readonly Mount[],
  replace: boolean,
): void {
  if (replace) dropEarlier(document, apiServer, wanted);
  if (wanted.length === 0) return;
  const list = seqAt(document, apiServer, 'extraVolumes');
  if (!list.items.every((item) => isMap(item) || isAlias(item))) {
    throw new MergeError('`apiServer.extraVolumes` is a list of volumes, and here it is not');
  }
  for (const mount of wanted) {
    const present = list.items.map((item) => ({ item, volume: (item as YAMLMap).toJS(document) as Partial<Mount> }));
    const same = ({ volume }: { volume: Partial<Mount> }) =>
      volume.mountPath === mount.mountPath && volume.hostPath === mount.hostPath;
    if (present.some(same)) continue;
    const clash = present.filter(({ volume }) => volume.name === mount.name || volume.mountPath === mount.mountPath);
    if (clash.length > 0 && !replace) {
      const names = clash.map(({ volume }) => `\`${volume.name}\` (${volume.mountPath})`).join(', ');
      throw new MergeError(
        `the cluster has another volume ${names}, where ${mount.hostPath} goes: rename it, or merge with --replace`,
      );
    }
    list.items = list.items.filter((item) => !clash.some((found) => found.item === item));
    list.add(document.createNode(mount));
  }
}

/** Takes away the folders that an earlier merge mounted and that nothing of ours lies in any more. */
function dropEarlier(document: Document, apiServer: YAMLMap, wanted: readonly Mount[]): void {
  const list = apiServer.get('extraVolumes', true) as unknown;
  if (!isSeq(list)) return;
  const kept = list.items.filter((item) => {
    if (!isMap(item)) return true;
    const { name, hostPath, mountPath } = item.toJS(document) as Partial<Mount>;
    const ours = /^kaniflux(-\d+)?$/.test(name ?? '') && hostPath === mountPath;
    return !ours || wanted.some((mount) => mount.mountPath === mountPath);
  });
  if (kept.length === 0) apiServer.delete('extraVolumes');
  else list.items = kept;
}
