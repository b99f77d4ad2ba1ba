import { stringify } from 'yaml';
import { adoptReport } from '../../lib/adopt/adopt-report';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { load } from '../config';
import { adoptFiles, all, binding, type Files, grantsIn, jwt, k3s, structured } from './adopted';

const byName = {
  'oidc-username-claim': 'preferred_username',
  'oidc-username-prefix': 'kanidm:',
  'oidc-groups-claim': 'groups',
  'oidc-groups-prefix': 'kanidm:',
};
const server = { 'config.yaml': k3s(byName) };
const scopes = ['openid', 'email', 'profile', 'groups'];
const kaniop = (kind: string, name: string, spec: object) => ({
  apiVersion: 'kaniop.rs/v1beta1',
  kind,
  metadata: { name },
  spec: { kanidmRef: { name: 'idm' }, ...spec },
});
const client = (more: object = {}) =>
  kaniop('KanidmOAuth2Client', 'k8s', {
    displayname: 'k8s',
    public: true,
    origin: 'http://localhost:8000',
    redirectUrl: ['http://localhost:8000'],
    scopeMap: [{ group: 'k8s_users', scopes }],
    ...more,
  });
const group = (name: string, ...members: readonly string[]) => kaniop('KanidmGroup', name, { members });
const person = (name: string) => kaniop('KanidmPersonAccount', name, { personAttributes: { displayname: name } });
const user = (name: string) => `User kanidm:${name}@idm.example.org`;
const ofGroup = (name: string) => `Group kanidm:${name}@idm.example.org`;

const configIn = (files: Files) => JSON.parse(JSON.stringify(adoptFiles(files).config));
const saidOf = (files: Files) => adoptReport(adoptFiles(files), 'a');
const errorsIn = (files: Files) =>
  adoptFiles(files).findings.filter(({ severity, code }) => severity === 'error' && code !== 'missing-key');

describe('groups that a client names', () => {
  test('are assumed to exist if they were not read, and every map of the client stays', () => {
    const more = {
      supScopeMap: [{ group: 'sup', scopes: ['x'] }],
      claimMap: [{ name: 'role', valuesMap: [{ group: 'staff', values: ['one'] }] }],
    };
    const files = { ...server, 'k.yaml': all(client(more)) };
    const config = configIn(files);
    expect(config.groups).toEqual({ k8s_users: {}, sup: {}, staff: {} });
    expect(config.clients.k8s).toMatchObject({
      scopes: { k8s_users: scopes },
      supplementaryScopes: { sup: ['x'] },
      claims: { role: { values: { staff: ['one'] } } },
    });
    expect(saidOf(files)).toContain(
      'client k8s names groups that were not read: k8s_users, sup, staff; adopt assumes that these groups exist',
    );
  });

  test('are not assumed if they were read, are built in, or their source removes them', () => {
    const read = { ...server, 'k.yaml': all(client(), group('k8s_users', 'alice'), person('alice')) };
    expect(configIn(read).groups).toEqual({ k8s_users: { members: ['alice'] } });
    expect(saidOf(read)).not.toContain('assumes that these groups exist');
    const builtIn = { ...server, 'k.yaml': all(client({ scopeMap: [{ group: 'idm_all_persons', scopes }] })) };
    expect(configIn(builtIn)).not.toHaveProperty('groups');
    expect(configIn(builtIn).clients.k8s.scopes).toEqual({ idm_all_persons: scopes });
    const removed = {
      ...server,
      'state.json': JSON.stringify({
        groups: { k8s_users: { present: false } },
        persons: {},
        systems: {
          oauth2: {
            k8s: {
              public: true,
              displayName: 'k8s',
              originUrl: 'http://localhost:8000',
              originLanding: 'http://localhost:8000',
              scopeMaps: { k8s_users: scopes },
            },
          },
        },
      }),
    };
    expect(configIn(removed)).not.toHaveProperty('groups');
  });
});

