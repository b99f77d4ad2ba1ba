import { withDividedArguments } from '../../lib/existing/divided-arguments';
import { type ApiServer, nothing, together } from '../../lib/existing/facts';
import { fromDocument } from '../../lib/existing/read-documents';
import { fromWords } from '../../lib/existing/read-words';

const source = 'file';
const url = 'https://idm.example.org';
const flags = { 'oidc-issuer-url': url, 'oidc-client-id': 'k8s' };
const args = Object.entries(flags).map((pair) => pair.join('='));

describe('arguments in several sources', () => {
  const part = (name: string, more: object, servers: Partial<ApiServer> = {}): ApiServer => ({
    ...(fromDocument(name, { 'kube-apiserver-arg': Object.entries(more).map(([k, v]) => `${k}=${v}`) })
      .apiServers[0] as ApiServer),
    ...servers,
  });
  const joined = (...apiServers: ApiServer[]) => withDividedArguments({ ...nothing, apiServers }).apiServers;

  test('are joined with the first source that has an issuer', () => {
    const [first, main, groups, other, again] = joined(
      part('a', { v: '2' }),
      part('b', flags),
      part('c', { 'oidc-groups-claim': 'groups', 'oidc-client-id': 'x', v: '3' }),
      part('d', { 'oidc-groups-claim': 'other', 'oidc-groups-prefix': 'g:' }),
      part('e', { 'oidc-issuer-url': 'https://other.example', 'oidc-username-claim': 'x' }),
    );
    expect([first, main, groups, other, again].map((one) => one?.partOf)).toEqual([
      undefined,
      undefined,
      1,
      1,
      undefined,
    ]);
    expect([groups?.decided, [...(other?.decided ?? [])]]).toEqual([
      undefined,
      [['oidc-groups-claim', 'the config follows c, which has groups']],
    ]);
    expect(main?.issuers).toMatchObject([
      { url, source: 'b', audiences: ['k8s'], username: { claim: 'sub' }, groups: { claim: 'groups', prefix: 'g:' } },
    ]);
    expect(main?.issuers[0]?.settings).toEqual([
      { name: 'issuer', place: '--oidc-issuer-url', value: url },
      { name: 'audience', place: '--oidc-client-id', value: 'k8s' },
      { name: 'groups', place: '--oidc-groups-claim', value: 'groups', server: 2 },
      { name: 'groups', place: '--oidc-groups-prefix', value: 'g:', server: 3 },
    ]);
  });

  test('are parts also if the first source has all of them, as in a patch of the first source', () => {
    const [base, patch, other] = joined(
      part('a', { ...flags, 'oidc-groups-prefix': 'g:' }),
      part('b', { 'oidc-groups-prefix': 'h:' }),
      part('c', { 'oidc-issuer-url': 'https://other.example', 'oidc-groups-prefix': 'h:' }),
    );
    expect([base, patch, other].map((one) => one?.partOf)).toEqual([undefined, 0, undefined]);
    expect(base?.issuers).toMatchObject([{ url, audiences: ['k8s'] }]);
  });

  test('the CA belongs to the argument that names its file', () => {
    const ca = { nodePath: '/a', pem: 'PEM' };
    const groups = part('c', { 'oidc-groups-claim': 'g' });
    const file = { 'oidc-ca-file': '/a' };
    const casOf = (...servers: ApiServer[]) => joined(...servers)[0]?.issuers.map((issuer) => issuer.ca);
    expect(casOf(part('a', { ...flags, ...file }, { ca }), groups)).toEqual([ca]);
    expect(casOf(part('a', flags), part('b', file, { ca }), groups)).toEqual([ca]);
    expect(casOf(part('a', { ...flags, ...file }), part('b', { 'oidc-ca-file': '/b' }, { ca }))).toEqual([
      { nodePath: '/a' },
    ]);
  });

  test('stay as they are if nothing is to be joined', () => {
    for (const servers of [
      [part('a', { v: '2' })],
      [part('a', flags)],
      [part('a', { 'oidc-client-id': 'x' })],
      [part('a', flags), part('b', { v: '2' })],
    ])
      expect(joined(...servers)).toEqual(servers);
    const structured = part('a', flags, { method: 'structured' });
    const groups = part('b', { 'oidc-groups-claim': 'g' });
    expect(joined(structured, groups)).toEqual([structured, groups]);
  });

  describe('on the command line of K3s', () => {
    const command = (words: string) => fromWords('k3s.service', `ExecStart=/bin/k3s server ${words}`)?.apiServers ?? [];
    const file = part('x/config.yaml', { ...flags, 'oidc-groups-claim': 'groups' });

    test('have precedence over those in its files', () => {
      const [main, other] = joined(file, ...command('--kube-apiserver-arg=oidc-client-id=new'));
      expect(main).toMatchObject({ source: 'k3s.service', method: 'flags' });
      expect(main?.issuers).toMatchObject([{ url, audiences: ['new'], groups: { claim: 'groups' } }]);
      expect(main?.issuers[0]?.settings).toEqual([
        { name: 'audience', place: '--oidc-client-id', value: 'new' },
        { name: 'issuer', place: '--oidc-issuer-url', value: url, server: 1 },
        { name: 'groups', place: '--oidc-groups-claim', value: 'groups', server: 1 },
      ]);
      expect(other).toMatchObject({ source: 'x/config.yaml', partOf: 0 });
    });

    test('and with an issuer of their own', () => {
      const another = 'https://other.example';
      const [main] = joined(file, ...command(`--kube-apiserver-arg=oidc-issuer-url=${another}`));
      expect(main?.issuers).toMatchObject([{ url: another, audiences: ['k8s'], groups: { claim: 'groups' } }]);
    });

    test('are nothing special without those in files, or if they are not about sign-in', () => {
      const [words] = command('--kube-apiserver-arg=v=2');
      const unit = fromWords('a', '--oidc-client-id=new')?.apiServers ?? [];
      expect(joined(file, ...(words ? [words] : []))[0]).toEqual(file);
      expect(joined(file, ...unit)[0]).toEqual(file);
      expect(joined(part('a', { v: '2' }), ...command('--kube-apiserver-arg=oidc-client-id=new'))[0]?.source).toBe('a');
    });
  });

  test('a later drop-in that adds arguments has precedence over the files before it', () => {
    const plus = (name: string, more: object) => part(name, more, { replaces: false });
    const base = part('x/config.yaml', { ...flags, 'oidc-required-claim': 'a=b', 'oidc-groups-claim': 'old' });
    const [early, late] = [
      plus('x/config.yaml.d/10.yaml', { 'oidc-issuer-url': `${url}/new`, 'oidc-client-id': 'k8s' }),
      plus('x/config.yaml.d/20.yaml', { 'oidc-required-claim': 'c=d', 'oidc-groups-claim': 'new' }),
    ];
    const [main, second, third] = joined(base, late, early);
    expect([main, second, third].map((one) => one?.source)).toEqual(
      [late, early, base].map(({ source: from }) => from),
    );
    expect(main?.issuers).toMatchObject([{ url: `${url}/new`, audiences: ['k8s'], groups: { claim: 'new' } }]);
    // kube-apiserver uses every required claim, and only the last value of other arguments.
    expect([...(main?.issuers[0]?.requiredClaims ?? [])]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect([...(third?.decided ?? [])]).toEqual([
      ['oidc-issuer-url', `the config follows ${early.source}, which has ${url}/new`],
      ['oidc-client-id', undefined],
      ['oidc-required-claim', undefined],
      ['oidc-groups-claim', `the config follows ${late.source}, which has new`],
    ]);
    // Drop-in files in the folder of another server do not count for this server.
    const [own] = joined(base, plus('y/config.yaml.d/10.yaml', { 'oidc-issuer-url': `${url}/new` }));
    expect(own).toEqual(base);
  });

  test.each(['/etc/rancher/k3s/config.yaml', '/etc/rancher/k3s/other'])(
    'of several files in one document: the order is that of their paths, if these are drop-ins of %s',
    (path) => {
      const file = (at: string, sign: string, groups: string, more: readonly string[] = []) => ({
        path: `${path}${at}`,
        content: JSON.stringify({ [`kube-apiserver-arg${sign}`]: [...more, `oidc-groups-prefix=${groups}`] }),
      });
      const groups = 'oidc-groups-claim=groups';
      const document = {
        write_files: [
          file('.d/b.yaml', '+', 'late:', ['oidc-client-id=k8s']),
          file('', '', 'first:', [...args, groups]),
          file('.d/a.yaml', '+', 'early:', ['oidc-client-id=k8s']),
        ],
      };
      const { apiServers } = withDividedArguments(fromDocument('user-data', document));
      const isKnown = path.endsWith('config.yaml');
      expect(apiServers.map((one) => one.source)).toEqual(
        isKnown ? ['.d/b.yaml', '.d/a.yaml', ''].map((at) => `user-data: ${path}${at}`) : Array(3).fill('user-data'),
      );
      if (isKnown) expect(apiServers[0]?.issuers).toMatchObject([{ groups: { claim: 'groups', prefix: 'late:' } }]);
    },
  );

  test('a drop-in inside another document replaces the files before it', () => {
    const path = '/etc/rancher/rke2/config.yaml';
    const content = JSON.stringify({ 'kube-apiserver-arg': args });
    const files = [
      { path: `${path}.d/a.yaml`, content },
      { path, content },
    ];
    const replacedBy = (document: object) =>
      withDividedArguments(fromDocument('a', document)).apiServers.map((one) => one.replacedBy);
    expect(replacedBy({ write_files: files })).toEqual([undefined, `a: ${path}.d/a.yaml`]);
  });

  test('a drop-in replaces those before it', () => {
    const [dropIn, later] = ['x/config.yaml.d/a.yaml', 'x/config.yaml.d/b.yaml'];
    const replacedBy = (...servers: ApiServer[]) => joined(...servers).map((one) => one.replacedBy);
    const main = part('x/config.yaml', flags);
    expect(replacedBy(main, part(dropIn, flags))).toEqual([dropIn, undefined]);
    expect(replacedBy(part(later, flags), main, part(dropIn, flags))).toEqual([undefined, later, later]);
    expect(replacedBy(main, part(dropIn, flags, { replaces: false }))).toEqual([undefined, undefined]);
    expect(replacedBy({ ...main, carrier: 'other' }, part(dropIn, flags))).toEqual([undefined, undefined]);
    const [, own] = joined(main, part(dropIn, flags), part('z', { 'oidc-groups-claim': 'g' }, { carrier: 'other' }));
    expect(own?.issuers[0]?.groups).toEqual({ claim: 'g', prefix: '' });
  });
});

test('facts of several sources: lists are joined, and of single values the last one counts', () => {
  const note = (text: string) => ({ source, text });
  expect(together([])).toEqual(nothing);
  expect(
    together([
      { ...nothing, notes: [note('a')], serverCa: 'a', isPartial: true },
      { ...nothing, notes: [note('b')], serverCa: 'b' },
    ]),
  ).toEqual({ ...nothing, notes: [note('a'), note('b')], serverCa: 'b', isPartial: true });
});
