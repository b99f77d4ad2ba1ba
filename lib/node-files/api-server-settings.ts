import { dirname, posix } from 'node:path';
import type { Authenticator } from '../identity/authenticator';
import { type ApiServer, authenticationConfiguration } from './authentication-configuration';
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
 * What a kube-apiserver must be given to accept the tokens of its clients.
 * @param trusted an authenticator for each client, its own first; flags know one
 * @param folder where on the node the files lie that this kind of control plane lets it read
 * @throws Error where there is no client
 */
export function apiServerSettings(server: ApiServer, trusted: readonly Authenticator[], folder: string): Settings {
  const { method, ca, anonymous } = server.authentication;
  const excludes = anonymous ? /^(oidc-.*|authentication-config|anonymous-auth)$/ : /^(oidc-.*|authentication-config)$/;
  const [own] = trusted;
  if (!own) throw new Error('an API server has to trust one client at least');
  if (method === 'structured') {
    const path = posix.join(folder, 'authentication-config.yaml');
    const text = authenticationConfiguration(server, trusted);
    return { args: [{ name: 'authentication-config', value: path }], files: [{ path, text }], excludes };
  }
  if (!ca) return { args: oidcFlags(own), files: [], excludes };
  const path = ca.nodePath ?? posix.join(folder, 'oidc-ca.crt');
  return { args: oidcFlags(own, path), files: [{ path, ...(ca.pem === undefined ? {} : { text: ca.pem }) }], excludes };
}

/** The folders that the files lie in: what a kube-apiserver in a container must have mounted. */
export const foldersOf = ({ files }: Settings): string[] => [...new Set(files.map(({ path }) => dirname(path)))].sort();
