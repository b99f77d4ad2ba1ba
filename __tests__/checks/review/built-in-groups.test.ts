import { check } from '../../../lib/checks/review/run-review';
import { entry } from '../../../lib/config/config';
import { groupSubjects } from '../../../lib/identity/subject';
import { homeLab, load } from '../../config';

const id = '00000000-0000-4000-8000-000000000009';
const values = {
  k8s_users: ['few', 'both'],
  ops: ['few'],
  all: ['all'],
  idm_all_persons: ['everyone', 'both'],
  idm_admins: ['admins'],
};
const labWith = (authentication: object, client: { scope?: string; supplementary?: string } | undefined) =>
  load(
    homeLab({
      groups: {
        k8s_users: { id },
        all: { members: ['inner'] },
        inner: { members: ['idm_all_persons'] },
        ops: { members: ['datosh'] },
      },
      clients: {
        k8s: {
          scopes: { k8s_users: ['openid', client ? (client.scope ?? 'email') : 'groups'] },
          ...(client ? { claims: { groups: { values } } } : {}),
          ...(client?.supplementary ? { supplementaryScopes: { k8s_users: [client.supplementary] } } : {}),
        },
      },
      clusters: { homelab: { kubernetes: '1.34', authentication } },
    }),
  );

function codesFor(name: string, authentication: object, client?: object): string[] {
  const { config, sources } = labWith(authentication, client);
  if (!config) throw new Error('no config');
  return check({
    config,
    sources,
    warnings: [],
    manifests: [
      {
        file: 'a.yaml',
        line: 1,
        object: {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata: { name: 'hand' },
          roleRef: { kind: 'ClusterRole', name: 'view' },
          subjects: [{ kind: 'Group', name }],
        },
      },
    ],
  })
    .findings.map(({ code }) => code)
    .filter((code) => code === 'unknown-subject' || code === 'everybody-granted');
}

test.each<[string, string, object, string[]]>([
  ['a value of a built-in group of everybody', 'everyone', {}, ['everybody-granted']],
  ['a value that a group shares with one', 'both', {}, ['everybody-granted']],
  ['a value of a group that contains one', 'all', {}, ['everybody-granted']],
  ['a value of another built-in group', 'admins', {}, []],
  ['a value of two groups of the config', 'few', {}, []],
  ['a value that does not exist', 'nobody', {}, ['unknown-subject']],
  ['a value of a claim map that a scope replaces', 'everyone', { scope: 'groups' }, ['unknown-subject']],
  [
    'a value of a claim map that a scope replaces for some',
    'everyone',
    { supplementary: 'groups' },
    ['everybody-granted'],
  ],
])('a hand-written binding of %s of a claim map', (_, value, client, codes) => {
  const claim = 'groups';
  expect(codesFor(`k:${value}`, { groups: { claim, prefix: 'k:' } }, client)).toEqual(codes);
  const expression = "dyn(claims.groups).map(g, 'k:' + g)";
  expect(codesFor(`k:${value}`, { method: 'structured', groups: { expression } }, client)).toEqual(codes);
});

test.each([
  ['a built-in group of everybody', 'kanidm:idm_all_persons@sso.kammel.dev', ['everybody-granted']],
  ['its UUID', 'kanidm:00000000-0000-0000-0000-000000000036', ['everybody-granted']],
  ['a group that contains a group with it', 'kanidm:all@sso.kammel.dev', ['everybody-granted']],
  ['another built-in group', 'kanidm:idm_admins@sso.kammel.dev', []],
  ['the UUID of a group of the config', `kanidm:${id}`, []],
  ['a built-in group without the prefix', 'idm_all_persons@sso.kammel.dev', ['unknown-subject']],
  ['a group that does not exist', 'kanidm:idm_nobody@sso.kammel.dev', ['unknown-subject']],
])('a hand-written binding of %s', (_, name, codes) => {
  expect(codesFor(name, { groups: { prefix: 'kanidm:' } })).toEqual(codes);
  const expression = 'dyn(claims.groups).map(g, "kanidm:" + g) + ["idm_all_constant"]';
  expect(codesFor(name, { method: 'structured', groups: { expression } })).toEqual(codes);
});

test.each([
  ['the claim', { groups: { claim: 'groups', prefix: 'k:' } }],
  ['an expression', { method: 'structured', groups: { expression: "dyn(claims.groups).map(g, 'k:' + g)" } }],
])('a name from %s that everybody has names no group in a rendered binding', (_, authentication) => {
  const { config } = labWith(authentication, {});
  if (!config) throw new Error('no config');
  const cluster = entry(config.clusters, 'homelab');
  expect(groupSubjects(config, cluster, 'k8s_users')).toEqual([]);
  expect(groupSubjects(config, cluster, 'all')).toEqual(['k:all']);
});
