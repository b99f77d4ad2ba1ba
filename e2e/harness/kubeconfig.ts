import { stringify } from 'yaml';
import type { KeyPair } from './certs';

/** How a user of a kubeconfig authenticates: a token, a client certificate, or any other `user` of the format. */
export type User = { readonly token: string } | KeyPair | Readonly<Record<string, unknown>>;

/**
 * Returns the text of a kubeconfig with one cluster, one user and one context.
 * @param ca the CA as PEM
 */
export function kubeconfigText(server: string, ca: string, user: User): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'e2e', user: 'cert' in user && 'key' in user ? certificate(user as KeyPair) : user }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
    'current-context': 'e2e',
  });
}

function certificate({ cert, key }: KeyPair): Record<string, string> {
  return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
