import { apiServerPods, deviations } from '../../../lib/checks/live/server-flags';
import { entry } from '../../../lib/config/config';
import { apiServerArguments } from '../../../lib/existing/read-carrier';
import { clusterSettings } from '../../../lib/node-files/control-plane-files';
import { configOf } from '../../config';

const config = configOf();
const settings = clusterSettings(config, entry(config.clusters, 'homelab'));

/** The flags that the home lab's API server should have. */
const flags: Readonly<Record<string, string>> = {
  'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s',
  'oidc-client-id': 'k8s',
  'oidc-signing-algs': 'ES256',
};
const words = (given: Readonly<Record<string, string>>) =>
  Object.entries(given).map(([name, value]) => `--${name}=${value}`);
const pods = (args: readonly string[]) => ({
  items: [
    { metadata: { name: 'etcd-cp1' }, spec: { containers: [{ command: ['etcd', '--name=x'] }] } },
    {
      metadata: { name: 'kube-apiserver-cp1' },
      spec: { containers: [{ command: ['kube-apiserver', ...args] }] },
    },
  ],
});
const flagsOf = (args: readonly string[]) => {
  const all = apiServerPods(pods(args));
  expect(all.map(({ name }) => name)).toEqual(['kube-apiserver-cp1']);
  return all[0]?.flags ?? new Map();
};

test.each([
  ['one word', words(flags)],
  ['two words', words(flags).flatMap((word) => word.split('='))],
])('flags are those of the container that runs the API server: %s', (_, args) => {
  expect([...flagsOf(args)]).toEqual(Object.entries(flags).map(([name, value]) => [name, [value]]));
  expect(deviations(flagsOf(args), settings)).toEqual([]);
});

test('what is missing, different or too many is told apart', () => {
  const args = [
    '--oidc-issuer-url=https://sso.kammel.dev/oauth2/openid/k8s/',
    '--oidc-client-id=k8s',
    '--oidc-username-claim=email',
    '--secure-port=6443',
  ];
  expect(deviations(flagsOf(args), settings)).toEqual([
    '`--oidc-issuer-url` is `https://sso.kammel.dev/oauth2/openid/k8s/`, but `https://sso.kammel.dev/oauth2/openid/k8s` is rendered',
    '`--oidc-signing-algs` is missing, but `ES256` is rendered',
    '`--oidc-username-claim` is `email`, which is not rendered',
  ]);
});

test.each([
  ['v1beta3', flags],
  ['v1beta4', Object.entries(flags).map(([name, value]) => ({ name, value }))],
])('a ClusterConfiguration %s is read in its form', (_, extraArgs) => {
  const given = (apiServer: unknown) => apiServerArguments({ kind: 'ClusterConfiguration', apiServer }) ?? new Map();
  expect(deviations(given({ extraArgs }), settings)).toEqual([]);
  expect(deviations(given(null), settings)).toEqual(
    Object.entries(flags).map(([name, value]) => `\`--${name}\` is missing, but \`${value}\` is rendered`),
  );
});
