import { type Beginner, beginners, waysOf, whoCanBecome } from '../../lib/become/become';
import { closure } from '../../lib/become/closure';
import { accountFact } from '../../lib/become/fact';
import { stepsOf, taken, world } from './small-world';

const person = (displayName: string, i: number) => ({ displayName, id: `00000000-0000-4000-8000-00000000000${i}` });
const people = { jane: person('Jane', 1), bob: person('Bob', 2) };
const adminOf = (group: string) => ({
  homelab: {
    authentication: { groups: {} },
    grants: [{ name: 'all', clusterRole: 'cluster-admin', groups: [group] }],
  },
});

/** Returns what an account can reach. */
function account(name: string, config: Record<string, unknown>, flux = false) {
  const on = world({ config, flux });
  const who = beginners(on).find((one) => one.name === name) as Beginner;
  return { on, who, result: closure(on, who.facts) };
}

describe('join-managed-group', () => {
  const config = (managedBy: string | null, users = ['jane']) => ({
    people,
    groups: { k8s_users: { members: ['datosh', ...users] }, admins: { members: ['datosh'], managedBy } },
    clusters: adminOf('admins'),
  });
  test('a manager can join', () => {
    expect(taken(account('jane', config('jane')).result, 'join-managed-group')).toEqual(['jane, also in admins']);
    expect(waysOf(...args('jane', config('jane')), 'everything', 1)).toMatchObject([{ steps: { length: 1 } }]);
  });
  test('others can not, nor can a manager who may not sign in', () => {
    expect(taken(account('bob', config('jane')).result, 'join-managed-group')).toEqual([]);
    expect(taken(account('jane', config('bob')).result, 'join-managed-group')).toEqual([]);
    expect(taken(account('jane', config('jane', [])).result, 'join-managed-group')).toEqual([]);
  });
});

const args = (name: string, config: Record<string, unknown>) => {
  const { on, who } = account(name, config);
  return [on, who] as const;
};

describe('issue-kanidm-token', () => {
  const config = (managedBy: string) => ({
    people,
    serviceAccounts: { ci: { displayName: 'CI', id: '00000000-0000-4000-8000-00000000000c', managedBy } },
    groups: { k8s_users: { members: ['datosh', 'jane', 'ci'] } },
    clusters: { homelab: { grants: [{ name: 'ci', clusterRole: 'cluster-admin', serviceAccounts: ['ci'] }] } },
  });
  test('the manager of a service account acts as it, and nobody else does', () => {
    expect(taken(account('jane', config('jane')).result, 'issue-kanidm-token')).toEqual([
      'the service account ci of Kanidm',
    ]);
    expect(taken(account('jane', config('bob')).result, 'issue-kanidm-token')).toEqual([]);
  });
});

describe("Kanidm's administrators", () => {
  const config = {
    people,
    groups: { k8s_users: { members: ['datosh', 'admins'] }, admins: { members: [] } },
    clusters: adminOf('admins'),
  };
  const reach = (name: string) => {
    const on = world({ config });
    return closure(on, [accountFact({ kind: 'members', name })]);
  };
  test('idm_admins may do both', () => {
    expect(taken(reach('idm_admins'), 'administer-groups')).toEqual(['a member of admins']);
    expect(taken(reach('idm_admins'), 'reset-credential')).toEqual(['datosh']);
  });
  test('each of the other groups one', () => {
    expect(taken(reach('idm_group_admins'), 'administer-groups')).toHaveLength(1);
    expect(taken(reach('idm_group_admins'), 'reset-credential')).toEqual([]);
    for (const name of ['idm_people_admins', 'idm_people_on_boarding', 'idm_service_desk']) {
      expect(taken(reach(name), 'reset-credential')).toHaveLength(1);
      expect(taken(reach(name), 'administer-groups')).toEqual([]);
    }
    expect(reach('idm_all_persons').derivations.size).toBe(0);
  });
  test('they are among those who can become cluster-admin', () => {
    expect(whoCanBecome(world({ config }), 'everything').map(({ who }) => who)).toContain(
      "Kanidm's administrators (idm_admins)",
    );
  });
});

describe('change-name', () => {
  const config = (claim: string) => ({
    people,
    groups: { k8s_users: { members: ['datosh', 'jane'] } },
    clusters: {
      homelab: {
        authentication: { claim, prefix: 'kanidm:' },
        grants: [
          { name: 'gone', clusterRole: 'cluster-admin', subjects: { users: ['kanidm:gone@sso.kammel.dev', 'other'] } },
        ],
      },
    },
  });
  test('a free name can be taken', () => {
    expect(taken(account('jane', config('preferred_username')).result, 'change-name')).toEqual([
      'the user kanidm:gone@sso.kammel.dev',
    ]);
  });
  test('the name of an absent account is free, and that of another account is not', () => {
    const withGone = (more: object) => ({
      ...config('preferred_username'),
      people: { ...people, gone: { ...person('Gone', 3), ...more } },
    });
    expect(taken(account('jane', withGone({ absent: true })).result, 'change-name')).toEqual([
      'the user kanidm:gone@sso.kammel.dev',
    ]);
    expect(taken(account('jane', withGone({})).result, 'change-name')).toEqual([]);
  });
  test('not where the user name is the UUID', () => {
    expect(taken(account('jane', config('sub')).result, 'change-name')).toEqual([]);
  });
});

