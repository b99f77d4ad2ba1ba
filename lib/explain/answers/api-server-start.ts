import { fieldErrors } from '../configuration-rules';
import { apiServerToKanidm, because } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'kube-apiserver';
const relayed = ['k3s', 'Talos', 'kubelet'] as const;
const see =
  'If the API server does not start, the last lines of its log have the reason. Run `sudo crictl ps -a --name kube-apiserver`, then `sudo crictl logs <id>`. With K3s, run `journalctl -u k3s`.';
const failed = (why: string) => `E1124 23:38:14.162985   28328 run.go:72] "command failed" err="${why}"`;
const stops =
  'With this error, an API server does not start. An API server that already runs keeps the settings that it read before.';

/** kube-apiserver writes this line when a changed file is valid and all issuers in the file can be read. */
export const reloaded = /^reloaded authentication config$/;

/** The ids of all explanations of lines that an API server writes when it ends during its start. */
export const startFailures: readonly string[] = [
  'oidc-settings',
  'file-not-mounted',
  'start-file-missing',
  'anonymous-twice',
  'authentication-configuration-rule',
  'authentication-configuration-file',
  'unknown-oidc-flag',
  'k3s-server-flag',
  'unknown-authentication-config-flag',
  'oidc-flag-value',
  'flags-and-file',
  'client-id-missing',
  'unknown-signing-algorithm',
];

