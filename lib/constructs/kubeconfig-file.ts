import type { Kubeconfig } from '../config/config';
import { clusterKubeconfigEntries, kubeconfigOf } from '../node-files/kubeconfig';
import type { KanidmClient } from './kanidm-client';

export interface KubeconfigProps {
  /** Name of the cluster, and of its context. */
  readonly name: string;
  /** Address of the API server. */
  readonly server: string;
  /** The client that people sign in with. */
  readonly client: KanidmClient;
  /** Name of the user entry; several clusters with one client can share it. @default - `oidc-<name>` */
  readonly user?: string;
  /** The API server's CA: as PEM, or as a file of whoever has the kubeconfig. @default - what the machine trusts */
  readonly certificateAuthority?: { readonly pem: string } | { readonly path: string };
  /** `kubectl oidc-login` (krew), or the plain `kubelogin` program. @default 'oidc-login' */
  readonly plugin?: Kubeconfig['plugin'];
  /** In the browser, by a code that is pasted, or by a device code. @default 'browser' */
  readonly signIn?: Kubeconfig['signIn'];
  /** Where tokens are kept. @default 'disk' */
  readonly tokenCache?: Kubeconfig['tokenCache'];
  /** Certificates, as PEM, that Kanidm's is signed by. @default - what the machine trusts */
  readonly issuerCa?: string;
}

/**
 * A kubeconfig without secrets, the first cluster as the current context.
 * @throws Error where two clusters have one user who signs in in two ways
 */
export function kubeconfig(...clusters: readonly KubeconfigProps[]): object {
  const entries = clusters.map(({ name, server, client, issuerCa, ...props }) => {
    const { user = `oidc-${name}`, certificateAuthority } = props;
    const { plugin = 'oidc-login', signIn = 'browser', tokenCache = 'disk' } = props;
    const settings = { user, certificateAuthority, plugin, signIn, tokenCache };
    return clusterKubeconfigEntries({
      name,
      server,
      kubeconfig: settings,
      authenticator: client.authenticator,
      issuerCa,
    });
  });
  const users = new Map<string, string>();
  for (const { user } of entries) {
    const text = JSON.stringify(user);
    if ((users.get(user.name) ?? text) !== text) throw new Error(`the user \`${user.name}\` would sign in in two ways`);
    users.set(user.name, text);
  }
  return kubeconfigOf(entries);
}
