import {
  apiServerToKanidm,
  because,
  kubectlToApiServer,
  kubeloginToKanidm,
} from '../../lib/explain/connection-reasons';
import { fetchJwks } from '../../lib/explain/fetch-jwks';
import { RecordedKanidm } from '../checks/live/server';

const host = 'Get "https://idm.example.com/oauth2/openid/k8s/x": ';
const flux = { from: 'source-controller', to: 'the repository', trust: '' };

test.each<[string, string, RegExp, RegExp]>([
  [
    'a proxy with TLS',
    'proxyconnect tcp: tls: first record does not look like a TLS handshake',
    /does not reach the proxy/,
    /HTTPS_PROXY/,
  ],
  [
    'a proxy without a name',
    'proxyconnect tcp: dial tcp: lookup p.example.com: no such host',
    /does not reach the proxy/,
    /HTTPS_PROXY/,
  ],
  [
    'a proxy with another CA',
    'proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /does not reach the proxy/,
    /HTTPS_PROXY/,
  ],
  [
    'a DNS server without a route',
    'dial tcp: lookup idm.example.com on 8.8.8.8:53: dial udp 8.8.8.8:53: connect: network is unreachable',
    /the DNS server 8\.8\.8\.8:53 cannot be reached/,
    /resolv\.conf/,
  ],
  [
    'a DNS server that refuses',
    'dial tcp: lookup idm.example.com on [::1]:53: read udp [::1]:4->[::1]:53: read: connection refused',
    /the DNS server \[::1\]:53 cannot be reached/,
    /resolv\.conf/,
  ],
  [
    'no route to Kanidm itself',
    'dial tcp 192.0.2.7:443: connect: network is unreachable',
    /no network route from the API server to Kanidm/,
    /routes/,
  ],
  [
    'a certificate without names',
    'x509: certificate is not valid for any names, but wanted to match idm.example.com',
    /has no name at all/,
    /includes idm\.example\.com/,
  ],
  [
    'a certificate of the wrong kind',
    'x509: certificate specifies an incompatible key usage',
    /“certificate specifies/,
    /renew the certificate that the message is about/,
  ],
  ['an unknown CA', 'x509: certificate signed by unknown authority', /signed by a CA/, /authentication\.ca\.file/],
  ['an unknown CA on macOS', 'x509: “idm” certificate is not trusted', /signed by a CA/, /authentication\.ca\.file/],
  ['an internal error', '500 Internal Server Error: ', /Kanidm has an internal error, or a proxy/, /pod of Kanidm/],
  ['a gateway', '502 Bad Gateway: <html>', /cannot reach Kanidm/, /pod of Kanidm/],
])('%s, between the API server and Kanidm', (_, reason, why, fix) => {
  const found = because(host + reason, apiServerToKanidm);
  expect(found.why).toMatch(why);
  expect(found.fix).toMatch(fix);
});

test('an error between two other programs is not about Kanidm', () => {
  for (const reason of ['404 Not Found', '502 Bad Gateway', 'EOF'])
    for (const connection of [flux, kubectlToApiServer]) {
      const { why, fix } = because(host + reason, connection);
      expect(`${why} ${fix}`).not.toMatch(/Kanidm/);
    }
  expect(because('404 Not Found', apiServerToKanidm).why).toMatch(/Kanidm has no client/);
});

test('a server whose address does not have the form of an address of Kanidm is named', () => {
  const other = (reason: string) => because(`Get "https://ci.example.com/jwks": ${reason}`, apiServerToKanidm);
  const refused = other('dial tcp 192.0.2.7:443: connect: connection refused');
  expect(refused.why).toBe('Nothing listens at the address of ci.example.com.');
  const untrusted = other('x509: certificate signed by unknown authority');
  expect(untrusted.why).toMatch(/^The certificate of ci\.example\.com is signed by/);
  expect(untrusted.fix).toBe('Give the API server the CA of ci.example.com.');
  const unresolved = other('dial tcp: lookup ci.example.com: no such host');
  expect(`${unresolved.why}${unresolved.fix}${refused.fix}`).not.toMatch(/kanidm/i);
  expect(because(`Post "https://idm.example.com/oauth2/token": EOF`, kubeloginToKanidm).why).toMatch(/Kanidm/);
});

const ours = (reason: string) => because(reason, apiServerToKanidm);
const foreign = (reason: string) => because(reason, flux);

