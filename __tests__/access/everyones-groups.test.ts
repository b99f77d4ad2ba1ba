import { whoCan } from '../../lib/access/able-people';
import { accessDiff } from '../../lib/diff/access-changes';
import { accessLines } from '../../lib/diff/line-changes';
import { accessOn, rendered, type Side } from '../../lib/diff/side';
import { askedRight } from '../../lib/expect/asked-right';
import { Entitlements } from '../../lib/expect/entitled';
import { explainPerson, personLines } from '../../lib/explain/person';
import { configOf } from '../config';

const config = configOf({
  people: { jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' } },
  serviceAccounts: { ci: { displayName: 'CI', id: '22222222-2222-4222-8222-222222222222' } },
  groups: { k8s_users: { members: ['datosh', 'jane', 'ci'] } },
  clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'] } } },
  clusters: { homelab: { authentication: { groups: { prefix: 'kanidm:' } }, grants: [] } },
});
const binding = (name: string, kind = 'Group') => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'hand' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }],
});
const side = (...objects: object[]): Side => rendered(config, () => objects);
const able = (name: string, kind?: string) => {
  const access = accessOn(side(binding(name, kind)), 'homelab');
  if (!access) throw new Error('no cluster');
  return whoCan(access, { verb: 'list', group: '', resource: 'pods' })
    .filter((one) => one.binding === 'hand')
    .map(({ who, way }) => [who, ...way].join(' by '))
    .sort();
};

test.each([
  ['kanidm:idm_all_persons@sso.kammel.dev', ['datosh by idm_all_persons', 'jane by idm_all_persons']],
  [
    'kanidm:00000000-0000-0000-0000-000000000036',
    ['datosh by idm_all_accounts', 'jane by idm_all_accounts', 'service account ci by idm_all_accounts'],
  ],
  ['idm_all_persons@sso.kammel.dev', []],
  ['kanidm:idm_all_persons', []],
  ['kanidm:idm_admins@sso.kammel.dev', []],
])('a hand-written binding of %s gives its role to %j', (name, people) => {
  expect(able(name)).toEqual([...people, `group ${name}`].sort());
});

test('a user with the name of the group is nobody in the config', () => {
  expect(able('kanidm:idm_all_persons@sso.kammel.dev', 'User')).toEqual(['user kanidm:idm_all_persons@sso.kammel.dev']);
});

test('explain names the role and the group', () => {
  const lines = (...objects: object[]) =>
    personLines('jane', explainPerson(config, 'jane', ['homelab'], side(...objects))).join('\n');
  const text = lines(binding('kanidm:idm_all_persons@sso.kammel.dev'));
  expect(text).toMatch(/may read .* \(view, by idm_all_persons; binding hand\)/);
  expect(text).toContain('kanidm:k8s_users@sso.kammel.dev, kanidm:idm_all_persons@sso.kammel.dev\n');
  expect(lines()).not.toContain('idm_all');
});

describe('diff', () => {
  const group = 'kanidm:idm_all_persons@sso.kammel.dev';
  const of = (before: Side, after: Side) =>
    accessLines(accessDiff(before, after)).filter((line) => line.includes('jane'));

  test('names each person who gains the role', () => {
    expect(of(side(), side(binding(group)))).toEqual([
      expect.stringMatching(/^\+ jane may read .* on homelab \(view, by idm_all_persons\): the binding hand is new$/),
    ]);
  });

  test('says that the binding names the group', () => {
    expect(of(side(binding('kanidm:other')), side(binding(group)))).toEqual([
      expect.stringMatching(/: the binding hand now names idm_all_persons$/),
    ]);
  });

  test('says that the role allows more', () => {
    const role = (verb: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'own' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', verb] }],
    });
    const own = { ...binding(group), roleRef: { kind: 'ClusterRole', name: 'own' } };
    expect(of(side(own, role('get')), side(own, role('delete')))).toEqual([
      expect.stringMatching(/: the role own allows more$/),
    ]);
  });
});

test('an expectation sees the people of the config, and that there are others', () => {
  const name = 'kanidm:idm_all_persons@sso.kammel.dev';
  const access = accessOn(side(binding(name)), 'homelab');
  if (!access) throw new Error('no cluster');
  const on = new Entitlements(access);
  const given = on.matching(askedRight('list pods', undefined, []), undefined).bindings;
  const names = on.holders(given).map((one) => `${one.kind} ${one.name}`);
  expect(names).toEqual(['person datosh', 'person jane', `group ${name}`]);
});
