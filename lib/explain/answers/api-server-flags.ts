import { nearest } from '../../config/nearest';
import { oidcFlagNames } from '../../upstream/builtin-names';
import type { Explanation } from '../explanation';

const of = 'kube-apiserver';
const relayed = ['k3s', 'Talos', 'kubelet'] as const;
const see =
  'If the API server does not start, the last lines of its log have the reason. Run `sudo crictl ps -a --name kube-apiserver`, then `sudo crictl logs <id>`. With K3s, run `journalctl -u k3s`.';
const failed = (why: string) => `E1124 23:38:14.162985   28328 run.go:72] "command failed" err="${why}"`;

/** Flags of kubelogin that kube-apiserver does not have. */
const ofKubelogin: readonly string[] = [
  'oidc-auth-request-extra-params',
  'oidc-client-secret',
  'oidc-extra-scope',
  'oidc-pkce-method',
  'oidc-redirect-url',
  'oidc-request-header',
  'oidc-use-access-token',
  'oidc-use-pkce',
];
/**
 * Matches the names of flags that kube-apiserver has. If a line calls one of these flags unknown, another program wrote
 * the line.
 */
const existing = `(?:${oidcFlagNames.join('|')})(?![\\w-])`;
const ofServerAlone = /--oidc-(?:ca-file|username-|groups-|signing-|required-)/;

