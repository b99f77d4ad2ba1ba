import { settle } from '../../lib/adopt/settle';
import type { Json } from '../../lib/guards';

const client = { landingUrl: 'http://localhost:8000', redirectUrls: ['http://localhost:8000'] };
const scopes = ['openid', 'email', 'profile', 'groups'];
/** Returns a config with the cluster `a`, the person jane, and the group ops that may use the client k8s. */
const config = ({ cluster = {}, ...more }: Record<string, unknown> = {}): Json => ({
  kanidm: { domain: 'idm.example.org' },
  people: { jane: { displayName: 'Jane' } },
  groups: { ops: { members: ['jane'] } },
  clients: { k8s: { ...client, scopes: { ops: scopes } } },
  clusters: {
    a: {
      server: 'https://192.0.2.1:6443',
      kubernetes: '1.34',
      client: 'k8s',
      controlPlane: 'flags',
      ...(cluster as Json),
    },
  },
  ...more,
});

const settled = (one: Json, files: Readonly<Record<string, string>> = {}) => {
  const { dropped, rejected, ...rest } = settle(one, files);
  const listed = (all: typeof dropped) => all.map(({ path, finding }) => `${path.join('.')} ${finding.code}`);
  return { ...rest, dropped: listed(dropped), rejected: listed(rejected) };
};
const errors = ({ findings }: ReturnType<typeof settled>) =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);

test('a valid config stays as it is', () => {
  const one = settled(config());
  expect([one.dropped, one.rejected, errors(one)]).toEqual([[], [], []]);
  expect(one.config).toEqual(config());
  expect(one.resolved?.clusters.size).toBe(1);
});

test('fields that a person must fill in count as filled in, and stay empty', () => {
  const empty = config({
    kanidm: { domain: null, helm: { chart: 'kanidm', repository: null, version: null }, cluster: 'a' },
    cluster: { server: null, kubernetes: null, controlPlane: 'talos', controlPlaneVersion: null, authentication: null },
  });
  const one = settled(empty);
  expect([one.dropped, errors(one)]).toEqual([[], []]);
  expect(one.config).toEqual(empty);
  expect(one.resolved?.kanidm.domain).toBe('idm.example.com');
});

test('another empty field is an error', () => {
  const one = settled(config({ people: { jane: { displayName: null } } }));
  expect(one.dropped).toContain('people.jane wrong-type');
});

describe('a cluster without a client', () => {
  test.each([
    ['none', {}],
    ['one of another program', { grafana: { ...client, redirectUrls: ['https://grafana.example.org/login'] } }],
  ])('counts as if it had a new one; in the config: %s', (_, clients) => {
    const one = settled(config({ clients, cluster: { client: null } }));
    expect([one.dropped, errors(one)]).toEqual([[], []]);
    expect([...(one.resolved?.clusters.values() ?? [])].map((cluster) => cluster.client)).toEqual(['kubectl-client']);
    expect(one.config).toEqual(config({ clients, cluster: { client: null } }));
  });
});

