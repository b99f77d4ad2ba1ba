import { fromClientText } from '../../lib/existing/client-text';
import {
  address,
  claimMap,
  nameOf,
  otherManagers,
  scopeMap,
  serverPlace,
  sshKeys,
} from '../../lib/existing/kanidm-values';

test('names, managers and addresses', () => {
  expect(['a@b', 'a', 'a@b@c', 'a@b\nc'].map(nameOf)).toEqual(['a', 'a', 'a', 'a']);
  expect(otherManagers()).toEqual([]);
  expect(otherManagers(['a'])).toEqual([]);
  expect(otherManagers(['a', 'b', 'c'])).toEqual([
    'the entry has several managers, but a config has only one for each entry: a stays, and the runbook and the migrations remove b, c',
  ]);
  const urls = ['https://a/', 'https://a/b/', 'https://a', 'app://a/', 'x https://a/', 'https://a//', '1a://b/'];
  expect(urls.map(address)).toEqual([
    ...['https://a', 'https://a/b/', 'https://a', 'app://a', 'x https://a/', 'https://a//', '1a://b/'],
  ]);
});

test('scope maps', () => {
  expect(scopeMap(['a@b: {"email", "openid"}', 'c: {}', 'd: {"x": {"y"}}', 'no map', 'e: {"f"', ' x: {"g"} '])).toEqual(
    {
      a: ['email', 'openid'],
      c: [],
      d: ['x', 'y'],
    },
  );
});

test('claim maps', () => {
  const maps = [
    'a:g@b:;:"x,y"',
    'a:h@b:,:"z"',
    'b:g@b:,:"x"',
    'c:g@b: :"x"',
    'd:g@b:;:""',
    'e:g:,:x',
    'f',
    'g:h:,,:"x"',
    'urn:team:g@b: :"x:y,z-1"',
  ];
  expect(claimMap(maps)).toEqual({
    a: { values: { g: ['x', 'y'], h: ['z'] } },
    b: { join: 'csv', values: { g: ['x'] } },
    c: { join: 'ssv', values: { g: ['x'] } },
    d: { values: { g: [''] } },
    'urn:team': { join: 'ssv', values: { g: ['x:y', 'z-1'] } },
  });
});

test('SSH keys', () => {
  expect(sshKeys(['a b: ssh-ed25519 AAAA c: d', 'e: ssh-ed25519 BBBB '])).toEqual({
    'a b': 'ssh-ed25519 AAAA c: d',
    e: 'ssh-ed25519 BBBB',
  });
});

describe('the domain and the origin of a server', () => {
  const fault = (name: string, value: string, what: string) =>
    `it: the ${name} \`${value}\` ${what}, so adopt does not know the ${name}: verify \`kanidm.${name}\` in the config`;

  test.each([
    ['idm.example.com', undefined],
    ['localhost', undefined],
    ['IDM-1.example', undefined],
    ['a..b', 'is not a domain name'],
    ['a.b.', 'is not a domain name'],
    ['.a', 'is not a domain name'],
    ['a b', 'is not a domain name'],
    ['https://a', 'is not a domain name'],
    ['$DOMAIN', 'contains a variable'],
    ['{{ a }}.b', 'contains a variable'],
  ])('the domain %s: %s', (domain, what) => {
    expect(serverPlace('it', { domain })).toEqual({
      place: what === undefined ? { domain } : {},
      notes: what === undefined ? [] : [fault('domain', domain, what)],
    });
  });

  const none = 'is not an address such as https://idm.example.com';
  test.each([
    ['https://idm.example.com', undefined],
    ['https://idm.example.com:8443/', undefined],
    ['https://IDM-1', undefined],
    ['https://a:99999', none],
    ['https://a:x', none],
    ['https://a/b', none],
    ['http://a', none],
    ['xhttps://a', none],
    ['https://', none],
    [`https://\${A}`, 'contains a variable'],
  ])('the origin %s: %s', (origin, what) => {
    expect(serverPlace('it', { origin })).toEqual({
      place: what === undefined ? { origin: new URL(origin).origin } : {},
      notes: what === undefined ? [] : [fault('origin', origin, what)],
    });
  });

  test('an origin has no default port, because Kanidm drops it', () => {
    expect(serverPlace('it', { origin: 'https://idm.example.com:443/' }).place).toEqual({
      origin: 'https://idm.example.com',
    });
    expect(serverPlace('it', { origin: 'https://idm.example.com:8443' }).place).toEqual({
      origin: 'https://idm.example.com:8443',
    });
  });

  test('both, neither, and empty ones', () => {
    expect(serverPlace('it', { domain: 'a', origin: 'https://b' })).toEqual({
      place: { domain: 'a', origin: 'https://b' },
      notes: [],
    });
    expect(serverPlace('it', {})).toEqual({ place: {}, notes: [] });
    expect(serverPlace('it', { domain: '', origin: '' })).toEqual({ place: {}, notes: [] });
  });
});

describe('the text of the client', () => {
  const group = 'class: group\nclass: object\nname: a\nmember: b@c\nuuid: 00000000-0000-4000-8000-000000000001\n';
  test('has an entry after each line of dashes', () => {
    const read = fromClientText('file', `---\n${group}---\r\nno entry\n---\r\n${group.replaceAll('\n', '\r\n')}`);
    expect(read?.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'group'],
      ['a', 'group'],
    ]);
    expect(read?.[0]).toEqual({
      source: 'file',
      name: 'a',
      kind: 'group',
      unread: [],
      fields: { members: ['b'], id: '00000000-0000-4000-8000-000000000001' },
    });
    expect(read?.[1]).toEqual(read?.[0]);
  });

  test('leaves out what is not an attribute', () => {
    const more = `---\n${group}Description: x\n description: y\n1a: z\ndescription2_b: w\n`;
    expect(fromClientText('file', more)?.[0]?.unread).toEqual(['description2_b']);
    expect(fromClientText('file', `---\n${group}---\nclass: group\n---\nuuid: x\n`)).toHaveLength(1);
  });

  test.each([
    ['dashes', group],
    ['dashes at the beginning', `x---\n${group}`],
    ['a class', `---\n${group.replaceAll('class:', 'klass:')}`],
    ['a UUID', `---\n${group.replace('uuid:', ' uuid:')}`],
  ])('has %s', (_, text) => {
    expect(fromClientText('file', text)).toBeUndefined();
  });
});
