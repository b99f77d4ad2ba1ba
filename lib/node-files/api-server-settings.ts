import { dirname, posix } from 'node:path';
import type { Cluster, Config } from '../config/config';
import { authenticators } from '../identity/authenticator';
import { authenticationConfiguration } from './authentication-configuration';
import { type Argument, oidcFlags } from './oidc-flags';

/** A file that kube-apiserver reads. */
export interface NodeFile {
  /** Absolute path on each control-plane node. */
  readonly path: string;
  /** Its text; `undefined` where the owner says that it is there. */
  readonly text?: string;
}

/** What a kube-apiserver must be given, whatever starts it. */
export interface Settings {
  readonly args: readonly Argument[];
  readonly files: readonly NodeFile[];
  /** Arguments that kube-apiserver does not start with beside these, or that would say something else. */
  readonly excludes: RegExp;
}

/**
 * What the kube-apiserver of a cluster must be given for its people to sign in.
 * @param folder where on the node the files lie that this kind of control plane lets it read
 */
export function apiServerSettings(config: Config, cluster: Cluster, folder: string): Settings {
  const trusted = authenticators(config, cluster);
  const { method, ca, anonymous } = cluster.authentication;
  const excludes = anonymous ? /^(oidc-.*|authentication-config|anonymous-auth)$/ : /^(oidc-.*|authentication-config)$/;
  if (method === 'structured') {
    const path = posix.join(folder, 'authentication-config.yaml');
    const text = authenticationConfiguration(cluster, trusted);
    return { args: [{ name: 'authentication-config', value: path }], files: [{ path, text }], excludes };
  }
  const [own] = trusted;
  if (!own) throw new Error(`cluster ${cluster.name} trusts no client`);
  if (!ca) return { args: oidcFlags(own), files: [], excludes };
  const path = ca.nodePath ?? posix.join(folder, 'oidc-ca.crt');
  return { args: oidcFlags(own, path), files: [{ path, ...(ca.pem === undefined ? {} : { text: ca.pem }) }], excludes };
}

/** The folders that the files lie in: what a kube-apiserver in a container must have mounted. */
export const foldersOf = ({ files }: Settings): string[] => [...new Set(files.map(({ path }) => dirname(path)))].sort();
