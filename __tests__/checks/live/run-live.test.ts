import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Authority } from '../../../e2e/harness/certs';
import { causes } from '../../../lib/checks/live/consequences';
import { certificateOf } from '../../../lib/checks/live/presented';
import { diagnose, RecordedKanidm, shown } from './server';

const day = 24 * 3600 * 1000;
let kanidm: RecordedKanidm;

beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
});
afterAll(() => kanidm.close());
beforeEach(() => {
  kanidm.answers = {};
  kanidm.discovery = {};
  kanidm.headers = {};
  kanidm.hangsUp = false;
  kanidm.asked.length = 0;
});

const say = async (code: string, change: Record<string, unknown> = {}, tools = {}) =>
  shown(await diagnose(kanidm.load(change), [code], tools));
const fix = async (code: string, tools = {}) =>
  (await diagnose(kanidm.load(), [code], tools)).findings.map((finding) => finding.fix).join();

test.each(['', '/'])('an API server below a path is asked there, also with %j at the end', async (end) => {
  const path = '/k8s/clusters/c-one';
  kanidm.answers = { [`${path}/version`]: { body: { gitVersion: 'v1.34.4' } } };
  const kubeconfig = { certificateAuthority: { file: 'kanidm-ca.crt' } };
  const change = { clusters: { homelab: { server: `${kanidm.origin}${path}${end}`, kubeconfig } } };
  expect(await say('api-server-unreachable', change)).toEqual([
    expect.stringContaining('ok api-server-unreachable the API server of homelab answers'),
  ]);
});

