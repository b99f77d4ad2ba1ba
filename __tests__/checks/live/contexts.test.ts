import { contextFor } from '../../../lib/checks/live/contexts';
import type { Cluster } from '../../../lib/config/config';

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

  test('is told by the path where one host serves several clusters', () => {
    const at = (name: string) => `https://rancher.example.com/k8s/clusters/${name}`;
    const names = ['c-one', 'c-two'];
    const rancher = {
      clusters: names.map((name) => ({ name, cluster: { server: at(name) } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: 'u' } })),
    };
    for (const name of names) expect(contextFor({ ...cluster, server: at(name) }, rancher)).toBe(name);
    expect(() => contextFor({ ...cluster, server: 'https://rancher.example.com' }, rancher)).toThrow('no context');
  });

  test('has to be named where none does', () => {
    for (const other of [view([['me', {}]], 'https://192.168.1.17:6443'), { contexts: null }, {}]) {
      expect(() => contextFor(cluster, other)).toThrow('choose a context with --cluster homelab --context NAME');
    }
  });
});
