import { samples } from '../../../lib/checks/live/api-server-metrics';
import { contextFor } from '../../../lib/checks/live/contexts';
import { apiServerPods, deviations } from '../../../lib/checks/live/server-flags';
import type { Cluster } from '../../../lib/config/config';
import { apiServerArguments } from '../../../lib/existing/read-carrier';
import { clusterSettings } from '../../../lib/node-files/control-plane-files';
import { configOf } from '../../config';

describe('metrics', () => {
  test('are read by name, with labels in any order and escapes in them', () => {
    const text = [
      '# HELP a_total Something.',
      'a_total{result="failure",issuer="x\\"y,z=1"} 2',
      'a_seconds 1.5e-3 1700000000000',
      'other_total 7',
      'a_broken{',
    ].join('\n');
    expect(samples(text, 'a_')).toEqual([
      { name: 'a_total', labels: { result: 'failure', issuer: 'x\\"y,z=1' }, value: 2 },
      { name: 'a_seconds', labels: {}, value: 0.0015 },
    ]);
  });
});

describe('the flags of an API server', () => {
  const config = configOf({});
  const settings = clusterSettings(config, config.clusters.get('homelab') as Cluster);
  const command = ['kube-apiserver', ...settings.args.map(({ name, value }) => `--${name}=${value}`)];
  const pods = (words: readonly string[]) => ({
    items: [
      { metadata: { name: 'etcd-cp1' }, spec: { containers: [{ command: ['etcd', '--name=x'] }] } },
      { metadata: { name: 'kube-apiserver-cp1' }, spec: { containers: [{ command: words }] } },
    ],
  });

  test('are those of the container that runs it, as one word or two', () => {
    const [pod, more] = apiServerPods(pods(command.flatMap((word) => word.split('='))));
    expect(more).toBeUndefined();
    expect(pod?.name).toBe('kube-apiserver-cp1');
    expect(deviations(pod?.flags ?? new Map(), settings)).toEqual([]);
  });

  test('that are missing, otherwise, or too many are told apart', () => {
    const flags = [
      ...command.slice(0, 1),
      '--oidc-issuer-url=https://sso.kammel.dev/oauth2/openid/k8s/',
      '--oidc-client-id=k8s',
      '--oidc-username-claim=email',
      '--secure-port=6443',
    ];
    expect(deviations(apiServerPods(pods(flags))[0]?.flags ?? new Map(), settings)).toEqual([
      '`--oidc-issuer-url` is `https://sso.kammel.dev/oauth2/openid/k8s/`, and `https://sso.kammel.dev/oauth2/openid/k8s` is rendered',
      '`--oidc-signing-algs` is missing, and `ES256` is rendered',
      '`--oidc-username-claim` is `email`, which is not rendered',
    ]);
  });

  test.each([
    [
      'v1beta3',
      { apiServer: { extraArgs: Object.fromEntries(settings.args.map(({ name, value }) => [name, value])) } },
    ],
    ['v1beta4', { apiServer: { extraArgs: settings.args } }],
  ])('of a ClusterConfiguration %s are read in its form', (_, configuration) => {
    const given = (one: object) => apiServerArguments({ kind: 'ClusterConfiguration', ...one }) ?? new Map();
    expect(deviations(given(configuration), settings)).toEqual([]);
    expect(deviations(given({ apiServer: null }), settings)).toHaveLength(settings.args.length);
  });
});

describe('the context of a cluster', () => {
  const cluster = { name: 'homelab', server: 'https://192.168.1.16:6443' } as Cluster;
  const view = (users: readonly [string, object][], server = 'https://192.168.1.16:6443/') => ({
    clusters: [{ name: 'c', cluster: { server } }],
    users: users.map(([name, user]) => ({ name, user })),
    contexts: users.map(([name]) => ({ name: `as-${name}`, context: { cluster: 'c', user: name } })),
  });

  test('is one that leads to its server, best one that needs no sign-in', () => {
    const users: [string, object][] = [
      ['me', { exec: { command: 'kubectl' } }],
      ['admin', { 'client-certificate-data': 'DATA+OMITTED' }],
    ];
    expect(contextFor(cluster, view(users))).toBe('as-admin');
    expect(contextFor(cluster, view(users.slice(0, 1)))).toBe('as-me');
  });

  test('has to be named where none does', () => {
    for (const other of [view([['me', {}]], 'https://192.168.1.17:6443'), { contexts: null }, {}]) {
      expect(() => contextFor(cluster, other)).toThrow('name one with --cluster homelab --context NAME');
    }
  });
});
