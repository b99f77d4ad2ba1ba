import { parse, stringify } from 'yaml';
import { authenticationConfigFile } from '../../lib/node-files/api-server-settings';
import { clusterSettings } from '../../lib/node-files/control-plane-files';
import { mergeAuthenticationConfig } from '../../lib/node-files/merged-authentication-config';
import { clusterOf, filesOf, pem } from './cluster';

const renderedWith = (authentication: object = {}, kubernetes = '1.34') => {
  const { config, cluster } = clusterOf({
    kubernetes,
    authentication: { method: 'structured', groups: {}, ...authentication },
  });
  return authenticationConfigFile(clusterSettings(config, cluster))?.text ?? '';
};
const rendered = renderedWith();
const [own] = parse(rendered).jwt;
const url = 'https://sso.kammel.dev/oauth2/openid/k8s';

const head = 'apiVersion: apiserver.config.k8s.io/v1beta1\nkind: AuthenticationConfiguration\n';
const ci = `  # deploys from the forge
  - issuer:
      url: https://git.example.net/api/actions # by the CI team
      audiences: [forge]
    claimMappings:
      username: {claim: sub, prefix: "forge:"}
`;
const fileOf = (...entries: object[]) => `${head}${stringify({ jwt: entries })}`;
const entry = (change: object) => ({
  issuer: { url: 'https://ci.example.com', audiences: ['ci'] },
  claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
  ...change,
});

test('the entries of others stay as they are written, after the rendered ones', () => {
  const { text, kept, notes } = mergeAuthenticationConfig(`${head}jwt:\n${ci}`, rendered);
  expect(text).toContain(ci);
  expect(parse(text)).toEqual({ ...parse(rendered), jwt: [own, parse(`jwt:\n${ci}`).jwt[0]] });
  expect(kept).toEqual(['https://git.example.net/api/actions']);
  expect(notes).toEqual([]);
});

test('merging again changes nothing', () => {
  const once = mergeAuthenticationConfig(`${head}jwt:\n${ci}`, rendered).text;
  expect(mergeAuthenticationConfig(once, rendered)).toEqual({
    text: once,
    kept: ['https://git.example.net/api/actions'],
    notes: [],
  });
});

test.each(['', 'jwt:\n', 'jwt: []\n'])('a file without issuers becomes the rendered one: %j', (jwt) => {
  expect(parse(mergeAuthenticationConfig(head + jwt, rendered).text)).toEqual(parse(rendered));
});

test('what Kaniflux rendered before is replaced, and the names that it made are no reason to keep it', () => {
  const before = renderedWith({ claim: 'email', groups: { prefix: 'oidc:' } });
  const { text, kept, notes } = mergeAuthenticationConfig(before, rendered);
  expect(parse(text)).toEqual(parse(rendered));
  expect(kept).toEqual([]);
  expect(notes).toEqual([`replaced: jwt[0] for the issuer ${url}`]);
});

test.each<[string, object]>([
  ['the audience web', { issuer: { url, audiences: ['k8s', 'web'], audienceMatchPolicy: 'MatchAny' } }],
  ['issuer.discoveryURL', { issuer: { url, audiences: ['k8s'], discoveryURL: 'https://keys.example.com' } }],
  ['issuer.certificateAuthority', { issuer: { url, audiences: ['k8s'], certificateAuthority: pem } }],
  ['claimMappings.uid', { issuer: { url, audiences: ['k8s'] }, claimMappings: { uid: { claim: 'sub' } } }],
  ['claimValidationRules', { issuer: { url, audiences: ['k8s'] }, claimValidationRules: [{ expression: 'claims.x' }] }],
  ['userValidationRules', { issuer: { url, audiences: ['k8s'] }, userValidationRules: [{ expression: 'user.x' }] }],
])('an entry for an issuer of ours is not replaced where that would lose %s', (what, change) => {
  expect(() => mergeAuthenticationConfig(fileOf(entry({}), entry(change)), rendered)).toThrow(
    `jwt[1] is for the issuer ${url} too, and the rendered entry lacks ${what}:`,
  );
});

test('an entry that has the CA and the rules of the rendered one is replaced', () => {
  const withCa = renderedWith({ ca: { file: 'ca.crt' }, requiredClaims: { azp: 'k8s' } });
  expect(mergeAuthenticationConfig(withCa, withCa).notes).toEqual([]);
  expect(() => mergeAuthenticationConfig(withCa, rendered)).toThrow(
    'issuer.certificateAuthority, claimValidationRules',
  );
});

test('an issuer with a slash at the end is another', () => {
  const { kept } = mergeAuthenticationConfig(
    fileOf(entry({ issuer: { url: `${url}/`, audiences: ['k8s'] } })),
    rendered,
  );
  expect(kept).toEqual([`${url}/`]);
});

describe('anonymous requests', () => {
  const shut = `${fileOf()}anonymous: { enabled: false }\n`;

  test('stay as they are where the config says nothing', () => {
    expect(parse(mergeAuthenticationConfig(shut, rendered).text).anonymous).toEqual({ enabled: false });
  });

  test('are as the config says, and the change is named', () => {
    const open = renderedWith({ anonymous: { enabled: true, paths: ['/livez', '/readyz', '/healthz'] } });
    const { text, notes } = mergeAuthenticationConfig(shut, open);
    expect(parse(text).anonymous).toEqual(parse(open).anonymous);
    expect(notes).toEqual(['replaced: `anonymous`']);
  });
});

