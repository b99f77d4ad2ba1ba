import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificates } from '../../lib/config/certificates';
import { grantProblems } from '../../lib/config/grants';
import { memberProblems } from '../../lib/config/members';
import { memoryReader } from '../../lib/config/reader';
import type { WholeInput } from '../../lib/config/schema/config-schema';
import type { Finding } from '../../lib/findings/finding';
import { formatFindings } from '../../lib/findings/finding-text';
import { homeLab, load } from '../config';

const folder = join(__dirname, '..', 'fixtures', 'invalid');
const rules = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

/** A file that is listed and cannot be read. */
const unreadable: Record<string, string> = {
  get 'clusters/a.yaml'(): string {
    throw new Error("EACCES: permission denied, open '/home/jane/clusters/a.yaml'");
  },
};

const cluster = (name: string) =>
  `{ name: ${name}, server: "https://192.0.2.9:6443", kubernetes: "1.34", client: k8s, controlPlane: k3s }`;

/** The files that a config names, by its code. */
const filesOf: Record<string, Record<string, string>> = {
  'cluster-unreadable': unreadable,
  'cluster-not-matched': { 'clusters/b.yml': cluster('b'), 'clusters/c.yml': 'name: c', 'clusters/d.yml': 'name: [' },
};

describe('each broken config', () => {
  test.each(rules)('%s', (rule) => {
    const text = readFileSync(join(folder, `${rule}.yaml`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${rule}: `));
    const { config, findings } = load(text, filesOf[rule] ?? {});
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toContain(rule);
    expect(config).toBeUndefined();
    expect(formatFindings(findings)).toMatchSnapshot();
  });
});

test('a file with another ending is fine if it is not one of a cluster, or if the glob names files', () => {
  const codes = (clusters: string, files: Record<string, string>) =>
    load(
      `kanidm: { domain: idm.example.com }\nclients: { k8s: { landingUrl: "http://localhost:8000" } }\nclusters: ${clusters}\n`,
      {
        'clusters/a.yaml': cluster('a'),
        ...files,
      },
    ).findings.flatMap(({ code, severity }) => (severity === 'error' ? [code] : []));
  expect(codes('clusters/*.yaml', { 'clusters/c.yml': 'name: c' })).toEqual([]);
  expect(codes('clusters/*.yaml', { 'clusters/sub/b.yml': cluster('b') })).toEqual([]);
  expect(codes('clusters/a.yaml', { 'clusters/a.yml': cluster('b') })).toEqual([]);
  expect(codes('clusters/*.y*ml', { 'clusters/b.yml': cluster('b') })).toEqual([]);
  expect(codes('clusters/a*.yaml', { 'clusters/b.yml': cluster('b') })).toEqual([]);
  expect(codes('clusters/{a,b}.yaml', { 'clusters/b.old.yaml': cluster('b') })).toEqual([]);
});

test.each([
  ['clusters/*.yaml', 'clusters/b.yml', 'clusters/b.yaml'],
  ['./clusters/*.yaml', 'clusters/E.YAML', 'clusters/E.yaml'],
  ['clusters/*.{yaml,yml}', 'clusters/E.Yml', 'clusters/E.yaml'],
  ['clusters/{a,b}.y?ml', 'clusters/b.yml', 'clusters/b.yaml'],
  ['clusters/*/cluster.yml', 'clusters/b/cluster.yaml', 'clusters/b/cluster.yml'],
  ['clusters/*.YAML', 'clusters/b.yaml', 'clusters/b.YAML'],
])('%s does not match %s only because of its ending', (clusters, file, renamed) => {
  const { findings } = load(`kanidm: { domain: idm.example.com }\nclusters: "${clusters}"\n`, {
    [file]: cluster('b'),
  });
  expect(findings.find(({ code }) => code === 'cluster-not-matched')?.fix).toContain(
    `rename the file to \`${renamed}\``,
  );
});

test('the fix of an empty file of a cluster is about a cluster', () => {
  const { findings } = load('kanidm: { domain: idm.example.com }\nclusters: clusters/*.yaml\n', {
    'clusters/a.yaml': '',
  });
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'empty-file', fix: 'write the fields of a cluster, or remove the file' }),
  );
});