describe('the origin', () => {
  test('that is found, answers, and shows a certificate that the config trusts, is well', async () => {
    const all = [
      'kanidm-dns',
      'kanidm-unreachable',
      'kanidm-certificate-name',
      'kanidm-certificate-expiry',
      'kanidm-clock',
    ];
    expect(shown(await diagnose(kanidm.load(), all, { now: () => Date.now() }))).toEqual([
      expect.stringMatching(/^ok kanidm-dns localhost is .*(127\.0\.0\.1|::1)/),
      `ok kanidm-unreachable ${kanidm.origin} presents a certificate of a private CA, which homelab trusts`,
      'ok kanidm-certificate-name the certificate of Kanidm is for localhost',
      'ok kanidm-certificate-expiry the certificate of Kanidm expires in 0 days',
      `ok kanidm-clock the server at ${kanidm.origin} has the same time as this machine`,
    ]);
  });

  test('whose name nobody knows is told with the reason', async () => {
    const [line] = await say('kanidm-dns', { kanidm: { domain: 'kanidm.invalid', origin: 'https://kanidm.invalid' } });
    expect(line).toMatch(/^error kanidm-dns kanidm\.invalid cannot be resolved on this machine: .*(ENOTFOUND|EAI)/);
  });

  test('with a closed port does not answer, and the rest is not looked at', async () => {
    const closed = { kanidm: { origin: 'https://localhost:1' } };
    expect((await say('kanidm-unreachable', closed))[0]).toMatch(
      /^error kanidm-unreachable https:\/\/localhost:1 does not answer: .*ECONNREFUSED/,
    );
    expect(await say('kanidm-certificate-expiry', closed)).toEqual([
      'skipped kanidm-certificate-expiry the certificate of Kanidm: Kanidm does not answer (see kanidm-unreachable)',
    ]);
  });

  test('that accepts and says nothing is given up after the timeout', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const origin = `https://localhost:${(silent.address() as AddressInfo).port}`;
    const lines = await say('kanidm-unreachable', { kanidm: { origin } }, { timeout: 200 });
    expect(lines).toEqual([`error kanidm-unreachable ${origin} does not answer: no answer in 0.2 s`]);
    silent.close();
  });

  test('that closes each connection after the handshake does not answer', async () => {
    kanidm.hangsUp = true;
    const lines = await say('kanidm-unreachable');
    expect(lines.map((line) => line.replace(kanidm.origin, 'ORIGIN'))).toEqual([
      'ok kanidm-unreachable ORIGIN presents a certificate of a private CA, which homelab trusts',
      'error kanidm-unreachable ORIGIN accepts TLS connections, but requests fail: socket hang up',
    ]);
    expect(await say('kanidm-clock')).toEqual([
      'skipped kanidm-clock the clock of Kanidm: no answer from Kanidm: socket hang up',
    ]);
  });

  test('on a port for plain HTTP is told so, without the words of OpenSSL', async () => {
    const plain = createPlainServer((_, answer) => answer.end());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const origin = `https://localhost:${(plain.address() as AddressInfo).port}`;
    expect(await say('kanidm-unreachable', { kanidm: { origin } })).toEqual([
      `error kanidm-unreachable ${origin} does not answer: the server does not use TLS on this port, but probably plain HTTP`,
    ]);
    plain.close();
  });

  test('signed by another CA than the config has lets nobody in', async () => {
    const other = (await Authority.create('another CA')).cert;
    const report = await diagnose(kanidm.load({}, { 'kanidm-ca.crt': other }), [
      'kanidm-unreachable',
      'no-discovery-document',
    ]);
    expect(shown(report)).toEqual([
      expect.stringContaining('error kanidm-unreachable'),
      expect.stringContaining('skipped no-discovery-document'),
    ]);
    expect(JSON.stringify(report.results)).toContain(
      'which cannot be verified with the CA in `authentication.ca` of homelab (',
    );
    // A missing intermediate certificate causes the same code.
    expect(report.findings[0]?.fix).toContain('if a private CA is an intermediate CA, let the server send');
  });

  test('with a private CA that nobody named is told which field takes it', async () => {
    const without = { clusters: { homelab: { authentication: { method: 'flags' } } } };
    expect((await say('kanidm-unreachable', without))[0]).toContain(
      'which cannot be verified with the CAs of this machine',
    );
    const { findings } = await diagnose(kanidm.load(without), ['kanidm-unreachable']);
    expect(findings[0]?.fix).toContain('`authentication.ca`');
    // The option `--kanidm-ca` applies only to this run of doctor. The API server of the cluster still does not know
    // the CA.
    const [line] = await say('kanidm-unreachable', without, { kanidmCa: kanidm.ca });
    expect(line).toMatch(/^warning kanidm-unreachable .* homelab has no `authentication\.ca`: its API server refuses/);
    const onNode = { clusters: { homelab: { authentication: { ca: { nodePath: '/etc/ca.crt' } } } } };
    expect(await say('kanidm-unreachable', onNode, { kanidmCa: kanidm.ca })).toEqual([
      expect.stringMatching(/^ok kanidm-unreachable .*, which the CA of --kanidm-ca has signed$/),
    ]);
  });

  test('is judged for each CA of the clusters, although neither is in the config as PEM', async () => {
    const cluster = {
      controlPlane: 'flags',
      kubernetes: '1.34',
      server: 'https://edge.example.com:6443',
      client: 'k8s',
    };
    const mixed = {
      clusters: {
        homelab: { authentication: { ca: { nodePath: '/etc/ca.crt' } } },
        edge: { ...cluster, authentication: { method: 'flags' } },
      },
    };
    const { findings, results } = await diagnose(kanidm.load(mixed), ['kanidm-unreachable']);
    expect(JSON.stringify(results)).toContain('not verified with `authentication.ca` of homelab: this CA is a file');
    expect(findings.map(({ path, message }) => [path?.join('.'), message])).toEqual([
      ['clusters.edge.authentication.ca', expect.stringContaining('cannot be verified with the CAs of this machine')],
    ]);
    const withCa = await diagnose(kanidm.load(mixed), ['kanidm-unreachable'], { kanidmCa: kanidm.ca });
    expect(withCa.findings.map(({ path, message }) => [path?.join('.'), message])).toEqual([
      ['clusters.edge.authentication.ca', expect.stringContaining('but edge has no `authentication.ca`')],
    ]);
    const other = (await Authority.create('another CA')).cert;
    const withOther = await diagnose(kanidm.load(mixed), ['kanidm-unreachable'], { kanidmCa: other });
    expect(withOther.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('cannot be verified with the CA of --kanidm-ca'),
    ]);
  });

  test('with a certificate for another name names those that it is for', async () => {
    const other = await RecordedKanidm.start(['idm.example.com']);
    expect(shown(await diagnose(other.load(), ['kanidm-unreachable', 'kanidm-certificate-name']))).toEqual([
      expect.stringContaining('ok kanidm-unreachable'),
      'error kanidm-certificate-name the certificate of Kanidm is for idm.example.com, not for localhost',
    ]);
    await other.close();
  });

  test('with the default certificate of an ingress lacks its own one', async () => {
    const ingress = await RecordedKanidm.start(['ingress.local'], 'TRAEFIK DEFAULT CERT');
    const loaded = ingress.load({}, { 'kanidm-ca.crt': kanidm.ca });
    const report = await diagnose(loaded, ['kanidm-unreachable', 'kanidm-certificate-name']);
    expect(shown(report)).toEqual([
      `error kanidm-unreachable ${ingress.origin} presents a certificate of TRAEFIK DEFAULT CERT, which is the default certificate of an ingress controller: it has no certificate for localhost`,
      expect.stringContaining('error kanidm-certificate-name'),
    ]);
    expect(report.findings[0]?.fix).toContain('kubectl -n kanidm get ingress,secrets');
    expect([...causes(report.findings).values()]).toEqual([report.findings[0]]);
    // Somebody may trust it on purpose.
    expect(shown(await diagnose(ingress.load(), ['kanidm-unreachable']))).toEqual([
      expect.stringMatching(/^ok kanidm-unreachable/),
    ]);
    await ingress.close();
  });

  test('with a certificate that has ended, or will soon, is an error and a warning', async () => {
    const at = (days: number) => say('kanidm-certificate-expiry', {}, { now: () => Date.now() + days * day });
    expect((await at(2))[0]).toMatch(/^error kanidm-certificate-expiry the certificate of Kanidm expired on 20/);
    expect((await at(0.9))[0]).toMatch(
      /^warning kanidm-certificate-expiry the certificate of Kanidm expires in 0 days, on 20/,
    );
    expect((await at(-1))[0]).toMatch(
      /^error kanidm-certificate-expiry the certificate of Kanidm is not valid before /,
    );
  });

  test.each([
    ['of a CA', 5, 'CERT_HAS_EXPIRED'],
    ['of the server', -5, undefined],
  ])('whose chain has expired because of the certificate %s', (_, days, distrust) => {
    const certificate = {
      valid_from: new Date(Date.now() - 90 * day).toUTCString(),
      valid_to: new Date(Date.now() + days * day).toUTCString(),
    };
    const socket = { getPeerCertificate: () => certificate, authorizationError: 'CERT_HAS_EXPIRED', end: () => {} };
    expect(certificateOf(socket as never).distrust).toBe(distrust);
  });

  test.each([
    [40, "warning kanidm-clock the clock of the server at ORIGIN is 40 s behind this machine's"],
    [-400, "error kanidm-clock the clock of the server at ORIGIN is 400 s ahead of this machine's"],
  ])('with a clock %i s off is told', async (seconds, line) => {
    // The header has whole seconds.
    const now = Math.floor(Date.now() / 1000) * 1000;
    kanidm.headers = { date: new Date(now - seconds * 1000).toUTCString() };
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
    const said = await say('kanidm-clock');
    clock.mockRestore();
    expect(said).toEqual([line.replace('ORIGIN', kanidm.origin)]);
  });
});

