import { type Document, isAlias, isMap, isNode, isScalar, isSeq, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isMap as isRecord, messageOf, scalarText, mapAt as valuesAt } from '../guards';
import { scalarText as yamlText } from '../output/yaml-scalar';
import type { Settings } from './api-server-settings';
import { type ClusterConfiguration, fill, findClusterConfiguration, print } from './cluster-configuration';
import { certificatesDir, type KubeadmVersion, type Mount, mounts } from './kubeadm-config';
import { MergeError } from './merge-error';
import { issuersOf } from './merged-authentication-config';
import { type Argument, toFlag } from './oidc-flags';

/** Options of a merge. */
export interface MergeOptions {
  /** Whether to remove conflicting settings, such as the arguments for an earlier issuer. @default false */
  readonly replace?: boolean;
  /** The text of the file that the cluster's `--authentication-config` names. Required to replace that argument. */
  readonly authenticationConfig?: string;
}

/** How messages name what the caller gave, or can give. */
interface MergeWords {
  readonly text: string;
  readonly replace: string;
  readonly pass: string;
  readonly passed: string;
  readonly structured: string;
}

const commandWords: MergeWords = {
  text: 'standard input',
  replace: 'merge with --replace',
  pass: 'pass the copy to kubeadm-merge with --authentication-config',
  passed: 'the file that you pass with --authentication-config',
  structured: 'write `authentication: { method: structured }` into the config',
};

/** For `ApiServerSignIn`. */
export const programWords: MergeWords = {
  text: 'the text',
  replace: 'merge with `replace: true`',
  pass: 'pass its text as `authenticationConfig`',
  passed: '`authenticationConfig`',
  structured: "use `method: 'structured'`",
};

/**
 * Merges the settings into a cluster's own kubeadm configuration. Everything else is kept: other documents, arguments,
 * comments and the order. A comment on a replaced argument or volume is removed with it. Merging again changes nothing.
 * @throws MergeError if the text has no valid ClusterConfiguration, or has conflicting settings, or if issuers of a
 * replaced AuthenticationConfiguration would be lost
 */
export function kubeadmMerge(
  text: string,
  settings: Settings,
  options: MergeOptions = {},
  words = commandWords,
): string {
  const configuration = findClusterConfiguration(text, words.text);
  const { document, root, documents } = configuration;
  refuseShared(root, 'the ClusterConfiguration');
  const volumes = mounts(settings, certificateFolders(document, root));
  const apiServer = mapAt(document, root, 'apiServer');
  mergeArgs(configuration, apiServer, settings, { ...options, words });
  mergeVolumes(document, apiServer, volumes, { ...options, words });
  try {
    return print(documents, text);
  } catch (error) {
    throw new MergeError(
      `the ClusterConfiguration can't be written (${messageOf(error)}): replace each YAML alias by its value`,
    );
  }
}

/**
 * Returns the folders that kubeadm mounts for the certificates of the cluster, and for those of an external etcd.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/cmd/kubeadm/app/phases/controlplane/volumes.go
 */
function certificateFolders(document: Document, root: YAMLMap): string[] {
  const configuration: unknown = root.toJS(document);
  const own = scalarText(valuesAt(configuration).certificatesDir) || certificatesDir;
  const { caFile, certFile, keyFile } = valuesAt(configuration, 'etcd', 'external');
  const etcd = [caFile, certFile, keyFile].flatMap((path) => /^(.+)\/+[^/]+$/.exec(scalarText(path))?.[1] ?? []);
  return [own, ...etcd].map(withoutSlash);
}

const withoutSlash = (path: string): string => path.replace(/(.)\/+$/, '$1');

/**
 * Refuses a node with an anchor, because a change would also affect its aliases. Refuses a node with a merge key,
 * because a change would hide what the merge key puts into the node.
 */
function refuseShared(node: YAMLMap | YAMLSeq, what: string): void {
  if (node.anchor)
    throw new MergeError(
      `${what} has the anchor \`&${node.anchor}\`, and a change would also change its aliases: replace the aliases by the values`,
    );
  if (isMap(node) && node.has('<<')) throw new MergeError(`${what} has a merge key (\`<<\`): replace it by the values`);
}

