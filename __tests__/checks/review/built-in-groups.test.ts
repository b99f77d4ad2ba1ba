import { check } from '../../../lib/checks/review/run-review';
import { homeLab, load } from '../../config';

const id = '00000000-0000-4000-8000-000000000009';
const labWith = (authentication: object) =>
  load(
    homeLab({
      groups: { k8s_users: { id }, all: { members: ['inner'] }, inner: { members: ['idm_all_persons'] } },
      clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'] } } },
      clusters: { homelab: { authentication } },
    }),
  );

function codesFor(name: string, authentication: object): string[] {
  const { config, sources } = labWith(authentication);
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
