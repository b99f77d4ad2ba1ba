import { originsRead, serverName, whichKanidm } from '../../lib/adopt/which-kanidm';
import { type Facts, type KanidmServer, nothing } from '../../lib/existing/facts';
import type { ReadEntry, ServerRef } from '../../lib/existing/kanidm-entries';

const server = (more: Partial<KanidmServer> = {}): KanidmServer => ({ source: 's', ...more });
const named = (name: string, more: Partial<KanidmServer> = {}) => server({ resource: { name }, ...more });
const entry = (name: string, more: { domain?: string; server?: ServerRef } = {}): ReadEntry => ({
  source: 'e',
  kind: 'person',
  name,
  unread: [],
  fields: { displayName: name },
  ...more,
});
const client = (name: string, more: { domain?: string; server?: ServerRef } = {}): ReadEntry => ({
  ...entry(name, more),
  kind: 'client',
  fields: { landingUrl: 'x' },
});
const release = (domain?: string, name = 'kanidm', namespace?: string) => ({
  source: 'r',
  name,
  helm: {},
  ...(domain === undefined ? {} : { domain }),
  ...(namespace === undefined ? {} : { namespace }),
});
/** Returns what is chosen, with the reasons for the others. */
function chosen(facts: Partial<Facts>, origin?: string) {
  const { others, foreign, ...rest } = whichKanidm({ ...nothing, ...facts }, origin);
  return { ...rest, others: [...others.values()], foreign: [...foreign] };
}
const at = 'https://idm.example.org';

describe('the Kanidm of the cluster', () => {
  test('has the values of the last source that has each', () => {
    const servers = [
      server({ domain: 'idm.example.org', version: '1.9', ca: 'A' }),
      server({ origin: at, version: '1.10' }),
      server({ ca: 'B' }),
      server(),
    ];
    expect(chosen({ servers }, at)).toEqual({
      domain: 'idm.example.org',
      origin: at,
      version: '1.10',
      ca: 'B',
      others: [],
      foreign: [],
    });
  });

  test('is unknown if nothing was read', () => {
    expect(chosen({}, at)).toEqual({ others: [], foreign: [] });
    expect(chosen({})).toEqual({ others: [], foreign: [] });
  });

  test('has the longest domain at or above the host', () => {
    const entries = [
      entry('a', { domain: 'example.org' }),
      entry('b', { domain: 'idm.example.org' }),
      entry('c', { domain: 'sso.idm.example.org.example.com' }),
    ];
    expect(chosen({ entries }, 'https://sso.idm.example.org').domain).toBe('idm.example.org');
  });

  test('is the only one if the origin is unknown', () => {
    const servers = [named('idm', { domain: 'idm.example.org' })];
    expect(chosen({ servers, entries: [entry('jane', { domain: 'idm.example.org' })] })).toEqual({
      domain: 'idm.example.org',
      others: [],
      foreign: [],
    });
  });
});

describe('without the origin, it is unclear', () => {
  const unclear = (list: string) =>
    `several Kanidm servers were read (${list}), and it is not known at which of them people sign in: run adopt with the settings of the API server too`;

  test('if there are several domains', () => {
    const why = unclear('a.example.org, b.example.org, c.example.org');
    const entries = [entry('jane', { domain: 'a.example.org' })];
    const servers = [named('idm', { domain: 'b.example.org' }), server({ version: '1.9' })];
    const releases = [release('c.example.org'), release('a.example.org')];
    expect(chosen({ entries, servers, releases })).toEqual({
      unclear: why,
      others: [why],
      foreign: [[0, why]],
      version: '1.9',
    });
  });

  test('if there are several hosts of resources', () => {
    const servers = [
      named('a', { domain: 'x', origin: 'https://a.example.org' }),
      named('b', { domain: 'x', origin: 'https://b.example.org' }),
    ];
    expect(chosen({ servers }).unclear).toBe(unclear('a.example.org, b.example.org'));
    expect(chosen({ servers: servers.map(({ resource: _, ...one }) => one) }).unclear).toBeUndefined();
  });

  test('if one of two resources has no place', () => {
    const servers = [named('a'), server({ resource: { name: 'b', namespace: 'x' }, domain: 'x' })];
    expect(chosen({ servers }).unclear).toBe(unclear('Kanidm a, Kanidm x/b'));
    expect(chosen({ servers: servers.slice(0, 1) }).unclear).toBeUndefined();
    expect(chosen({ servers: [named('a'), named('a', { domain: 'x' })] }).unclear).toBeUndefined();
  });
});

