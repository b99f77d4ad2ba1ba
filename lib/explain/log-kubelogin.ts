import type { Meaning } from './meaning';

/** kubelogin 1.36, and kubectl where it starts it. */
export const kubeloginMeanings: readonly Meaning[] = [
  {
    of: 'kubelogin',
    pattern: /oidc discovery error.*x509/,
    means: 'kubelogin does not believe the certificate of Kanidm.',
    fix: 'Set `authentication.ca.file` of the cluster, which the kubeconfig carries too, or make the machine believe it.',
  },
  {
    of: 'kubelogin',
    pattern: /device-code error: .*unsupported protocol scheme/,
    means: 'Kanidm offers no device codes: it names no address to ask for one.',
    fix: 'Write `kubeconfig.signIn: keyboard`, which needs no browser on this machine either.',
  },
  {
    of: 'kubelogin',
    pattern: /could not write the token cache: keyring/,
    means: 'There is no keyring on this machine, as on a server without a desktop.',
    fix: 'Write `kubeconfig.tokenCache: disk`, or `none` to sign in for each command.',
  },
  {
    of: 'kubelogin',
    pattern: /could not read an authorization code: read error: EOF/,
    means: 'Signing in by a pasted code needs a terminal, and a script has none.',
    fix: 'Sign in once in a terminal; the next commands need none.',
  },
  {
    of: 'kubectl',
    pattern: /unknown command "oidc-login" for "kubectl"/,
    means: 'kubelogin is not installed under the name by which kubectl finds it.',
    fix: 'Install it (`kubectl krew install oidc-login`), or write `kubeconfig.plugin: kubelogin` where it has that name.',
  },
  {
    of: 'kubectl',
    pattern: /getting credentials: exec: executable \S+ (failed with exit code|not found)/,
    means: 'The program that gets the token failed, or is not there; kubectl says no more.',
    fix: 'Look at the line before: it is the one of kubelogin.',
  },
  {
    of: 'kubelogin',
    pattern: /authorization error from server: access_denied|\baccess_denied\b/,
    means: 'Kanidm refused: the person is in none of the groups of the scope map, or declined.',
    fix: 'Add the person to a group in `scopes` of the client.',
  },
  {
    of: 'kubelogin',
    pattern: /no available port|could not start a local server|could not listen: listen tcp/,
    means: 'Something else listens on the ports that kubelogin comes back to.',
    fix: 'Stop it, or add `http://localhost:18000` to `redirectUrls`, which is tried after port 8000.',
  },
  {
    of: 'kubelogin',
    pattern: /oidc discovery error|invalid discovery document/,
    means: 'kubelogin could not read the discovery document of the issuer.',
    fix: 'Look whether this machine reaches the origin and believes its certificate: `kaniflux doctor`.',
  },
  {
    of: 'kubelogin',
    pattern: /could not refresh the token|invalid_grant/,
    means: 'The refresh token is used up or too old (16 hours); using one twice ends the session.',
    fix: 'Sign in again: `kubectl oidc-login clean`, then any command.',
  },
  {
    of: 'kubelogin',
    pattern: /state does not match|nonce did not match/,
    means: 'The answer of the browser belongs to another attempt to sign in.',
    fix: 'Close the old tabs, and try again.',
  },
  {
    of: 'kubelogin',
    pattern:
      /context deadline exceeded.*(authcode-browser|waiting)|authcode-browser error: .*context (deadline exceeded|canceled)/,
    means: 'Nobody finished signing in before the time was over.',
    fix: 'Try again; without a browser on this machine set `kubeconfig.signIn: keyboard`.',
  },
];
