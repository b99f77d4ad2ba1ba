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

export interface Because {
  /** The reason for the failure, as a full sentence. */
  readonly why: string;
  readonly fix: string;
}

interface Reason {
  readonly pattern: RegExp;
  why(connection: Connection, facts: Facts): string;
  fix(connection: Connection, facts: Facts): string;
}

const look = ({ from, to }: Connection, what: string) => `Look from where ${lower(from)} runs ${what} ${to}.`;
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Known network errors of Go programs, the most specific first. */
const reasons: readonly Reason[] = [
  {
    pattern: /x509: certificate signed by unknown authority/,
    why: ({ from, to }) => `The certificate of ${to} is signed by a CA that ${lower(from)} does not trust.`,
    fix: ({ trust }) => trust,
  },
  {
    pattern: /x509: certificate is valid for (?<names>[^,]*(?:, [^,\s]{1,200}){0,30}), not (?<name>[^\s"]{1,253})/,
    why: ({ to }, { names, name }) => `The certificate of ${to} is for ${names}, and the address has the name ${name}.`,
    fix: ({ to }, { name }) =>
      `Use one of the names that the certificate has, or give ${to} a certificate that has ${name} too.`,
  },
  {
    pattern: /x509: cannot validate certificate for (?<name>[^\s]{1,253}) because it doesn't contain any IP SANs/,
    why: ({ to }, { name }) => `The certificate of ${to} has no IP address in it, and the address is ${name}.`,
    fix: () => 'Use a name that the certificate has, or make a certificate with that IP address.',
  },
  {
    pattern: /x509: certificate has expired or is not yet valid/,
    why: ({ to, from }) =>
      `The certificate of ${to} has expired, or the clock of the machine of ${lower(from)} is wrong.`,
    fix: ({ to }) => `Renew the certificate of ${to}, or set the clock.`,
  },
  {
    pattern: /x509: certificate relies on legacy Common Name field/,
    why: ({ to }) => `The certificate of ${to} has its name in the Common Name alone, which Go does not read.`,
    fix: () => 'Make a certificate with the name as a subject alternative name (SAN).',
  },
  {
    pattern: /x509: (?<reason>[^"]{1,200})/,
    why: ({ from, to }, { reason }) => `${from} refuses the certificate of ${to}: “${reason}”.`,
    fix: ({ trust }) => trust,
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    why: ({ to }) => `What answers at the address of ${to} speaks HTTP without TLS.`,
    fix: () => 'Use the port that serves https, and look what the proxy or Ingress in front of it does.',
  },
  {
    pattern: /tls: (?<reason>[^"]{1,120})/,
    why: ({ from, to }, { reason }) => `${from} and ${to} do not agree on TLS: “${reason}”.`,
    fix: (connection) => look(connection, 'with `openssl s_client -connect` at'),
  },
  {
    pattern: /proxyconnect tcp|Proxy Authentication Required|Proxy Error|proxy: /,
    why: ({ from, to }) => `${from} asks ${to} through a proxy, and the proxy does not let it through.`,
    fix: () => 'Take the address into `NO_PROXY` of that program, or let the proxy allow it.',
  },
  {
    pattern: /connect: connection refused/,
    why: ({ to }) => `Nothing listens at the address of ${to}.`,
    fix: ({ to }) => `Look whether ${to} runs, and whether the name leads to the machine and port where it does.`,
  },
  {
    pattern: /connection reset by peer|broken pipe/,
    why: ({ to }) => `The connection was cut by ${to} or by something on the way.`,
    fix: (connection) => look(connection, 'with `curl -v` at'),
  },
  {
    pattern: /no route to host|network is unreachable/,
    why: ({ from, to }) => `There is no way in the network from ${lower(from)} to ${to}.`,
    fix: () => 'Look at the routes and firewalls between the two.',
  },
  {
    pattern:
      /lookup (?<name>[^\s:]{1,253})(?: on [^\s]{1,60})?: (?:no such host|server misbehaving|Temporary failure|[^\s]{1,40} no such host)|no such host/,
    why: ({ from, to }, { name }) =>
      `The machine of ${lower(from)} cannot look up the name ${name === '' ? `of ${to}` : name}.`,
    fix: ({ from, to }) =>
      `Make the name of ${to} known to the DNS of that machine.${from === 'The API server' ? ' kube-apiserver asks the DNS of its node: a name that only the DNS of the cluster knows is not known there.' : ''}`,
  },
  {
    pattern: /lookup (?<name>[^\s:]{1,253})(?: on [^\s]{1,60})?: [^"]{0,100}i\/o timeout/,
    why: ({ from }, { name }) => `The DNS server of the machine of ${lower(from)} did not answer for ${name}.`,
    fix: () => 'Look at the DNS server that /etc/resolv.conf of that machine names.',
  },
  {
    pattern: /TLS handshake timeout/,
    why: ({ from, to }) =>
      `${from} reached the address of ${to}, and the TLS handshake did not end: what answers is overloaded, or a firewall drops packets (a wrong MTU does that too).`,
    fix: (connection) => look(connection, 'with `curl -v` at'),
  },
  {
    pattern: /Client\.Timeout exceeded|context deadline exceeded|i\/o timeout|awaiting headers|operation timed out/,
    why: ({ from, to }) => `${from} got no answer from ${to} in time: packets are dropped on the way, or ${to} hangs.`,
    fix: () =>
      'Look at firewalls and network policies between the two, and whether the name leads to the right address.',
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
    pattern: /\b404 (?:Not Found|page not found)/i,
    why: ({ to }) =>
      `What answers at the address of ${to} has no such page (404): there is no client of that name in Kanidm, or a proxy or another server answers in its place.`,
    fix: () =>
      'Open `<issuer>/.well-known/openid-configuration` yourself. Kanidm answers 404 for a client that does not exist: compare with `kanidm system oauth2 list`.',
  },
  {
    pattern: /\b(?<status>30[12378]) [A-Z]|stopped after \d{1,3} redirects/,
    why: ({ to }) =>
      `What answers at the address of ${to} sends on to another address, over and over or without saying where.`,
    fix: ({ to }) =>
      `Look at the proxy or Ingress in front of ${to}: it often sends to https what came by https already.`,
  },
  {
    pattern: /\b(?<status>50[0234]) [A-Z]/,
    why: ({ to }, { status }) =>
      `The proxy or Ingress in front of ${to} answers ${status}: it does not reach ${to} itself.`,
    fix: () =>
      'Look whether the pod of Kanidm is ready and has endpoints, and whether the Ingress speaks HTTPS to it (Kanidm speaks no HTTP).',
  },
  {
    pattern: /\b(?<status>40[013]|429) [A-Z]/,
    why: ({ to }, { status }) => `What answers at the address of ${to} refuses the request with ${status}.`,
    fix: () => 'Look at the proxy or Ingress in front of it: discovery and keys have to be open to everybody.',
  },
  {
    pattern:
      /failed to decode provider discovery object|Content-Type = application\/json|invalid character '<'|failed to decode keys/,
    why: ({ to }) => `What answers at the address of ${to} is no JSON: a login page or another server.`,
    fix: () => 'Open `<issuer>/.well-known/openid-configuration` yourself and look who answers.',
  },
  {
    pattern: /unsupported protocol scheme/,
    why: () => 'The address has no scheme that is known: it has to begin with https://.',
    fix: () => 'Write the whole address, with https://.',
  },
  {
    pattern: /did not return JWKS URL|error getting JWKS URL/,
    why: () => 'The discovery document names no address of the keys (`jwks_uri`).',
    fix: () => 'Look at the discovery document: it is not that of Kanidm.',
  },
  {
    pattern: /context cancell?ed/,
    why: ({ from }) => `${from} broke the attempt off by itself, since it was ending or reading new settings.`,
    fix: () => 'Nothing is to be done, unless the line comes again and again.',
  },
  {
    pattern: /\b(?:unexpected )?EOF\b|unable to read response body/,
    why: ({ to }) =>
      `The connection was closed before there was an answer: by ${to}, or by a proxy that does not lead to it.`,
    fix: () => 'Look at the proxy or Ingress in front of it, and whether it speaks HTTPS to Kanidm.',
  },
];

function issuers(_: Connection, { expected = '', got = '' }: Facts): string {
  const slash = expected.replace(/\/$/, '') === got.replace(/\/$/, '') ? ' Only the slash at the end differs.' : '';
  return `The issuer that was set is ${expected}, and the discovery document says ${got}: they have to be equal, byte for byte.${slash}`;
}

function oneIssuer(_: Connection, { got = '' }: Facts): string {
  const own = got.endsWith('/') ? '' : " Kanidm's are `<origin>/oauth2/openid/<client>`, without a slash at the end.";
  return `Set the issuer to ${got}.${own}`;
}

/** Explains a failed connection; an error that is not in the table is quoted as it is. */
export function because(text: string, connection: Connection): Because {
  for (const { pattern, why, fix } of reasons) {
    const match = pattern.exec(text);
    if (!match) continue;
    const facts = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, value ?? '']));
    return { why: why(connection, facts), fix: fix(connection, facts) };
  }
  const quoted = text.trim().replace(/[.:]+$/, '');
  return {
    why: quoted === '' ? 'The line does not say why.' : `The reason in its own words: “${quoted.slice(0, 300)}”.`,
    fix: look(connection, 'with `curl -v` at'),
  };
}

/** Returns whether the table explains this error. */
export const hasReason = (text: string): boolean => reasons.some(({ pattern }) => pattern.test(text));

const node = 'where the API server runs';
/** The connection on which the API server reads the discovery document and the keys. */
export const apiServerToKanidm: Connection = {
  from: 'The API server',
  to: 'Kanidm',
  trust: `Give the API server the CA: \`authentication.ca.file\` of the cluster, rendered as \`--oidc-ca-file\` or \`certificateAuthority\`. Look at the certificate ${node}: \`kaniflux doctor\`.`,
};
export const kubeloginToKanidm: Connection = {
  from: 'kubelogin',
  to: 'Kanidm',
  trust:
    'Give kubelogin the CA: set `authentication.ca.file` of the cluster, which the rendered kubeconfig carries, or let the machine trust it.',
};
export const kubectlToApiServer: Connection = {
  from: 'kubectl',
  to: 'the API server',
  trust:
    "Give the kubeconfig the CA of the cluster, `certificate-authority-data`: on a kubeadm node it is /etc/kubernetes/pki/ca.crt. This has nothing to do with Kanidm's certificate.",
};