describe('a grant', () => {
  test('stays if only Kanidm knows whether its people and groups may use the client', () => {
    const files = {
      ...server,
      'k.yaml': all(client()),
      'rbac.yaml': binding('v', 'view', user('jane'), user('sam'), ofGroup('ops'), ofGroup('dev')),
    };
    expect(grantsIn(adoptFiles(files))).toEqual([
      { name: 'v', clusterRole: 'view', people: ['jane', 'sam'], groups: ['dev', 'ops'] },
    ]);
    expect(errorsIn(files)).toEqual([]);
    expect(saidOf(files)).not.toContain('403');
  });

  test('stays with the claim email, and names nobody anew', () => {
    const files = {
      'config.yaml': k3s({ ...byName, 'oidc-username-claim': 'email' }),
      'k.yaml': all(client()),
      'rbac.yaml': binding('v', 'cluster-admin', 'User kanidm:jane@example.com'),
    };
    expect(configIn(files).clusters.a.authentication.claim).toBe('email');
    expect(grantsIn(adoptFiles(files))).toEqual([{ name: 'v', clusterRole: 'cluster-admin', people: ['jane'] }]);
    expect(adoptFiles(files).changes).toEqual([]);
  });

  test('stays if a member that was not read may be the group of the person', () => {
    const files = {
      ...server,
      'k.yaml': all(client(), group('k8s_users', 'alice', 'ghosts'), person('alice'), person('jane')),
      'rbac.yaml': binding('v', 'view', user('jane')),
    };
    expect(grantsIn(adoptFiles(files))).toEqual([{ name: 'v', clusterRole: 'view', people: ['jane'] }]);
    expect(configIn(files).groups).toEqual({ k8s_users: {} });
    expect(saidOf(files)).toContain(
      'not read: ghosts; Kanidm keeps these members, because the config lists no members of this group',
    );
  });

  test('is withdrawn if all groups were read and the person is in none of them', () => {
    const files = {
      ...server,
      'k.yaml': all(client(), group('k8s_users', 'alice'), person('alice'), person('jane')),
      'rbac.yaml': binding('v', 'view', user('jane')),
    };
    expect(grantsIn(adoptFiles(files))).toEqual([]);
    expect(saidOf(files)).toContain('jane cannot use client k8s of a: Kanidm rejects the login with 403');
  });
});

describe('the effects', () => {
  const effectsOf = (files: Files) => adoptFiles(files).changes.map(({ text }) => text);
  const noGroups = client({ scopeMap: [{ group: 'k8s_users', scopes: ['openid', 'profile'] }] });

  test('name a binding whose grant is withdrawn', () => {
    const files = { ...server, 'k.yaml': all(noGroups), 'rbac.yaml': binding('ops', 'view', ofGroup('ops')) };
    expect(grantsIn(adoptFiles(files))).toEqual([]);
    expect(effectsOf(files)).toEqual([
      'view by ClusterRoleBinding ops is not in the config: the binding stays on the cluster, and Group kanidm:ops@idm.example.org keeps the role',
    ]);
  });

  test('say that a person may lose the role if the names change too', () => {
    const files = {
      'config.yaml': k3s({ ...byName, 'oidc-username-claim': 'email' }),
      'k.yaml': all(noGroups),
      'rbac.yaml': binding('v', 'cluster-admin', 'User kanidm:jane@example.com', ofGroup('ops')),
    };
    expect(grantsIn(adoptFiles(files))).toEqual([]);
    expect(effectsOf(files)).toContainEqual(
      expect.stringMatching(
        /^User kanidm:jane@example.com .*may lose cluster-admin by ClusterRoleBinding v: this binding keeps the old name/,
      ),
    );
  });

  test('are none if the grant stays', () => {
    const files = { ...server, 'k.yaml': all(client()), 'rbac.yaml': binding('ops', 'view', ofGroup('ops')) };
    expect(effectsOf(files)).toEqual([]);
  });

  const hd = { name: 'hd', valuesMap: [{ group: 'k8s_users', values: ['example.com'] }] };
  const role = { name: 'role', valuesMap: [{ group: 'k8s_users', values: ['one'] }] };

  test('name what the runbook removes from a client, and what Kanidm keeps', () => {
    const some = { ...server, 'k.yaml': all(client({ claimMap: [hd, role] })) };
    expect(effectsOf(some)).toEqual(['the runbook and the migrations remove claims.hd of client k8s in Kanidm']);
    const one = { ...server, 'k.yaml': all(client({ claimMap: [hd] })) };
    expect(configIn(one).clients.k8s).not.toHaveProperty('claims');
    expect(effectsOf(one)).toEqual(['claims.hd of client k8s is not in the config, so Kanidm keeps the old value']);
    const scopeMap = [
      { group: 'k8s_users', scopes },
      { group: 'jane', scopes },
    ];
    const scope = { ...server, 'k.yaml': all(client({ scopeMap }), person('jane')) };
    expect(effectsOf(scope)).toEqual([
      'the runbook and the migrations remove scopes.jane of client k8s in Kanidm: people who are in no other group of `scopes` can no longer sign in',
    ]);
    expect(effectsOf({ ...server, 'k.yaml': all(client({ claimMap: [role] })) })).toEqual([]);
  });
});

