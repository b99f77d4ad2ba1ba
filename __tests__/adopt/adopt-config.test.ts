import { adopt } from '../../lib/adopt/adopt-config';
import { type Facts, type Login, nothing, type PassedOver } from '../../lib/existing/facts';
import type { ReadEntry } from '../../lib/existing/kanidm-entries';
import { claim, issuer, jane } from './worlds';

const url = 'https://idm.example.org/oauth2/openid/k8s';
/** The facts of an API server with the client k8s in its file, which has both rules and all prefixes. */
const server = (more: object = {}): Facts['apiServers'][number] => ({
  source: 'auth.yaml',
  carrier: 'x',
  method: 'structured',
  server: 'https://192.0.2.1:6443',
  kubernetes: '1.34',
  controlPlane: 'kubeadm',
  issuers: [
    {
      ...issuer(claim('sub', 'k:')),
      entry: {},
      settings: [
        { name: 'username', place: 'u.claim', value: 'sub' },
        { name: 'username', place: 'u.prefix', value: 'k:' },
      ],
      ...more,
    },
  ],
});
const person: ReadEntry = {
  source: 'p.json',
  kind: 'person',
  name: 'jane',
  unread: [],
  domain: 'idm.example.org',
  fields: { displayName: 'Jane', id: jane },
};
const bound: Facts['bindings'] = [
  {
    source: 'b.yaml',
    object: {
      kind: 'ClusterRoleBinding',
      metadata: { name: 'v' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: `k:${jane}` }],
    },
  },
];
const adopted = (more: Partial<Facts> = {}) =>
  adopt({ ...nothing, apiServers: [server()], entries: [person], bindings: bound, ...more }, 'a');
const told = ({ items }: ReturnType<typeof adopted>, id: string) =>
  items
    .filter((item) => item.id.startsWith(id))
    .map(({ treatment, text, isUnrelated }) => `${isUnrelated ? 'left alone' : treatment}${text ? `: ${text}` : ''}`);

const noServer = 'the settings of the API server were not read: run adopt with them too';

describe('the next steps', () => {
  const of = (more: Partial<Facts> = {}) => adopted(more).next;
  const other = { ...issuer(claim('sub', 'x:')), url: 'https://ci.example.com', entry: {} };
  const group = { ...person, kind: 'group', name: 'ops', fields: {} } as ReadEntry;

  test('are synth alone if everything was read', () => {
    expect(of()).toEqual(['synth']);
  });

  test('name what was not read', () => {
    expect(of({ apiServers: [] })).toEqual(['fill in', 'read the API server', 'synth']);
    expect(of({ bindings: [] })).toEqual(['read the bindings', 'synth']);
    expect(of({ entries: [] })).toEqual(['ask Kanidm', 'synth']);
    expect(of({ entries: [person, group] })).toEqual(['ask Kanidm', 'synth']);
    expect(of({ apiServers: [{ ...server(), issuers: [other] }] })).toContain('add Kanidm');
    expect(of({ apiServers: [server({ url: `https://\${HOST}/oauth2/openid/k8s` })] })).toContain('give the value');
  });

  test('do not ask for the UUID of an entry that was also read from Kanidm', () => {
    const managed = { ...person, manager: 'kaniop', fields: { displayName: 'J' } } as ReadEntry;
    expect(of({ entries: [managed, person] })).not.toContain('ask Kanidm');
    expect(of({ entries: [managed] })).toContain('ask Kanidm');
  });

  test('do not ask for the UUID of entries that need none', () => {
    const builtIn = { ...group, isBuiltIn: true };
    const odd = { ...person, kind: 'other', name: 'x', why: 'y' } as ReadEntry;
    const elsewhere = { ...group, domain: 'idm.example.net' };
    expect(of({ entries: [person, builtIn, odd, elsewhere] })).toEqual(['synth']);
  });

  test('keep issuers and settings that are left out', () => {
    const twice = { ...server(), issuers: [...server().issuers, ...server().issuers] };
    const one = adopted({ apiServers: [twice] });
    expect(one.next).toEqual(['keep issuers', 'synth']);
    expect(one.left).toEqual([{}]);
    const settings = [{ name: 'other' as const, place: 'x', value: 'y', without: 'z' }];
    expect(of({ apiServers: [server({ settings })] })).toEqual(['keep settings', 'synth']);
  });

  test('copy the CA from the nodes, if nobody has it', () => {
    const hint =
      'copy the CA of Kanidm (/etc/ca.crt on the control-plane nodes) next to the config; then add `file: FILE` beside `nodePath` in the config, or run adopt again with `--kanidm-ca FILE`: kubelogin, the runbook and doctor need the CA too, not only the API server';
    const nodePath = '/etc/ca.crt';
    expect(of({ apiServers: [server({ ca: { nodePath } })] })).toContainEqual({ hint });
    expect(of({ apiServers: [server({ ca: { nodePath, pem: 'PEM' } })] })).not.toContainEqual({ hint });
    expect(
      of({ apiServers: [server({ ca: { nodePath } })], servers: [{ source: 's', ca: 'PEM' }] }),
    ).not.toContainEqual({
      hint,
    });
  });
});

