import type { Explanation } from '../explanation';

const of = 'kubectl';
const see = '`kubectl config get-contexts` lists the contexts, and `echo "$KUBECONFIG"` shows which files are read.';

/** Messages of kubectl about the kubeconfig itself, from client-go 0.34 to 0.37. */
export const kubeconfigAnswers: readonly Explanation[] = [
  {
    id: 'oidc-plugin-missing',
    title: 'A program lacks the old OIDC plugin that the kubeconfig names',
    of: 'an application',
    relayed: ['kubectl', 'kubelogin', 'Flux', 'other'],
    pattern: /[Nn]o Auth Provider found for name "oidc"/,
    means:
      'The user in the kubeconfig has `auth-provider: oidc`, the old OIDC plugin. kubectl contains this plugin, but the program that reads the kubeconfig here does not.',
    fix: 'Use the kubeconfig that `kaniflux synth` renders under kubeconfigs/: it starts kubelogin, which works with other programs too. The program needs kubelogin in its PATH.',
    see: '`kubectl config view --minify` shows `auth-provider` under the user.',
    example: ['Error: query: failed to query with labels: no Auth Provider found for name "oidc"'],
  },
  {
    id: 'no-kubeconfig',
    title: 'kubectl uses no kubeconfig',
    of,
    relayed: ['an application', 'other'],
    // Without a kubeconfig, kubectl uses localhost:8080. Current API servers do not listen there.
    pattern:
      /connection to the server (?:localhost|127\.0\.0\.1):8080 was refused|Get "http:\/\/(?:localhost|127\.0\.0\.1):8080\/|no configuration has been provided, try setting KUBERNETES_MASTER|Missing or incomplete configuration info|current-context is not set/,
    shared: {
      sure: /connection to the server|\/apis?\?timeout|group list|KUBERNETES_MASTER|configuration info|current-context/,
      tell: 'the line is the output of a kubectl command',
    },
    means:
      'kubectl has no kubeconfig, or one without a current context. Some commands then try localhost:8080, where nothing listens. kubectl did not contact the API server of the cluster.',
    fix: 'Name the kubeconfig in KUBECONFIG or with `--kubeconfig`, for example the one that `kaniflux synth` renders under kubeconfigs/, and choose its context with `kubectl config use-context`. With `sudo`, kubectl reads the kubeconfig of root.',
    see,
    example: [
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
      `E0228 11:34:11.335402   92996 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: Get \\"http://localhost:8080/api?timeout=32s\\": dial tcp 127.0.0.1:8080: connect: connection refused"`,
      'error: no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
    ],
  },
  {
    id: 'kubeconfig-no-credentials',
    title: 'kubectl asks for a user name and a password',
    of,
    pattern: /^Please enter (?:Username|Password): ?/,
    shared: { tell: 'the line is the output of a kubectl command' },
    means:
      'The current context of the kubeconfig names no user, or a user that has no credentials. Credentials are an `exec` entry, a token or a certificate. Therefore kubectl asks for a password. API servers since Kubernetes 1.19 accept no passwords. kubectl did not contact the API server.',
    fix: 'Stop kubectl with Ctrl+C. Use the kubeconfig that `kaniflux synth` renders under kubeconfigs/, or copy its user with the `exec` entry into your kubeconfig, and name this user in the context.',
    see: '`kubectl config view --minify` shows the context and its user.',
    example: ['Please enter Username:'],
  },
  {
    id: 'kubeconfig-entry-missing',
    title: 'The kubeconfig has no entry with this name',
    of,
    pattern:
      /(?:^|[:\]] )(?<kind>context|auth info|cluster) "(?<name>[^"]{0,253})" does not exist|no context exists with the name: "(?<other>[^"]{0,253})"|context was not found for specified context: (?<third>\S{1,253})/,
    shared: {
      sure: /^error: |Error in configuration|specified context/,
      tell: 'the line is the output of a kubectl command',
    },
    means: ({ kind = '', name = '', other = '', third = '' }) =>
      `The kubeconfig that kubectl reads has no ${kind === 'auth info' ? 'user' : kind || 'context'} named “${name || other || third}”. kubectl did not contact the API server.`,
    fix: 'Write the name of an entry that exists, or add the file with this entry to KUBECONFIG: `KUBECONFIG=~/.kube/config:dist/kubeconfigs/<cluster>.yaml`.',
    see,
    example: [
      'error: context "oidc" does not exist',
      'error: no context exists with the name: "oidc"',
      'Error in configuration: context was not found for specified context: oidc',
    ],
  },
  {
    id: 'token-with-line-break',
    title: 'The token has a character that a request cannot contain',
    of,
    relayed: ['kubelogin', 'an application', 'Flux', 'other'],
    pattern: /invalid header field value (?:for "Authorization"|.{0,4000}? for key Authorization)/,
    shared: {
      sure: /Unable to connect to the server|couldn't get current server API group list|:6443\/|\/apis?\?timeout=/,
      tell: 'the program sends the token to the API server',
    },
    means:
      'The program sent no request: its token contains a character that no HTTP header may contain. Usually this is a line break at the end of the token.',
    fix: 'Remove the line break where the program reads the token: in the kubeconfig (`token`), in the argument `--token`, in a Secret or file, or in the output of the `exec` entry.',
    see: '`kubectl config view --minify --raw` shows the token. Do not share it.',
    example: ['Unable to connect to the server: net/http: invalid header field value for "Authorization"'],
  },
  {
    id: 'kubeconfig-unreadable',
    title: 'kubectl cannot read the kubeconfig, or a file that it names',
    of,
    pattern:
      /error loading config file "(?<file>[^"]{1,300})": (?<reason>.{1,200})|unable to read (?<what>certificate-authority|client-cert|client-key) (?<other>\S{1,300}) for \S{1,100} due to (?<why>.{1,200})|(?<pem>unable to load root certificates: .{1,100})|Unable to read (?<k3s>\/etc\/rancher\/\w{2,4}\/\w{2,4}\.yaml)/,
    means: ({ file = '', reason = '', what = '', other = '', why = '', pem = '', k3s = '' }) =>
      pem !== ''
        ? 'The kubeconfig has a CA for the cluster that is not a PEM certificate. The CA is in the file that `certificate-authority` names, or in `certificate-authority-data` (a PEM certificate, encoded in base64).'
        : what !== ''
          ? `kubectl cannot read ${other}, which the kubeconfig names as ${what}: “${why}”.`
          : k3s !== ''
            ? `kubectl of K3s reads ${k3s}, which only root may read.`
            : `kubectl cannot read the kubeconfig ${file}: “${reason}”.`,
    fix: ({ reason = '', why = '', k3s = '', pem = '' }) =>
      pem !== '' || /no such file/.test(why)
        ? 'Use the kubeconfig that `kaniflux synth` renders under kubeconfigs/, which contains the CA of the cluster.'
        : k3s !== '' || /permission denied/.test(reason)
          ? 'Name your own kubeconfig in KUBECONFIG, for example the one that `kaniflux synth` renders under kubeconfigs/. The kubeconfig of K3s is that of an administrator: do not make it readable for everybody.'
          : 'Correct the file. `kaniflux synth` renders a kubeconfig under kubeconfigs/.',
    see,
    example: [
      'error: error loading config file "/home/jane/.kube/config": yaml: line 12: did not find expected key',
      'error: unable to load root certificates: unable to parse bytes as PEM block',
    ],
  },
];