/** Messages of kube-apiserver and kubelogin about flags that they reject, from Kubernetes 1.30 to 1.37. */
export const flagAnswers: readonly Explanation[] = [
  {
    id: 'unknown-oidc-flag',
    title: 'An --oidc-* flag does not exist',
    of,
    relayed: ['k3s', 'kubelet'],
    // kube-apiserver begins this line with “Error”, but kubelogin and kubectl begin it with “error”.
    pattern: new RegExp(`^(?!error: ).{0,300}unknown flag: --(?!${existing})(?<flag>oidc-[\\w-]{1,80})`),
    shared: {
      sure: new RegExp(`--(?:${ofKubelogin.join('|')})(?![\\w-])`),
      tell: 'the flag is an argument of kube-apiserver, and the line is in the log of kube-apiserver',
    },
    means: ({ flag = '' }) =>
      flag === 'oidc-client-secret'
        ? 'kube-apiserver has no flag --oidc-client-secret, and does not start. kube-apiserver needs no secret, because it only checks tokens with the public keys of Kanidm.'
        : `kube-apiserver has no flag --${flag}, and does not start.${ofKubelogin.includes(flag) ? ' kubelogin has this flag.' : ''}`,
    fix: ({ flag = '' }) => {
      const near = nearest(flag, oidcFlagNames);
      return `Remove the flag${near === undefined || flag === 'oidc-client-secret' ? '' : `, or write --${near} if you meant that flag`}. kube-apiserver has the flags ${oidcFlagNames.map((one) => `--${one}`).join(', ')}; the flags that \`kaniflux synth\` renders under control-planes/ are sufficient.`;
    },
    see,
    example: ['Error: unknown flag: --oidc-client-secret'],
    beside: 'flags',
  },
  {
    id: 'unknown-oidc-flag-of-kubelogin',
    title: 'kubelogin does not know a flag',
    of: 'kubelogin',
    relayed: ['kubectl'],
    // Does not match --oidc-issuer-url and --oidc-client-id: every version of `get-token` has these flags.
    pattern:
      /unknown flag: --(?!oidc-(?:issuer-url|client-id)(?![\w-]))(?<flag>oidc-[\w-]{1,80}|(?:token-cache-(?:dir|storage)|grant-type|force-refresh|authentication-timeout-sec|open-url-after-authentication|browser-command)(?![\w-]))/,
    shared: {
      sure: new RegExp(`get-token|oidc-login|kubelogin|^error: unknown flag: --(?:${ofKubelogin.join('|')})(?![\\w-])`),
      tell: 'the flag is in the kubeconfig after `get-token`, and the line comes from a kubectl command',
    },
    means: ({ flag = '' }) =>
      ofServerAlone.test(`--${flag}`)
        ? `kubelogin has no flag --${flag}: it is a flag of kube-apiserver.`
        : `This version of kubelogin has no flag --${flag}.`,
    fix: 'Use the kubeconfig that `kaniflux synth` renders, or install a newer kubelogin (`kubectl oidc-login version` shows the version).',
    see: '`kubectl oidc-login get-token --help` lists the flags.',
    example: ['error: unknown flag: --oidc-username-claim'],
  },
  {
    id: 'oidc-flag-of-another-program',
    title: 'An --oidc-* flag of kube-apiserver was given to another program',
    of: 'kubectl',
    relayed: ['kubelogin', 'kubeadm', 'kubelet', 'other'],
    pattern: new RegExp(`unknown flag: --(?<flag>${existing})`),
    shared: { tell: 'kubectl, kubelogin or kubeadm was run with this flag' },
    means: ({ flag = '' }) =>
      `The program that was started has no flag --${flag}. kube-apiserver has this flag${/^oidc-(?:issuer-url|client-id)$/.test(flag) ? ', and so has the command `get-token` of kubelogin' : ''}.`,
    fix: ({ flag = '' }) =>
      /^oidc-(?:issuer-url|client-id)$/.test(flag)
        ? 'For kubelogin, write `kubectl oidc-login get-token` before the flags. If the program is named kubelogin and does not know this flag of `get-token`, it is the kubelogin of Azure: install https://github.com/int128/kubelogin. For the API server, put the flag into the configuration of the control plane, as in the files that `kaniflux synth` renders under control-planes/. With kubeadm, the place is `apiServer.extraArgs`.'
        : 'Put the flag into the configuration of the control plane, as in the files that `kaniflux synth` renders under control-planes/. With kubeadm, the place is `apiServer.extraArgs`. kubectl and kubelogin need no such flag.',
    see: '`kubectl oidc-login get-token --help` lists the flags of kubelogin.',
    example: ['Error: unknown flag: --oidc-issuer-url', 'error: unknown flag: --oidc-groups-claim'],
  },
  {
    id: 'k3s-server-flag',
    title: 'K3s and RKE2 have no --oidc-* flags of their own',
    of: 'k3s',
    pattern: /flag provided but not defined: --?(?<flag>oidc-[\w-]{1,80}|authentication-config(?![\w-]))/,
    shared: { sure: /k3s|rke2/, tell: 'K3s or RKE2 was started with this flag' },
    means: ({ flag = '' }) =>
      `K3s and RKE2 have no flag --${flag} of their own, so the server does not start.${
        flag === 'authentication-config' || oidcFlagNames.includes(flag)
          ? ' The flag belongs to kube-apiserver, whose arguments K3s and RKE2 take from `kube-apiserver-arg`.'
          : ' kube-apiserver does not have this flag either.'
      }`,
    fix: ({ flag = '' }) =>
      flag === 'authentication-config' || oidcFlagNames.includes(flag)
        ? `Write \`--kube-apiserver-arg=${flag}=…\`, or put \`${flag}=…\` into \`kube-apiserver-arg\` of the configuration file, as in the file that \`kaniflux synth\` renders under control-planes/.`
        : `Remove the flag, or correct its name. The OIDC flags of kube-apiserver are ${oidcFlagNames.map((one) => `--${one}`).join(', ')}.`,
    see: 'Run `journalctl -u k3s` or `journalctl -u rke2-server`.',
    example: [
      'Nov 26 10:00:00 node k3s[900]: time="2026-11-26T10:00:00Z" level=fatal msg="flag provided but not defined: -oidc-issuer-url"',
    ],
    beside: 'flags',
  },
  {
    id: 'unknown-authentication-config-flag',
    title: 'The API server is too old for --authentication-config',
    of,
    relayed,
    pattern:
      /unknown flag: --authentication-config(?![\w-])|set --feature-gates=\S{1,80}=true to use authentication-config file/,
    means:
      'This API server does not accept an AuthenticationConfiguration. Kubernetes has the flag from 1.29, and enables the feature by default from 1.30.',
    fix: 'Write `authentication.method: flags` for this cluster, or upgrade it first.',
    see,
    example: ['Error: unknown flag: --authentication-config'],
    beside: 'flags',
  },
  {
    id: 'oidc-flag-value',
    title: 'A flag has a value that the API server cannot read',
    of,
    relayed,
    pattern:
      /invalid argument "(?<value>[^"]*)" for "--(?<flag>oidc-[\w-]{1,80}|authentication-config)" flag: (?<reason>.*)$/,
    shared: { sure: ofServerAlone, tell: 'the flag is an argument of kube-apiserver' },
    means: ({ value = '', flag = '', reason = '' }) =>
      `--${flag} has the value “${value}”, which the API server cannot read: “${reason.slice(0, 120)}”. The API server therefore does not start.`,
    fix: ({ flag = '' }) =>
      flag === 'oidc-required-claim'
        ? 'Write `--oidc-required-claim=claim=value`, once for each claim.'
        : 'Use the flags that `kaniflux synth` renders under control-planes/.',
    see,
    example: ['Error: invalid argument "team" for "--oidc-required-claim" flag: malformed pair, expect string=string'],
    beside: 'flags',
  },
  {
    id: 'flags-and-file',
    title: 'Both --authentication-config and --oidc-* flags are given',
    of,
    relayed,
    pattern: /authentication-config file and oidc-\* flags are mutually exclusive/,
    means: 'Both `--authentication-config` and `--oidc-*` flags are given, so the API server does not start.',
    fix: 'Keep only the flags of the method that `authentication.method` names, and remove the others.',
    see,
    example: [failed('authentication-config file and oidc-* flags are mutually exclusive')],
    beside: 'flags',
  },
  {
    id: 'client-id-missing',
    title: 'The issuer or the client id is missing',
    of,
    relayed,
    pattern: /oidc-issuer-url and oidc-client-id must be specified together/,
    means:
      'Every --oidc-* flag requires both --oidc-issuer-url and --oidc-client-id, but one of these is missing, so the API server does not start.',
    fix: 'Give both flags; Kaniflux renders them together.',
    see,
    example: [failed('oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set')],
    beside: 'flags',
  },
  {
    id: 'unknown-signing-algorithm',
    title: '--oidc-signing-algs has an unknown algorithm',
    of,
    relayed,
    pattern: /oidc: unsupported signing alg: "(?<alg>[^"]*)"/,
    means: ({ alg = '' }) =>
      `“${alg}” is not an algorithm that --oidc-signing-algs accepts; the API server does not start.`,
    fix: 'Write `ES256`, the algorithm of Kanidm.',
    see,
    example: [failed(String.raw`oidc: unsupported signing alg: \"XS256\"`)],
    beside: 'algorithm',
  },
];