function mapAt(document: Document, parent: YAMLMap, key: string): YAMLMap {
  const node: unknown = parent.get(key, true);
  if (isMap(node)) {
    refuseShared(node, `\`${key}\` of the ClusterConfiguration`);
    return node;
  }
  if (parent.get(key) != null) {
    throw new MergeError(`\`${key}\` of the ClusterConfiguration must be a map, and must not be an alias`);
  }
  return fill(parent, key, new YAMLMap(document.schema));
}

function seqAt(document: Document, parent: YAMLMap, key: string): YAMLSeq {
  const node: unknown = parent.get(key, true);
  if (isSeq(node)) {
    refuseShared(node, `\`apiServer.${key}\` of the ClusterConfiguration`);
    return node;
  }
  if (parent.get(key) != null) {
    throw new MergeError(`\`apiServer.${key}\` of the ClusterConfiguration must be a list, and must not be an alias`);
  }
  return fill(parent, key, new YAMLSeq(document.schema));
}

/** Removes all other items of a list or map. */
function keepOnly<Item>(list: { items: Item[]; commentBefore?: string | null }, isKept: (item: Item) => boolean): void {
  const kept = list.items.filter(isKept);
  // The parser attaches a comment above the first item to the list. The comment belongs to the item.
  if (kept[0] !== list.items[0]) list.commentBefore = null;
  list.items = kept;
}

/** Returns an item of a list as plain JSON, with aliases resolved. */
const plain = (document: Document, item: unknown): unknown => (isNode(item) ? item.toJS(document) : item);

interface Merging extends MergeOptions {
  readonly words: MergeWords;
}

function mergeArgs(
  { document, version }: ClusterConfiguration,
  apiServer: YAMLMap,
  settings: Settings,
  { replace = false, authenticationConfig, words }: Merging,
): void {
  const present = argsOf(apiServer.toJS(document)?.extraArgs, version);
  const ours = new Set(settings.args.map(toFlag));
  const foreign = present.filter((argument) => settings.excludes.test(argument.name) && !ours.has(toFlag(argument)));
  if (foreign.length > 0 && !replace) {
    const list = foreign.map((argument) => `  ${toFlag(argument)}`).join('\n');
    throw new MergeError(`the cluster has conflicting arguments:\n${list}\nremove them, or ${words.replace}`);
  }
  const replaced = foreign.find(({ name }) => name === 'authentication-config');
  if (replaced && authenticationConfig === undefined) {
    throw new MergeError(
      `the merge would replace ${toFlag(replaced)}, and the API server would no longer trust the issuers in that file: copy the file from a control-plane node, and ${words.pass}`,
    );
  }
  const issuer = settings.args.find(({ name }) => name === 'oidc-issuer-url');
  if (issuer && authenticationConfig !== undefined) refuseOthers(authenticationConfig, issuer.value, words);
  const kept = new Set(present.map(toFlag));
  const missing = settings.args.filter((argument) => !kept.has(toFlag(argument)));
  if (missing.length === 0 && foreign.length === 0) return;
  if (version === 'v1beta3') mergeMap(mapAt(document, apiServer, 'extraArgs'), missing, foreign);
  else mergeList(document, seqAt(document, apiServer, 'extraArgs'), missing, foreign);
}

/**
 * If an AuthenticationConfiguration has other issuers, refuses to replace it by flags, because flags configure only one
 * issuer.
 */
function refuseOthers(authenticationConfig: string, issuer: string, words: MergeWords): void {
  const others = issuersOf(authenticationConfig).filter((url) => url !== issuer);
  if (others.length === 0) return;
  throw new MergeError(
    `the AuthenticationConfiguration also trusts ${others.join(', ')}, but flags can configure only one issuer: ${words.structured}, or remove the other issuers from ${words.passed}`,
  );
}

function mergeMap(map: YAMLMap, missing: readonly Argument[], gone: readonly Argument[]): void {
  const names = new Set(gone.map(({ name }) => name));
  keepOnly(map, ({ key }) => !names.has(isScalar(key) ? String(key.value) : ''));
  for (const { name, value } of missing) {
    if (map.has(name)) {
      throw new MergeError(`--${name} is needed twice, which v1beta3 can't represent; migrate to v1beta4`);
    }
    map.set(name, quotedNode(value));
  }
}

