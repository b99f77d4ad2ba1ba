import type { Cluster, Config, Kubeconfig } from '../config/config';
import { type Authenticator, authenticators } from '../identity/authenticator';
import { kubeloginArgs } from './kubelogin-args';

interface Named {
  readonly name: string;
}

/** The three entries of a kubeconfig for one cluster. */
export interface Entries {
  readonly cluster: Named & { readonly cluster: object };
  readonly user: Named & { readonly user: object };
  readonly context: Named & { readonly context: object };
}

/** What a kubeconfig has to know of a cluster. */
export interface KubeconfigCluster {
  readonly name: string;
  /** Address of the API server. */
  readonly server: string;
  readonly kubeconfig: Kubeconfig;
  /** What the API server does with the tokens of the client that people sign in with. */
  readonly authenticator: Authenticator;
  /** Certificates, as PEM, that Kanidm's is signed by. @default - those that the machine trusts */
  readonly issuerCa?: string;
}

/** What a cluster of the config adds to a kubeconfig. */
export function kubeconfigEntries(config: Config, cluster: Cluster): Entries {
  const [authenticator] = authenticators(config, cluster);
  if (!authenticator) throw new Error(`cluster ${cluster.name} trusts no client`);
  const { name, server, kubeconfig, authentication } = cluster;
  return clusterKubeconfigEntries({ name, server, kubeconfig, authenticator, issuerCa: authentication.ca?.pem });
}

/** What a cluster adds to a kubeconfig: itself, who signs in, and a context of its name that joins the two. */
export function clusterKubeconfigEntries(cluster: KubeconfigCluster): Entries {
  const { name, server, kubeconfig } = cluster;
  const { certificateAuthority: ca, user } = kubeconfig;
  const authority =
    ca === undefined
      ? {}
      : 'pem' in ca
        ? { 'certificate-authority-data': Buffer.from(ca.pem).toString('base64') }
        : { 'certificate-authority': ca.path };
  return {
    cluster: { name, cluster: { server, ...authority } },
    context: { name, context: { cluster: name, user } },
    user: { name: user, user: { exec: credentialPlugin(cluster) } },
  };
}

const install = 'https://github.com/int128/kubelogin#setup';

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
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
    // Not `Always`, although the keyboard is asked: kubectl would then refuse to run without a terminal, token or not.
    interactiveMode: 'IfAvailable',
    provideClusterInfo: false,
  };
}

/** A kubeconfig of several clusters, the first as the current context. A user that two share stands there once. */
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
