import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptFiles, issuerUrl } from './adopted';

const flags = (algorithms?: string) =>
  [
    `kube-apiserver --oidc-issuer-url=${issuerUrl} --oidc-client-id=k8s --oidc-username-claim=preferred_username`,
    ...(algorithms ? [`--oidc-signing-algs=${algorithms}`] : []),
  ].join(' ');

/** Returns a client as Kanidm prints it. */
const client = (isLegacy: boolean, domain = 'idm.example.org') =>
  JSON.stringify({
    attrs: {
      class: ['account', 'object', 'oauth2_resource_server', 'oauth2_resource_server_public'],
      uuid: ['a39bd23b-9919-4ae2-b299-fc6223227c5c'],
      name: ['k8s'],
      spn: [`k8s@${domain}`],
      displayname: ['k8s'],
      oauth2_rs_origin: ['http://localhost:8000/'],
      oauth2_rs_origin_landing: ['http://localhost:8000/'],
      oauth2_rs_scope_map: [`k8s_users@${domain}: {"groups", "openid"}`],
      ...(isLegacy ? { oauth2_jwt_legacy_crypto_enable: ['true'] } : {}),
    },
  });

const adopted = (algorithms: string | undefined, entry?: string) =>
  adoptFiles({ 'flags.txt': flags(algorithms), ...(entry ? { 'k8s.json': entry } : {}) });
const said = (...of: Parameters<typeof adopted>) => adoptReport(adopted(...of), 'a');
const fails = 'so nobody can sign in today';

describe('an API server that accepts only RS256', () => {
  test.each([undefined, 'RS256'])('fits a client with legacyCrypto (flag: %s)', (algorithms) => {
    const { config, items } = adopted(algorithms, client(true));
    expect(config).toMatchObject({ clients: { k8s: { legacyCrypto: true } } });
    expect(items.filter(({ treatment }) => treatment !== 'taken').map(({ what }) => what)).toEqual([]);
  });

  test.each([undefined, 'RS256'])('does not fit a client without it (flag: %s)', (algorithms) => {
    expect(said(algorithms, client(false))).toContain(fails);
  });

  test.each([
    ['was not read', undefined],
    ['of another Kanidm was read', client(false, 'idm.example.net')],
  ])('is no reason to say that nobody can sign in if the client %s', (_what, entry) => {
    expect(said(undefined, entry)).not.toContain(fails);
    expect(adopted(undefined, entry).notes.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('people can sign in today only if client k8s has `legacyCrypto`'),
    );
    expect(said('RS256', entry)).not.toContain(fails);
    expect(said('RS256', entry)).toContain('people can sign in today only if the client has `legacyCrypto`');
  });
});

describe('an API server that accepts ES256', () => {
  test('does not fit a client with legacyCrypto', () => {
    expect(said('ES256', client(true))).toContain(fails);
  });

  test('fits one without it, read or not', () => {
    for (const entry of [client(false), undefined]) {
      expect(said('ES256', entry)).not.toMatch(/RS256|nobody can sign in/);
    }
  });

  test('beside RS256 fits every client', () => {
    for (const entry of [client(false), client(true), undefined])
      expect(said('RS256,ES256', entry)).not.toContain('sign in today');
  });
});