describe('members of a group', () => {
  test('that only a binding names stay', () => {
    const files = {
      ...server,
      'k.yaml': all(client(), group('k8s_users', 'jane')),
      'rbac.yaml': binding('v', 'view', user('jane')),
    };
    expect(configIn(files).groups).toEqual({ k8s_users: { members: ['jane'] } });
    expect(saidOf(files)).not.toContain('these members are left out');
  });

  test('are left to Kanidm if none of them was read', () => {
    const files = { ...server, 'k.yaml': all(client(), group('k8s_users', 'jane', 'sam')) };
    expect(configIn(files).groups).toEqual({ k8s_users: {} });
    expect(saidOf(files)).toContain(
      'not read: jane, sam; Kanidm keeps these members, because the config lists no members of this group',
    );
  });

  test('that were not read are removed by the runbook too', () => {
    const files = { ...server, 'k.yaml': all(client(), group('k8s_users', 'alice', 'ghost'), person('alice')) };
    expect(configIn(files).groups).toEqual({ k8s_users: { members: ['alice'] } });
    expect(saidOf(files)).toContain(
      'not read: ghost; the rendered runbook and migrations remove these members from the group',
    );
  });

  test('of a built-in group are all named, read or not', () => {
    const said = (...more: readonly object[]) =>
      saidOf({ ...server, 'k.yaml': all(client(), group('idm_admins', 'alice', 'mallory'), ...more) });
    expect(said(person('alice'))).toContain('whose members a config cannot list: alice, mallory');
    expect(said()).toContain('whose members a config cannot list: alice, mallory');
    const own = saidOf({ ...server, 'k.yaml': all(client(), group('idm_admins', 'idm_admin')) });
    expect(own).toContain('this is a built-in entry of Kanidm, and stays unchanged');
  });
});

test('a built-in group in a binding keeps its name, and no entry is assumed for it', () => {
  const files = {
    ...server,
    'k.yaml': all(client()),
    'rbac.yaml': binding('v', 'view', ofGroup('idm_all_persons'), ofGroup('dev'), user('idm_admin')),
  };
  expect(grantsIn(adoptFiles(files))).toEqual([
    {
      name: 'v',
      clusterRole: 'view',
      groups: ['dev'],
      subjects: { users: ['kanidm:idm_admin@idm.example.org'], groups: ['kanidm:idm_all_persons@idm.example.org'] },
    },
  ]);
  expect(saidOf(files)).not.toMatch(/is left out|does not contain .*idm_/);
  expect(errorsIn(files)).toEqual([]);
});

test('a config with such a group renders', () => {
  const files = {
    'auth.yaml': structured(jwt({ username: { claim: 'preferred_username', prefix: 'kanidm:' } })),
    'k.yaml': all(client()),
    'rbac.yaml': binding('v', 'view', user('jane')),
  };
  const { config } = adoptFiles(files);
  const filled = JSON.parse(JSON.stringify(config));
  Object.assign(filled.clusters.a, { server: 'https://192.0.2.1:6443', kubernetes: '1.34', controlPlane: 'flags' });
  expect(adoptedText(config)).toContain('k8s_users: {}');
  expect(load(stringify(filled)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('several managers', () => {
  const text = (...managers: readonly string[]) => {
    const own = kaniop('KanidmGroup', 'k8s_users', { members: ['alice'], entryManagedBy: managers });
    const robot = kaniop('KanidmServiceAccount', 'bot', {
      serviceAccountAttributes: { displayname: 'bot', entryManagedBy: managers },
    });
    const printed = {
      class: ['object', 'group'],
      uuid: ['a39bd23b-9919-4ae2-b299-fc6223227c5d'],
      name: ['printed'],
      spn: ['printed@idm.example.org'],
      entry_managed_by: managers.map((name) => `${name}@idm.example.org`),
    };
    return saidOf({
      ...server,
      'k.yaml': all(client(), own, robot, person('alice')),
      'g.json': JSON.stringify({ attrs: printed }),
    });
  };

  test('become the first one, and the others are named', () => {
    const said = text('idm_admins', 'alice');
    const difference =
      'the entry has several managers, but a config has only one for each entry: idm_admins stays, and the runbook and the migrations remove alice';
    expect(said).toContain(`group k8s_users, service account bot: ${difference}`);
    expect(said).toContain(`group printed: ${difference}`);
  });

  test('are not reported if there is one', () => {
    expect(text('idm_admins')).not.toContain('manager');
  });
});
