import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { homeLab } from '../../config';
import { removeTemporary, temporary } from '../../output/folder';
import { run } from '../../run';

afterEach(removeTemporary);

const own = 'https://sso.kammel.dev/oauth2/openid/k8s';
const ci = 'https://ci.example.com';
const entry = (url: string, audience: string, more: object = {}) => ({
  issuer: { url, audiences: [audience] },
  claimMappings: { username: { claim: 'sub', prefix: `${audience}:` } },
  ...more,
});
const configuration = (...jwt: readonly object[]) => ({
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'AuthenticationConfiguration',
  jwt,
});

function merge(
  current: string,
  authentication: object = { method: 'structured' },
  argv: readonly string[] = [],
  cluster: object = {},
) {
  const cwd = temporary();
  const config = homeLab({ clusters: { homelab: { kubernetes: '1.34', authentication, ...cluster } } });
  writeFileSync(join(cwd, 'kaniflux.yaml'), stringify(config));
  return run(['merge-authentication-config', ...argv], { cwd, stdin: async () => current });
}
const urlsIn = (jwt: readonly { readonly issuer: { readonly url: string } }[]) => jwt.map(({ issuer }) => issuer.url);

test('issuers of others are kept as they are written, and named', async () => {
  const current = `# ours\n${stringify(configuration(entry(own, 'k8s'), entry(ci, 'ci', { uid: { claim: 'jti' } })))}`;
  const { code, stdout, stderr } = await merge(current);
  expect({ code, urls: urlsIn(parse(stdout).jwt) }).toEqual({ code: 0, urls: [own, ci] });
  expect(parse(stdout).jwt[1]).toEqual(entry(ci, 'ci', { uid: { claim: 'jti' } }));
  expect(stdout).toContain('# ours');
  expect(stderr).toContain(`kept from the current file: ${ci}`);
});

test('the document of Talos stays one', async () => {
  const document = {
    apiVersion: 'v1alpha1',
    kind: 'KubeAuthenticationConfig',
    configuration: { jwt: [entry(ci, 'ci')] },
  };
  const { code, stdout } = await merge(stringify(document), { method: 'structured' }, ['homelab']);
  const { kind, configuration } = parse(stdout);
  expect({ code, kind, urls: urlsIn(configuration.jwt) }).toEqual({
    code: 0,
    kind: 'KubeAuthenticationConfig',
    urls: [own, ci],
  });
});

describe('`anonymous` in the current file', () => {
  const anonymous = { enabled: true, paths: ['/livez', '/readyz'] };
  const current = (value: unknown) => stringify({ ...configuration(entry(ci, 'ci')), anonymous: value });
  const mergeFor = (controlPlane: string, value: unknown, authentication: object = {}) =>
    merge(current(value), { method: 'structured', ...authentication }, [], { controlPlane });

  test.each(['k3s', 'rke2'])('is refused for %s, because Kaniflux renders the argument', async (controlPlane) => {
    expect(await mergeFor(controlPlane, { enabled: true })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Kaniflux renders `anonymous-auth=false` for homelab'),
    });
  });

  test('is kept for kubeadm', async () => {
    const { code, stdout } = await mergeFor('kubeadm', { enabled: true });
    expect({ code, anonymous: parse(stdout).anonymous }).toEqual({ code: 0, anonymous: { enabled: true } });
  });

  test.each<[string, unknown, object]>([
    ['the config has `anonymous` too', { enabled: false }, { anonymous }],
    ['it has no value', null, {}],
  ])('is accepted for k3s if %s', async (_, value, authentication) => {
    expect(await mergeFor('k3s', value, authentication)).toMatchObject({ code: 0 });
  });
});

test.each<[string, string, object, readonly string[], string]>([
  [
    'an entry with more than the rendered one',
    stringify(configuration(entry(own, 'k8s', { claimValidationRules: [{ expression: 'claims.level > 3' }] }))),
    { method: 'structured' },
    [],
    'has settings that the rendered entry lacks: claimValidationRules',
  ],
  ['another file', 'a: b\n', { method: 'structured' }, [], 'expected a file with one document'],
  ['flags', stringify(configuration()), { method: 'flags' }, [], 'has `method: flags`'],
  ['another cluster', stringify(configuration()), { method: 'structured' }, ['home'], 'there is no cluster `home`'],
  ['two clusters', stringify(configuration()), { method: 'structured' }, ['homelab', 'b'], 'takes one cluster'],
])('%s is refused', async (_, current, authentication, argv, message) => {
  expect(await merge(current, authentication, argv)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(message),
  });
});
