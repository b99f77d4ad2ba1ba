import type { Version } from '../config/config';
import { type ApiServer, authenticationConfiguration, type Trusted } from './authentication-configuration';
import { type Argument, oidcFlags } from './oidc-flags';

/** A file that kube-apiserver reads. */
export interface NodeFile {
  /** Absolute path on each control-plane node. */
  readonly path: string;
  /** The content; `undefined` if the nodes already have the file. */
  readonly text?: string;
}

/** The settings of a kube-apiserver, independent of what starts it. */
export interface Settings {
  readonly kubernetes: Version;
  readonly args: readonly Argument[];
  readonly files: readonly NodeFile[];
  /** Matches the names of arguments that conflict with `args`. */
  readonly excludes: RegExp;
}

/**
 * Returns the settings that make a kube-apiserver accept the tokens of its clients.
 * @param trusted the trusted issuers; flags use only the first client
 * @param folder the folder on the nodes for files that kube-apiserver reads
 * @throws Error if there is no client
 */
export function apiServerSettings(server: ApiServer, trusted: Trusted, folder: string): Settings {
  const { kubernetes, authentication } = server;
  const { method, ca, anonymous } = authentication;
  const excludes = anonymous ? /^(oidc-.*|authentication-config|anonymous-auth)$/ : /^(oidc-.*|authentication-config)$/;
  const [own] = trusted.clients;
  if (!own) throw new Error('an API server must trust at least one client');
  if (method === 'structured') {
    const path = inFolder(folder, 'authentication-config.yaml');
    const text = authenticationConfiguration(server, trusted);
    return { kubernetes, args: [{ name: 'authentication-config', value: path }], files: [{ path, text }], excludes };
  }
  if (!ca) return { kubernetes, args: oidcFlags(own), files: [], excludes };
  const path = ca.nodePath ?? inFolder(folder, 'oidc-ca.crt');
  const file = { path, ...(ca.pem === undefined ? {} : { text: ca.pem }) };
  return { kubernetes, args: oidcFlags(own, path), files: [file], excludes };
}

/** Returns the file that `--authentication-config` names; `undefined` for flags. */
export const authenticationConfigFile = ({ args, files }: Settings): NodeFile | undefined =>
  files.find(({ path }) => args.some(({ name, value }) => name === 'authentication-config' && value === path));

/** Returns the folders of the files. If kube-apiserver runs in a container, they must be mounted. */
export const foldersOf = ({ files }: Settings): string[] =>
  [...new Set(files.map(({ path }) => path.replace(/(.)\/[^/]*$/, '$1')))].sort();

const inFolder = (folder: string, name: string): string => `${folder.replace(/\/+$/, '')}/${name}`;