describe('the discovery document', () => {
  const path = '/oauth2/openid/k8s/.well-known/openid-configuration';

  test('as Kanidm 1.11.1 serves it, with its keys, is well', async () => {
    const all = [
      'no-discovery-document',
      'kanidm-issuer',
      'kanidm-algorithm',
      'no-pkce',
      'scope-not-offered',
      'kanidm-keys',
    ];
    const groups = { clusters: { homelab: { authentication: { groups: {}, ca: { file: 'kanidm-ca.crt' } } } } };
    expect(shown(await diagnose(kanidm.load(groups), all))).toEqual([
      'ok no-discovery-document client k8s has a discovery document',
      `ok kanidm-issuer the issuer is ${kanidm.origin}/oauth2/openid/k8s`,
      'ok kanidm-algorithm client k8s signs with ES256',
      'ok no-pkce client k8s supports PKCE with S256',
      'ok scope-not-offered client k8s offers openid, groups',
      'ok kanidm-keys client k8s has 1 key for ES256',
    ]);
  });

  test('that is not there means that the client is not', async () => {
    kanidm.answers[path] = { status: 404 };
    expect(await say('no-discovery-document')).toEqual([
      'error no-discovery-document Kanidm has no client k8s: its discovery document returns status 404',
    ]);
    expect(await fix('no-discovery-document')).toContain('runbook');
    expect(await say('kanidm-algorithm')).toEqual([
      'skipped kanidm-algorithm client k8s: there is no discovery document',
    ]);
  });

  test('behind a redirect is not followed to another host', async () => {
    const other = await RecordedKanidm.start();
    kanidm.answers[path] = { status: 302, headers: { location: `${other.origin}${path}` } };
    expect((await say('no-discovery-document'))[0]).toContain(
      `is a redirect to ${other.origin}${path}, but doctor does not follow redirects`,
    );
    expect(other.asked).toEqual([]);
    await other.close();
  });

  test('of a login page is not JSON, and one without end is cut off', async () => {
    kanidm.answers[path] = { body: '<html>Sign in</html>' };
    expect((await say('no-discovery-document'))[0]).toContain('is not JSON');
    kanidm.answers[path] = { body: 'x'.repeat(2 ** 20 + 1) };
    expect((await say('no-discovery-document'))[0]).toContain('the answer is larger than 1048576 bytes');
  });

  test('with a slash at the end of the issuer is another issuer', async () => {
    kanidm.discovery = { issuer: `${kanidm.origin}/oauth2/openid/k8s/` };
    expect((await say('kanidm-issuer'))[0]).toBe(
      `error kanidm-issuer the issuer of Kanidm is "${kanidm.origin}/oauth2/openid/k8s/", but the API server expects ${kanidm.origin}/oauth2/openid/k8s: issuers are compared byte for byte`,
    );
  });

  test('that says RS256 names the command, and the field where the config wants that', async () => {
    kanidm.discovery = { id_token_signing_alg_values_supported: ['RS256'] };
    expect(await say('kanidm-algorithm')).toEqual([
      'error kanidm-algorithm client k8s signs with RS256, but the API server expects ES256',
    ]);
    expect(await fix('kanidm-algorithm')).toBe('run `kanidm system oauth2 disable-legacy-crypto k8s`');
    expect((await say('kanidm-algorithm', { clients: { k8s: { image: null, legacyCrypto: true } } }))[0]).toMatch(
      /^ok /,
    );
    kanidm.discovery = {};
    expect((await say('kanidm-algorithm', { clients: { k8s: { image: null, legacyCrypto: true } } }))[0]).toContain(
      'signs with ES256, but the API server expects RS256',
    );
  });

  test('without PKCE or the groups scope keeps kubelogin out', async () => {
    kanidm.discovery = {
      code_challenge_methods_supported: undefined,
      scopes_supported: ['openid', 'email', 'profile'],
    };
    expect((await say('no-pkce'))[0]).toContain('error no-pkce client k8s does not support PKCE');
    const groups = { clusters: { homelab: { authentication: { groups: {}, ca: { file: 'kanidm-ca.crt' } } } } };
    expect(await say('scope-not-offered', groups)).toEqual([
      'error scope-not-offered client k8s does not offer groups: Kanidm rejects a login that requests a missing scope',
    ]);
    expect((await say('scope-not-offered'))[0]).toBe('ok scope-not-offered client k8s offers openid');
  });

  test('whose keys are elsewhere, or of another kind, is told, and nobody else is asked', async () => {
    const other = await RecordedKanidm.start();
    kanidm.discovery = { jwks_uri: `${other.origin}/oauth2/openid/k8s/public_key.jwk` };
    expect((await say('kanidm-keys'))[0]).toContain(
      `are at ${other.origin} and not at ${kanidm.origin}, so doctor did not read them`,
    );
    expect(other.asked).toEqual([]);
    await other.close();
    kanidm.discovery = {};
    kanidm.answers['/oauth2/openid/k8s/public_key.jwk'] = { body: { keys: [{ kty: 'RSA', alg: 'RS256' }] } };
    expect((await say('kanidm-keys'))[0]).toBe('error kanidm-keys client k8s serves no key for ES256');
  });
});

