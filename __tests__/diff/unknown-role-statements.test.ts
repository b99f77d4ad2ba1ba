import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { failsOn } from '../../lib/diff/statement';
import { configOf } from '../config';

interface Change {
  readonly role: string;
  readonly people?: readonly string[];
  readonly roles?: object;
  readonly others?: object;
}

const side = ({ role, people = ['datosh'], roles = {}, others = {} }: Change) =>
  rendered(
    configOf({
      people: { jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' }, ...others },
      groups: { k8s_users: { members: ['datosh', 'jane', ...Object.keys(others)] } },
      roles,
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: role, people }] } },
    }),
  );
const text = (before: Change, after: Change) => asText(reviewDiff({ before: side(before), after: side(after) }));
const unknown = 'the ClusterRole viewer on homelab: what this role allows is not known';

test('a binding that newly gives an unknown role is reported, and the loss of the known one is not certain', () => {
  const both = text({ role: 'view' }, { role: 'viewer' });
  expect(both).toContain(`the binding look now gives datosh ${unknown}`);
  expect(both).toContain('gives viewer in place of view, and what viewer allows is not known');
  expect(text({ role: 'viewer' }, { role: 'view' })).toContain(`the binding look no longer gives datosh ${unknown}`);
});

test('only the new subjects of an unknown role are named', () => {
  const people = ['datosh', 'jane'];
  expect(text({ role: 'viewer' }, { role: 'viewer', people })).toContain(`the binding look now gives jane ${unknown}`);
});

test('all subjects that are new in the config are named', () => {
  const others = Object.fromEntries(
    ['ann', 'joe'].map((name, i) => [name, { displayName: name, id: `22222222-2222-4222-8222-22222222222${i}` }]),
  );
  expect(text({ role: 'viewer' }, { role: 'viewer', people: ['datosh', 'ann', 'joe'], others })).toContain(
    `the binding look now gives ann and joe ${unknown}`,
  );
});

test.each([
  ['is built in', { role: 'edit' }],
  [
    'is in the config',
    { role: 'viewer', roles: { viewer: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } } },
  ],
])('a role that %s is not unknown', (_, after: Change) => {
  expect(text({ role: 'view' }, after)).not.toContain('not known');
});

test.each([
  ['is newly given counts as each gain', 'view', 'viewer', true],
  ['is no longer given does not', 'viewer', 'view', false],
])('for --fail-on, an unknown role that %s', (_, from, to, fails) => {
  const { statements } = reviewDiff({ before: side({ role: from }), after: side({ role: to }) });
  expect(statements.some((one) => failsOn(one, 'takeover'))).toBe(fails);
});

test('an unknown role that stays with its subjects is not reported', () => {
  const other = { other: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } };
  const both = text({ role: 'viewer' }, { role: 'viewer', roles: other });
  expect(both).toContain('other');
  expect(both).not.toContain('not known');
});

describe('a group', () => {
  interface Team {
    readonly devs?: readonly string[] | null;
    readonly group?: object;
    readonly clusters?: object;
  }
  const team = ({ devs = ['datosh'], group, clusters }: Team) => {
    const grants = [{ name: 'look', clusterRole: 'viewer', groups: [group ? 'team' : 'devs'] }];
    return rendered(
      configOf({
        kanidm: { version: '1.11.1' },
        people: { jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' } },
        groups: {
          [group ? 'team' : 'devs']: { ...(devs ? { members: devs } : {}), ...group },
          k8s_users: { members: ['datosh', 'jane'] },
        },
        clusters: { homelab: { grants }, ...clusters },
      }),
    );
  };
  const lines = (before: Team, after: Team) =>
    asText(reviewDiff({ before: team(before), after: team(after) }))
      .split('\n')
      .filter((line) => line.includes(' ClusterRole viewer'));

  test('that gains or loses a member gives or takes the role', () => {
    const both: Team = { devs: ['datosh', 'jane'] };
    expect(lines({}, both)).toEqual([
      expect.stringContaining(
        '  🟠 + jane now has the ClusterRole viewer on homelab, by devs and the binding look: what',
      ),
    ]);
    expect(lines(both, {})).toEqual([
      expect.stringContaining('  - jane no longer has the ClusterRole viewer on homelab'),
    ]);
  });
  test('whose members the config no longer lists keeps them', () => {
    expect(lines({}, { devs: null })).toEqual([
      expect.stringContaining('+ every member of devs (only Kanidm knows the members) now has the ClusterRole viewer'),
    ]);
  });
  test('that is renamed keeps the role, and another group does not', () => {
    const id = '99999999-9999-4999-8999-999999999999';
    const team = { devs: ['datosh'], group: { id } };
    expect(lines(team, { ...team, group: { id, description: 'A' } })).toEqual([]);
    expect(lines({}, team)).toHaveLength(2);
  });
  test('keeps the role on a cluster that leaves the config', () => {
    const grants = [{ name: 'look', clusterRole: 'viewer', groups: ['devs'] }];
    const edge = {
      server: 'https://192.0.2.10:6443',
      kubernetes: '1.34',
      client: 'k8s',
      controlPlane: 'kubeadm',
      grants,
    };
    expect(lines({ clusters: { edge } }, {})).toEqual([
      expect.stringContaining(
        '- the binding look still gives devs the ClusterRole viewer on edge, but only until somebody deletes the objects that give this access',
      ),
    ]);
    expect(lines({}, { clusters: { edge } })).toEqual([
      expect.stringContaining('+ the binding look now gives devs the ClusterRole viewer on edge: what'),
    ]);
  });
});

test('a role that enters or leaves the config is neither given nor taken', () => {
  const known = {
    role: 'viewer',
    roles: { viewer: { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] } },
  };
  const enters = text({ role: 'viewer' }, known);
  expect(enters).toContain(
    '  ~ the binding look gives datosh the ClusterRole viewer on homelab: what this role allows is known now',
  );
  expect(enters).toContain('what the role viewer allowed before is not known');
  const leaves = text(known, { role: 'viewer' });
  expect(leaves).toContain(
    '  🟠 ~ the binding look gives datosh the ClusterRole viewer on homelab: what this role allows is no longer known',
  );
  expect(leaves).toContain('what the role viewer allows from now on is not known');
  for (const one of [enters, leaves]) expect(one).not.toContain('the binding look no');
});

test('a service account of another namespace is another subject', () => {
  const byHand = (namespace: string) => {
    const subjects = [{ kind: 'ServiceAccount', name: 'ci', namespace }];
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'build' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'builder' },
      subjects,
    };
    return rendered(configOf(), () => [binding]);
  };
  const texts = (from: string, to: string) =>
    reviewDiff({ before: byHand(from), after: byHand(to) }).statements.map(({ say }) => say('homelab'));
  const role = 'the ClusterRole builder on homelab: what this role allows is not known';
  expect(texts('web', 'web')).toEqual([]);
  expect(texts('web', 'shop')).toEqual([
    expect.stringContaining(`the binding build now gives system:serviceaccount:shop:ci ${role}`),
    expect.stringContaining(`the binding build no longer gives system:serviceaccount:web:ci ${role}`),
  ]);
});