describe('the file of a CA', () => {
  const config = homeLab({ clusters: { homelab: { authentication: { ca: { file: 'ca.crt' } } } } });
  const pem = (what: string) => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----\n`;
  const codes = (text: string) =>
    load(config, { 'ca.crt': text })
      .findings.filter(({ severity }) => severity === 'error')
      .map(({ code, path }) => [code, path?.join('.')]);
  const place = 'clusters.homelab.authentication.ca.file';

  test.each([
    ['ca-holds-key', pem('CERTIFICATE') + pem('PRIVATE KEY')],
    ['ca-not-pem', 'a certificate in another form'],
  ])('%s', (code, text) => expect(codes(text)).toEqual([[code, place]]));

  test('that holds a certificate is fine', () => expect(codes(pem('CERTIFICATE'))).toEqual([]));
});

test.each([
  ['/ca.crt', ['bad-value']],
  ['/etc/../ca.crt', ['bad-value']],
  ['/etc/ca.crt', []],
])('the CA on the nodes at %s is in a folder that a pod can mount: %j', (nodePath, codes) => {
  const { findings } = load(homeLab({ clusters: { homelab: { authentication: { ca: { nodePath } } } } }));
  expect(findings.filter(({ path }) => path?.at(-1) === 'nodePath').map(({ code }) => code)).toEqual(codes);
});

test('a field conflicts with another only if it was written, not as a default', () => {
  const conflicts = (issuer: object) =>
    load(homeLab({ clusters: { homelab: { authentication: { method: 'structured' }, issuers: { ci: issuer } } } }))
      .findings.map(({ code, path }) => `${code} ${path?.at(-1)}`)
      .filter((said) => said.startsWith('conflicting-key'));
  const issuer = { url: 'https://ci.example.com', audiences: ['homelab'], username: { prefix: 'ci:' } };
  expect(conflicts(issuer)).toEqual([]);
  expect(conflicts({ ...issuer, claim: 'sub' })).toEqual(['conflicting-key claim']);
});

test.each<[object, string]>([
  [{ authentication: { ca: { file: 'none' } } }, 'authentication.ca.file'],
  [{ kubeconfig: { certificateAuthority: { file: 'none' } } }, 'kubeconfig.certificateAuthority.file'],
  [
    {
      authentication: { method: 'structured' },
      issuers: { ci: { url: 'https://ci.example.com', audiences: ['a'], ca: { file: 'none' } } },
    },
    'issuers.ci.ca.file',
  ],
])('a missing file of %j has its place', (homelab, path) => {
  const { findings } = load(homeLab({ clusters: { homelab } }));
  expect(findings.filter(({ code }) => code === 'ca-unreadable').map((one) => one.path?.join('.'))).toEqual([
    `clusters.homelab.${path}`,
  ]);
});

test('a missing image is told so at its place', () => {
  const { findings } = load(homeLab({ clients: { k8s: { image: 'none.svg' } } }));
  expect(findings.filter(({ code }) => code === 'image-unreadable')).toMatchObject([
    {
      path: ['clients', 'k8s', 'image'],
      message: "`none.svg` can't be read: no such file",
      fix: 'write a path relative to the folder of `kaniflux.yaml`, or `{ url: https://…, sha256: … }`',
    },
  ]);
});