describe('a part that validation rejects is removed', () => {
  test('elements of a list that the schema rejects, each once', () => {
    const jane = { displayName: 'Jane', mail: ['jane at work', 'jane@example.org', 'jane at home'] };
    const one = settled(config({ people: { jane } }));
    expect(one.dropped).toEqual(['people.jane.mail.2 bad-value', 'people.jane.mail.0 bad-value']);
    expect(one.config.people).toEqual({ jane: { displayName: 'Jane', mail: ['jane@example.org'] } });
    expect(errors(one)).toEqual([]);
  });

  test('grants that the schema rejects, and no others', () => {
    const grants = ['a b', 'view', 'c/d'].map((name) => ({ name, clusterRole: 'view', groups: ['ops'] }));
    const one = settled(config({ cluster: { grants } }));
    expect(one.dropped).toEqual(['clusters.a.grants.2 bad-value', 'clusters.a.grants.0 bad-value']);
    expect(one.config).toEqual(config({ cluster: { grants: grants.slice(1, 2) } }));
  });

  test('an entry, if its name or a field that it needs is wrong', () => {
    const people = { Jane: { displayName: 'x' }, sam: { displayName: 1 }, jane: { displayName: 'Jane' } };
    const one = settled(config({ people }));
    expect(one.dropped.map((path) => path.split(' ')[0])).toEqual(['people.sam', 'people.Jane']);
    expect(one.config).toEqual(config({ people: { jane: { displayName: 'Jane' } } }));
  });

  test('a field of an entry, and its next two levels', () => {
    const one = settled(config({ people: { jane: { displayName: 'Jane', mail: 'no address', posix: { shell: 1 } } } }));
    expect(one.dropped.map((path) => path.split(' ')[0])).toEqual(['people.jane.posix.shell', 'people.jane.mail']);
    expect(one.config).toEqual(config({ people: { jane: { displayName: 'Jane', posix: {} } } }));
  });

  test('a reference to a part that was removed, in the next round', () => {
    const one = settled(
      config({
        groups: { ops: { members: ['jane', 'sam'] } },
        people: { jane: { displayName: 'Jane' }, sam: { displayName: 1 } },
        cluster: {
          grants: [
            { name: 'v', clusterRole: 'view', people: ['sam'] },
            { name: 'e', clusterRole: 'edit', people: ['jane'] },
            { name: 'w', clusterRole: 'view', people: ['sam'] },
          ],
        },
      }),
    );
    expect(one.dropped.map((path) => path.split(' ')[0])).toEqual([
      'people.sam',
      'groups.ops.members',
      'clusters.a.grants.2',
      'clusters.a.grants.0',
    ]);
    const grants = [{ name: 'e', clusterRole: 'edit', people: ['jane'] }];
    expect(one.config).toEqual(config({ groups: { ops: {} }, cluster: { grants } }));
    expect(errors(one)).toEqual([]);
  });

  test('all members or SSH keys of an entry, because Kanidm then keeps them', () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA7v2hUZVVYK8TDYNcJxS2fKvGXqWhWkeaVPsSZwOkbU';
    const sshKeys = { a: key, b: 'ssh-ed25519-cert-v01@openssh.com AAAA' };
    const groups = { ops: { members: ['dev'] }, dev: { members: ['ops', 'jane'] } };
    const one = settled(config({ groups, people: { jane: { displayName: 'Jane', sshKeys } } }));
    expect(one.dropped.map((path) => path.split(' ')[0]).sort()).toEqual(['groups.ops.members', 'people.jane.sshKeys']);
    expect(one.config).toEqual(config({ groups: { ...groups, ops: {} } }));
  });

  test('a setting of Kanidm, but not the domain', () => {
    const one = settled(config({ kanidm: { domain: 'idm.example.org', version: 'x', origin: 'x' } }));
    expect(one.dropped.map((path) => path.split(' ')[0])).toEqual(['kanidm.version', 'kanidm.origin']);
    const wrong = settled(config({ kanidm: { domain: 'no domain' } }));
    expect(wrong.dropped).toEqual([]);
    expect(wrong.config).toEqual(config({ kanidm: { domain: 'no domain' } }));
    expect(wrong.resolved).toBeUndefined();
  });

  test('an authentication setting, an issuer, a kubeconfig, and a control-plane version', () => {
    const one = settled(
      config({
        cluster: {
          authentication: { claim: 'nothing', groups: { claim: 1 } },
          issuers: { x: { url: 'http://x.example.com' } },
          kubeconfig: { signIn: 'by hand' },
          controlPlaneVersion: 'x',
        },
      }),
    );
    expect(one.dropped.map((path) => path.split(' ')[0]).sort()).toEqual([
      'clusters.a.authentication.claim',
      'clusters.a.authentication.groups.claim',
      'clusters.a.controlPlaneVersion',
      'clusters.a.issuers.x',
      'clusters.a.kubeconfig.signIn',
    ]);
    expect(errors(one)).toEqual([]);
  });

  test('a trusted client that is not there', () => {
    const one = settled(config({ cluster: { trust: ['web'], authentication: { method: 'structured' } } }));
    expect(one.dropped).toEqual(['clusters.a.trust.0 unknown-reference']);
    expect(one.config).toEqual(config({ cluster: { authentication: { method: 'structured' } } }));
  });

  test('all trusted clients, if flags cannot trust several', () => {
    const clients = { k8s: { ...client, scopes: { ops: scopes } }, web: { ...client, scopes: { ops: scopes } } };
    const one = settled(config({ clients, cluster: { trust: ['web'] } }));
    expect(one.dropped).toEqual(['clusters.a.trust trust-flags']);
    expect(one.config).toEqual(config({ clients }));
  });

  test('but not the address of the server', () => {
    const one = settled(config({ cluster: { server: 'x' } }));
    expect([one.dropped, one.resolved]).toEqual([[], undefined]);
    expect(one.config).toEqual(config({ cluster: { server: 'x' } }));
  });
});

