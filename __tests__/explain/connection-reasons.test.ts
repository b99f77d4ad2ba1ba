import { apiServerToKanidm, because, kubectlToApiServer } from '../../lib/explain/connection-reasons';

const host = 'Get "https://idm.example.com/x": ';
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
    /does not reach its DNS server 8\.8\.8\.8:53/,
    /resolv\.conf/,
  ],
  [
    'a DNS server that refuses',
    'dial tcp: lookup idm.example.com on [::1]:53: read udp [::1]:4->[::1]:53: read: connection refused',
    /does not reach its DNS server \[::1\]:53/,
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
    /renew the one/,
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