describe('names of another issuer', () => {
  const notesFor = (claimMappings: object, authentication: object = { prefix: 'kanidm:' }) =>
    mergeAuthenticationConfig(fileOf(entry({ claimMappings })), renderedWith(authentication)).notes;

  test.each<[object, RegExp]>([
    [{ username: { claim: 'sub', prefix: '' } }, /gives user names the prefix ``.*`kanidm:`/],
    [{ username: { claim: 'sub', prefix: 'kanidm:' } }, /gives user names the prefix `kanidm:`/],
    [{ username: { claim: 'sub', prefix: 'kanidm:x' } }, /user names/],
    [{ username: { expression: '"kanidm:" + claims.sub' } }, /user names/],
    [
      { username: { expression: 'claims.sub' } },
      /^unknown: whether the issuer https:\/\/ci\.example\.com .* can issue user names/,
    ],
    [{ username: { expression: '"ci:" + claims.a == "ci:b" ? "x" : "kanidm:y"' } }, /^unknown: whether/],
    [{ username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'kan' } }, /group names/],
  ])('%j can be those of Kanidm', (mappings, note) => {
    expect(notesFor(mappings)).toEqual([expect.stringMatching(note)]);
  });

  test.each<object>([
    { username: { claim: 'sub', prefix: 'ci:' } },
    { username: { claim: 'sub', prefix: 'ci:' }, groups: { claim: 'groups', prefix: 'ci:' } },
    { username: { expression: '"ci:" + claims.sub' } },
    { username: { expression: "'ci:' + claims.sub" } },
  ])('%j can not', (mappings) => {
    expect(notesFor(mappings)).toEqual([]);
  });
});

test.each([
  ['', 'kind AuthenticationConfiguration'],
  ['kind: AuthenticationConfiguration\n', 'API version'],
  [head.replace('v1beta1', 'v2'), 'v2'],
  [`${head}---\n${head}`, 'one document'],
  [`${head}jwt: {}\n`, 'not a list'],
  [`${head}jwt: [{}]\n`, 'jwt[0] of the AuthenticationConfiguration has no `issuer.url`'],
  [`${head}jwt: [\n`, 'not YAML'],
  ['kind: ClusterConfiguration\n', 'kind AuthenticationConfiguration'],
  [
    `${head}jwt:\n  - issuer: { url: "${url}", audiences: &a [k8s] }\n  - issuer: { url: "https://b.example.com", audiences: *a }\n`,
    'aliases',
  ],
])('%j is refused', (text, message) => {
  expect(() => mergeAuthenticationConfig(text, rendered)).toThrow(expect.objectContaining({ name: 'MergeError' }));
  expect(() => mergeAuthenticationConfig(text, rendered)).toThrow(message);
});

test('more issuers than an API server accepts are refused', () => {
  const many = (count: number) =>
    fileOf(
      ...Array.from({ length: count }, (_, i) =>
        entry({ issuer: { url: `https://${i}.example.com`, audiences: ['a'] } }),
      ),
    );
  expect(() => mergeAuthenticationConfig(many(64), rendered)).toThrow('more than 64');
  expect(mergeAuthenticationConfig(many(63), rendered).kept).toHaveLength(63);
});

test.each(['kubeadm', 'k3s', 'rke2', 'k0s', 'talos', 'cluster-api', 'flags'])(
  'the README of %s says how to keep others',
  (controlPlane) => {
    const said = 'no longer trusts an issuer that is not in it';
    const version = controlPlane === 'talos' ? { controlPlaneVersion: '1.14' } : {};
    const readme = (method: string) =>
      filesOf({ controlPlane, kubernetes: '1.34', ...version, authentication: { method } })['README.md'];
    expect(readme('structured')).toContain(said);
    expect(readme('flags')).not.toContain(said);
  },
);

test.each(['k3s', 'rke2', 'k0s', 'talos', 'cluster-api', 'flags'])(
  'the README of %s has the command that keeps them',
  (controlPlane) => {
    const version = controlPlane === 'talos' ? { controlPlaneVersion: '1.14' } : {};
    const authentication = { method: 'structured' };
    const readme = filesOf({ controlPlane, kubernetes: '1.34', ...version, authentication })['README.md'];
    expect(readme).toContain('npx kaniflux merge-authentication-config homelab < current.yaml');
  },
);

test('what a rendered entry has too is not lost: fields, and rules with another message', () => {
  const [own] = parse(rendered).jwt;
  const same = {
    ...own,
    claimMappings: { ...own.claimMappings, uid: { claim: 'sub' } },
    userValidationRules: own.userValidationRules.map((rule: object) => ({ ...rule, message: 'reserved' })),
  };
  const more = { ...own, claimMappings: same.claimMappings };
  const file = (jwt: object) => stringify({ ...parse(rendered), jwt: [jwt] });
  expect(mergeAuthenticationConfig(file(same), file(more)).kept).toEqual([]);
  expect(() => mergeAuthenticationConfig(file(same), rendered)).toThrow('lacks claimMappings.uid');
});
