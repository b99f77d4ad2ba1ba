import { issuersOf } from '../../lib/adopt/adopt-issuers';
import { itemsIn, Treatments } from '../../lib/adopt/treatments';
import type { Issuer, Setting } from '../../lib/existing/api-server-issuers';
import { type ApiServer, type Facts, nothing } from '../../lib/existing/facts';
import type { ReadEntry } from '../../lib/existing/kanidm-entries';
import { claim, issuer } from './worlds';

const setting = (name: Setting['name'], place: string): Setting => ({ name, place, value: 'x', without: 'y' });
const kanidm = (client: string, prefix = 'k:', more: Partial<Issuer> = {}): Issuer => ({
  ...issuer(claim('sub', prefix), undefined, client),
  entry: { of: client },
  settings: [setting('username', 'u.claim'), setting('username', 'u.prefix')],
  ...more,
});
const ci = (host: string, more: Partial<Issuer> = {}): Issuer => ({
  ...kanidm('ci', 'ci:'),
  url: `https://${host}`,
  audiences: ['k8s'],
  entry: { of: host },
  ...more,
});
const client = (name: string, fields: object, more: Partial<ReadEntry> = {}): ReadEntry =>
  ({ source: 'e', kind: 'client', name, unread: [], fields: { landingUrl: 'x', ...fields }, ...more }) as ReadEntry;

interface Given {
  readonly method?: ApiServer['method'];
  readonly facts?: Partial<Facts>;
  readonly refused?: ReadonlyMap<Issuer, string>;
  readonly more?: Partial<ApiServer>;
}
function read(issuers: readonly Issuer[], { method = 'structured', facts = {}, refused, more = {} }: Given = {}) {
  const all: Facts = {
    ...nothing,
    ...facts,
    apiServers: [{ source: 'a', carrier: 'x', method, issuers, ...more }],
  };
  const treatments = new Treatments(itemsIn(all));
  const found = issuersOf(all, 0, treatments, refused);
  const told = treatments.all
    .filter(({ text, id }) => !text?.startsWith('internal') && / issuer \d+$/.test(id))
    .map(
      ({ what, treatment, text }) => `${what.slice('issuer https://'.length)} ${treatment}${text ? `: ${text}` : ''}`,
    );
  const urls = (some: readonly { issuer: Issuer }[]) => some.map(({ issuer }) => issuer.url.slice('https://'.length));
  return {
    found,
    told,
    own: found.own?.client,
    trust: found.trust.map((one) => one.client),
    others: urls(found.others),
    left: urls(found.left),
  };
}
const rejected =
  'the rendered AuthenticationConfiguration replaces the whole file and does not have this issuer: its tokens are rejected (401) until you add the entry of this issuer by hand';

test('without an API server there are none', () => {
  expect(issuersOf(nothing, undefined, new Treatments([]))).toEqual({
    trust: [],
    others: [],
    left: [],
    lacking: [],
    fields: {},
    authentication: {},
  });
  expect(issuersOf(nothing, 3, new Treatments([])).trust).toEqual([]);
});

describe('the client of kubectl', () => {
  const two = [kanidm('web'), kanidm('k8s')];

  test('is the first one', () => {
    expect(read(two).own).toBe('web');
  });

  test('is that of a kubeconfig', () => {
    const logins = [{ source: 'l', issuer: 'https://idm.example.org/oauth2/openid/k8s' }];
    expect(read(two, { facts: { logins } }).own).toBe('k8s');
    expect(read(two, { facts: { logins: [{ source: 'l', issuer: 'https://other' }] } }).own).toBe('web');
  });

  test('is neither confidential nor that of Headlamp', () => {
    expect(read(two, { facts: { entries: [client('web', { type: 'basic' })] } }).own).toBe('k8s');
    expect(read(two, { facts: { entries: [client('web', { type: 'public' })] } }).own).toBe('web');
    expect(read(two, { facts: { entries: [client('web', { displayName: 'Headlamp' })] } }).own).toBe('k8s');
    expect(read([kanidm('headlamp'), kanidm('k8s')]).own).toBe('k8s');
    expect(read([kanidm('headlamp')]).own).toBe('headlamp');
  });

  test('is not judged by the client of another Kanidm, or by a group', () => {
    const entry = (more: Partial<ReadEntry>) => [client('web', { type: 'basic' }, more)];
    expect(read(two, { facts: { entries: entry({ domain: 'idm.example.net' }) } }).own).toBe('web');
    expect(read(two, { facts: { entries: entry({ domain: 'example.org' }) } }).own).toBe('k8s');
    expect(read(two, { facts: { entries: entry({ kind: 'group' } as Partial<ReadEntry>) } }).own).toBe('web');
  });
});

