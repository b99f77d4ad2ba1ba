import type { Version } from '../config/config';
import { has } from '../upstream/kubernetes';
import { foldersOf, type Settings } from './api-server-settings';
import type { Argument } from './oidc-flags';

/**
 * The API versions of kubeadm's configuration that Kaniflux can render, and can merge into an existing configuration.
 */
export const kubeadmVersions = ['v1beta3', 'v1beta4'] as const;
export type KubeadmVersion = (typeof kubeadmVersions)[number];

/** A folder of the node that is mounted into the static pod at the same path. */
export interface Mount {
  readonly name: string;
  readonly hostPath: string;
  readonly mountPath: string;
  readonly readOnly: true;
  readonly pathType: 'DirectoryOrCreate';
}

/** The rendered part of `apiServer` in a ClusterConfiguration. */
export interface ApiServerPart {
  readonly extraArgs: readonly Argument[] | Readonly<Record<string, string>>;
  readonly extraVolumes?: readonly Mount[];
}

/**
 * Returns the folders of CA certificates that kubeadm itself mounts into kube-apiserver. Kubernetes would refuse a
 * second mount of one of them.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/cmd/kubeadm/app/phases/controlplane/volumes.go
 */
const trustFolders = (kubernetes: Version): string[] => [
  '/etc/ssl/certs',
  '/etc/ca-certificates',
  ...(has(kubernetes, 'kubeadmPartOfPki') ? ['/etc/pki/ca-trust', '/etc/pki/tls/certs'] : ['/etc/pki']),
  '/usr/share/ca-certificates',
  '/usr/local/share/ca-certificates',
];

/** The default of `certificatesDir`, a folder that kubeadm mounts too. */
export const certificatesDir = '/etc/kubernetes/pki';

/**
 * Returns the folders to mount. The first mount is named `kaniflux`. Whole folders are mounted, because a mounted file
 * does not change in the container when the file is replaced.
 * @param certificates the folders of the cluster's own certificates, which kubeadm mounts
 */
export function mounts(settings: Settings, certificates: readonly string[] = [certificatesDir]): Mount[] {
  const mounted = [...certificates, ...trustFolders(settings.kubernetes)];
  const folders = foldersOf(settings).filter((folder) => !mounted.some((path) => `${folder}/`.startsWith(`${path}/`)));
  return folders.map((folder, i) => ({
    name: i === 0 ? 'kaniflux' : `kaniflux-${i + 1}`,
    hostPath: folder,
    mountPath: folder,
    readOnly: true,
    pathType: 'DirectoryOrCreate',
  }));
}

/** Returns the settings as kubeadm's `apiServer`. Arguments are a map in v1beta3 and a list in v1beta4. */
export function apiServerPart(version: KubeadmVersion, settings: Settings): ApiServerPart {
  const volumes = mounts(settings);
  return {
    extraArgs: version === 'v1beta4' ? settings.args : argumentMap(settings.args),
    ...(volumes.length > 0 ? { extraVolumes: volumes } : {}),
  };
}

/**
 * Returns the arguments as a map.
 * @throws Error if an argument occurs twice; the rules reject such a config earlier
 */
export function argumentMap(args: readonly Argument[]): Record<string, string> {
  const map: Record<string, string> = {};
  for (const { name, value } of args) {
    if (map[name] !== undefined)
      throw new Error(`--${name} is needed twice, but \`extraArgs\` can contain it only once`);
    map[name] = value;
  }
  return map;
}
