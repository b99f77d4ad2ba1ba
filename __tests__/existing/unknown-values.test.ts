import { factsOfFile } from '../../lib/existing/read-file';
import { unknownValues } from '../../lib/existing/unknown-values';

const secret = 'ENC[AES256_GCM,data:YQ==,iv:b,tag:c,type:str]';
const sops = { mac: secret, version: '3.9.0' };
const decrypt =
  'SOPS encrypted some of the values: run adopt with the decrypted file, for example with `sops --decrypt FILE | kaniflux adopt -`';
const variable =
  'the resource contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable';

describe('values that SOPS encrypted', () => {
  test.each<[string, object]>([
    ['the name in a binding', { kind: 'RoleBinding', subjects: [{ kind: 'User', name: secret }] }],
    ['an argument in a list', { 'kube-apiserver-arg': ['oidc-client-id=k8s', secret] }],
    ['an argument in a map', { apiServer: { extraArgs: { 'oidc-client-id': secret } } }],
    ['the kind', { kind: secret }],
  ])('%s: the document is not read', (_, document) => {
    expect(unknownValues('file', { ...document, sops })).toMatchObject({ why: 'not understood', instead: decrypt });
  });

  test.each<[string, object]>([
    ['of secrets', { machine: { token: secret, ca: { crt: secret, key: secret } }, cluster: { id: secret } }],
    ['of secrets in a list', { users: [{ password: secret }], tokens: { token: [secret] } }],
    ['that are none', { subjects: [{ name: 'ENC' }, { name: `a ${secret}` }] }],
  ])('%s do not matter', (_, document) => {
    expect(unknownValues('file', { ...document, sops })).toBeUndefined();
  });

  test('a text that is no document', () => {
    const { passedOver, apiServers } = factsOfFile('file', `ARGS=${secret}\nsops_mac=${secret}\n`);
    expect([passedOver, apiServers]).toEqual([
      [{ source: 'file', what: 'the whole file, 2 lines', why: 'not understood', instead: decrypt }],
      [],
    ]);
    expect(factsOfFile('file', `a b\nsops_mac=${secret}\n`).passedOver).not.toHaveProperty('0.instead');
  });
});

describe('variables in resources of kaniop', () => {
  const resource = (kind: string, spec: object, name = 'a') => ({
    apiVersion: 'kaniop.rs/v1beta1',
    kind,
    metadata: { name, annotations: { 'example.org/x': `\${A}` } },
    spec,
  });

  test.each<[string, object]>([
    ['an address', resource('KanidmOAuth2Client', { origin: `https://\${DOMAIN}` })],
    ['a name of Helm', resource('KanidmGroup', {}, '{{ .Values.group }}')],
    ['a member', resource('KanidmGroup', { members: [`\${ADMIN}`] })],
  ])('%s: the entry is not read', (_, document) => {
    expect(unknownValues('file', { ...document })).toMatchObject({ why: 'not understood', instead: variable });
  });

  test.each<[string, object]>([
    ['of a server, whose domain is checked elsewhere', resource('Kanidm', { domain: `\${DOMAIN}` })],
    ['in annotations', resource('KanidmGroup', { members: ['jane'] })],
    ['in other objects', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `\${A}` }, spec: {} }],
  ])('%s do not matter', (_, document) => {
    expect(unknownValues('file', { ...document })).toBeUndefined();
  });
});

test.each<[string, string, string | undefined]>([
  ['kustomize.config.k8s.io/v1beta1', 'Kustomization', '`kubectl kustomize`'],
  ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', '`flux build kustomization`'],
  ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', '`helm template`'],
  ['example.org/v1', 'Kustomization', undefined],
])('what to give in place of a %s %s', (apiVersion, kind, command) => {
  const { passedOver } = factsOfFile('file', JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, spec: {} }));
  expect(passedOver).toHaveLength(1);
  expect(passedOver[0]?.instead).toEqual(command === undefined ? undefined : expect.stringContaining(command));
});

test('a HelmRelease also says what its values contain', () => {
  const said = (values: object) => {
    const release = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', metadata: { name: 'a' } };
    return factsOfFile('file', JSON.stringify({ ...release, spec: { values } })).passedOver[0]?.instead;
  };
  const render = 'if the chart creates bindings, run adopt with the output of `helm template`';
  const [commands, settings] = ['it sets entries of Kanidm', 'if it has the sign-in settings of the API server'];
  expect(said({ args: ['kanidm group create ops'] })).toMatch(new RegExp(`^${commands}.*; ${render}$`));
  expect(said({ config: { oidc: { issuerURL: 'https://idm.example.com/oauth2/openid/a' } } })).toMatch(
    new RegExp(`^${settings}.*; ${render}$`),
  );
  expect(said({ replicas: 1 })).toBe(render);
  expect(said({ name: 'ENC[AES256_GCM,data:YQ==,type:str]' })).toBe(decrypt);
});