test.each<[string, string, string]>([
  [
    'Proxy Authentication Required',
    'The API server connects to Kanidm through a proxy, and the proxy refuses the connection.',
    'Add the address of Kanidm to `NO_PROXY` of the API server, or allow the address in the proxy.',
  ],
  [
    'x509: certificate is valid for a.example.com, b.example.com, not c.example.com',
    'The certificate of Kanidm is valid for a.example.com, b.example.com, but the API server connects to c.example.com.',
    'Use one of the names that the certificate has, or give Kanidm a certificate that includes c.example.com.',
  ],
  [
    "x509: cannot validate certificate for 192.0.2.5 because it doesn't contain any IP SANs",
    'The certificate of Kanidm does not include an IP address, but the API server connects to the IP address 192.0.2.5.',
    'Use a name that the certificate has, or issue a certificate with that IP address.',
  ],
  [
    'x509: certificate has expired or is not yet valid: current time',
    'The certificate of Kanidm has expired, or the clock on the machine of the API server is wrong.',
    'Renew the certificate of Kanidm, or correct the clock.',
  ],
  [
    'x509: certificate relies on legacy Common Name field, use SANs instead',
    'The certificate of Kanidm has its name only in the Common Name, which Go programs ignore.',
    'Issue a certificate with the name as a subject alternative name (SAN).',
  ],
  [
    'oauth2: cannot fetch token: 403 Forbidden',
    'The token endpoint at the address of Kanidm refuses the request with 403. The discovery document could be read.',
    'Sign in again. If the error comes back, read the logs of Kanidm and of the proxy or Ingress in front of it.',
  ],
  [
    'http: server gave HTTP response to HTTPS client',
    'The server at the address of Kanidm answers with plain HTTP instead of HTTPS.',
    'Use the port that serves https, and check the proxy or Ingress in front of that server.',
  ],
  [
    'remote error: tls: handshake failure',
    'The TLS handshake between the API server and Kanidm failed: “handshake failure”.',
    'On the machine where the API server runs, run `openssl s_client -connect` against Kanidm.',
  ],
  [
    'connect: connection refused',
    'Nothing listens at the address of Kanidm.',
    'Check that Kanidm runs, and that it listens on the host and port to which the API server connects.',
  ],
  [
    'write: broken pipe',
    'Kanidm or a device on the way closed the connection.',
    'On the machine where the API server runs, run `curl -v` against Kanidm.',
  ],
  [
    'connect: no route to host',
    'There is no network route from the API server to Kanidm.',
    'Check the routes and firewalls between the two machines.',
  ],
  [
    'No such host is known.',
    'The API server cannot look up the host name of Kanidm.',
    'Check the spelling of the host name. If the spelling is right, add the host name of Kanidm to the DNS server that the API server uses. This is the DNS server of the node, which does not resolve names of the cluster such as `kanidm.kanidm.svc`.',
  ],
  [
    'lookup idm.example.com: no such host',
    'The API server cannot look up the host name idm.example.com.',
    'Check the spelling of the host name. If the spelling is right, add the host name of Kanidm to the DNS server that the API server uses. This is the DNS server of the node, which does not resolve names of the cluster such as `kanidm.kanidm.svc`.',
  ],
  [
    'lookup idm.example.com on 10.0.0.1:53: read udp 10.0.0.2:4->10.0.0.1:53: i/o timeout',
    'The DNS server that the API server uses did not answer the query for idm.example.com.',
    'Check the DNS server in /etc/resolv.conf on that machine. If the program runs in a container, check the file in the container.',
  ],
  [
    'net/http: TLS handshake timeout',
    'The API server reached the address of Kanidm, but the TLS handshake did not finish: the server is overloaded, or packets are lost (because of a firewall or a wrong MTU).',
    'On the machine where the API server runs, run `curl -v` against Kanidm.',
  ],
  [
    'context deadline exceeded',
    'The API server got no answer from Kanidm in time: packets are lost on the way, or Kanidm does not respond.',
    'Check the firewalls and network policies between the two machines, and check that the name resolves to the right address.',
  ],
  [
    'oidc: issuer did not match the issuer returned by provider, expected "https://a.example.com/" got "https://a.example.com"',
    'The issuer in the settings is https://a.example.com/, but the issuer in the discovery document is https://a.example.com. Both have to be equal, byte for byte. Only the slash at the end differs.',
    'Set the issuer to https://a.example.com.',
  ],
  [
    'oidc: issuer URL provided to client ("https://a.example.com") did not match the issuer URL returned by provider ("https://b.example.com/")',
    'The issuer in the settings is https://a.example.com, but the issuer in the discovery document is https://b.example.com/. Both have to be equal, byte for byte.',
    'Set the issuer to https://b.example.com/.',
  ],
  [
    'stopped after 10 redirects',
    'The server at the address of Kanidm redirects in a loop, or without a target address.',
    'Check the proxy or Ingress in front of Kanidm: it often redirects to https although the request already uses https.',
  ],
  [
    '403 Forbidden: ',
    'The server at the address of Kanidm refuses the request with 403.',
    'Check the proxy or Ingress in front of that server: the discovery document and the keys have to be readable without sign-in.',
  ],
  [
    'unexpected status code: 429',
    'The server at the address of Kanidm refuses the request with 429.',
    'Check the proxy or Ingress in front of that server: the discovery document and the keys have to be readable without sign-in.',
  ],
  [
    "invalid character '<' looking for beginning of value",
    'The answer from the address of Kanidm is not JSON: it comes from a login page or from another server.',
    'Open `<issuer>/.well-known/openid-configuration` in a browser and check which server answers.',
  ],
  [
    'unsupported protocol scheme ""',
    'The address does not begin with https://.',
    'Write the whole address, with https://.',
  ],
  [
    'provider did not return JWKS URL',
    'The discovery document has no address for the keys (`jwks_uri`).',
    'Check the discovery document: it does not come from Kanidm.',
  ],
  [
    'context canceled',
    'The API server cancelled the request, because the API server was shutting down or reading new settings.',
    'Ignore this line unless it is repeated.',
  ],
  [
    'unexpected EOF',
    'The connection ended without an answer: Kanidm, or a proxy that cannot reach Kanidm, closed it.',
    'Check the proxy or Ingress in front of Kanidm, and check that it connects to Kanidm with HTTPS.',
  ],
  [
    'a text that nobody knows.: ',
    'The program reports: “a text that nobody knows”.',
    'On the machine where the API server runs, run `curl -v` against Kanidm.',
  ],
  [
    ' ',
    'The line does not contain the reason.',
    'On the machine where the API server runs, run `curl -v` against Kanidm.',
  ],
])('%s: the whole answer', (reason, why, fix) => {
  expect(ours(reason)).toEqual({ why, fix });
});

