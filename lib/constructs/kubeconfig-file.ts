import type { Kubeconfig } from '../config/config';
import { redirectOf } from '../identity/redirects';
import { clusterKubeconfigEntries, isHttps, kubeconfigOf } from '../node-files/kubeconfig';
import type { KanidmClient } from './kanidm-client';
import { certificatesOf, checkCertificates, type PropProblem } from './props-check';
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
 * API server is not an https URL, if a CA is not a certificate in PEM, or if the client has no redirect URL to which the
 * browser can return
 */
export function kubeconfig(...clusters: readonly KubeconfigProps[]): object {
  for (const [i, props] of clusters.entries()) checkProps(`kubeconfig: cluster ${i + 1}`, props, shape);
  const names = new Set<string>();
  for (const { name, server, client, certificateAuthority, issuerCa, signIn } of clusters) {
    if (!name) throw new Error('name: expected the name of a cluster, found nothing');
    if (names.has(name)) throw new Error(`name: two clusters have the name \`${name}\``);
    names.add(name);
    if (client === undefined) throw new Error('client: expected a KanidmClient, found nothing');
    if (!isHttps(server))
      throw new Error(`server: expected an https URL such as \`https://192.0.2.10:6443\`, found \`${server}\``);
    const problem = authorityProblem(certificateAuthority) ?? checkCertificates('issuerCa', issuerCa);
    if (problem !== undefined) throw new Error(problem);
    if (signIn !== 'device-code' && redirectOf(client.authenticator.client) === undefined) {
      throw new Error(
        'client: expected a loopback redirect URL such as `http://localhost:8000`, found none; without it, the browser cannot return to kubelogin',
      );
    }
  }
  const entries = clusters.map(({ name, server, client, issuerCa, certificateAuthority: ca, ...props }) => {
    const { user = `oidc-${name}` } = props;
    const certificateAuthority = ca && (isPem(ca) ? { pem: certificatesOf(ca.pem) } : { path: ca.path });
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

type Authority = NonNullable<KubeconfigProps['certificateAuthority']>;

/** In JavaScript, `pem` can be there without a value. */
const isPem = (ca: Authority): ca is { readonly pem: string } => 'pem' in ca && ca.pem !== undefined;

function authorityProblem(ca: { readonly pem?: string; readonly path?: string } | undefined): PropProblem {
  if (ca === undefined) return undefined;
  const { pem, path } = ca;
  if ((pem === undefined) === (path === undefined)) {
    return `certificateAuthority: expected either \`pem\` or \`path\`, found ${pem === undefined ? 'neither' : 'both'}`;
  }
  return path === ''
    ? 'certificateAuthority.path: expected a path, found an empty string'
    : checkCertificates('certificateAuthority.pem', pem);
}