describe('another client of Kanidm', () => {
  test('is trusted, with its own mapping if its names differ', () => {
    const { found, own, trust, told } = read([kanidm('k8s'), kanidm('web', 'w:'), kanidm('cli')]);
    expect([own, trust]).toEqual(['k8s', ['web', 'cli']]);
    expect(found.fields).toEqual({ trust: ['web', 'cli'] });
    expect(found.authentication).toEqual({
      method: 'structured',
      claim: 'sub',
      prefix: 'k:',
      clients: { web: { claim: 'sub', prefix: 'w:' } },
    });
    expect(told.map((one) => one.split(':')[0])).toEqual([
      'idm.example.org/oauth2/openid/k8s different',
      'idm.example.org/oauth2/openid/web different',
      'idm.example.org/oauth2/openid/cli different',
    ]);
  });

  test('has the same names if each prefix is its own URL', () => {
    const url = (name: string) => `https://idm.example.org/oauth2/openid/${name}#`;
    const own = kanidm('k8s', 'x', { groups: claim('groups', url('k8s')) });
    const same = kanidm('web', 'x', { groups: claim('groups', url('web')) });
    const other = kanidm('web', 'x', { groups: claim('groups', url('k8s')) });
    expect(read([own, same]).found.authentication).not.toHaveProperty('clients');
    expect(read([own, other]).found.authentication).toHaveProperty('clients');
  });

  test('is rendered unchanged with a setting that a client does not have', () => {
    const settings = [setting('connection', 'issuer.discoveryURL')];
    const { found, trust, others } = read([kanidm('k8s'), kanidm('web', 'w:', { settings })]);
    expect([trust, others]).toEqual([[], ['idm.example.org/oauth2/openid/web']]);
    expect(found.fields.issuers).toEqual({
      'idm-example-org': {
        url: 'https://idm.example.org/oauth2/openid/web',
        audiences: ['web'],
        claim: 'sub',
        prefix: 'w:',
      },
    });
    const other = [setting('other', 'issuer.x')];
    expect(read([kanidm('k8s'), kanidm('web', 'w:', { settings: other })]).found.fields).toEqual({
      jwt: [{ of: 'web' }],
    });
  });

  test('is not trusted if it is refused, of another Kanidm, or names nobody', () => {
    const web = kanidm('web', 'w:');
    const refusing = read([kanidm('k8s'), web], { refused: new Map([[web, 'it is refused']]) });
    expect([refusing.trust, refusing.left]).toEqual([[], ['idm.example.org/oauth2/openid/web']]);
    expect(refusing.told[1]).toBe(`idm.example.org/oauth2/openid/web not taken: it is refused; ${rejected}`);
    const elsewhere = { ...web, url: 'https://idm.example.net/oauth2/openid/web' };
    expect(read([kanidm('k8s'), elsewhere]).others).toEqual(['idm.example.net/oauth2/openid/web']);
    const { username: _, ...unnamed } = web;
    expect(read([kanidm('k8s'), unnamed]).found.fields).toEqual({ jwt: [{ of: 'web' }] });
  });
});

describe('an issuer of others', () => {
  test('has fields, or is rendered unchanged after those with fields', () => {
    const { found, others } = read([
      ci('b.example.com', { settings: [setting('other', 'x')] }),
      kanidm('k8s'),
      ci('a.example.com'),
      ci('a.example.com/2'),
    ]);
    expect(others).toEqual(['a.example.com', 'a.example.com/2', 'b.example.com']);
    expect(Object.keys(found.fields.issuers ?? {})).toEqual(['a-example-com', 'a-example-com-2']);
    expect(found.fields.jwt).toEqual([{ of: 'b.example.com' }]);
    expect(found.fields).not.toHaveProperty('trust');
  });

  test('is left out if its URL is there twice, is missing, or has a variable', () => {
    const { told, left } = read([
      kanidm('k8s'),
      ci('a.example.com'),
      ci('a.example.com'),
      ci(`\${HOST}`),
      { ...ci(''), url: '' },
    ]);
    expect(left).toEqual(['a.example.com', `\${HOST}`, '']);
    expect(told.slice(2)).toEqual([
      `a.example.com not taken: another entry has this issuer URL, so an API server rejects the file; ${rejected}`,
      `\${HOST} not taken: the issuer contains a variable in its URL: run adopt with a copy of the file that has the value in place of the variable; ${rejected}`,
      ` not taken: the entry has no \`issuer.url\`, so an API server rejects the file; ${rejected}`,
    ]);
  });

  test('may be Kanidm itself if it has a variable and there is no other Kanidm', () => {
    expect(read([ci(`\${HOST}`)]).told).toEqual([
      `\${HOST} not taken: the issuer contains a variable in its URL: run adopt with a copy of the file that has the value in place of the variable`,
    ]);
  });

  test('is left out if flags name it', () => {
    const { entry: _, ...flags } = ci('a.example.com');
    const { told, found } = read([{ ...flags, settings: [] }], { method: 'flags' });
    expect(told).toEqual([
      'a.example.com not taken: with flags, the only issuer that a config can have is the issuer of a client of Kanidm; the rendered flags name another issuer: tokens of this one are rejected (401)',
    ]);
    expect(found.authentication).toEqual({});
  });

  test('is left out if flags name it without TLS, with which no API server starts', () => {
    const { entry: _, ...flags } = ci('a.example.com');
    const { told } = read([{ ...flags, url: 'http://a.example.com', settings: [] }], { method: 'flags' });
    expect(told).toEqual([expect.stringContaining('the URL is not https, so an API server does not start with it')]);
  });
});

test('settings that the rendered file lacks are listed', () => {
  const settings = [setting('connection', 'issuer.discoveryURL'), setting('other', 'issuer.x'), setting('ca', 'ca')];
  expect(read([kanidm('k8s', 'k:', { settings }), ci('a.example.com', { settings })]).found.lacking).toEqual([
    'issuer.discoveryURL',
    'issuer.x',
  ]);
});

test('the path of the CA and anonymous requests are settings of the cluster', () => {
  const own = kanidm('k8s', 'k:', { ca: { nodePath: '/etc/ca.crt' } });
  const of = (anonymous: NonNullable<ApiServer['anonymous']>) =>
    read([own], { more: { anonymous } }).found.authentication;
  expect(of({ enabled: true, paths: ['/livez'] })).toEqual({
    method: 'structured',
    claim: 'sub',
    prefix: 'k:',
    ca: { nodePath: '/etc/ca.crt' },
    anonymous: { enabled: true, paths: ['/livez'] },
  });
  expect(of({ enabled: false }).anonymous).toEqual({ enabled: false });
  expect(read([kanidm('k8s', 'k:', { ca: { pem: 'PEM' } })]).found.authentication).not.toHaveProperty('ca');
});
