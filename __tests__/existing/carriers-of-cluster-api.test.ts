import { reading } from './carrier-reading';

const flags = ['oidc-issuer-url=https://idm.example.org', 'oidc-client-id=k8s'];
const dashed = flags.map((one) => `--${one}`);
const args = Object.fromEntries(dashed.map((one) => one.split('=')));

test.each<[string, string, object, object]>([
  ['KamajiControlPlane', 'flags', { version: 'v1.34.1', apiServer: { extraArgs: dashed } }, { kubernetes: '1.34.1' }],
  [
    'KThreesControlPlane',
    'k3s',
    { version: 'v1.34.1+k3s1', kthreesConfigSpec: { serverConfig: { kubeAPIServerArg: flags } } },
    { kubernetes: '1.34.1' },
  ],
  [
    'CK8sControlPlane',
    'flags',
    { version: 'v1.34.1', spec: { controlPlane: { extraKubeAPIServerArgs: args } } },
    { kubernetes: '1.34.1' },
  ],
  [
    'AWSManagedControlPlane',
    'eks',
    { version: 'v1.34', oidcIdentityProviderConfig: { issuerUrl: 'https://idm.example.org', clientId: 'k8s' } },
    { kubernetes: '1.34' },
  ],
])('%s is read, and not as a patch of kubeadm', (kind, controlPlane, spec, more) => {
  expect(reading({ kind, spec })).toMatchObject({ controlPlane, args: flags, ...more });
  expect(reading({ kind: `${kind}s`, spec })).toBeUndefined();
});

test('the machine configuration of a TalosControlPlane is in its patches', () => {
  const [strategicPatches, configPatches] = [['a: 1'], [{ op: 'add', path: '/cluster', value: {} }]];
  const controlplane = { talosVersion: 'v1.11.2', strategicPatches, configPatches };
  const spec = { version: 'v1.34.1', controlPlaneConfig: { controlplane } };
  const found = reading({ kind: 'TalosControlPlane', spec });
  expect(found).toMatchObject({ controlPlane: 'talos', kubernetes: '1.34.1', controlPlaneVersion: '1.11' });
  const at = 'spec.controlPlaneConfig.controlplane';
  expect(found?.documents).toEqual([`${at}.strategicPatches.0`, `${at}.configPatches`]);
});

test.each([
  ['KamajiControlPlaneTemplate', { apiServer: { extraArgs: dashed } }],
  ['KThreesControlPlaneTemplate', { kthreesConfigSpec: { serverConfig: { kubeAPIServerArg: flags } } }],
])('%s', (kind, spec) => {
  const found = reading({ kind, spec: { template: { spec } } });
  expect(found).toMatchObject({ args: flags });
  expect(found?.advice).toContain('spec.template.spec.');
  expect(reading({ kind, spec })).not.toHaveProperty('args');
});
