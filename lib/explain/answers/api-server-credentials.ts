import { because } from '../connection-reasons';
import type { Explanation } from '../explanation';

const of = 'kube-apiserver';
const refused = (why: string) =>
  `E1127 14:39:05.109125    1663 authentication.go:76] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;

/**
 * Messages of kube-apiserver when it refuses credentials that are not tokens of Kanidm, from k8s.io/apiserver 0.34 and
 * 0.37. The last explanation is for all other reasons.
 */
export const credentialAnswers: readonly Explanation[] = [
  {
    id: 'service-account-token',
    title: 'The refused token belongs to a service account, not to a person',
    of,
    pattern:
      /Unable to authenticate the request.{0,90}(?:(?<early>service account token is (?:not valid yet|issued in the future))|service account token|[Tt]oken has been invalidated|Token does not match server's copy|token is bound to a Node|the token in secret \S{1,300} for service account|(?:[Ss]ervice ?[Aa]ccount|secret|pod|node) UID \([^)]{0,100}\) does not match|serviceaccounts? "?[^\s"]{0,200}"? not found|[Ss]ervice ?[Aa]ccount [^\s]{1,200} (?:has been deleted|not found)|could not find expected service account|the server could not find the requested resource|error in cryptographic primitive|token audiences \["?(?<audience>[^"\]]{0,200}))/,
    means: ({ audience = '', early = '' }) =>
      `This is the token of a Kubernetes service account. ${
        early !== ''
          ? 'It is not valid yet: the clock of this API server is behind the clock of the API server that issued the token.'
          : audience === ''
            ? 'It has expired, is from another cluster, or belongs to a pod or account that no longer exists. A new pod or account with the same name does not make the token valid.'
            : `It is for the audience ${audience}, and not for the API server.`
      } Sign-in of people is not affected.`,
    fix: ({ audience = '', early = '' }) =>
      early !== ''
        ? 'Synchronize the clocks of all control-plane nodes with NTP.'
        : audience === ''
          ? 'Restart the pod that sends the token, so that the pod gets a new one. If the signing keys of service accounts were changed, restart all pods.'
          : `Send the token to ${audience}, for which it is meant. For requests to the API server, use a token that was requested without an audience.`,
    see: 'The audit log of the API server names the address that a refused request came from.',
    example: [
      refused('service account token has been invalidated'),
      refused(
        String.raw`token audiences [\"vault\"] is invalid for the target audiences [\"https://kubernetes.default.svc\"]`,
      ),
    ],
  },
  {
    id: 'front-proxy-certificate',
    title: 'The API server does not accept the certificate of a front proxy',
    of,
    pattern:
      /Unable to authenticate the request.{0,40}x509: subject with cn=(?<name>.{0,200}?) is not in the allowed list/,
    means: ({ name = '' }) =>
      `A request has a client certificate of the CA for front proxies (--requestheader-client-ca-file), but its name ${name} is not in --requestheader-allowed-names. Only proxies such as the aggregation layer use such certificates: no person and no token of Kanidm is affected.`,
    fix: 'Sign certificates of people and components with the CA in --client-ca-file, and not with the CA for front proxies. If this is a front proxy, add its name to --requestheader-allowed-names.',
    see: 'On a control-plane node, run `sudo kubeadm certs check-expiration`, which names the CA of each certificate.',
    example: [
      'E1127 14:39:05.109125    1663 authentication.go:76] "Unable to authenticate the request" err="x509: subject with cn=jane is not in the allowed list"',
    ],
  },
  {
    id: 'client-certificate',
    title: 'The API server refuses a client certificate, not the token of a person',
    of,
    pattern: /Unable to authenticate the request.{0,40}(?:verifying certificate|x509: )(?<reason>.*)$/,
    means:
      'A client certificate in a request has expired or is not trusted by the API server. It comes from an admin.conf, a kubelet or another component, and has nothing to do with tokens of Kanidm. An aggregated API server such as metrics-server writes the same line about the certificate with which kube-apiserver connects to it.',
    fix: 'Renew the certificate (`kubeadm certs renew`), or use the current kubeconfig of this cluster: after a cluster is recreated, old kubeconfigs still have the old CA.',
    see: 'On a control-plane node, run `sudo kubeadm certs check-expiration`.',
    example: [
      'E1124 23:34:58.019437       1 authentication.go:75] "Unable to authenticate the request" err="[x509: certificate has expired or is not yet valid: current time 2026-11-24T23:34:58Z is after 2026-11-01T00:00:00Z, verifying certificate SN=12, SKID=, AKID=01 failed: x509: certificate has expired or is not yet valid]"',
    ],
  },
  {
    id: 'token-webhook',
    title: 'The API server does not reach its webhook for tokens',
    of,
    // The kubelet and other programs write the first form too, if they cannot ask the API server about a token. Their
    // errors often have no address.
    pattern:
      /Failed to make webhook authenticator request: (?!.{0,300}\btokenreviews\b)(?<error>(?:Get|Post) "?https?:.*)$|Unable to authenticate the request.{0,40}(?<reason>Post "(?!https:\/\/[^"]{1,253}\/tokenreviews)https?:\/\/.*)$/,
    means: ({ error = '', reason = '' }) =>
      `The API server asks a webhook about tokens (--authentication-token-webhook-config-file), and the webhook does not answer. ${because(error || reason, webhook).why} Tokens of Kanidm need no webhook.`,
    fix: ({ error = '', reason = '' }) =>
      `${because(error || reason, webhook).fix} If nothing uses the webhook any more, remove the flag.`,
    see: 'Read the kubeconfig that --authentication-token-webhook-config-file names: it has the address and the CA of the webhook.',
    example: [
      refused(
        String.raw`Post \"https://auth.example.com/authenticate?timeout=30s\": dial tcp 192.0.2.9:443: connect: connection refused`,
      ),
      'E1127 14:39:05.109125    1663 webhook.go:154] Failed to make webhook authenticator request: Post "https://auth.example.com/authenticate?timeout=30s": context deadline exceeded',
    ],
  },
  {
    id: 'invalid-bearer-token',
    title: 'No authenticator of the API server accepts the token',
    of,
    pattern: /Unable to authenticate the request(?: due to an error)?:? ?(?<reason>.*)$/,
    means: ({ reason = '' }) =>
      /^(?:invalid bearer token|\[(?:[[\], ]|invalid bearer token){1,40}\])(?: component=.{0,40})?$/.test(reason)
        ? 'No authenticator of the API server accepts the token. Either no issuer that the API server trusts is equal, byte for byte, to the issuer in the token, or the token is not an ID token. For example, the token is for another cluster, or is an access token. Some API servers, such as those of vcluster, report the same error for other reasons, for example a mail address that is not verified.'
        : reason === '' || /^\[[^\]]*$/.test(reason)
          ? `The API server refuses the credentials of a request. The line ends before the reason${reason === '' ? '' : `: “${reason.slice(0, 300)}”`}.`
          : `The API server refuses the credentials of a request. It reports: “${reason.slice(0, 300)}”.`,
    fix: 'Pipe the token into `kaniflux explain --token -`, which compares the token with the settings of each API server.',
    see: '`kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -` shows what is in the token.',
    example: [
      'E1124 23:38:11.229634   27843 authentication.go:75] "Unable to authenticate the request" err="invalid bearer token"',
      'E1004 10:00:01.000000       1 authentication.go:53] Unable to authenticate the request due to an error: invalid bearer token',
    ],
    beside: 'issuer',
  },
];

const webhook = {
  from: 'The API server',
  to: 'the webhook',
  trust: 'Put the CA of the webhook into the kubeconfig that --authentication-token-webhook-config-file names.',
};