describe('change-mail', () => {
  const reach = (name: string, claim: string) => {
    const on = world({
      config: {
        clusters: {
          homelab: {
            authentication: { claim },
            grants: [{ name: 'gone', clusterRole: 'cluster-admin', subjects: { users: ['gone@example.com'] } }],
          },
        },
      },
    });
    return taken(closure(on, [accountFact({ kind: 'members', name })]), 'change-mail');
  };
  test('those who may write mail addresses can take one that is free', () => {
    expect(reach('idm_people_self_mail_write', 'email')).toEqual(['the user gone@example.com']);
    expect(reach('idm_people_admins', 'email')).toEqual(['the user gone@example.com']);
  });
  test('others can not, and not where the user name is another claim', () => {
    expect(reach('idm_service_desk', 'email')).toEqual([]);
    expect(reach('idm_people_admins', 'sub')).toEqual([]);
  });
});

describe('push-to-source', () => {
  const config = (flux: object) => ({
    people,
    groups: { k8s_users: { members: ['datosh', 'jane'] }, devs: { members: ['bob'] } },
    flux,
  });
  const pushes = (name: string, flux: object) => taken(account(name, config(flux), true).result, 'push-to-source');
  const kustomize = 'the service account flux-system/kustomize-controller';

  test('writers push, by name or by group', () => {
    expect(pushes('jane', { writers: { people: ['jane'] } })).toEqual([kustomize]);
    expect(pushes('bob', { writers: { groups: ['devs'] } })).toEqual([kustomize]);
    expect(pushes('jane', { writers: { groups: ['devs'] } })).toEqual([]);
    expect(pushes('jane', {})).toEqual([]);
  });
  test('so do the members of a group in the group of the writers', () => {
    const nested = (groups: string[]) => {
      const base = config({ writers: { groups } });
      const on = world({
        config: { ...base, groups: { ...base.groups, ops: {}, writers: { members: ['ops'] }, other: {} } },
        flux: true,
      });
      return taken(closure(on, [accountFact({ kind: 'members', name: 'ops' })]), 'push-to-source');
    };
    expect(nested(['writers'])).toEqual([kustomize]);
    expect(nested(['other'])).toEqual([]);
  });

  describe('if Flux applies the output with fewer rights', () => {
    const writers = { people: ['jane'] };
    const locked = { lockdown: { defaultServiceAccount: 'small' }, writers };
    const bootstrap = (spec: object, apiVersion = 'kustomize.toolkit.fluxcd.io/v1') => ({
      apiVersion,
      kind: 'Kustomization',
      metadata: { name: 'flux-system', namespace: 'flux-system' },
      spec: { sourceRef: { kind: 'GitRepository', name: 'flux-system' }, ...spec },
    });
    const appliedAs = (flux: object, ...objects: object[]) => {
      const on = world({ config: config(flux), flux: true, objects });
      return stepsOf(closure(on, [accountFact({ kind: 'person', name: 'jane' })]), 'push-to-source')
        .filter(({ from }) => from.kind === 'account')
        .map(({ fact, assumes }) => `${fact.words}${assumes?.length ? ', perhaps' : ''}`);
    };
    const small = 'the service account flux-system/small';

    test('another Kustomization may apply the source with more', () => {
      expect(appliedAs({ serviceAccountName: 'deployer', writers })).toEqual([
        'the service account flux-system/deployer',
        `${kustomize}, perhaps`,
      ]);
      expect(appliedAs(locked)).toEqual([small, `${kustomize}, perhaps`]);
    });
    test('a Kustomization that is there says so', () => {
      const patched = bootstrap({ serviceAccountName: 'kustomize-controller' });
      expect(appliedAs(locked, patched)).toEqual([small, kustomize]);
      expect(appliedAs({ serviceAccountName: 'small', writers }, bootstrap({}))).toEqual([small, kustomize]);
      expect(appliedAs(locked, bootstrap({ serviceAccountName: 'big' }))).toEqual([
        small,
        'the service account flux-system/big',
        `${kustomize}, perhaps`,
      ]);
    });
    test.each([
      ['of another source', bootstrap({ sourceRef: { kind: 'GitRepository', name: 'other' } })],
      ['of another kind of source', bootstrap({ sourceRef: { kind: 'OCIRepository', name: 'flux-system' } })],
      ['for another cluster', bootstrap({ kubeConfig: { secretRef: { name: 'x' } } })],
      ['that is suspended', bootstrap({ suspend: true })],
      ['of kustomize itself', bootstrap({}, 'kustomize.config.k8s.io/v1beta1')],
    ])('but not one %s', (_name, object) => {
      expect(appliedAs({ serviceAccountName: 'small', writers }, object)).toEqual([small, `${kustomize}, perhaps`]);
    });
  });
});