/** Messages of kube-apiserver when it does not start or cannot read its issuer, from Kubernetes 1.30 to 1.37. */
export const startAnswers: readonly Explanation[] = [
  {
    id: 'initializing-plugin',
    title: 'The API server cannot read the discovery document of the issuer',
    of,
    pattern:
      /oidc authenticator: initializing plugin: (?<reason>.*)$|oidc authenticator: error getting JWKS URL: (?<keys>.*)$|provider did not return JWKS URL/,
    means: ({ reason = '', keys = '' }) => {
      const issuer = /"(https?:\/\/[^"]{1,300})\/\.well-known\/openid-configuration"/.exec(reason)?.[1];
      const why = because(reason || keys || 'provider did not return JWKS URL', apiServerToKanidm).why;
      return `The API server could not read the discovery document of ${issuer ?? 'the issuer'}. The API server runs and reports that it is ready, but it refuses every token of that issuer with 401. But if the API server is reading a changed AuthenticationConfiguration, it keeps using the previous configuration. ${why}`;
    },
    fix: ({ reason = '', keys = '' }) =>
      `${because(reason || keys || 'provider did not return JWKS URL', apiServerToKanidm).fix} The API server tries again every few seconds, without a restart.`,
    see: 'On a control-plane node, run `curl -v <issuer>/.well-known/openid-configuration`. `kaniflux doctor` checks the DNS name and certificate of Kanidm, and the document.',
    example: [
      'E1124 23:37:56.166682   27163 oidc.go:419] oidc authenticator: initializing plugin: Get "https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'E0612 10:00:00.000000       1 oidc.go:335] oidc authenticator: initializing plugin: 404 Not Found: ',
      'E1124 23:38:06.084767   27843 oidc.go:419] oidc authenticator: initializing plugin: oidc: issuer did not match the issuer returned by provider, expected "https://idm.example.com/oauth2/openid/k8s/" got "https://idm.example.com/oauth2/openid/k8s"',
      'Oct 28 21:10:09 node k0s[744190]: time="2021-10-28 17:10:09" level=info msg="E1028 17:10:09.653527  744239 oidc.go:324] oidc authenticator: initializing plugin: Get \\"https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration\\": net/http: TLS handshake timeout" component=kube-apiserver',
    ],
    beside: 'ca',
    endedBy: reloaded,
  },
  {
    id: 'oidc-settings',
    title: 'The API server cannot use its OIDC settings',
    of,
    relayed,
    pattern:
      /init verifier failed: (?<init>.*)$|oidc: (?:unknown egress selector type|egress lookup )(?<egress>.*)$|oidc: invalid discovery URL: (?<url>.*)$|(?:Failed to read the CA contents(?!: open )|missing content for CA bundle)(?<ca>.*)$|'oidc-issuer-url' \([^)]{1,300}\) (?<scheme>has invalid scheme).{0,100}$|oidc: invalid configuration, (?<other>.*)$/,
    means: ({ init = '', egress = '', url = '', ca = '', other = '', scheme = '' }) =>
      scheme !== ''
        ? 'The address in --oidc-issuer-url is not https, so the API server does not start.'
        : egress !== ''
          ? '`egressSelectorType` names an egress selector that the API server does not have, so the API server does not start.'
          : url !== ''
            ? `The address of the issuer or of its discovery document is not a valid URL: “${url.slice(0, 200)}”. The API server therefore does not start.`
            : init + other === ''
              ? `The CA file is empty or is not a certificate${ca.replace(/^:? ?/, '') === '' ? '' : `: “${ca.replace(/^:? ?/, '').slice(0, 200)}”`}; the API server does not start.`
              : `The API server cannot use its OIDC settings: “${(init || other).slice(0, 200)}”.`,
    fix: 'Compare the arguments and files of the API server with those that `kaniflux synth` renders under control-planes/.',
    see,
    example: [failed(String.raw`oidc: invalid discovery URL: parse \"://idm.example.com\": missing protocol scheme`)],
  },
  {
    id: 'file-not-mounted',
    title: 'The API server does not find a file that it needs for authentication',
    of,
    relayed,
    pattern:
      /(?:open|read|stat) (?<file>\S{0,200}(?:oidc|authentication|authn|kaniflux)\S{0,100}): (?<reason>no such file or directory|permission denied|is a directory)/,
    shared: {
      sure: /command failed|failed to load authentication configuration|apiserver exited/,
      tell: 'the line is in the log of kube-apiserver',
    },
    means: ({ file = '', reason = '' }) =>
      `The API server cannot read ${file}: ${reason}. An API server in a pod sees only those folders of the node that are mounted into the pod. ${stops}`,
    fix: ({ file = '' }) =>
      `Put the file at this path on every control-plane node. If the API server runs in a pod, mount the whole folder ${file.replace(/\/[^/]*$/, '') || '/'} into the pod, not only the file. With kubeadm, use \`extraVolumes\`, as in the files that Kaniflux renders under control-planes/.`,
    see,
    example: [failed('open /etc/kubernetes/kaniflux/oidc-ca.crt: no such file or directory')],
  },
  {
    id: 'start-file-missing',
    title: 'The API server cannot read a file that an argument names',
    of,
    relayed,
    // Other components of Kubernetes write the same line about files of their own.
    pattern:
      /^command failed: (?:Failed to read the CA contents: )?(?:open|stat) (?!\S{0,200}(?:kubelet|scheduler|controller-manager))(?<file>\S{1,300}): (?<reason>no such file or directory|permission denied|is a directory)$/,
    shared: { tell: 'the line is in the log of kube-apiserver' },
    means: ({ file = '', reason = '' }) =>
      `An argument of the API server, such as --oidc-ca-file, names the file ${file}. The API server cannot read this file: ${reason}. Therefore, the API server does not start.`,
    fix: ({ file = '' }) =>
      `Put the file at this path on every control-plane node. If the API server runs in a pod, mount the folder ${file.replace(/\/[^/]*$/, '') || '/'} into the pod. With kubeadm, use \`extraVolumes\`, except for /etc/kubernetes/pki, which kubeadm itself mounts.`,
    see,
    example: [failed('open /etc/kubernetes/pki/kanidm-ca.crt: no such file or directory')],
  },
  {
    id: 'anonymous-twice',
    title: 'Anonymous requests are configured by a flag and in a file',
    of,
    relayed,
    pattern: /anonymous: Forbidden: --anon[yn]{1,2}mous-auth flag cannot be set|--anonynous-auth flag cannot be set/,
    means:
      'Anonymous requests are configured twice, by the flag --anonymous-auth and by `anonymous` in the AuthenticationConfiguration, so the API server does not start. Before 1.32.5 and 1.33.1, K3s and RKE2 always set the flag, to refuse anonymous requests.',
    fix: 'Configure anonymous requests only in the AuthenticationConfiguration: remove --anonymous-auth from the arguments, set `authentication.anonymous: { enabled: true, paths: [/livez, /readyz, /healthz] }` in kaniflux.yaml, and render again. These are the paths of the probes. If an older K3s or RKE2 sets the flag itself, upgrade first, or leave `anonymous` out of kaniflux.yaml.',
    see,
    example: [
      'May 16 10:00:00 ip-10-0-0-1 k3s[2000]: time="2025-05-16T10:00:00Z" level=error msg="apiserver exited: anonymous: Forbidden: --anonynous-auth flag cannot be set when anonymous field is configured in authentication configuration file"',
    ],
  },
  {
    id: 'anonymous-changed',
    title: 'A change of `anonymous` needs a restart',
    of,
    pattern: /anonymous: Forbidden: changed from initial configuration file/,
    means:
      '`anonymous` changed in the AuthenticationConfiguration. The running API server rejects the new file and keeps using the old one.',
    fix: 'Restart the API server: it reads `anonymous` only at start.',
    see,
    example: [
      'E1124 23:49:04.099027   11260 authentication.go:775] "failed to validate authentication config" err="anonymous: Forbidden: changed from initial configuration file"',
    ],
    endedBy: reloaded,
  },
  {
    id: 'authentication-configuration-rule',
    title: 'A field of the AuthenticationConfiguration breaks a rule',
    of,
    relayed,
    pattern:
      /(?<fields>(?:\bjwt(?:\[\d{1,4}\])?|\banonymous|\bissuer|\bclaimMappings|\bclaimValidationRules|\buserValidationRules)[\w.[\]]{0,200}: (?:Invalid value|Required value|Forbidden|Duplicate value|Unsupported value|Too many|Internal error).*)$/,
    shared: {
      sure: /jwt\[\d{1,4}\][\w.[\]]{0,200}: \w|authentication config|command failed|: anonymous: /,
      tell: 'the line is in the log of kube-apiserver',
    },
    means: ({ fields = '' }) => {
      const errors = fieldErrors(fields);
      if (errors.length === 0)
        return `An entry of the AuthenticationConfiguration breaks a rule: “${fields.slice(0, 300)}”. ${stops}`;
      const each = errors.map(
        ({ field, value, means }, i) =>
          `${i === 0 ? 'The API server' : 'It also'} refuses ${value === undefined ? '' : `the value \`${value}\` of `}the field \`${field}\`${i === 0 ? ' in the AuthenticationConfiguration' : ''}: ${means}.`,
      );
      const flags = errors.some(({ field }) => /^(?:jwt\[0\]\.)?issuer\.url$/.test(field))
        ? ' If the API server has --oidc-* flags instead of the file, `issuer.url` is the value of --oidc-issuer-url.'
        : '';
      return `${each.join(' ')}${flags} ${stops}`;
    },
    fix: ({ fields = '' }) =>
      [...new Set(fieldErrors(fields).map(({ fix }) => fix))].join(' ') ||
      'In kaniflux.yaml, set `kubernetes` of the cluster to its real Kubernetes version, and render the file again.',
    see: 'To test a file before you use it, run `kaniflux check` on the rendered file, or start a second kube-apiserver of the same version with this file.',
    example: [
      failed(
        'invalid authentication configuration: jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing',
      ),
      failed(
        String.raw`[jwt[0].claimValidationRules[0].expression: Invalid value: \"claims.?email_verified.orValue(true)\": must evaluate to bool, jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression]`,
      ),
      failed(
        String.raw`failed to validate authentication config: jwt[0].claimMappings.extra[1].valueExpression: Invalid value: \"claims.groups.exists(g, g == 'a')\": compilation failed: ERROR: <input>:1:14: expression of type 'any' cannot be range of a comprehension (must be list, map, or dynamic)`,
      ),
    ],
    endedBy: reloaded,
  },
  {
    id: 'authentication-configuration-waits',
    title: 'The API server does not reach an issuer of a changed AuthenticationConfiguration',
    of,
    pattern:
      /failed to update authentication config.{0,40}?(?<errors>oidc: authenticator for issuer "(?<issuer>[^"]*)" is not (?:initialized|healthy).*)$/,
    means: ({ errors = '' }) =>
      `The AuthenticationConfiguration was changed, and the new file is valid. But within a minute, the API server could not read the discovery document of an issuer in the file, so it keeps the previous AuthenticationConfiguration. ${unread(
        errors,
      )
        .map(({ issuer, why }) => `${issuer}: ${why}`)
        .join(' ')}`,
    fix: ({ errors = '' }) =>
      `${[...new Set(unread(errors).map(({ fix }) => fix))].join(' ')} The API server tries again every minute, without a restart. If it is restarted before that, it uses the new file.`,
    see: 'On a control-plane node, run `curl -v <issuer>/.well-known/openid-configuration`.',
    example: [
      String.raw`E1127 14:42:37.266677    1663 authentication.go:811] "failed to update authentication config" err="[oidc: authenticator for issuer \"https://idm.example.com/oauth2/openid/k8s\" is not healthy: Get \"https://idm.example.com/oauth2/openid/k8s/.well-known/openid-configuration\": dial tcp 192.0.2.7:443: connect: connection refused, context deadline exceeded]"`,
    ],
    beside: 'issuer',
    endedBy: reloaded,
  },
  {
    id: 'authentication-configuration-file',
    title: 'The file of the AuthenticationConfiguration cannot be read',
    of,
    relayed,
    pattern:
      /failed to (?:load|validate|read|update) authentication config(?:uration)?(?: file)?(?: from file "(?<file>[^"]*)")?(?<reason>.*)$|invalid authentication configuration: (?<other>.*)$|Object 'Kind' is missing in '(?<content>[^']{0,200})|strict decoding error: unknown field "(?<field>jwt\[[^"]{0,300}"(?:, unknown field "[^"]{0,300}"){0,20})/,
    shared: {
      sure: /authentication config|jwt\[/,
      tell: 'the line is about the file that --authentication-config names',
    },
    means: ({ file = '', reason = '', other = '', content = '', field = '' }) =>
      `The AuthenticationConfiguration${file === '' ? '' : ` in ${file}`} cannot be used: ${fileReason(`${reason}${other}${field === '' ? '' : `unknown field "${field}`}${content === '' ? '' : `Object 'Kind' is missing in '${content}'`}`)}. ${stops}`,
    fix: ({ file = '', reason = '', other = '' }) =>
      /no such file|permission denied/.test(`${reason}${other}`)
        ? 'Put the file at the path of `--authentication-config` on every control-plane node. If the API server runs in a pod, mount the folder of the file (`extraVolumes` with kubeadm), as in the files that `kaniflux synth` renders under control-planes/.'
        : /^\/system\/config\/kubernetes/.test(file)
          ? 'Talos writes this file from the document `KubeAuthenticationConfig` of the machine configuration. Correct that document: its field `configuration` must contain `apiVersion` and `kind: AuthenticationConfiguration`. If `kaniflux.yaml` has `controlPlane: talos` and `controlPlaneVersion: "1.14"`, `kaniflux synth` renders that document.'
          : 'In kaniflux.yaml, set `kubernetes` of the cluster to its real Kubernetes version. Render the file again, and move the new file over the old one with `mv`, so that the API server never reads an incomplete file.',
    see,
    example: [
      failed(
        String.raw`failed to load authentication configuration from file \"/etc/kubernetes/kaniflux/authentication-config.yaml\": empty config data`,
      ),
      String.raw`"command failed" err="failed to load authentication configuration from file \"/system/config/kubernetes/kube-apiserver/authentication-config.yaml\": Object 'Kind' is missing in '{}'"`,
      failed(
        String.raw`failed to load authentication configuration from file \"/etc/a.yaml\": strict decoding error: unknown field \"jwt[0].issuer.audience\"`,
      ),
    ],
    endedBy: reloaded,
  },
];

/** Returns the issuers that the API server could not read, each with the reason. */
function unread(errors: string) {
  return errors
    .replace(/(?:, )?context deadline exceeded\]?$/, '')
    .split(/oidc: authenticator for issuer "/)
    .slice(1)
    .map((one) => {
      const [issuer = '', text = ''] = one.split(/" is not (?:initialized|healthy)(?:: )?/);
      return { issuer, ...because(text.replace(/[,\]\s]{1,4}$/, ''), apiServerToKanidm) };
    });
}

/** Explains why a file cannot be used; an unknown reason is quoted as it is. */
function fileReason(reason: string): string {
  const fields = [...reason.matchAll(/unknown field "([^"]*)"/g)].map(([, field]) => `\`${field}\``);
  if (fields.length > 1)
    return `the fields ${fields.join(', ')} do not exist in this version, or are in the wrong place`;
  if (fields.length === 1) return `the field ${fields[0]} does not exist in this version, or is in the wrong place`;
  if (/empty config data/.test(reason))
    return 'the file is empty (perhaps because the API server read the file while it was being written)';
  if (/Object 'Kind' is missing/.test(reason))
    return 'the file is incomplete, because it lacks `kind: AuthenticationConfiguration`';
  if (/no such file/.test(reason)) return 'there is no such file';
  if (/permission denied/.test(reason)) return 'the API server is not allowed to read the file';
  const version = /no kind "(?<kind>[^"]*)" is registered for version "(?<version>[^"]*)"/.exec(reason)?.groups;
  if (version) return `this API server does not know the kind ${version.kind} in the version ${version.version}`;
  if (/expected (?:non-nil )?AuthenticationConfiguration/.test(reason))
    return 'its kind is not AuthenticationConfiguration';
  if (/yaml: |converting YAML|json parse error|could not find expected/.test(reason)) return 'it is not valid YAML';
  const plain = reason.replace(/^:/, '').trim();
  return plain === ''
    ? 'the file is empty or incomplete, has a field that this API server does not know, or breaks a rule'
    : `“${plain.slice(0, 300)}”`;
}