test.each<[string, string, string]>([
  [
    'lookup charts.example.com: no such host',
    'source-controller cannot look up the host name charts.example.com.',
    'Check the spelling of the host name. If the spelling is right, add the host name of the repository to the DNS server that source-controller uses.',
  ],
  [
    '404 Not Found: ',
    'The server at the address of the repository answers 404: it has nothing at that path.',
    'Check the address of the repository, including the path.',
  ],
  [
    '503 Service Unavailable: ',
    'The proxy or Ingress in front of the repository answers 503, because it cannot reach the repository.',
    'Check that the repository runs, and read the log of the proxy or Ingress in front of it.',
  ],
  [
    'unexpected status code: 500',
    'The server at the address of the repository answers 500: the repository has an internal error, or a proxy or Ingress in front of it has one.',
    'Check that the repository runs, and read the log of the proxy or Ingress in front of it.',
  ],
  [
    'EOF',
    'The connection ended without an answer: the repository, or a proxy that cannot reach the repository, closed it.',
    'Check the proxy or load balancer in front of the repository, and the log of the repository.',
  ],
])('%s, from another server than Kanidm: the whole answer', (reason, why, fix) => {
  expect(foreign(reason)).toEqual({ why, fix });
});

test('keys that cannot be fetched: the address and the reason', async () => {
  expect(await fetchJwks('https://127.0.0.1:1/oauth2/openid/k8s')).toEqual({
    reason: expect.stringMatching(
      /^https:\/\/127\.0\.0\.1:1\/oauth2\/openid\/k8s\/\.well-known\/openid-configuration: ./,
    ),
  });
});

test('keys are fetched from the address in the discovery document of the issuer', async () => {
  const kanidm = await RecordedKanidm.start();
  try {
    const issuer = `${kanidm.origin}/oauth2/openid/k8s`;
    const discovery = `${issuer}/.well-known/openid-configuration`;
    expect(await fetchJwks(issuer, kanidm.ca)).toEqual({ jwks: expect.stringContaining('"keys"') });
    kanidm.answers['/keys'] = { body: { keys: [] } };
    kanidm.discovery = { jwks_uri: `${kanidm.origin}/keys` };
    expect(await fetchJwks(issuer, kanidm.ca)).toEqual({ jwks: '{"keys":[]}' });
    for (const jwks_uri of [undefined, 7, 'keys', 'http://localhost/keys']) {
      kanidm.discovery = { jwks_uri };
      expect(await fetchJwks(issuer, kanidm.ca)).toEqual({
        reason: `${discovery} has no https address of the keys (jwks_uri)`,
      });
    }
    kanidm.discovery = { issuer: `${issuer}/` };
    expect(await fetchJwks(issuer, kanidm.ca)).toEqual({
      reason: `${discovery} is not the discovery document of ${issuer}`,
    });
    kanidm.discovery = { jwks_uri: `${kanidm.origin}/none` };
    expect(await fetchJwks(issuer, kanidm.ca)).toEqual({ reason: `${kanidm.origin}/none answered 404` });
  } finally {
    await kanidm.close();
  }
});