function mergeList(document: Document, list: YAMLSeq, missing: readonly Argument[], gone: readonly Argument[]): void {
  const flags = new Set(gone.map(toFlag));
  keepOnly(list, (item) => {
    const argument = argumentOf(plain(document, item));
    return !argument || !flags.has(toFlag(argument));
  });
  for (const { name, value } of missing) list.add(document.createNode({ name, value: quotedNode(value) }));
}

/**
 * Returns a text as a scalar. Quotes the text if kubeadm would read another type: kubeadm reads YAML 1.1, in which `on`
 * is true.
 */
function quotedNode(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  if (yamlText(text, '') !== text) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Returns the existing arguments, which are a map in v1beta3 and a list in v1beta4. */
function argsOf(value: unknown, version: KubeadmVersion): Argument[] {
  if (value == null) return [];
  if (version === 'v1beta3') {
    if (isRecord(value)) return Object.entries(value).map(([name, text]) => ({ name, value: String(text) }));
    throw new MergeError('expected `apiServer.extraArgs` to be a map, as in v1beta3');
  }
  const items = Array.isArray(value) ? value.map(argumentOf) : [undefined];
  if (items.every((item) => item !== undefined)) return items;
  throw new MergeError('expected `apiServer.extraArgs` to be a list of `name` and `value`, as in v1beta4');
}

/** Returns an item as an argument in the form of v1beta4; `undefined` if it has another form. */
function argumentOf(item: unknown): Argument | undefined {
  if (!isRecord(item) || typeof item.name !== 'string') return undefined;
  return { name: item.name, value: item.value === undefined ? '' : String(item.value) };
}

/** The fields of an existing volume that can conflict with a rendered volume. Paths have no slash at the end. */
interface Volume {
  readonly name: string;
  readonly hostPath: string;
  readonly mountPath: string;
}

function volumeOf(document: Document, item: unknown): Volume {
  const { name, hostPath, mountPath } = valuesAt(plain(document, item));
  return {
    name: scalarText(name),
    hostPath: withoutSlash(scalarText(hostPath)),
    mountPath: withoutSlash(scalarText(mountPath)),
  };
}

function mergeVolumes(
  document: Document,
  apiServer: YAMLMap,
  ours: readonly Mount[],
  { replace = false, words }: Merging,
): void {
  if (replace) dropEarlier(document, apiServer, ours);
  if (ours.length === 0) return;
  const list = seqAt(document, apiServer, 'extraVolumes');
  if (!list.items.every((item) => isMap(item) || isAlias(item))) {
    throw new MergeError('expected `apiServer.extraVolumes` to be a list of volumes');
  }
  for (const mount of ours) {
    const present = list.items.map((item) => ({ item, volume: volumeOf(document, item) }));
    const same = ({ volume }: { volume: Volume }) =>
      volume.mountPath === mount.mountPath && volume.hostPath === mount.hostPath;
    if (present.some(same)) continue;
    const clash = present.filter(({ volume }) => volume.name === mount.name || volume.mountPath === mount.mountPath);
    if (clash.length > 0 && !replace) {
      const names = clash.map(({ volume }) => `\`${volume.name}\` (${volume.mountPath})`).join(', ');
      throw new MergeError(
        `the volume that Kaniflux adds for ${mount.hostPath} has the same name or mount path as ${names} in the ClusterConfiguration; change the name or mount path there, or ${words.replace}`,
      );
    }
    const clashing = new Set<unknown>(clash.map(({ item }) => item));
    keepOnly(list, (item) => !clashing.has(item));
    list.add(document.createNode(mount));
  }
}

/** Removes volumes of an earlier merge that are no longer needed. */
function dropEarlier(document: Document, apiServer: YAMLMap, ours: readonly Mount[]): void {
  const list: unknown = apiServer.get('extraVolumes', true);
  if (!isSeq(list)) return;
  keepOnly(list, (item) => {
    if (!isMap(item)) return true;
    const { name, hostPath, mountPath } = volumeOf(document, item);
    const made = /^kaniflux(-\d+)?$/.test(name) && hostPath === mountPath;
    return !made || ours.some((mount) => mount.mountPath === mountPath);
  });
  if (list.items.length === 0) apiServer.delete('extraVolumes');
}
