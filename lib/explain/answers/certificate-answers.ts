import { apiServerToKanidm, because, kubectlToApiServer, kubeloginToKanidm } from '../connection-reasons';
import type { Explanation } from '../explanation';

/**
 * An error without a URL. Before the error are only words that can stand before every error of this kind. So it is
 * unknown whose certificate is refused. Other words often show that the connection is to another server, such as etcd
 * or a node.
 */
const bare =
  /^(?:(?:[Ee]rror|ERROR|[Ff]ailed|FATA?L?|tls: failed to verify certificate|remote error|net\/http): ?){0,4}(?<reason>x509: (?:certificate|cannot)(?!.{0,300}candidate authority certificate "[^"]{0,60}(?:etcd|front-proxy|requestheader)).*)$/;
/**
 * A request for the discovery document or an endpoint of OAuth2. Such a request goes to an identity provider and to no
 * other server.
 */
const toProvider =
  /(?:Get|Post) "https?:\/\/[^"]{1,300}(?:\/\.well-known\/openid-configuration|\/oauth2\/[^"]{1,200})": [^"]{0,200}(?<provider>x509: (?:certificate|cannot).*)$/;
/**
 * A request for a path of the Kubernetes API. Requests of the API server to an aggregated API server do not match, nor
 * do requests of a component that asks the API server about a token.
 */
const toApiServer =
  /^(?!.{0,300}(?:failing or missing response|webhook authenticator)).{0,300}?(?:Get|Post) "https?:\/\/[^"/]{1,253}\/(?:api(?=[?"]|\/v1[/?"])|apis|version|openapi)(?:[/?][^"]{0,300})?": [^"]{0,200}(?<server>x509: (?:certificate|cannot).*)$/;
const either = (one: RegExp) => new RegExp(`${bare.source}|${one.source}`);

/**
 * Errors about certificates (`x509`), which any program can write. For a line that names no program, all of these are
 * possible answers.
 */
export const certificateAnswers: readonly Explanation[] = [
  {
    id: 'webhook-certificate',
    title: 'The API server does not trust a webhook',
    of: 'kube-apiserver',
    relayed: ['kubectl', 'Flux', 'kubelet', 'an application', 'other'],
    pattern: /failed calling webhook "(?<name>[^"]*)".{0,300}(?<reason>x509: .*)$/,
    means: ({ name = '', reason = '' }) =>
      `${because(reason, { from: 'The API server', to: `the webhook ${name}`, trust: '' }).why} This error is about a webhook of the cluster, not about Kanidm.`,
    fix: 'Check `caBundle` of the ValidatingWebhookConfiguration or MutatingWebhookConfiguration. The program that installs the webhook, or cert-manager, has to fill in this field.',
    see: 'Run `kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`.',
    example: [
      'Error from server (InternalError): Internal error occurred: failed calling webhook "webhook.cert-manager.io": failed to call webhook: Post "https://cert-manager-webhook.cert-manager.svc:443/mutate?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
  },
  {
    id: 'certificate-of-kanidm-to-api-server',
    title: 'Perhaps the API server does not trust Kanidm',
    of: 'kube-apiserver',
    pattern: either(toProvider),
    shared: {
      tell: 'you copied the error from a line of kube-apiserver that contains `oidc authenticator: initializing plugin`',
      wordsOnly: true,
    },
    means: ({ reason = '', provider = '' }) => because(reason || provider, apiServerToKanidm).why,
    fix: ({ reason = '', provider = '' }) => because(reason || provider, apiServerToKanidm).fix,
    see: '`kaniflux doctor` checks the certificate of Kanidm.',
    example: ['tls: failed to verify certificate: x509: certificate signed by unknown authority'],
    beside: 'ca',
  },
  {
    id: 'certificate-of-kanidm-to-kubelogin',
    title: 'Perhaps kubelogin does not trust Kanidm',
    of: 'kubelogin',
    pattern: either(toProvider),
    shared: { tell: 'you copied the error from a line that begins with `error: get-token:`' },
    means: ({ reason = '', provider = '' }) => because(reason || provider, kubeloginToKanidm).why,
    fix: ({ reason = '', provider = '' }) => because(reason || provider, kubeloginToKanidm).fix,
    see: 'On the same machine, run `curl -v <issuer>/.well-known/openid-configuration`.',
    example: ['x509: certificate signed by unknown authority'],
    beside: 'ca',
  },
  {
    id: 'certificate-of-api-server-to-kubectl',
    title: 'Perhaps kubectl does not trust the API server',
    of: 'kubectl',
    pattern: either(toApiServer),
    shared: {
      tell: 'you copied the error from a line that begins with `Unable to connect to the server`',
    },
    means: ({ reason = '', server = '' }) => because(reason || server, kubectlToApiServer).why,
    fix: ({ reason = '', server = '' }) => because(reason || server, kubectlToApiServer).fix,
    see: 'Run `kubectl config view --minify --raw`.',
    example: ['Get "https://192.0.2.10:6443/api?timeout=32s": x509: certificate signed by unknown authority'],
  },
  {
    id: 'certificate-of-kanidm-to-application',
    title: 'Perhaps an application does not trust Kanidm',
    of: 'an application',
    // Messages of Python, Node.js, Java, Ruby, curl and Vault. The `x509` errors of other Go programs have their own
    // patterns.
    pattern:
      /^(?!fatal: ).{0,600}?(?:error checking oidc discovery URL: .{0,200}x509: |CERTIFICATE_VERIFY_FAILED|certificate verify failed|unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED_CERT_IN_CHAIN|self[- ]signed certificate in certificate chain|PKIX path building failed|SSL certificate problem: (?:unable to get local issuer|self[- ]signed))/,
    shared: {
      sure: /\/oauth2\/openid\//,
      tell: 'the program was connecting to Kanidm when it wrote the line',
      wordsOnly: true,
    },
    means: 'The program does not trust the CA of the certificate of the server.',
    fix: 'Give the program the CA of Kanidm: mount the file into its pod, and name it in NODE_EXTRA_CA_CERTS (Node.js), REQUESTS_CA_BUNDLE or SSL_CERT_FILE (Python, Ruby), a trust store (Java), or with `--cacert` (curl). Do not turn off the verification of certificates.',
    see: '`openssl s_client -connect <host>:443 -servername <host> -showcerts </dev/null` shows the certificates.',
    example: [
      "requests.exceptions.SSLError: HTTPSConnectionPool(host='idm.example.com', port=443): Max retries exceeded with url: /oauth2/openid/wiki/.well-known/openid-configuration (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate')))",
      'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    ],
  },
];
