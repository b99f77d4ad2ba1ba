import { own } from '../../guards';
import type { Explanation } from '../explanation';

const of = 'kubectl';
/** Returns whether a program can be kubelogin: under its own name, or as a plugin of kubectl. */
const isKubelogin = (path: string) =>
  /^(?:kubectl|kubectl-oidc_login|kubelogin|oidc-login)?(?:\.exe)?$/.test(nameOf(path));
const nameOf = (path: string) => path.replace(/^.*[/\\]/, '');
const ofAnother = (name: string) =>
  `The kubeconfig gets its token from ${name}, which is not kubelogin. So Kaniflux did not render this kubeconfig, which may be for another cluster, or for another identity provider than Kanidm.`;
const otherContext =
  'If you meant a cluster that uses Kanidm, choose its context (`kubectl config get-contexts`) or its kubeconfig under kubeconfigs/.';
const see =
  '`kubectl config view --minify --raw` shows the `exec` entry of the user; run the command of this entry by hand to see what it prints.';

/** For each apiVersion of the plugin, the first version of Kubernetes whose clients accept it. */
const known: Readonly<Record<string, string>> = {
  'client.authentication.k8s.io/v1': '1.22',
  'client.authentication.k8s.io/v1beta1': '1.11',
};

/** Messages of kubectl about the program that gets the token, as client-go 0.34 to 0.37 writes them. */
export const pluginAnswers: readonly Explanation[] = [
  {
    id: 'plugin-of-azure',
    title: 'The kubeconfig needs the kubelogin of Azure',
    of,
    relayed: ['kubelogin'],
    pattern:
      /azmk8s\.io.{0,300}exec: executable kubelogin(?:\.exe)? not found|required to connect to AAD enabled cluster|aka\.ms\/aks\/kubelogin|(?<other>unknown command "convert-kubeconfig" for "kubelogin")/,
    means: ({ other = '' }) =>
      `${other === '' ? 'The kubeconfig is for a cluster on Azure (AKS), and gets its token from the kubelogin of Azure, which is not installed. So Kaniflux probably did not render this kubeconfig.' : 'The command `convert-kubeconfig` belongs to the kubelogin of Azure, but a different kubelogin was started.'} The kubelogin that signs in with Kanidm has the same name, but is another program.`,
    fix: `Install the kubelogin of Azure with \`az aks install-cli\`. The kubeconfigs of Kaniflux do not need the name kubelogin if \`kubeconfig.plugin\` is \`oidc-login\`, the default. ${otherContext}`,
    see,
    example: [
      'kubelogin is not installed which is required to connect to AAD enabled cluster.',
      'error: unknown command "convert-kubeconfig" for "kubelogin"',
    ],
  },
  {
    id: 'plugin-not-installed',
    title: 'kubectl does not find kubelogin',
    of,
    pattern:
      /unknown command "oidc-login" for "kubectl"|exec: executable (?<command>\S{1,200}) not found|exec: "(?<path>kubectl-oidc_login|kubelogin|kubectl)(?:\.exe)?": (?:executable file not found|cannot run executable found relative)|getting credentials: exec: fork\/exec (?<file>\S{1,300}): no such file or directory/,
    // Scripts and other programs start kubectl for other reasons too.
    shared: {
      sure: /oidc[-_]login|kubelogin|getting credentials|exec: executable/,
      tell: 'the program was reading a kubeconfig whose `exec` entry starts kubectl or kubelogin',
      wordsOnly: true,
    },
    means: ({ command = '', path = '', file = '' }) => {
      const name = command || path || file;
      return `${isKubelogin(name) ? '' : `${ofAnother(nameOf(name))} `}kubectl does not find the program that gets the token${name === '' ? ', `kubectl-oidc_login`' : `, ${name}`}.`;
    },
    fix: ({ command = '', path = '', file = '' }) => {
      const name = command || path || file;
      if (!isKubelogin(name)) return `Install ${nameOf(name)}. ${otherContext}`;
      if (/^kubectl(?:\.exe)?$/.test(nameOf(name)))
        return 'Install kubectl, and kubelogin as its plugin `oidc-login` (`kubectl krew install oidc-login`), and add both to PATH of the program that reads the kubeconfig. Or set `kubeconfig.plugin: kubelogin`, which needs no kubectl.';
      if (file === '' && /^kubelogin(?:\.exe)?$/.test(nameOf(name)))
        return 'Install https://github.com/int128/kubelogin under the name kubelogin (for example with `brew install kubelogin`), and add its folder to PATH. Or leave out `kubeconfig.plugin: kubelogin`, render the kubeconfig again, and install the plugin of kubectl with `kubectl krew install oidc-login`: krew does not install a program with the name kubelogin. The kubelogin of Azure has the same name, but cannot sign in with Kanidm.';
      return file === ''
        ? 'Install kubelogin (`kubectl krew install oidc-login`), and add its folder to PATH. Set `kubeconfig.plugin: kubelogin` if the program has that name.'
        : `Install kubelogin (\`kubectl krew install oidc-login\`), or correct \`command\` of the \`exec\` entry: there is no ${file}, or the program is built for another system.`;
    },
    see,
    example: ['error: unknown command "oidc-login" for "kubectl"'],
    consequenceOf: ['plugin-of-azure'],
    follows: ({ command = '' }) => /^kubelogin(?:\.exe)?$/.test(command),
  },
  {
    id: 'plugin-policy',
    title: 'The settings of kubectl forbid this plugin',
    of,
    pattern:
      /plugin "(?<plugin>[^"]*)" not allowed: policy set to "(?<policy>[^"]*)"|plugin path "(?<path>[^"]*)" (?:is not permitted by|cannot be resolved for) (?:the )?credential plugin allowlist|(?:misconfigured|invalid) (?:credential )?plugin (?:allowlist|policy)|credential plugin policy set to|unknown plugin policy|non-normalized file path: "|empty file path: "/,
    means: ({ plugin = '', path = '', policy = '' }) =>
      `The settings of kubectl on this machine (by default in ~/.kube/kuberc) do not allow ${plugin || path ? `the plugin \`${plugin || path}\`` : 'the plugin that gets the token'}${policy === '' ? '' : `: the policy is ${policy}`}.`,
    fix: 'Add kubelogin to `credentialPluginAllowlist` in ~/.kube/kuberc and set `credentialPluginPolicy: Allowlist`, or remove the policy.',
    see: 'Read ~/.kube/kuberc, or the file that KUBERC names.',
    example: [
      'Unable to connect to the server: getting credentials: plugin "kubectl" not allowed: policy set to "DenyAll"',
    ],
  },
  {
    id: 'plugin-output',
    title: 'The plugin printed something other than credentials',
    of,
    pattern: /decoding stdout: (?<reason>.{0,300})/,
    means: ({ reason = '' }) =>
      `The program that gets the token printed something that is not an ExecCredential, for example a message, a bare token or a login page. kubectl reports: “${reason.length > 120 ? `${reason.slice(0, 119)}…` : reason}”.`,
    fix: 'Make the `exec` entry run `kubectl oidc-login get-token …`, which prints an ExecCredential, and check that no shell profile or wrapper prints anything before the ExecCredential.',
    see,
    example: [
      String.raw`Unable to connect to the server: getting credentials: decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`,
    ],
  },
  {
    id: 'plugin-version',
    title: 'kubectl and the plugin use different API versions',
    of,
    pattern:
      /exec plugin is configured to use API version (?<wanted>\S{1,80}), plugin returned version (?<got>\S{1,80})/,
    means: ({ wanted = '', got = '' }) =>
      `The kubeconfig has the API version ${wanted}, but the plugin answers with ${got}.`,
    fix: ({ got = '' }) =>
      `Update kubelogin, or write \`apiVersion: ${got.replace(/[^\w./]/g, '')}\` into the \`exec\` entry. kubelogin supports client.authentication.k8s.io/v1 from 1.31 on, and the rendered kubeconfig needs kubelogin 1.33 or later.`,
    see,
    example: [
      'Unable to connect to the server: getting credentials: exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1',
    ],
  },
  {
    id: 'plugin-old-version',
    title: 'kubectl or another client does not accept the apiVersion of the exec entry',
    of,
    pattern:
      /exec plugin: invalid apiVersion "(?<version>[^"]*)"|(?<missing>apiVersion) must be specified for \S{1,100} to use exec authentication plugin/,
    means: ({ version = '' }) => {
      const since = own(known, version);
      return since === undefined
        ? `The \`exec\` entry has ${version === '' ? 'no apiVersion' : `the apiVersion ${version}`}, which kubectl does not accept. v1alpha1 was removed in 1.24.`
        : `The \`exec\` entry has the apiVersion ${version}, which kubectl and other programs accept from Kubernetes ${since} on. The program that reads the kubeconfig is older, or contains an older library of Kubernetes.`;
    },
    fix: ({ version = '' }) =>
      own(known, version) === undefined
        ? 'Write `apiVersion: client.authentication.k8s.io/v1` and `interactiveMode: IfAvailable`, or use the kubeconfig that Kaniflux renders.'
        : 'Update that program.',
    see,
    example: ['error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"'],
  },
  {
    id: 'plugin-interactive-mode',
    title: 'The kubeconfig does not set interactiveMode for the plugin',
    of,
    pattern: /interactiveMode must be specified|unknown interactiveMode: "/,
    means:
      'An exec plugin of client.authentication.k8s.io/v1 requires `interactiveMode`, which says whether the plugin may ask the user for input.',
    fix: 'Use the kubeconfig that Kaniflux renders, or write `interactiveMode: IfAvailable`.',
    see,
    example: [
      'exec plugin: invalid kubeconfig: interactiveMode must be specified for oidc to use exec authentication plugin',
    ],
  },
  {
    id: 'plugin-no-terminal',
    title: 'The plugin needs a terminal, and there is none',
    of,
    pattern: /exec plugin cannot support interactive mode: (?<reason>.{0,200})/,
    means: ({ reason = '' }) =>
      `The plugin has to ask the user for input, but the standard input of kubectl is a file or a pipe: “${reason}”.`,
    fix: 'Write `interactiveMode: IfAvailable`, or pass the file to kubectl with `-f` instead of standard input.',
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
    means: 'The plugin printed an ExecCredential without a token or a client certificate.',
    fix: 'Make the `exec` entry run `kubectl oidc-login get-token …` with the arguments of the rendered kubeconfig.',
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
      /getting credentials: exec: (?:executable (?<command>\S{1,200}) failed with exit code (?<code>-?\d{1,10})|exit status (?<status>\d{1,10})|(?<reason>.{1,200}))/,
    means: ({ command = '', code = '', status = '', reason = '' }) => {
      if (reason !== '') return `The program that gets the token could not be started: “${reason}”.`;
      if (!isKubelogin(command))
        return `${ofAnother(nameOf(command))} ${nameOf(command)} ended with exit code ${code}. The line does not contain the reason.`;
      const name =
        command === ''
          ? 'The program that gets the token'
          : `The command that gets the token (\`${command} …\`, from the \`exec\` entry of the kubeconfig)`;
      return code === '-1'
        ? `${name} was stopped by a signal. For example, somebody pressed Ctrl-C, or the operating system stopped the program.`
        : `${name} ended with exit code ${code || status}. The line does not contain the reason.`;
    },
    fix: ({ command = '', code = '', reason = '' }) =>
      reason === ''
        ? isKubelogin(command)
          ? code === '-1'
            ? 'Run the command again and finish the sign-in. On macOS, allow the program under Privacy & Security if the system blocks it.'
            : 'Read the previous line, which kubelogin wrote.'
          : `Read the previous line, which ${nameOf(command)} wrote. ${otherContext}`
        : /permission denied/.test(reason)
          ? 'Make the file executable (`chmod +x`), and check that its file system is not mounted with `noexec`.'
          : /exec format error|bad CPU type/.test(reason)
            ? 'Install kubelogin for the processor and the operating system of this machine.'
            : 'Check `command` of the `exec` entry: run it by hand.',
    see,
    example: ['Unable to connect to the server: getting credentials: exec: executable kubectl failed with exit code 1'],
    follows: ({ command = '' }) => isKubelogin(command),
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
    title: 'kubectl stopped waiting before the plugin finished',
    of,
    relayed: ['an application', 'other'],
    pattern: /Unable to cancel request for \*exec\.roundTripper/,
    means:
      'kubectl cancelled a request while the plugin was still getting a token, usually because the sign-in in the browser was not finished. The warning itself is harmless.',
    fix: 'Finish the sign-in, and run the command again. The time in the browser counts towards `--request-timeout` of kubectl.',
    see,
    example: ['W0412 09:12:01.120000   12345 transport.go:260] Unable to cancel request for *exec.roundTripper'],
  },
];