describe('another Kanidm', () => {
  const other = 'people sign in at https://idm.example.org, which is another Kanidm';

  test('has another host, or another domain if it has no address', () => {
    const servers = [
      named('a', { origin: 'https://idm.example.net', domain: 'idm.example.org' }),
      named('b', { origin: at, domain: 'idm.example.net' }),
      named('c', { domain: 'idm.example.net' }),
      named('d', { domain: 'idm.example.org' }),
      server({ domain: 'idm.example.net' }),
      server({ version: '1.9' }),
    ];
    const { others } = whichKanidm({ ...nothing, servers }, at);
    expect([...others].map(([one, why]) => [servers.indexOf(one), why])).toEqual([
      [0, other],
      [2, other],
      [4, other],
    ]);
  });

  test('may be one without a place, if another resource has one', () => {
    const servers = [
      named('vague'),
      server({ resource: { name: 'idm', namespace: 'prod' }, domain: 'idm.example.org' }),
    ];
    expect(chosen({ servers }, at).others).toEqual([
      'adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at Kanidm prod/idm, which is at https://idm.example.org: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file',
    ]);
    expect(chosen({ servers: servers.slice(0, 1) }, at).others).toEqual([]);
  });

  test('may be each of two without a place', () => {
    expect(chosen({ servers: [named('a'), named('b')] }, at).others).toEqual([
      'adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at Kanidm b: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file',
      'adopt does not know the domain of this Kanidm, so it cannot tell whether people sign in at this Kanidm or at Kanidm a: copy the resource of this Kanidm to a file, add the domain there, and run adopt with this file',
    ]);
  });

  test('is not the same resource, read twice', () => {
    const ref = (namespace?: string) => ({ name: 'idm', ...(namespace === undefined ? {} : { namespace }) });
    const twice = (one?: string, two?: string, name = 'idm') =>
      chosen(
        {
          servers: [
            server({ resource: ref(one) }),
            server({ resource: { ...ref(two), name }, domain: 'idm.example.net' }),
          ],
        },
        at,
      ).others.length;
    expect([twice(), twice('a', 'a'), twice('a'), twice(undefined, 'a')]).toEqual([2, 2, 2, 2]);
    expect([twice('a', 'b'), twice('a', 'a', 'x')]).toEqual([1, 1]);
  });
});

describe('an entry belongs to another Kanidm', () => {
  const idm = named('idm', { domain: 'idm.example.org' });
  const test_ = server({ resource: { name: 'test', namespace: 'x' }, domain: 'test.example.org' });
  const why = (one: ReadEntry, servers: readonly KanidmServer[], ...more: readonly ReadEntry[]) =>
    whichKanidm({ ...nothing, servers, entries: [one, ...more] }, at).foreign.get(0);

  test('by the domain of its name', () => {
    expect(why(entry('a', { domain: 'idm.example.org' }), [idm])).toBeUndefined();
    expect(why(entry('a', { domain: 'test.example.org' }), [idm])).toBe(
      'the name of the entry ends in @test.example.org, so the entry belongs to another Kanidm than that at idm.example.org',
    );
    expect(why(entry('a'), [idm])).toBeUndefined();
  });

  test('by the resource that it refers to', () => {
    expect(why(entry('a', { server: { name: 'idm' } }), [idm, test_])).toBeUndefined();
    expect(why(entry('a', { server: { name: 'test' } }), [idm, test_])).toBe(
      'the entry belongs to Kanidm test (test.example.org), but people sign in at another Kanidm (idm.example.org)',
    );
    expect(why(entry('a', { server: { name: 'test', namespace: 'x' } }), [idm, test_])).toBe(
      'the entry belongs to Kanidm x/test (test.example.org), but people sign in at another Kanidm (idm.example.org)',
    );
    const origin = named('test', { origin: 'https://test.example.org' });
    expect(why(entry('a', { server: { name: 'test' } }), [idm, origin])).toBe(
      'the entry belongs to Kanidm test (https://test.example.org), but people sign in at another Kanidm (idm.example.org)',
    );
    expect(why(entry('a', { server: { name: 'vague' } }), [idm, named('vague')])).toMatch(
      /^the entry belongs to Kanidm vague: adopt does not know the domain of this Kanidm, so it cannot tell/,
    );
    expect(why(entry('a', { server: { name: 'gone' } }), [idm])).toBe(
      'the entry belongs to Kanidm gone, which was not read and is not the Kanidm at idm.example.org',
    );
  });

  test('if the resources were not read, and the entries refer to several', () => {
    const unread = entry('a', { server: { name: 'one' } });
    expect(why(unread, [])).toBeUndefined();
    expect(why(unread, [], entry('b', { server: { name: 'one', namespace: 'x' } }), entry('c'))).toBeUndefined();
    expect(why(unread, [], entry('b', { server: { name: 'two' } }))).toBe(
      'the entry belongs to Kanidm one, but other entries belong to another Kanidm, and adopt cannot tell which of these Kanidms is at idm.example.org: run adopt with the resources of kind Kanidm too',
    );
    expect(why(unread, [test_], entry('b', { server: { name: 'test' } }))).toBeUndefined();
    const unknown = whichKanidm({ ...nothing, entries: [unread, entry('b', { server: { name: 'two' } })] }, undefined);
    expect(unknown.foreign.get(0)).toMatch(/at which of these Kanidms people sign in: run adopt/);
  });
});

