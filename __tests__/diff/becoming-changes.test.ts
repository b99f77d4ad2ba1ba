import { becomingStatements } from '../../lib/diff/becoming-changes';
import { rendered, type Side } from '../../lib/diff/side';
import { configOf } from '../config';

const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
const act = { name: 'act', clusterRole: 'edit', namespaces: ['flux-system'], people: ['jane'] };
const deploy = { name: 'deploy', clusterRole: 'cluster-admin', subjects: { users: ['ci:web'] } };

/** Two equal clusters, and others that differ from them in one part each. */
function fleet(grants: object[]): Side {
  const one = { ...cluster, authentication: { method: 'structured' }, grants };
  const issuer = (prefix: string) => ({ ci: { url: 'https://ci.example.com', audiences: ['k8s'], prefix } });
  return rendered(
    configOf(
      JSON.stringify({
        kanidm: { domain: 'idm.example.com' },
        people: { jane: { displayName: 'Jane', id: '00000000-0000-4000-8000-000000000001' } },
        groups: { users: { members: ['jane'] } },
        clients: { k8s: { landingUrl: 'http://localhost:8000', scopes: { users: ['openid', 'groups'] } } },
        clusters: {
          a: one,
          b: one,
          newer: { ...one, kubernetes: '1.35' },
          ci: { ...one, issuers: issuer('ci:') },
          robots: { ...one, issuers: issuer('robots:') },
          managed: { ...one, controlPlane: 'k0s' },
          other: { ...one, grants: [] },
        },
      }),
    ),
  );
}

const texts = (before: Side, after: Side) =>
  becomingStatements(before, after).map(({ say, clusters }) => [say(clusters.join()), ...clusters]);

/** The same side, but each cluster is compared on its own. */
const alone = ({ reachKey: _reachKey, ...side }: Side): Side => side;

test('equal clusters share what people can become, and the statements are those of each cluster on its own', () => {
  const [before, after] = [fleet([deploy]), fleet([deploy, act])];
  for (const [one, other] of [
    [before, after],
    [after, before],
  ] as const) {
    const all = texts(one, other);
    expect(all).toEqual(texts(alone(one), alone(other)));
    expect(new Set(all.flatMap(([, ...clusters]) => clusters))).toEqual(
      new Set(['a', 'b', 'newer', 'ci', 'robots', 'managed']),
    );
  }
});

test('a cluster that is gone, or new, is not equal to one that stays', () => {
  const [before, after] = [fleet([deploy, act]), fleet([deploy, act])];
  const { clusters } = before.config;
  const without = rendered({ ...before.config, clusters: new Map([...clusters].filter(([name]) => name !== 'b')) });
  expect(texts(without, after)).toEqual(texts(alone(without), alone(after)));
  expect(texts(before, without)).toEqual(texts(alone(before), alone(without)));
  for (const all of [texts(without, after), texts(before, without)]) expect(all.flat()).toContain('b');
});

describe('a manager in Kanidm', () => {
  const ann = { displayName: 'Ann', id: '00000000-0000-4000-8000-000000000002' };
  const managed = (managedBy: string | undefined, role: object) =>
    rendered(
      configOf({
        kanidm: { version: '1.11.1' },
        people: { ann },
        serviceAccounts: {
          ci: { displayName: 'CI', id: '00000000-0000-4000-8000-000000000003', ...(managedBy && { managedBy }) },
        },
        groups: {
          ops: { members: ['datosh', 'ci'], ...(managedBy && { managedBy }) },
          k8s_users: { members: ['datosh', 'ann', 'ci'] },
        },
        clusters: { homelab: { grants: [{ name: 'work', ...role }] } },
      }),
    );
  const can = (role: object) =>
    becomingStatements(managed(undefined, role), managed('ann', role)).map(({ say }) => say('homelab'));
  const edit = { clusterRole: 'edit', namespaces: ['flux-system'] };

  test.each([
    ['a group', { groups: ['ops'] }],
    ['a service account', { serviceAccounts: ['ci'] }],
  ])('of %s has another statement about what it gives', (_, who) => {
    expect(can({ clusterRole: 'cluster-admin', ...who })).toEqual([]);
    expect(can({ ...edit, ...who })).toEqual([
      expect.stringMatching(/^ann can now become cluster-admin on homelab, .* in Kanidm/),
    ]);
  });
});
