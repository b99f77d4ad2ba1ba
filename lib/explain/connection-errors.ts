import type { Facts } from './explanation';

/** The two programs of a connection, under the names used in the answer. */
export interface Connection {
  /** For example `The API server`. */
  readonly from: string;
  /** For example `Kanidm`. */
  readonly to: string;
  /** The fix if `from` does not trust the certificate of `to`. */
  readonly trust: string;
}

export interface Reason {
  readonly pattern: RegExp;
  why(connection: Connection, facts: Facts): string;
  fix(connection: Connection, facts: Facts): string;
}

export const look = ({ from, to }: Connection, what: string) =>
  `On the machine where ${lower(from)} runs, ${what} ${to}.`;
const checkDnsServer =
  'Check the DNS server in /etc/resolv.conf on that machine. If the program runs in a container, check the file in the container.';
export const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Known network errors of Go programs, the most specific first. */
export const reasons: readonly Reason[] = [
  // An error in the connection to a proxy or a DNS server contains the same words as an error in the connection to the
  // server itself. So the patterns for proxies and DNS servers come first.
  {
    pattern: /proxyconnect tcp: (?<reason>.{1,300})/,
    why: ({ from, to }, { reason = '' }) =>
      `${from} connects to ${to} through a proxy, and does not reach the proxy: “${reason}”.`,
    fix: ({ from, to }) =>
      `Correct the address of the proxy in \`HTTPS_PROXY\` of ${lower(from)} (most proxies expect http:// there), or add the address of ${to} to \`NO_PROXY\`.`,
  },
  {
    // Go gives the status of a proxy without its number, and that of the server with its number.
    pattern:
      /Proxy Authentication Required|Proxy Error|proxy: |https:\/\/[^\s"]{1,300}"?: (?:Bad Request|Forbidden|Not Found|Method Not Allowed)(?=["\],]|$)/,
    why: ({ from, to }) => `${from} connects to ${to} through a proxy, and the proxy refuses the connection.`,
    fix: ({ from, to }) =>
      `Add the address of ${to} to \`NO_PROXY\` of ${lower(from)}, or allow the address in the proxy.`,
  },
  {
    pattern:
      /https:\/\/[^\s"]{1,300}"?: (?<status>Bad Gateway|Service Unavailable|Gateway Timeout|Internal Server Error)(?=["\],]|$)/,
    why: ({ from, to }, { status }) =>
      `${from} connects to ${to} through a proxy, and the proxy does not reach ${to}: “${status}”.`,
    fix: ({ from, to }) =>
      `Add the address of ${to} to \`NO_PROXY\` of ${lower(from)}, or check that the proxy can look up and reach this address.`,
  },
  {
    pattern:
      /lookup (?<name>[^\s:]{1,253})(?: on (?<server>[^\s]{1,60}))?: (?:dial|read|write) (?:udp|tcp) [^"]{0,100}(?:connection refused|unreachable|no route to host|not permitted)/,
    why: ({ from }, { name, server }) =>
      `${from} cannot look up the host name ${name}, because the DNS server${server === '' ? '' : ` ${server}`} cannot be reached.`,
    fix: () => checkDnsServer,
  },
  {
    // The certificates that ingress controllers make for themselves.
    pattern:
      /x509: certificate (?:is valid for (?:[0-9a-f]{1,64}\.[0-9a-f]{1,64}\.traefik\.default|ingress\.local), not |.{0,300}"(?:TRAEFIK DEFAULT CERT|Kubernetes Ingress Controller Fake Certificate)")/,
    why: ({ to }) =>
      `The ingress controller in front of ${to} has no certificate for this host, and answers with its default certificate.`,
    fix: ({ to }) =>
      `Check that the Ingress or Gateway of ${to} names this host and the Secret with its certificate (\`tls\`), and that the Secret exists. With cert-manager, run \`kubectl get certificate -A\`. With Traefik, also check that the router uses TLS.`,
  },
  {
    pattern:
      /x509: (?:certificate signed by unknown authority|[^"]{0,200}certificate is not trusted)|SSL certificate problem: (?:unable to get local issuer|self[- ]signed)/,
    why: ({ from, to }) => `The certificate of ${to} is signed by a CA that ${lower(from)} does not trust.`,
    fix: ({ trust }) => trust,
  },
  {
    pattern: /x509: certificate is valid for (?<names>[^,]*(?:, [^,\s]{1,200}){0,30}), not (?<name>[^\s"]{1,253})/,
    why: ({ from, to }, { names, name }) =>
      `The certificate of ${to} is valid for ${names}, but ${lower(from)} connects to ${name}.`,
    fix: ({ to }, { name }) =>
      `Use one of the names that the certificate has, or give ${to} a certificate that includes ${name}.`,
  },
  {
    pattern: /x509: cannot validate certificate for (?<name>[^\s]{1,253}) because it doesn't contain any IP SANs/,
    why: ({ from, to }, { name }) =>
      `The certificate of ${to} does not include an IP address, but ${lower(from)} connects to the IP address ${name}.`,
    fix: () => 'Use a name that the certificate has, or issue a certificate with that IP address.',
  },
  {
    pattern: /x509: (?:certificate has expired or is not yet valid|[^"]{0,200}certificate is expired)/,
    why: ({ to, from }) =>
      `The certificate of ${to} has expired, or the clock on the machine of ${lower(from)} is wrong.`,
    fix: ({ to }) => `Renew the certificate of ${to}, or correct the clock.`,
  },
  {
    pattern: /x509: certificate relies on legacy Common Name field/,
    why: ({ to }) => `The certificate of ${to} has its name only in the Common Name, which Go programs ignore.`,
    fix: () => 'Issue a certificate with the name as a subject alternative name (SAN).',
  },
  {
    pattern: /x509: certificate is not valid for any names, but wanted to match (?<name>[^\s"]{1,253})/,
    why: ({ from, to }, { name }) =>
      `The certificate of ${to} has no name at all, but ${lower(from)} connects to ${name}.`,
    fix: ({ to }, { name }) => `Give ${to} a certificate that includes ${name} as a subject alternative name (SAN).`,
  },
  {
    pattern: /x509: (?<reason>[^"]{1,200})/,
    why: ({ from, to }, { reason }) => `${from} refuses the certificate of ${to}: “${reason}”.`,
    fix: ({ to }) =>
      `Look at the certificates with \`openssl s_client -connect <host>:<port> -showcerts\`, and renew the certificate that the message is about: that of ${to} or that of its CA.`,
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    why: ({ to }) => `The server at the address of ${to} answers with plain HTTP instead of HTTPS.`,
    fix: () => 'Use the port that serves https, and check the proxy or Ingress in front of that server.',
  },
  {
    pattern: /tls: (?<reason>[^"]{1,120})/,
    why: ({ from, to }, { reason }) => `The TLS handshake between ${lower(from)} and ${to} failed: “${reason}”.`,
    fix: (connection) => look(connection, 'run `openssl s_client -connect` against'),
  },
  {
    pattern:
      /connect: connection refused|actively refused it|Failed to connect to \S{1,253} port \d{1,5}.{0,60}(?:Connection refused|Could not connect)/,
    why: ({ to }) => `Nothing listens at the address of ${to}.`,
    fix: ({ from, to }) =>
      `Check that ${to} runs, and that it listens on the host and port to which ${lower(from)} connects.`,
  },
  {
    pattern: /connection reset by peer|broken pipe|forcibly closed by the remote host/,
    why: ({ to }) => `${to} or a device on the way closed the connection.`,
    fix: (connection) => look(connection, 'run `curl -v` against'),
  },
  {
    pattern: /no route to host|network is unreachable|unreachable (?:network|host)/,
    why: ({ from, to }) => `There is no network route from ${lower(from)} to ${to}.`,
    fix: () => 'Check the routes and firewalls between the two machines.',
  },
  {
    pattern:
      /lookup (?<name>[^\s:]{1,253})(?: on [^\s]{1,60})?: (?:no such host|server misbehaving|Temporary failure|getaddrinfow: |[^\s]{1,40} no such host)|no such host|No such host is known|Could not resolve host/,
    why: ({ from, to }, { name }) => `${from} cannot look up the host name ${name === '' ? `of ${to}` : name}.`,
    fix: ({ from, to }) =>
      `Check the spelling of the host name. If the spelling is right, add the host name of ${to} to the DNS server that ${lower(from)} uses.${from === 'The API server' ? ` This is the DNS server of the node, which does not resolve names of the cluster such as \`${to === 'Kanidm' ? 'kanidm.kanidm.svc' : '<service>.<namespace>.svc'}\`.` : ''}`,
  },
  {
    pattern: /lookup (?<name>[^\s:]{1,253})(?: on [^\s]{1,60})?: [^"]{0,100}i\/o timeout/,
    why: ({ from }, { name }) => `The DNS server that ${lower(from)} uses did not answer the query for ${name}.`,
    fix: () => checkDnsServer,
  },
  {
    pattern: /TLS handshake timeout/,
    why: ({ from, to }) =>
      `${from} reached the address of ${to}, but the TLS handshake did not finish: the server is overloaded, or packets are lost (because of a firewall or a wrong MTU).`,
    fix: (connection) => look(connection, 'run `curl -v` against'),
  },
  {
    pattern:
      /Client\.Timeout exceeded|context deadline exceeded|i\/o timeout|awaiting headers|operation timed out|did not properly respond after a period of time/,
    why: ({ from, to }) =>
      `${from} got no answer from ${to} in time: packets are lost on the way, or ${to} does not respond.`,
    fix: () =>
      'Check the firewalls and network policies between the two machines, and check that the name resolves to the right address.',
  },
  {
    pattern: /issuer did not match the issuer returned by provider, expected "(?<expected>[^"]*)" got "(?<got>[^"]*)"/,
    why: issuers,
    fix: oneIssuer,
  },
  {
    pattern:
      /issuer URL provided to client \("(?<expected>[^"]*)"\) did not match the issuer URL returned by provider \("(?<got>[^"]*)"\)/,
    why: issuers,
    fix: oneIssuer,
  },
  {
    pattern: /\b404 (?:Not Found|page not found)|\bstatus(?: code)?:? "?404\b/i,
    why: ({ to }) =>
      to === 'Kanidm'
        ? 'The server at the address of Kanidm answers 404: Kanidm has no client for this issuer, or a proxy or another server answers instead of Kanidm.'
        : `The server at the address of ${to} answers 404: it has nothing at that path.`,
    fix: ({ to }) =>
      to === 'Kanidm'
        ? 'Open `<issuer>/.well-known/openid-configuration` in a browser. Kanidm answers 404 if the client does not exist: `kanidm system oauth2 list` lists the clients.'
        : `Check the address of ${to}, including the path.`,
  },
  {
    // Programs that do not log the status.
    pattern:
      /not a conform Authorization Server Metadata response|Non-(?:200|success)[\w ]{0,30} (?:from|for) Discovery URL/,
    why: ({ to }) => `The server at the address of ${to} has no discovery document at the path of this issuer.`,
    fix: () =>
      'Open `<issuer>/.well-known/openid-configuration` in a browser. Kanidm answers 404 if the client does not exist: `kanidm system oauth2 list` lists the clients.',
  },
  {
    pattern: /\b(?<status>30[12378]) [A-Z]|stopped after \d{1,3} redirects/,
    why: ({ to }) => `The server at the address of ${to} redirects in a loop, or without a target address.`,
    fix: ({ to }) =>
      `Check the proxy or Ingress in front of ${to}: it often redirects to https although the request already uses https.`,
  },
  {
    pattern: /\b(?<status>50[0234]|52[0-7])(?= [A-Z]| ?: )|\bstatus(?: code)?:? "?(?<code>50[0234])\b/,
    why: ({ to }, { status, code }) =>
      (status || code) === '500'
        ? `The server at the address of ${to} answers 500: ${to} has an internal error, or a proxy or Ingress in front of it has one.`
        : `The proxy or Ingress in front of ${to} answers ${status || code}, because it cannot reach ${to}.`,
    fix: ({ to }) =>
      to === 'Kanidm'
        ? 'Check that the pod of Kanidm is ready and its Service has endpoints, and that the Ingress connects to Kanidm with HTTPS (Kanidm does not serve HTTP).'
        : `Check that ${to} runs, and read the log of the proxy or Ingress in front of it.`,
  },
  {
    // The program reads the discovery document before it requests a token.
    pattern: /cannot fetch token: (?<status>40[03])\b/,
    why: ({ to }, { status }) =>
      `The token endpoint at the address of ${to} refuses the request with ${status}. The discovery document could be read.`,
    fix: ({ to }) =>
      `Sign in again. If the error comes back, read the logs of ${to} and of the proxy or Ingress in front of it.`,
  },
  {
    pattern: /\b(?<status>40[013]|429) [A-Z]|\bstatus(?: code)?:? "?(?<code>40[013]|429)\b/,
    why: ({ to }, { status, code }) => `The server at the address of ${to} refuses the request with ${status || code}.`,
    fix: ({ to }) =>
      /^the re(?:gistry|pository)$/.test(to)
        ? `Check the credentials for ${to}, and what they may read.`
        : 'Check the proxy or Ingress in front of that server: the discovery document and the keys have to be readable without sign-in.',
  },
  {
    pattern:
      /failed to decode provider discovery object|Content-Type = application\/json|invalid character '<'|failed to decode keys/,
    why: ({ to }) =>
      `The answer from the address of ${to} is not JSON: it comes from a login page or from another server.`,
    fix: () => 'Open `<issuer>/.well-known/openid-configuration` in a browser and check which server answers.',
  },
  {
    // The OIDC library of .NET, for example in Jellyfin.
    pattern: /Endpoint (?:belongs to different authority|is on a different host than authority)/,
    why: ({ from, to }) =>
      `${from} requires that each address in the discovery document begins with the issuer. The addresses of ${to} do not.`,
    fix: () =>
      'Turn off this check in the application. The SSO plugin of Jellyfin has the setting “Do not validate endpoints”.',
  },
  {
    pattern: /violates local access rules/,
    why: ({ from, to }) => `${from} refuses to connect to ${to}, because ${to} has an address of a private network.`,
    fix: () => 'With Nextcloud, set `allow_local_remote_servers` to `true` in config.php.',
  },
  {
    pattern: /unsupported protocol scheme/,
    why: () => 'The address does not begin with https://.',
    fix: () => 'Write the whole address, with https://.',
  },
  {
    pattern: /did not return JWKS URL|error getting JWKS URL/,
    why: () => 'The discovery document has no address for the keys (`jwks_uri`).',
    fix: () => 'Check the discovery document: it does not come from Kanidm.',
  },
  {
    pattern: /context cancell?ed/,
    why: ({ from }) =>
      `${from} cancelled the request, because ${lower(from)} was shutting down or reading new settings.`,
    fix: () => 'Ignore this line unless it is repeated.',
  },
  {
    pattern: /\b(?:unexpected )?EOF\b|unable to read response body/,
    why: ({ to }) => `The connection ended without an answer: ${to}, or a proxy that cannot reach ${to}, closed it.`,
    fix: ({ to }) =>
      to === 'Kanidm'
        ? 'Check the proxy or Ingress in front of Kanidm, and check that it connects to Kanidm with HTTPS.'
        : `Check the proxy or load balancer in front of ${to}, and the log of ${to}.`,
  },
];

function issuers(_: Connection, { expected = '', got = '' }: Facts): string {
  const slash = expected.replace(/\/$/, '') === got.replace(/\/$/, '') ? ' Only the slash at the end differs.' : '';
  return `The issuer in the settings is ${expected}, but the issuer in the discovery document is ${got}. Both have to be equal, byte for byte.${slash}`;
}

function oneIssuer(_: Connection, { got = '' }: Facts): string {
  const own =
    got.endsWith('/') || !got.includes('/oauth2/openid/')
      ? ''
      : ' Issuers of Kanidm have the form `<origin>/oauth2/openid/<client>`, without a slash at the end.';
  return `Set the issuer to ${got}.${own}`;
}