describe('a field that restricts sign-in stays', () => {
  const claims = { acr: { join: 'csv', values: { ops: ['2'] } }, amr: { join: 'csv', values: { ops: ['3'] } } };
  const clients = { k8s: { ...client, scopes: { ops: scopes }, claims } };

  test('although validation rejects it, and the rest is resolved without it', () => {
    const cluster = { controlPlane: 'k0s', authentication: { requiredClaims: { acr: '2', amr: '3' } } };
    const one = settled(config({ clients, cluster }));
    expect([one.dropped, one.rejected]).toEqual([[], ['clusters.a.authentication.requiredClaims required-claims']]);
    expect(one.config).toEqual(config({ clients, cluster }));
    expect(one.resolved?.clusters.get('a')?.authentication.requiredClaims).toEqual({});
    expect(errors(one)).toEqual(['required-claims']);
  });

  test('while other parts are removed', () => {
    const cluster = { controlPlane: 'k0s', authentication: { claim: 'x', requiredClaims: { acr: '2', amr: '3' } } };
    const one = settled(config({ clients, cluster }));
    expect(one.dropped.map((path) => path.split(' ')[0])).toEqual(['clusters.a.authentication.claim']);
    expect(one.rejected).toEqual(['clusters.a.authentication.requiredClaims required-claims']);
  });
});

describe('of issuers whose names collide', () => {
  const issuer = (host: string, prefix = '') => ({
    url: `https://${host}`,
    audiences: ['k8s'],
    claim: 'email',
    prefix,
  });
  const by = (issuers: object, prefix = 'k:') =>
    settled(config({ cluster: { authentication: { method: 'structured', claim: 'email', prefix }, issuers } }));

  test('only those are removed whose names collide with what stays', () => {
    const one = by({
      a: issuer('a.example.com', 'x:'),
      b: issuer('b.example.com', 'x:'),
      c: issuer('c.example.com', 'y:'),
    });
    expect(one.dropped).toHaveLength(1);
    expect(one.dropped[0]).toMatch(/^clusters\.a\.issuers\.[ab] names-shared$/);
    expect(errors(one)).toEqual([]);
  });

  test('the one that shares its names with Kanidm is removed', () => {
    const one = by({ a: issuer('a.example.com'), b: issuer('b.example.com', 'y:') }, '');
    expect(one.dropped).toEqual(['clusters.a.issuers.a names-shared']);
  });
});

test('the files are those that the config names', () => {
  const named = config({ cluster: { authentication: { ca: { file: 'ca.crt' } } } });
  expect(settled(named).dropped.map((path) => path.split(' ')[0])).toEqual(['clusters.a.authentication.ca']);
});
