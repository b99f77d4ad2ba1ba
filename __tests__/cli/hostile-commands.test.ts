import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { homeLab } from '../config';
import { run } from '../run';

/*
 * Runs whole commands on a config, manifests, tokens and logs from an attacker, who wants to control the reader's
 * terminal, browser or pipeline.
 */

const escapes = '\u001b]0;owned\u0007\u001b[2J\u202e\u2028\u0085';
/** A valid name in Kubernetes, which forbids little more than `/` and `%`. */
const name = '<img-src=x>`"]|[a](b)@all*_{}#1;-->';
const hostile = `${escapes}<script>alert(1)</script>\r\n::error file=x::owned\n| \`a\` | [b](http://evil.example) @everyone`;

/** The hostile text in a form that an API server accepts as a name. */
const accepted = hostile.replaceAll('/', '');

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-hostile-'));
const config = (change: Record<string, unknown> = {}) =>
  stringify(
    homeLab({
      people: { datosh: { displayName: '<b>`x`](y) @all | "]' } },
      roles: { [name]: { rules: [{ apiGroups: [''], resources: [hostile, 'secrets'], verbs: ['get', hostile] }] } },
      checks: {
        ignore: [{ code: 'no-break-glass', reason: '<script>alert(1)</script> | ](http://evil.example) @everyone' }],
      },
      clusters: {
        homelab: {
          authentication: { groups: {} },
          grants: [
            { name, clusterRole: name, people: ['datosh'] },
            { name: 'b', clusterRole: 'cluster-admin', groups: ['k8s_users'], namespaces: ['web'] },
          ],
          ...change,
        },
      },
    }),
  ).replace(/[\u0085\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

{
  writeFileSync(join(folder, 'before.yaml'), config({ grants: [] }));
  writeFileSync(join(folder, 'after.yaml'), config());
  const odd = join(folder, 'hand', '<b>|`::error::, [x](y)');
  mkdirSync(odd, { recursive: true });
  const object = (kind: string, more: object) =>
    JSON.stringify({ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: accepted }, ...more });
  const subjects = [
    { kind: 'User', name: hostile },
    { kind: 'Group', name: 'system:unauthenticated' },
  ];
  writeFileSync(
    join(odd, `a,b:c${escapes}.json`),
    object('ClusterRoleBinding', { roleRef: { kind: 'ClusterRole', name: accepted }, subjects }),
  );
  writeFileSync(
    join(odd, 'refused.json'),
    object('ClusterRoleBinding', { roleRef: { kind: 'ClusterRole', name: hostile }, subjects }),
  );
  writeFileSync(
    join(odd, 'role.json'),
    object('ClusterRole', { rules: [{ verbs: ['*'], apiGroups: [''], resources: [hostile] }] }),
  );
  writeFileSync(join(odd, `broken${escapes}.yaml`), `${hostile}: [`);
}
afterAll(() => rmSync(folder, { recursive: true }));

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { iss: hostile, aud: [hostile], sub: hostile, exp: 4e9, groups: [hostile] };
const token = (more: object = {}) => `${part({ alg: hostile })}.${part({ ...claims, ...more })}.x`;
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const log = `${escapes}oidc: id token signed with unsupported algorithm, expected ["RS256"] got "ES256" ${hostile}`;

const check = ['check', '-c', 'after.yaml', '--manifests', 'hand', '--format'];
const diff = ['diff', 'before.yaml', 'after.yaml', '--files', '--format'];

const commands: readonly [string, string[], string?][] = [
  ...['text', 'json', 'sarif', 'github', 'markdown'].map((format): [string, string[]] => [
    `check as ${format}`,
    [...check, format],
  ]),
  ...['text', 'json', 'markdown'].map((format): [string, string[]] => [`diff as ${format}`, [...diff, format]]),
  ...['text', 'json'].flatMap((format): [string, string[], string?][] => [
    [`who-can as ${format}`, ['who-can', 'get', 'secrets', '-c', 'after.yaml', '--format', format]],
    [
      `who-can, asked for something hostile, as ${format}`,
      ['who-can', 'get', `${hostile}.example.com`, '-n', 'web', '-c', 'after.yaml', '--format', format],
    ],
    [`explain a person as ${format}`, ['explain', 'datosh', '-c', 'after.yaml', '--format', format]],
    [
      `explain a foreign token as ${format}`,
      ['explain', '--token', '-', '-c', 'after.yaml', '--format', format],
      token(),
    ],
    [
      `explain a token of our issuer as ${format}`,
      ['explain', '--token', '-', '-c', 'after.yaml', '--format', format],
      token({ iss: issuer }),
    ],
    [`explain a log as ${format}`, ['explain', '--log', '-', '--format', format], log],
  ]),
  ['who-can, asked for a hostile namespace', ['who-can', 'get', 'secrets', '-n', hostile, '-c', 'after.yaml']],
  ['who-can, asked for what is not there', ['who-can', hostile, hostile, '-c', 'after.yaml']],
  ['explain somebody who is not there', ['explain', hostile, '-c', 'after.yaml']],
  ['a cluster that is not there', ['check', '-c', 'after.yaml', '--cluster', hostile]],
  ['a revision that is not there', ['diff', '-c', 'after.yaml', '--base', hostile]],
  ['a file that is not there', ['check', '-c', `${hostile}.yaml`]],
  ['a folder that is not there', ['check', '-c', 'after.yaml', '--manifests', `${hostile}`]],
];

describe.each(commands)('%s', (title, argv, stdin = '') => {
  const ran = run(argv, { cwd: folder, stdin: async () => stdin });

  test('sends nothing to a terminal that it would obey', async () => {
    const { stdout, stderr } = await ran;
    expect(stdout + stderr).not.toBe('');
    for (const text of [stdout, stderr]) expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  if (/json|sarif/.test(title)) {
    test('is JSON', async () => {
      const { stdout } = await ran;
      expect(() => JSON.parse(stdout)).not.toThrow();
    });
  } else {
    test('lets no text pass for a line of its own', async () => {
      const { stdout, stderr } = await ran;
      const begun = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(::error file=x|owned|\| `a`)/.test(line));
      expect(begun).toEqual([]);
    });
  }

  if (title.endsWith('markdown')) {
    test('is no markup outside of code spans', async () => {
      const { stdout } = await ran;
      const plain = stdout.replace(/(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, '');
      expect(plain).not.toMatch(/<\w|(^|[^\\])\]\(|@(?!&)/);
    });
  }
});

test('GitHub annotations are one line for each finding, with a place that ends where it ends', async () => {
  const { stdout } = await run([...check, 'github'], { cwd: folder });
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines.slice(0, -1)) {
    expect(line).toMatch(/^::(error|warning|notice) (file=[^,:]+,line=\d+,col=\d+,)?title=[a-z-]+::[^\r\n]+$/);
  }
  expect(lines.at(-1)).toMatch(/^\d+ error/);
});

test('an option that takes one value cannot be given twice, because only the last value would count', async () => {
  const check = (...argv: string[]) => run(['check', ...argv]);
  for (const twice of [
    ['--cluster', 'homelab', '--cluster=homelab'],
    ['-c', 'kaniflux.yaml', '--config', 'kaniflux.yaml'],
  ])
    expect(await check(...twice)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^kaniflux: --\w+ can be given only once\n$/),
    });
  expect((await check('--manifests', '.', '--manifests', '.')).stderr).not.toContain('only once');
  expect(await run(['synth', '--check', '--check', '-q', '-q'])).not.toMatchObject({ code: 2 });
});