describe('a user of a kubeconfig', () => {
  const user = (more: Partial<Login>, facts: Partial<Facts> = {}) =>
    told(adopted({ logins: [{ source: 'l', issuer: url, client: 'k8s', ...more }], ...facts }), 'login');

  test('is taken if it signs in at the issuer', () => {
    expect(user({})).toEqual(['taken']);
    expect(user({ others: ['--x', '--y'] })).toEqual([
      'different: Kaniflux renders its own kubeconfig, without --x, --y',
    ]);
  });

  test('is not taken with another client', () => {
    expect(user({ client: 'web' })).toEqual([
      `not taken: this kubeconfig user has the client web, but the issuer ${url} belongs to the client k8s`,
    ]);
    const [{ client, ...none }] = [{ source: 'l', issuer: url, client: 'k8s' }];
    expect(told(adopted({ logins: [none] }), 'login')).toEqual(['taken']);
  });

  test('is not taken if it signs in elsewhere', () => {
    expect(user({ issuer: 'https://login.example.com' })).toEqual([
      `not taken: this kubeconfig user signs in at https://login.example.com, but people sign in to this cluster at ${url}; Kaniflux does not change this kubeconfig user`,
    ]);
  });

  test('is not taken without the API server, but its client is assumed', () => {
    const apiServers: Facts['apiServers'] = [];
    expect(user({}, { apiServers })).toEqual([`not taken: ${noServer}`]);
    expect(user({ others: ['--x'] }, { apiServers })).toEqual([
      `not taken: ${noServer}; Kaniflux renders its own kubeconfig, without --x`,
    ]);
    const { notes, config } = adopted({ apiServers, logins: [{ source: 'l', issuer: url, client: 'k8s' }] });
    expect(notes).toEqual([
      {
        source: 'l',
        text: 'client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client',
      },
    ]);
    expect(config.clients).toHaveProperty('k8s');
    expect(adopted({ apiServers, logins: [{ source: 'l', issuer: url }] }).notes).toEqual([]);
    expect(adopted({ apiServers }).notes).toEqual([]);
  });
});

test('bindings stay as they are without the API server', () => {
  const why =
    'without the settings of the API server, adopt cannot tell whom this binding names: run adopt with these settings too';
  expect(told(adopted({ apiServers: [] }), 'binding')).toEqual([
    `not taken: ${why}; the binding stays as it is`,
    `not taken: ${why}`,
  ]);
});

describe('a HelmRelease of Kanidm', () => {
  const release = (name: string, domain?: string) => ({
    source: 'r',
    name,
    helm: { chart: 'kanidm', version: '0.1.2', repository: 'https://charts.example.com' },
    ...(domain === undefined ? {} : { domain }),
  });
  const of = (...releases: Facts['releases'][number][]) => told(adopted({ releases }), 'release');

  test('is taken if it has the domain', () => {
    expect(of(release('kanidm', 'idm.example.org'))).toEqual(['taken']);
    const moved = { ...release('kanidm', 'idm.example.org'), differences: ['one', 'two'] };
    expect(of(moved)).toEqual(['different: one; two']);
    expect(of(release('idm', 'idm.example.org'))).toEqual([
      'different: Kaniflux renders a HelmRelease named kanidm, and this one is named idm: Flux would install a second Kanidm with an empty database, so first make a backup, and see docs/backup.md',
    ]);
  });

  test('is not taken beside another one', () => {
    expect(of(release('kanidm', 'test.example.org'), release('kanidm', 'idm.example.org'))).toEqual([
      'not taken: a config can have only one HelmRelease of Kanidm, and adopt took another one',
      'taken',
    ]);
  });

  test('is not taken with another domain, or if it is not known which one counts', () => {
    expect(of(release('kanidm', 'test.example.org'))).toEqual([
      'not taken: the domain of this HelmRelease is test.example.org, but the Kanidm of the cluster has the domain idm.example.org',
    ]);
    const unknown =
      'not taken: adopt cannot tell which HelmRelease of Kanidm the cluster uses, because several of them, this one too, have no known domain: copy this HelmRelease to a file, add the domain there, and run adopt with this file';
    expect(of(release('kanidm'), release('test'))).toEqual([unknown, unknown]);
    const releases = [release('kanidm', 'a.example.org'), release('kanidm', 'b.example.org')];
    const unclear = told(adopted({ releases, apiServers: [], entries: [] }), 'release');
    expect(unclear[0]).toMatch(/^not taken: several Kanidm servers were read \(a\.example\.org, b\.example\.org\)/);
  });
});

