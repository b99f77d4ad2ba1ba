import type { Cluster, Config, Kubeconfig } from '../config/config';
import { type Authenticator, authenticators } from '../identity/authenticator';
import { toBase64 } from '../output/bytes';
import { kubeloginArgs } from './kubelogin-args';

/** Whether kubectl sends tokens to an address: it does so only over HTTPS. */
export function isHttps(server: string): boolean {
  const [, host] = /^https:\/\/([^/?#\s\\]+?)(?::\d+)?(?:[/?#][^\s\\]*)?$/i.exec(server) ?? [];
  if (host === undefined || !URL.canParse(server)) return false;
  const { hostname, username, password } = new URL(server);
  if (username !== '' || password !== '') return false;
  // `URL` repairs an address, but the kubeconfig contains it unchanged. IPv6 and Unicode have several spellings.
  const isSame = host.toLowerCase() === hostname || /^\[|[^ -~]/.test(host);
  // A variable such as `${SERVER}` is a valid host for `URL`, but nothing would substitute it.
  return isSame && /^[\w.-]+$|^\[/.test(hostname);
}

interface Named {
  readonly name: string;
}

export interface Entries {
  readonly cluster: Named & { readonly cluster: object };
  readonly user: Named & { readonly user: object };
  readonly context: Named & { readonly context: object };
}

/** The settings of a cluster that its kubeconfig depends on. */
export interface KubeconfigCluster {
  readonly name: string;
  /** Address of the API server. */
  readonly server: string;
  readonly kubeconfig: Kubeconfig;
  /** How the API server reads the tokens of the client that people sign in with. */
  readonly authenticator: Authenticator;
  /** The CA of Kanidm's certificate, as PEM. @default - the CAs that the machine trusts */
  readonly issuerCa?: string;
}

export function kubeconfigEntries(config: Config, cluster: Cluster): Entries {
  const [authenticator] = authenticators(config, cluster);
  if (!authenticator) throw new Error(`cluster ${cluster.name} trusts no client`);
  const { name, server, kubeconfig, authentication } = cluster;
  return clusterKubeconfigEntries({ name, server, kubeconfig, authenticator, issuerCa: authentication.ca?.pem });
}

/** Returns the kubeconfig entries of a cluster: the cluster, the user, and a context with the name of the cluster. */
export function clusterKubeconfigEntries(cluster: KubeconfigCluster): Entries {
  const { name, server, kubeconfig } = cluster;
  const { certificateAuthority: ca, user } = kubeconfig;
  const authority =
    ca === undefined
      ? {}
      : 'pem' in ca
        ? { 'certificate-authority-data': toBase64(ca.pem) }
        : { 'certificate-authority': ca.path };
  return {
    cluster: { name, cluster: { server, ...authority } },
    context: { name, context: { cluster: name, user } },
    user: { name: user, user: { exec: credentialPlugin(cluster) } },
  };
}

const install = 'https://github.com/int128/kubelogin#setup';

/**
 * Returns the `exec` section of the user.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
function credentialPlugin({ kubeconfig, authenticator, issuerCa }: KubeconfigCluster): object {
  const args = kubeloginArgs(authenticator, kubeconfig, issuerCa);
  const krew = kubeconfig.plugin === 'oidc-login';
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: krew ? 'kubectl' : 'kubelogin',
    args: krew ? ['oidc-login', ...args] : args,
    installHint: krew
      ? `kubelogin is not installed: kubectl krew install oidc-login (${install})`
      : `kubelogin is not installed: ${install}`,
    // Not `Always`, not even with `signIn: keyboard`. With `Always`, kubectl refuses to run without a terminal, even if
    // the cached token is still valid.
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
  };
}

/**
 * Returns a kubeconfig of several clusters. The first is the current context. A user that clusters share is listed
 * once.
 */
export function kubeconfigOf(entries: readonly Entries[]): object {
  const users = new Map(entries.map(({ user }) => [user.name, user]));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: entries.map(({ cluster }) => cluster),
    contexts: entries.map(({ context }) => context),
    users: [...users.values()],
    'current-context': entries[0]?.context.name,
  };
}
