import type { Explanation } from '../explanation';

const of = 'kubelogin';
const relayed = ['kubectl'] as const;
const see =
  'By hand, run the command in the `exec` section of the kubeconfig with `-v1`: kubelogin then logs every step, without the token.';
/** Words that only kubelogin writes around an error. */
const sure = /\bget-token: |authcode-browser error|^(?:error: )?authentication error: /;
const tell = 'a kubectl command printed the line, and the line begins with `error: get-token:`';

/** Messages of kubelogin 1.36 about the keyring, the token cache, the ports and the browser of the machine on which kubelogin runs. */
export const kubeloginMachineAnswers: readonly Explanation[] = [
  {
    id: 'kubelogin-keyring',
    title: 'This machine has no keyring',
    of,
    relayed,
    pattern:
      /(?:keyring (?:\S{1,200} )?(?:write|delete)?.{0,200}: |could not (?:write|lock) the token cache: keyring|could not get keyring secret)(?:.{0,300}(?<big>data passed to Set was too big))?/,
    shared: { sure, tell },
    means: ({ big = '' }) =>
      `kubelogin cannot store the token in a keyring: ${big === '' ? 'the machine has no keyring (for example a server without a desktop), or the keyring is locked' : 'the token is too large for the keyring, for example because it contains many groups'}.`,
    fix: 'Set `kubeconfig.tokenCache: disk`, or `none` to sign in for each command.',
    see,
    example: [
      'error: get-token: could not write the token cache: keyring write 0a1b: exec: "dbus-launch": executable file not found in $PATH',
    ],
  },
  {
    id: 'kubelogin-cache',
    title: 'The token cache of kubelogin cannot be used',
    of,
    relayed,
    pattern:
      /(?:invalid token cache|could not (?:lock|write) the token cache: |could not (?:create|open|lock) (?:the cache )?(?:file|directory) \S{0,200}(?!.{0,400}no such file or directory)|delete the token cache from|could not compute the key|unknown storage mode|could not encode the key)(?:.{0,600}?(?<full>read-only file system|no space left on device|disk quota exceeded))?/,
    shared: { sure, tell },
    means: ({ full = '' }) => `kubelogin cannot read or write its token cache${full === '' ? '' : `: “${full}”`}.`,
    fix: ({ full = '' }) =>
      full === ''
        ? 'Remove the cache (`kubectl oidc-login clean`), and check the owner of ~/.kube/cache/oidc-login. A command run as root leaves files that other users cannot change.'
        : 'Make it possible to write to ~/.kube/cache/oidc-login, or name another folder with `--token-cache-dir`. Or set `kubeconfig.tokenCache: none` to sign in for each command.',
    see: 'Run `ls -la ~/.kube/cache/oidc-login`.',
    example: [
      'error: get-token: invalid token cache (you may need to remove): invalid token cache json: unexpected end of JSON input',
    ],
  },
  {
    id: 'kubelogin-port',
    title: 'kubelogin cannot listen for the redirect of the browser',
    of,
    relayed,
    pattern:
      /(?:no available port|could not start a local server|could not listen: listen tcp)(?:.{0,300}(?<denied>permission denied|forbidden by its access permissions)|.{0,300}(?<elsewhere>cannot assign requested address|not valid in its context)|.{0,300}(?<used>address already in use|[Oo]nly one usage of each socket address)|.{0,300}: bind: (?<reason>[^,]{1,200}))?/,
    shared: {
      sure: /get-token|authcode-browser|authorization error|could not start a local server: no available port/,
      tell,
    },
    // Windows writes the reason in the language of the user.
    means: ({ denied = '', elsewhere = '', used = '', reason = '' }) =>
      denied !== ''
        ? 'The operating system does not let kubelogin listen on the port for the redirect: ports below 1024 need an administrator, and Windows reserves some ranges for itself.'
        : elsewhere !== ''
          ? 'The address on which kubelogin should listen for the redirect (`--listen-address`) is not an address of this machine.'
          : used === ''
            ? `kubelogin cannot listen on the ports of this machine that it uses for the redirect${reason === '' ? '' : `: “${reason}”`}. Either another program listens on these ports, or the operating system does not let kubelogin use them.`
            : 'Another program listens on the ports of this machine that kubelogin uses for the redirect, often another kubelogin that is still waiting.',
    fix: ({ denied = '', elsewhere = '', used = '' }) =>
      denied + elsewhere !== ''
        ? 'Use the kubeconfig that `kaniflux synth` renders: kubelogin then listens on port 8000 or 18000 of 127.0.0.1. On Windows, `netsh interface ipv4 show excludedportrange protocol=tcp` lists the reserved ports. To use another port (`--listen-address`), also add the redirect URL with that port to the client.'
        : `${used === '' ? 'Look which program listens on these ports. On Windows, `netsh interface ipv4 show excludedportrange protocol=tcp` lists the ports that Windows reserves. If another program listens, stop' : 'Stop'} that program, or add \`http://localhost:18000\` to \`redirectUrls\` of the client: kubelogin tries port 18000 after port 8000. To use another port (\`--listen-address\`), also add the redirect URL with that port to the client.`,
    see: '`ss -ltnp | grep -E ":(8000|18000) "` shows the program that listens.',
    example: [
      'error: get-token: authentication error: authcode-browser error: authentication error: authorization code flow error: oauth2 error: authorization error: could not start a local server: no available port: could not listen: listen tcp 127.0.0.1:8000: bind: address already in use',
    ],
    beside: 'redirect',
  },
  {
    id: 'kubelogin-browser',
    title: 'kubelogin finds no browser to open',
    of,
    relayed,
    pattern: /could not open the browser: (?<reason>.{0,200})/,
    shared: { sure, tell: 'the line is the output of a kubectl command' },
    means: ({ reason = '' }) =>
      `kubelogin could not open a browser on this machine: “${reason}”. kubelogin still waits for the sign-in. After this line, kubelogin prints the address that you have to open.`,
    fix: 'Open that address in a browser on this machine. If this machine has no browser, set `kubeconfig.signIn: keyboard`, and paste the code from a browser on another machine.',
    see,
    example: [
      'error: could not open the browser: exec: "xdg-open,x-www-browser,www-browser": executable file not found in $PATH',
    ],
  },
];