describe('the CA of Kanidm', () => {
  const of = (ca: string, used?: object, facts: Partial<Facts> = {}) =>
    told(
      adopted({ servers: [{ source: 's', ca }], apiServers: [server(used ? { ca: used } : {})], ...facts }),
      'kanidm 0 ca',
    );

  test('is taken if the API server has it', () => {
    expect(of('PEM\n', { nodePath: '/etc/ca.crt' })).toEqual(['taken']);
    expect(of('PEM\n', { pem: ' PEM' })).toEqual(['taken']);
  });

  test('is not taken if the API server has another one, or none', () => {
    expect(of('PEM', { pem: 'OTHER' })).toEqual([
      'not taken: the config has another CA, from the settings of the API server',
    ]);
    expect(of('PEM')).toEqual([
      'not taken: adopt takes the CA for Kanidm only from the settings of the API server, which contain none; if kubelogin needs this CA, name its file in `authentication.ca.file` of the cluster: the API server then trusts only this CA for Kanidm',
    ]);
    expect(of('PEM', undefined, { apiServers: [] })).toEqual([`not taken: ${noServer}`]);
  });
});

describe('a resource of Kanidm', () => {
  test('is taken if it has the domain, and not otherwise', () => {
    const resource = { name: 'idm' };
    const servers = [
      { source: 's', resource, domain: 'idm.example.org' },
      { source: 's', resource: { name: 'test' }, domain: 'idm.example.net' },
      { source: 's', domain: 'idm.example.org' },
    ];
    expect(told(adopted({ servers }), 'kanidm')).toEqual([
      'taken',
      'not taken: people sign in at https://idm.example.org, which is another Kanidm',
    ]);
  });
});

describe('a part that was passed over', () => {
  const of = (one: Omit<PassedOver, 'source' | 'what'>, facts: Partial<Facts> = {}) =>
    told(adopted({ passedOver: [{ source: 'p', what: 'x', ...one }], ...facts }), 'passed');

  test('is left alone if it is not about sign-in', () => {
    expect(of({ why: 'not about sign-in' })).toEqual(['left alone: Kaniflux does not change it']);
  });

  test('is not understood', () => {
    expect(of({ why: 'not understood' })).toEqual(['not taken: adopt does not understand this item']);
    expect(of({ why: 'not understood', instead: 'give it the file' })).toEqual([
      'not taken: adopt does not understand this item; give it the file',
    ]);
  });

  test('runs Kanidm, and is taken only with its HelmRelease', () => {
    const releases = [{ source: 'r', name: 'kanidm', helm: { chart: 'kanidm' }, domain: 'idm.example.org' }];
    const elsewhere =
      'not taken: Kaniflux does not take over a Kanidm that something else deploys: this Kanidm stays unchanged, and the config treats it as a Kanidm that runs elsewhere; to move its data, see docs/backup.md';
    expect(of({ why: 'runs Kanidm', release: 'kanidm' }, { releases })).toEqual(['taken']);
    expect(of({ why: 'runs Kanidm', release: 'idm' }, { releases })).toEqual([elsewhere]);
    expect(of({ why: 'runs Kanidm' }, { releases })).toEqual([elsewhere]);
    expect(of({ why: 'runs Kanidm' })).toEqual([elsewhere]);
  });
});

test('only files that the config names are written', () => {
  const one = adopted({ serverCa: 'SERVER', apiServers: [server({ ca: { pem: 'no certificate' } })] });
  expect(Object.keys(one.files).every((name) => JSON.stringify(one.config).includes(`"${name}"`))).toBe(true);
});

test('what is assumed about Kanidm is a note at the source of the issuer', () => {
  expect(adopted().notes).toEqual([
    {
      source: 'auth.yaml',
      text: 'client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client',
    },
  ]);
  expect(adopted({ entries: [] }).notes.map(({ text }) => text)).toContain(
    'the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints',
  );
  const notes = [{ source: 'x', text: 'read before' }];
  expect(adopted({ notes }).notes[0]).toEqual({ source: 'x', text: 'read before' });
});