describe('the version', () => {
  test.each([
    [
      '1.11.1',
      '1.11.1',
      '2026-11-24',
      [
        'ok kanidm-version-differs Kanidm 1.11.1 is running, as expected',
        'ok kanidm-unsupported Kanidm 1.11.1 is supported until 2026-12-01',
      ],
    ],
    [
      '1.10.4',
      '1.11.1',
      '2026-08-24',
      [
        'warning kanidm-version-differs Kanidm 1.10.4 is running, but 1.11.1 is expected',
        'warning kanidm-unsupported Kanidm 1.10.4: a High-severity vulnerability (SCIM filters) lets anyone stop the server',
      ],
    ],
    [
      '1.10.5',
      '1.10',
      '2026-08-24',
      [
        'ok kanidm-version-differs Kanidm 1.10.5 is running, as expected',
        'ok kanidm-unsupported Kanidm 1.10.5 is supported until 2026-09-01',
      ],
    ],
    [
      '1.11.1',
      '1.11.1',
      '2027-01-01',
      [
        'ok kanidm-version-differs Kanidm 1.11.1 is running, as expected',
        'warning kanidm-unsupported Kanidm 1.11.1 has not been supported since 2026-12-01',
      ],
    ],
    [
      '1.8.6',
      '1.8',
      '2026-01-01',
      [
        'ok kanidm-version-differs Kanidm 1.8.6 is running, as expected',
        expect.stringMatching(/^warning kanidm-unsupported Kanidm 1\.8\.6: a Critical .*, and two High/),
      ],
    ],
    [
      '1.12.0-dev',
      '1.11.1',
      '2026-11-24',
      [
        'warning kanidm-version-differs Kanidm 1.12.0 is running, but 1.11.1 is expected',
        expect.stringMatching(/^skipped kanidm-unsupported .*newer than this Kaniflux/),
      ],
    ],
  ])('%s, where %s is rendered, on %s', async (runs, version, date, lines) => {
    kanidm.headers = { 'x-kanidm-version': runs };
    const loaded = kanidm.load({ kanidm: { version } });
    expect(
      shown(await diagnose(loaded, ['kanidm-version-differs', 'kanidm-unsupported'], { now: () => Date.parse(date) })),
    ).toEqual(lines);
  });

  test('a chart that Kaniflux does not know sets the image itself', async () => {
    kanidm.headers = { 'x-kanidm-version': '1.11.0' };
    const other = (version: string) =>
      kanidm.load({
        kanidm: {
          version,
          cluster: 'homelab',
          helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.2.3' },
        },
      });
    const ask = async (version: string) => (await diagnose(other(version), ['kanidm-version-differs'], {})).findings;
    expect(await ask('1.11')).toEqual([]);
    expect(await ask('1.11.1')).toMatchObject([
      {
        message: 'Kanidm 1.11.0 is running, but 1.11.1 is expected',
        fix: expect.stringMatching(/^write `version: "1.11.0"`/),
      },
    ]);
  });

  test.each([
    ['1.11.1', '1.10.5', 'write `version: "1.11.1"`: Kanidm does not support downgrades'],
    ['1.11.2', '1.11', 'write `version: "1.11.2"`: Kanidm does not support downgrades'],
    ['1.11.0', '1.11', expect.stringMatching(/^check why Flux has not deployed 1\.11\.1: /)],
    ['1.10.5', '1.11.1', expect.stringMatching(/^check why Flux has not deployed 1\.11\.1: /)],
  ])('%s in place of %s has a fix', async (runs, version, fix) => {
    kanidm.headers = { 'x-kanidm-version': runs };
    const { findings } = await diagnose(
      kanidm.load({ kanidm: { version, cluster: 'homelab', manifests: {} } }),
      ['kanidm-version-differs'],
      {},
    );
    expect(findings).toMatchObject([{ fix }]);
  });

  test('that a proxy took out of the answers is skipped', async () => {
    kanidm.headers = { 'x-kanidm-version': '' };
    expect((await say('kanidm-version-differs'))[0]).toMatch(
      /^skipped kanidm-version-differs .*no answer has the header with the version/,
    );
  });
});
