import type { Explanation } from '../explanation';

const of = 'kubectl';
const see =
  '`kubectl config view --minify --raw` shows the `exec` entry of the user; run its command by hand to see what it says.';

/** What kubectl says of the plugin that gets the token. From client-go's exec plugin 0.34 to 0.37. */
export const pluginAnswers: readonly Explanation[] = [
  {
    id: 'plugin-not-installed',
    title: 'kubelogin is not installed under the name that kubectl looks for',
    of,
    pattern:
      /unknown command "oidc-login" for "kubectl"|exec: executable (?<command>\S{1,200}) not found|exec: "(?<path>kubectl-oidc_login|kubelogin|kubectl)": executable file not found/,
    means: ({ command = '', path = '' }) =>
      `kubectl does not find the program that gets the token${command || path ? `, ${command || path}` : ', `kubectl-oidc_login`'}.`,
    fix: 'Install kubelogin (`kubectl krew install oidc-login`), or write `kubeconfig.plugin: kubelogin` where it has that name.',
    see,
    example: ['error: unknown command "oidc-login" for "kubectl"'],
  },
  {
    id: 'plugin-policy',
    title: 'kubectl is told to start no plugin, or not this one',
    of,
    pattern:
      /plugin "(?<plugin>[^"]*)" not allowed: policy set to "(?<policy>[^"]*)"|plugin path "(?<path>[^"]*)" (?:is not permitted by|cannot be resolved for) (?:the )?credential plugin allowlist|(?:misconfigured|invalid) (?:credential )?plugin (?:allowlist|policy)|credential plugin policy set to|unknown plugin policy|non-normalized file path: "|empty file path: "/,
    means: ({ plugin = '', path = '', policy = '' }) =>
      `The settings of kubectl on this machine (~/.kube/kuberc, in newer versions) do not let it start ${plugin || path || 'the plugin that gets the token'}${policy === '' ? '' : `: the policy is ${policy}`}.`,
    fix: 'Name kubelogin in `credentialPluginAllowlist` of ~/.kube/kuberc and set `credentialPluginPolicy: Allowlist`, or remove the policy.',
    see: '`cat ~/.kube/kuberc`, or the file that KUBERC names.',
    example: [
      'Unable to connect to the server: getting credentials: plugin "kubectl" not allowed: policy set to "DenyAll"',
    ],
  },
  {
    id: 'plugin-output',
    title: 'The plugin printed something else than credentials',
    of,
    pattern: /decoding stdout: (?<reason>.{0,300})/,
    means: ({ reason = '' }) =>
      `The program that gets the token printed something that is not an ExecCredential: often a message, a bare token or a login page in its place. In kubectl's words: “${reason.slice(0, 120)}”.`,
    fix: 'Let the `exec` entry start `kubectl oidc-login get-token …`, which prints an ExecCredential, and look whether a shell profile or a wrapper prints something before it.',
    see,
    example: [
      String.raw`Unable to connect to the server: getting credentials: decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
    ],
  },
  {
    id: 'plugin-version',
    title: 'kubectl and the plugin speak different versions',
    of,
    pattern:
      /exec plugin is configured to use API version (?<wanted>\S{1,80}), plugin returned version (?<got>\S{1,80})/,
    means: ({ wanted = '', got = '' }) => `The kubeconfig says ${wanted}, and the plugin answers in ${got}.`,
    fix: ({ got = '' }) =>
      `Update kubelogin, or write \`apiVersion: ${got.replace(/[^\w./]/g, '')}\` into the \`exec\` entry. The rendered kubeconfig has client.authentication.k8s.io/v1, which kubelogin speaks from 1.26 on.`,
    see,
    example: [
      'Unable to connect to the server: getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1',
    ],
  },
  {
    id: 'plugin-old-version',
    title: 'The kubeconfig is from a time before this kubectl',
    of,
    pattern: /exec plugin: invalid apiVersion "(?<version>[^"]*)"/,
    means: ({ version = '' }) =>
      `The \`exec\` entry says ${version === '' ? 'no apiVersion' : version}, which this kubectl no longer knows: v1alpha1 is gone from 1.24 on.`,
    fix: 'Write `apiVersion: client.authentication.k8s.io/v1` and `interactiveMode: IfAvailable`, or take the kubeconfig that Kaniflux renders.',
    see,
    example: ['error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"'],
  },
  {
    id: 'plugin-interactive-mode',
    title: 'The kubeconfig does not say whether the plugin may ask',
    of,
    pattern: /interactiveMode must be specified|unknown interactiveMode: "/,
    means: 'An exec plugin of client.authentication.k8s.io/v1 has to say whether it may ask (`interactiveMode`).',
    fix: 'Take the kubeconfig that Kaniflux renders, or write `interactiveMode: IfAvailable`.',
    see,
    example: [
      'exec plugin: invalid kubeconfig: interactiveMode must be specified for oidc to use exec authentication plugin',
    ],
  },
  {
    id: 'plugin-no-terminal',
    title: 'The plugin may not ask, since there is no terminal',
    of,
    pattern: /exec plugin cannot support interactive mode: (?<reason>.{0,200})/,
    means: ({ reason = '' }) =>
      `The plugin has to be able to ask, and kubectl reads its input from a file or a pipe: “${reason}”.`,
    fix: 'Write `interactiveMode: IfAvailable`, or give kubectl the file with `-f` in place of standard input.',
    see,
    example: [
      'Unable to connect to the server: getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal',
    ],
  },
  {
    id: 'plugin-empty-answer',
    title: 'The plugin answered without a token',
    of,
    pattern:
      /exec plugin didn't return a (?:status field|token or cert\/key pair)|exec plugin returned only certificate or key/,
    means: 'The plugin printed an ExecCredential with nothing in it that kubectl could send.',
    fix: 'Let the `exec` entry start `kubectl oidc-login get-token …` with the arguments of the rendered kubeconfig.',
    see,
    example: [
      "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair",
    ],
  },
  {
    id: 'plugin-failed',
    title: 'The plugin that gets the token failed',
    of,
    pattern:
      /getting credentials: exec: (?:executable (?<command>\S{1,200}) failed with exit code (?<code>\d{1,4})|(?<reason>.{1,200}))/,
    means: ({ command = '', code = '', reason = '' }) =>
      `The program that gets the token${command === '' ? '' : `, ${command},`} ${code === '' ? `could not be run: “${reason}”` : `ended with ${code}`}; kubectl says no more.`,
    fix: 'Look at the line before: it is the one of kubelogin.',
    see,
    example: ['Unable to connect to the server: getting credentials: exec: executable kubectl failed with exit code 1'],
    consequenceOf: [
      'kubelogin-discovery',
      'kubelogin-port',
      'kubelogin-access-denied',
      'kubelogin-refresh',
      'kubelogin-state',
      'kubelogin-nobody',
      'kubelogin-keyboard',
      'kubelogin-device-code',
      'kubelogin-keyring',
      'kubelogin-server-error',
      'kubelogin-exchange',
      'kubelogin-token',
      'kubelogin-cache',
      'kubelogin-settings',
      'kubelogin-password',
      'kubelogin-error',
      'plugin-not-installed',
      'unknown-oidc-flag-of-kubelogin',
    ],
  },
  {
    id: 'plugin-cancelled',
    title: 'kubectl stopped waiting while the plugin was at work',
    of,
    relayed: ['an application', 'other'],
    pattern: /Unable to cancel request for \*exec\.roundTripper/,
    means:
      'kubectl gave up a request while the plugin was still getting a token, mostly because nobody finished signing in in the browser. The warning itself is harmless.',
    fix: 'Finish signing in, and run the command again. `--request-timeout` of kubectl counts the time in the browser too.',
    see,
    example: ['W0412 09:12:01.120000   12345 transport.go:260] Unable to cancel request for *exec.roundTripper'],
  },
];