describe('the HelmRelease', () => {
  const at_ = (...releases: ReturnType<typeof release>[]) => chosen({ releases }, at).release;

  test('is the one with the domain', () => {
    expect(at_(release('test.example.org', 'a'), release('idm.example.org', 'b'))?.name).toBe('b');
    expect(at_(release('test.example.org', 'a'))).toBeUndefined();
    expect(at_(release(undefined, 'a'), release('idm.example.org', 'b'))?.name).toBe('b');
  });

  test('is one without a domain, if there is only one', () => {
    expect(at_(release('test.example.org', 'a'), release(undefined, 'b'))?.name).toBe('b');
    expect(at_(release(undefined, 'a'), release(undefined, 'b'))).toBeUndefined();
    expect(at_(release(undefined, 'a', 'x'), release(undefined, 'a'))?.namespace).toBe('x');
    expect(at_(release(undefined, 'a', 'x'), release(undefined, 'a', 'y'))).toBeUndefined();
    expect(at_()).toBeUndefined();
  });

  test('is none if it is unclear which Kanidm people use', () => {
    expect(chosen({ releases: [release('a.example.org'), release('b.example.org')] }).release).toBeUndefined();
    expect(chosen({ releases: [release('a.example.org')] }).release?.domain).toBe('a.example.org');
  });
});

describe('the origins that were read', () => {
  const clients = [
    { origin: 'https://a.example.org', client: 'k8s' },
    { origin: 'https://b.example.org', client: 'k8s' },
    { origin: 'https://c.example.org', client: 'web' },
  ];
  const of = (facts: Partial<Facts>) => [...originsRead(clients, { ...nothing, ...facts })];
  const all = clients.map(({ origin }) => origin);

  test('are those of the clients that were read', () => {
    expect(
      of({ entries: [client('k8s', { domain: 'b.example.org' }), entry('jane', { domain: 'a.example.org' })] }),
    ).toEqual(['https://b.example.org']);
    expect(of({ entries: [client('k8s')] })).toEqual(['https://a.example.org', 'https://b.example.org']);
    expect(of({ entries: [client('web', { domain: 'example.org' })] })).toEqual(['https://c.example.org']);
  });

  test('are those of the resources that the clients belong to', () => {
    const servers = [
      named('one', { origin: 'https://b.example.org' }),
      named('two', { domain: 'a.example.org' }),
      named('vague'),
      server({ domain: 'c.example.org' }),
    ];
    const by = (name: string) => of({ servers, entries: [client('k8s', { server: { name } })] });
    expect(by('one')).toEqual(['https://b.example.org']);
    expect(by('two')).toEqual(['https://a.example.org']);
    expect(by('vague')).toEqual(['https://a.example.org', 'https://b.example.org']);
  });

  test('are those of any entry if no client was read, and otherwise all', () => {
    expect(of({ entries: [entry('k8s', { domain: 'c.example.org' })] })).toEqual(['https://c.example.org']);
    expect(of({ entries: [client('other', { domain: 'c.example.org' })] })).toEqual(['https://c.example.org']);
    expect(of({ entries: [entry('jane')] })).toEqual(all);
    expect(of({ entries: [entry('jane', { domain: 'idm.example.net' })] })).toEqual(all);
    expect(of({})).toEqual(all);
  });
});

test('a server is called by its name, with the namespace if it has one', () => {
  expect(serverName({ name: 'idm' })).toBe('Kanidm idm');
  expect(serverName({ name: 'idm', namespace: 'prod' })).toBe('Kanidm prod/idm');
});
