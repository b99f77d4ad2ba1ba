import { fromDocument } from '../../lib/existing/read-documents';

const jwt = [{ issuer: { url: 'https://idm.example.org', audiences: ['k8s'] }, claimMappings: {} }];
const prefix = 'kube_apiserver_authentication_config_';
const variables = {
  [`${prefix}jwt`]: jwt,
  [`${prefix}anonymous`]: { enabled: true, conditions: [{ path: '/livez' }] },
};
const used = { kube_apiserver_use_authentication_config_file: true };
const read = (document: object) => fromDocument('k8s-cluster.yml', { ...document });

test('the AuthenticationConfiguration of Kubespray, beside its other variables', () => {
  const { apiServers, notes } = read({ ...variables, ...used, kube_oidc_auth: false, kube_version: '1.34.1' });
  expect(apiServers).toMatchObject([
    {
      carrier: 'kubespray',
      controlPlane: 'flags',
      method: 'structured',
      issuers: [{ url: 'https://idm.example.org' }],
      anonymous: { enabled: true, paths: ['/livez'] },
      advice: expect.stringContaining(`${prefix}jwt`),
    },
    { carrier: 'kubespray', kubernetes: '1.34.1' },
  ]);
  expect(notes).toEqual([]);
});

test('the variable that switches it on can be in another file', () => {
  const { apiServers, notes } = read({ [`${prefix}jwt`]: jwt });
  expect(apiServers).toHaveLength(1);
  expect(apiServers[0]).not.toHaveProperty('anonymous');
  expect(notes).toEqual([
    {
      source: 'k8s-cluster.yml',
      text: `kube_apiserver_use_authentication_config_file is not in this file, and Kubespray ignores ${prefix}jwt without it: adopt assumes that it is true`,
    },
  ]);
});

test.each<[string, object]>([
  ['is off', { ...variables, kube_apiserver_use_authentication_config_file: false }],
  ['is a template', { ...used, [`${prefix}jwt`]: '{{ issuers }}' }],
])('it is not read, but reported, if it %s', (_, document) => {
  const { apiServers, passedOver } = read(document);
  expect(apiServers).toEqual([]);
  expect(passedOver).toMatchObject([{ why: 'not understood', instead: expect.stringContaining('run adopt with') }]);
});

test('it is not there if it has no issuers', () => {
  expect(read({ ...used, [`${prefix}jwt`]: [] }).apiServers).toEqual([]);
});
