import type { Kubeconfig } from '../config/config';
import type { Authenticator } from '../identity/authenticator';
import { redirectOf } from '../identity/redirects';
import { scopesFor } from '../identity/scopes';
import { toBase64 } from '../output/bytes';

const grantTypes = { browser: undefined, keyboard: 'authcode-keyboard', 'device-code': 'device-code' } as const;

/**
 * Returns the arguments of `kubelogin get-token`; lib/upstream/kubelogin.ts has the version that was tested. Defaults
 * are left out, except PKCE: with the flag, kubelogin uses PKCE even if the issuer does not announce it.
 */
export function kubeloginArgs(authenticator: Authenticator, kubeconfig: Kubeconfig, ca?: string): string[] {
  const { signIn, tokenCache } = kubeconfig;
  const redirect = redirectOf(authenticator.client);
  const args = [
    'get-token',
    `--oidc-issuer-url=${authenticator.issuer}`,
    `--oidc-client-id=${authenticator.audience}`,
    ...scopesFor(authenticator).map((scope) => `--oidc-extra-scope=${scope}`),
    '--oidc-pkce-method=S256',
  ];
  const grantType = grantTypes[signIn];
  if (grantType) args.push(`--grant-type=${grantType}`);
  if (signIn === 'browser' && redirect) {
    args.push(...redirect.listen.map((address) => `--listen-address=${address}`));
    if (redirect.url !== undefined) args.push(`--oidc-redirect-url=${redirect.url}`);
  }
  if (signIn === 'keyboard' && redirect) args.push(`--oidc-redirect-url=${redirect.url ?? plainUrl(redirect.listen)}`);
  if (tokenCache !== 'disk') args.push(`--token-cache-storage=${tokenCache}`);
  if (ca) args.push(`--certificate-authority-data=${toBase64(ca)}`);
  return args;
}

const plainUrl = ([first = '127.0.0.1:8000']: readonly string[]): string =>
  `http://localhost:${first.split(':').at(-1)}`;
