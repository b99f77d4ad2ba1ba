import type { Kubeconfig } from '../config/config';
import { clusterKubeconfigEntries, isHttps, kubeconfigOf } from '../node-files/kubeconfig';
import type { KanidmClient } from './kanidm-client';
import { certificatesOf, checkCertificates } from './props-check';
import { checkProps, type Shape } from './props-shape';

/** A cluster in a {@link kubeconfig}, and how people sign in to it. */
export interface KubeconfigProps {
  /** Name of the cluster, and of its context. */
  readonly name: string;
  /** Address of the API server. */
  readonly server: string;
  /** The client that people sign in with. */
  readonly client: KanidmClient;
  /** Name of the user entry. Clusters with the same client can share a user entry. @default - `oidc-<name>` */
  readonly user?: string;
  /** The API server's CA, as PEM or as a file on the user's machine. @default - the CAs that the machine trusts */
  readonly certificateAuthority?: { readonly pem: string } | { readonly path: string };
  /** `kubectl oidc-login` (krew), or the plain `kubelogin` program. @default 'oidc-login' */
  readonly plugin?: Kubeconfig['plugin'];
  /** How people sign in: in the browser, by pasting a code, or with a device code. @default 'browser' */
  readonly signIn?: Kubeconfig['signIn'];
  /** Where tokens are kept. @default 'disk' */
  readonly tokenCache?: Kubeconfig['tokenCache'];
  /** The CA of Kanidm's certificate, as PEM. @default - the CAs that the machine trusts */
  readonly issuerCa?: string;
}

const shape = {
  name: 'text',
  server: 'text',
  client: 'client',
  user: 'text',
  certificateAuthority: { pem: 'text', path: 'text' },
  plugin: ['oidc-login', 'kubelogin'],
  signIn: ['browser', 'keyboard', 'device-code'],
  tokenCache: ['disk', 'keyring', 'none'],
  issuerCa: 'text',
} as const satisfies Shape<KubeconfigProps>;

/**
 * Returns a kubeconfig without secrets. The first cluster is the current context.
 * @throws Error if two clusters have the same name, or the same `user` with different settings, if the address of an
 * API server is not an https URL, or if a CA is not a certificate in PEM
 */
export function kubeconfig(...clusters: readonly KubeconfigProps[]): object {
  for (const [i, props] of clusters.entries()) checkProps(`kubeconfig: cluster ${i + 1}`, props, shape);
  const names = new Set<string>();
  for (const { name, server, client, certificateAuthority, issuerCa } of clusters) {
    if (!name) throw new Error('name: expected the name of a cluster, found nothing');
    if (names.has(name)) throw new Error(`name: two clusters have the name \`${name}\``);
    names.add(name);
    if (client === undefined) throw new Error('client: expected a KanidmClient, found nothing');
    if (!isHttps(server))
      throw new Error(`server: expected an https URL such as \`https://192.0.2.10:6443\`, found \`${server}\``);
    const pem = certificateAuthority && 'pem' in certificateAuthority ? certificateAuthority.pem : undefined;
    const problem = checkCertificates('certificateAuthority.pem', pem) ?? checkCertificates('issuerCa', issuerCa);
    if (problem !== undefined) throw new Error(problem);
  }
  const entries = clusters.map(({ name, server, client, issuerCa, certificateAuthority: ca, ...props }) => {
    const { user = `oidc-${name}` } = props;
    const certificateAuthority = ca && 'pem' in ca ? { pem: certificatesOf(ca.pem) } : ca;
    const { plugin = 'oidc-login', signIn = 'browser', tokenCache = 'disk' } = props;
    const settings = { user, certificateAuthority, plugin, signIn, tokenCache };
    return clusterKubeconfigEntries({
      name,
      server,
      kubeconfig: settings,
      authenticator: client.authenticator,
      issuerCa: issuerCa === undefined ? undefined : certificatesOf(issuerCa),
    });
  });
  const users = new Map<string, string>();
  for (const { user } of entries) {
    const text = JSON.stringify(user);
    if ((users.get(user.name) ?? text) !== text)
      throw new Error(`the user entry \`${user.name}\` has different settings for two clusters`);
    users.set(user.name, text);
  }
  return kubeconfigOf(entries);
}