describe('the certificates of a CA', () => {
  const one = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';
  const read = (ca: { file?: string; pem?: string }, content = '') => {
    const problems: Finding[] = [];
    const reader = memoryReader({ 'ca.crt': content });
    const text = readCertificates(ca, ['ca'], { reader, problems });
    return [text, ...problems.map(({ code, place, message, fix }) => [code, place.path.join('.'), message, fix])];
  };
  const whole = `-----BEGIN CERTIFICATE-----
MIIBdDCCARmgAwIBAgIUK5WnD5yx7lfNSs8GLGJXp+9Dz64wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjgwOTE2NDBaFw0zNjExMjUwOTE2NDBa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASQ+NoI
i1HoDhSn8hlx1XCncA0Hu97mxitEVumJUr1nbkp6fNI7W7tDS1B3IKdd9ql2P9VZ
NlGF7kV2fxrVjYGbo1MwUTAdBgNVHQ4EFgQUVCpVJ8rdfZnqvn9idgU7ToDpI7Uw
HwYDVR0jBBgwFoAUVCpVJ8rdfZnqvn9idgU7ToDpI7UwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNJADBGAiEA5C7oe0s7T/keKX9wpRJmUgIj7UY1gBKpJmgL
X+aAWY0CIQCq8oY2MevKuLKWgMkGCqI8PsoPAtfUFTQ9VhUgQqAN0g==
-----END CERTIFICATE-----`;
  const wide = whole.replace(/(?<=[A-Za-z0-9+/]{64})\n/g, '');
  const lacking = whole.split('\n').toSpliced(2, 1).join('\n');
  const incomplete = [
    'ca-not-pem',
    'ca.file',
    '`ca.crt` holds a certificate that is incomplete: the API server would not start',
    'copy the whole certificate: `openssl x509 -in …` prints it',
  ];
  const convert = 'convert it: `openssl x509 -inform der -in …`';

  test.each([
    [{ file: 'ca.crt' }, `# c\n${one}\n${one.replaceAll('\n', '\r\n')}`, [`${one}\n${one}\n`]],
    [{ pem: `${one}\n# c\n` }, '', [`${one}\n`]],
    [{ file: 'ca.crt' }, `  ${one.replaceAll('\n', ' \n\t')}`, [`${one}\n`]],
    [
      { file: 'ca.crt' },
      one.replace('MII', '…'),
      [
        `${one.replace('MII', '…')}\n`,
        [
          'ca-not-pem',
          'ca.file',
          '`ca.crt` holds a certificate that is not Base64: the API server would not start',
          'copy the whole certificate: `openssl x509 -in …` prints it',
        ],
      ],
    ],
    [
      { file: 'ca.crt' },
      `${one}\n${key}`,
      [
        `${one}\n`,
        ['ca-holds-key', 'ca.file', '`ca.crt` holds a private key', 'name a file that holds only certificates'],
      ],
    ],
    [{ pem: key }, '', ['', ['ca-holds-key', 'ca.pem', 'the text holds a private key', 'write only certificates']]],
    // These are the same bytes, but with other line breaks.
    [{ file: 'ca.crt' }, whole.replaceAll('\n', ''), [`${whole}\n`]],
    [{ pem: `${whole}\n`.replaceAll('\n', ' ') }, '', [`${whole}\n`]],
    [{ file: 'ca.crt' }, wide, [`${wide}\n`]],
    [{ file: 'ca.crt' }, lacking, [`${lacking}\n`, incomplete]],
    [{ file: 'ca.crt' }, `${whole}\n${lacking}`, [`${whole}\n${lacking}\n`, incomplete]],
    [
      { file: 'ca.crt' },
      btoa(whole),
      ['', ['ca-not-pem', 'ca.file', '`ca.crt` holds no PEM certificate', 'convert it: `base64 -d …`']],
    ],
    [
      { file: 'ca.crt' },
      '\n',
      [
        '',
        [
          'ca-not-pem',
          'ca.file',
          '`ca.crt` holds no PEM certificate',
          'write the certificate, which begins with `-----BEGIN CERTIFICATE-----`',
        ],
      ],
    ],
    [{ file: 'ca.crt' }, 'x', ['', ['ca-not-pem', 'ca.file', '`ca.crt` holds no PEM certificate', convert]]],
    [{ pem: 'x' }, '', ['', ['ca-not-pem', 'ca.pem', 'the text holds no PEM certificate', convert]]],
    [
      { file: 'none' },
      '',
      [
        '',
        [
          'ca-unreadable',
          'ca.file',
          "`none` can't be read: no such file",
          'write a path relative to the folder of `kaniflux.yaml`',
        ],
      ],
    ],
  ])('of %j', (ca, content, expected) => expect(read(ca, content)).toEqual(expected));
});

test.each<[object, ...[string, string, string, string][]]>([
  [
    {},
    ['grant-role', '', '`g` grants no role', 'add `clusterRole:`, or `role:` with `namespaces:`'],
    [
      'grant-to-nobody',
      '',
      '`g` names no people, groups, service accounts or subjects',
      'add `people:`, `groups:`, `serviceAccounts:` or `subjects:`',
    ],
  ],
  [
    { clusterRole: 'a', role: 'b', people: ['p'] },
    [
      'grant-role',
      '.role',
      '`g` grants a ClusterRole and a Role',
      'keep one of the two roles, and add a second grant for the other role',
    ],
  ],
  [
    { role: 'b', groups: ['p'] },
    [
      'role-needs-namespaces',
      '.role',
      'a Role belongs to a namespace, but the grant `g` names no namespace',
      'add `namespaces:`, or write `clusterRole:`',
    ],
  ],
  [{ role: 'b', namespaces: ['n'], serviceAccounts: ['p'] }],
  [{ clusterRole: 'a', subjects: { users: ['u'] } }],
  [{ clusterRole: 'a', namespaces: ['n'], subjects: { groups: ['u'] } }],
])('a grant %j is told what it lacks, on a cluster and for all', (fields, ...expected) => {
  const grants = [{ name: 'g', ...fields }];
  const input = { clusters: { c: { grants }, none: {} }, grants } as unknown as WholeInput;
  const all = ['clusters.c.grants.0', 'grants.0'].flatMap((place) =>
    expected.map(([code, rest, message, fix]) => [code, `${place}${rest}`, message, fix]),
  );
  expect(
    grantProblems(input).map(({ code, place, message, fix }) => [code, place.path.join('.'), message, fix]),
  ).toEqual(all);
});

test('a member is listed once, with or without a term', () => {
  const members = ['a', { name: 'b' }, { name: 'a', until: '2030-01-01' }, 'a'];
  const input = { groups: { team: { members }, other: { members: ['a', { name: 'b' }] }, none: {} } };
  expect(memberProblems(input as unknown as WholeInput)).toMatchObject(
    [2, 3].map((i) => ({
      code: 'member-twice',
      place: { path: ['groups', 'team', 'members', i], at: 'key' },
      message: '`a` is listed twice as a member of `team`',
      fix: 'keep one of the two entries',
    })),
  );
  expect(memberProblems({} as unknown as WholeInput)).toEqual([]);
});
