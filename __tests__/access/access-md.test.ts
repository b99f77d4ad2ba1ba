import type { Config } from '../../lib/config/config';
import { render } from '../../lib/render';
import { configOf } from '../config';

const textOf = (config: Config) => [...render(config)].find(({ path }) => path === 'ACCESS.md')?.text ?? '';
const person = (i: number) => ({ displayName: `P${i}`, id: `00000000-0000-4000-8000-00000000000${i}` });
const team = (members: string[], people: Record<string, unknown> = {}) =>
  configOf({
    people: { jane: person(1), joe: person(2), ...people },
    groups: { devs: { members }, k8s_users: { members: ['datosh', 'jane', 'joe', 'devs'] } },
    clusters: {
      homelab: {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] },
          { name: 'deploy', clusterRole: 'edit', groups: ['devs'], namespaces: ['web'] },
        ],
      },
    },
  });

test('who has what, and by which group and grant', () => {
  const text = textOf(team(['jane']));
  expect(text).toContain('| `datosh` | `cluster-admin` | everywhere | grant `oidc-cluster-admin` |\n');
  expect(text).toContain('| `jane` | `edit` | namespace `web` | grant `deploy`, in `devs` |\n');
  expect(text).toContain('```mermaid\nflowchart LR\n');
});

test('a new member changes lines of their own alone', () => {
  const before = new Set(textOf(team(['jane'])).split('\n'));
  const after = textOf(team(['jane', 'joe'])).split('\n');
  expect([...before].filter((line) => !after.includes(line))).toEqual([]);
  const added = after.filter((line) => !before.has(line));
  expect(added).toHaveLength(3);
  for (const line of added) expect(line).toMatch(/joe|6a6f65/);
});

test('it is the same however it is rendered', () => {
  expect(textOf(team(['jane']))).toBe(textOf(team(['jane'])));
});

test('more clusters than a person reads get a line each', () => {
  const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const grants = [{ name: 'all', clusterRole: 'view', people: ['datosh'], clusters: '*' }];
  const clusters = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i}`, cluster]));
  const text = textOf(configOf({ clusters, grants }));
  expect(text).toContain('| `homelab` | 1 | 2 | 1 |\n');
  expect(text).toContain('| `c59` | 1 | 1 | 0 |\n');
});
