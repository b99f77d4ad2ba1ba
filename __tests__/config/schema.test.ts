import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readingCodes } from '../../lib/config/reading-codes';
import * as patterns from '../../lib/config/schema/field-patterns';
import { configReference, publishedSchema } from '../../scripts/config-reference';

const read = (...path: string[]) => readFileSync(join(__dirname, '..', '..', ...path), 'utf8');

/* Editors check a config by the published schema. People read the texts of the schema in editors, in config.md and in messages. */
test('the published schema and its page are those of the schema that is validated', () => {
  expect(JSON.parse(read('schema', 'kaniflux.schema.json'))).toEqual(publishedSchema());
  expect(configReference()).toBe(read('docs', 'config.md'));
});

test('the page of each code has its title', () => {
  for (const [code, { title }] of Object.entries(readingCodes)) {
    expect(read('docs', 'findings', `${code}.md`).split('\n')[0]).toBe(`# ${code}: ${title}`);
  }
});

const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const x = (length: number) => 'x'.repeat(length);
const { patternWords, ...named } = patterns;

/** For each pattern, texts that it accepts and texts that it refuses. */
const cases: Record<keyof typeof named, readonly [readonly string[], readonly string[]]> = {
  kanidmName: [
    ['a', 'jane', 'a.b-c_d9', x(64)],
    ['', '1a', '_a', 'Jane', 'jaNe', 'a b', x(65)],
  ],
  clientName: [
    ['a', 'k8s', 'a.b-c_d9', x(64)],
    ['', '1a', '-a', 'K8s', 'k8S', 'a b', x(65)],
  ],
  mailAddress: [
    ['jane@example.com', "j.o'x+tag@localhost", 'j@a.b-c.example', 'J@A.Example', `j@${x(63)}.${x(63)}`, 'j@a1.b2'],
    [
      ...['jane', '@example.com', 'jane@', 'jane@-a.example', 'jane@a-.example', 'jane@a..example', 'ja ne@a.example'],
      ...['jane@example.com.', 'jane@example.com ', 'a@b@c', `j@${x(64)}`, `j@a.${x(64)}`, 'j@a.-b', 'j@a.b-', ' j@a'],
    ],
  ],
  loginShell: [
    ['/bin/bash', '/run/current-system/sw/bin/fish', '/opt/my shell'],
    ['', '/opt/Cellar/bash', '/bin/bash\n', '/bin\t/sh', '/bin/sh\x7f'],
  ],
  scopeWord: [
    ['openid', 'a:b', 'a.b', 'a-b', 'a_B:1', 'https://x', 'a:b.c-d'],
    ['', ':a', 'a:', 'a::b', 'a b', 'a:/b', 'a//b', '-a', 'a-'],
  ],
  claimWord: [
    ['a', 'A_b:c-9'],
    ['', 'a.b', 'a-', '-a', 'a--b', 'a b', 'a:'],
  ],
  requiredClaim: [
    ['hd', 'https://example.com/team', 'a:b'],
    ['', 'a=b', 'a b', '=', ' a'],
  ],
  chartName: [
    ['kanidm', 'a-b_c.2'],
    ['', 'kanidm/kanidm', './charts/kanidm', 'kanidm ', 'a b'],
  ],
  chartRepository: [
    ['https://a.example', 'http://a.example:8080/x', 'oci://a.example/x@y', 'https://a.example/?q=a@b'],
    [
      '',
      'a.example',
      'git@a.example:x',
      'https://jane:s@a.example',
      'https://jane@a.example/x',
      'https://a b',
      'https://',
    ],
  ],
  plainUrl: [
    ['https://a.example', 'https://a.example/x.svg?v=1@2', 'https://a.example?v=1'],
    ['', 'http://a.example', 'https://jane:s@a.example/x', 'https://a.example/x y', 'https://'],
  ],
  plainVersion: [
    ['1.11', '1.11.1', '0.0', '10.20.30'],
    ['1', '1.', 'v1.11', '01.1', '1.01', '1.1.01', '1.1.1.1', '1.11-rc', '1x11', '1.11x1'],
  ],
  printedVersion: [
    ['1.34', 'v1.34', 'v1.34.4', 'v1.34.4+k3s1', '1.30.9-eks-a1b2', '1.34.0+rke2r1.x-y'],
    [
      '1',
      'v1',
      'vv1.34',
      '1.34.4-rc.1',
      '1.34+k3s1',
      '1.34.4+',
      '1.34.4-eks-xyz',
      '1.034',
      '1x34',
      '1.34x4',
      '1.34.4-eks-a1 ',
    ],
  ],
  dnsLabel: [
    ['a', '0', 'a-b', x(63)],
    ['', '-a', 'a-', 'A', 'a.b', 'a_b', x(64)],
  ],
  dnsName: [
    ['a', 'a.b', 'a-1.b-2.c', x(63), `a.${x(63)}`],
    ['', '.a', 'a.', 'a..b', '-a.b', 'a-.b', 'a.-b', 'a.b-', 'A.b', 'a.B', x(64), `a.${x(64)}`, 'a_b'],
  ],
  domainName: [
    ['a', 'idm.example.com', '1.example', '10.x', '0x.a', 'a.0xg'],
    ['', '192.0.2.5', '1', 'a.1', 'a.0x', '0x7f', 'a.0x7f', 'A.b', 'a..b', 'https://a'],
  ],
  annotationName: [
    [
      ...['a', 'example.com/a', 'a/B_c.D-e', 'a-b/c', x(63), `a/${x(63)}`, 'constructor1', 'a/constructor'],
      ...['a--b.c/d', 'a..b', `${x(253)}/a`],
    ],
    [
      ...['', 'constructor', '/a', 'a/', '-a', 'a-', '-x/a', 'x-/a', 'A/a', 'a/b/c', 'a b', x(64)],
      ...['a..b/c', 'a.-b/c', 'a-.b/c', '.a/b', 'a./b', `${x(254)}/a`],
    ],
  ],
  rbacName: [
    ['system:basic-user', 'a', '...', '.a', 'a.', 'A_b'],
    ['', '.', '..', 'a/b', 'a%b', 'a b', 'a\u0001b', 'a\u001fb', '/a', 'a '],
  ],
  extraKey: [
    ['example.com/team', 'a/b', "a-b.c-d/x/y%:@._~!$&'()*+,;=-9", 'k8s.io.example/x', 'myk8s.io/x', '1.2/x'],
    [
      ...['k8s.io/x', 'kubernetes.io/x', 'a.k8s.io/x', 'a.b.kubernetes.io/x', 'example.com', 'example.com/', '/x'],
      ...['Example.com/x', '-a/x', 'a-/x', 'a/X', 'a..b/x', 'a.-b/x', 'a.b-/x', 'a.B/x', 'a/x y', ' a/x'],
    ],
  ],
  uuid: [
    [uuid],
    ['', uuid.toUpperCase(), uuid.slice(1), `${uuid}0`, `0${uuid}`, uuid.replaceAll('-', ''), uuid.replace('7b', 'g0')],
  ],
  instant: [
    ['2027-01-01T00:00:00Z', '2027-12-31T23:59:59.5+02:00', '2027-01-01T00:00:00.125-11:30'],
    [
      ...[
        '2027-01-01',
        '2027-01-01T00:00:00',
        '2027-01-01T00:00:00+0200',
        '2027-01-01 00:00:00Z',
        '2027-01-01T00:00:00.Z',
      ],
      ...[
        '2027-1-01T00:00:00Z',
        '27-01-01T00:00:00Z',
        '2027-01-01T00:00Z',
        '2027-01-01T00:00:00z',
        ' 2027-01-01T00:00:00Z',
      ],
      ...['2027-01-01T00:00:00ZZ', '2027-01-01T0:00:00Z', '2027-01-1T00:00:00Z'],
    ],
  ],
  day: [
    ['2027-01-31', '2027-12-01', '2027-10-29', '2027-09-30', '2027-02-19'],
    [
      '2027-13-01',
      '2027-00-01',
      '2027-01-00',
      '2027-01-32',
      '2027-20-01',
      '27-01-01',
      '2027-1-01',
      '2027-01-1',
      '2027-01-01T',
      '12027-01-01',
    ],
  ],
  duration: [
    ['10m', '1h30m', '0.5s', '100ms', '0h1s', '1.25h'],
    ['', '0s', '0h0.0m', '10', 'm', '1d', '-1m', '1h ', '.5s', '1.s', '1h30'],
  ],
  sourcePath: [
    ['./dist', 'dist/a', '.', '..a', 'a..b', 'a/..b', 'a/b../c', './my net/dist', 'a  b'],
    ['', '/dist', '..', '../a', 'a/..', 'a/../b', ' a', 'a ', 'a\tb', 'a\nb', 'a\u00a0b', 'a\\b'],
  ],
  imageName: [
    ['docker.io/kanidm/server', 'server', 'localhost:5000/a', 'a/b', 'a.example:1/b/c'],
    ['', 'a:1', 'docker.io/a:1', 'a@sha256:b', 'a/b@c', 'a b', 'host:port/a', ':5000/a', 'a:5000/'],
  ],
  pinnedImage: [
    [
      'busybox:1',
      'localhost:5000/a:b',
      'a.example/b/c:V1_2.3-4',
      `a@sha256:${'0'.repeat(64)}`,
      `a/b:1@sha256:${'f'.repeat(64)}`,
    ],
    [
      '',
      'busybox',
      'a/b',
      'localhost:5000/a',
      'a:',
      'a:-1',
      'a@sha256:0',
      'a:1 ',
      'A:1',
      'a:1:2',
      `a:${'1'.repeat(129)}`,
    ],
  ],
  cronExpression: [
    ['00 22 * * *', '@daily', ' @daily ', '0 0 22 * * *', '0 0 22 * * * 2027', '  1  2 3   4 5 '],
    ['', '1 2 3 4', '1 2 3 4 5 6 7 8', '@', '@Daily', '@daily x', 'x @daily', '1 2 3 4 5\n', '12345'],
  ],
  volumeSize: [
    ['2Gi', '0.5Ti', '10Mi', '1.25Gi', '100Gi'],
    ['', '0Gi', '0.0Gi', '2', 'Gi', '2G', '2Ki', '.5Gi', '2.Gi', '2Gi ', '-2Gi'],
  ],
  backupFile: [
    ['a.gz', 'backup-2027-01-01T22:00:00.000000001Z.json.gz', '0_A.gz'],
    ['.gz', 'a.json', 'a/b.gz', 'a.gz.zst', '-a.gz', 'agz', 'a b.gz', ''],
  ],
  secretKey: [
    ['values.yaml', 'A_b-c', '.a', '-', x(253)],
    ['', '.', '..', '..a', 'my values.yaml', 'a/b', 'a:b', x(254)],
  ],
  valuePath: [
    ['a', 'a.b-c_D', 'a[0].b[12345]', 'annotations.cert-manager\\.io/issuer', x(250)],
    ['', 'a b', 'a."b.c/d"', 'a[]', 'a[x]', 'a[123456]', 'a:b', x(251)],
  ],
  findingCode: [
    ['a', 'no-break-glass', 'a1-2', 'a-1b'],
    ['', '-a', 'a-', 'a--b', 'A', 'a-B', '1a', 'a_b'],
  ],
};

test.each(Object.entries(cases))('%s accepts and refuses', (name, [accepted, refused]) => {
  const pattern = new RegExp(named[name as keyof typeof named], 'u');
  expect(accepted.filter((text) => !pattern.test(text))).toEqual([]);
  expect(refused.filter((text) => pattern.test(text))).toEqual([]);
});

test('each pattern has words, and their examples conform to it', () => {
  expect(Object.keys(patternWords).sort()).toEqual(Object.values(named).sort());
  const examples = Object.entries(patternWords).flatMap(([pattern, words]) =>
    [...words.replace(/; .*/, '').matchAll(/for example `([^`]+)`/g)].map(([, text = '']) => ({
      pattern,
      text,
    })),
  );
  expect(examples.length).toBeGreaterThan(12);
  for (const { pattern, text } of examples) expect(text).toMatch(new RegExp(pattern, 'u'));
  expect(Object.values(patternWords).filter((words) => !/^[\w-]+,? [^:]+/.test(words))).toEqual([]);
});
