import { entry } from '../../../lib/config/config';
import { groupSubjects, personSubjects } from '../../../lib/identity/subject';
import { codesOf, configOf, homeLab } from '../../config';

const scopes = { k8s_users: ['openid', 'email', 'groups'] };
const input = (authentication: object, trust: readonly string[] = []) =>
  homeLab({
    people: { jane: { displayName: 'Jane', mail: 'jane@example.com' } },
    groups: { k8s_users: { members: ['datosh', 'jane'] } },
    clients: { web: { type: 'basic', landingUrl: 'https://web.example.com', scopes }, k8s: { scopes } },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        ...(trust.length > 0 ? { trust } : {}),
        authentication: { method: 'structured', groups: {}, ...authentication },
        grants: [{ name: 'a', clusterRole: 'view', people: ['jane'], groups: ['k8s_users'] }],
      },
    },
  });
const namesOf = (authentication: object, trust?: readonly string[]) => {
  const config = configOf(input(authentication, trust));
  const cluster = entry(config.clusters, 'homelab');
  return [personSubjects(config, cluster, 'jane'), groupSubjects(config, cluster, 'k8s_users')];
};

describe('an account without a UUID', () => {
  test('is named by a trusted client that reads another claim', () => {
    const clients = { web: { claim: 'email', prefix: 'web:', groups: { prefix: 'web:' } } };
    expect(codesOf(input({ clients }, ['web']))).not.toContain('person-uuid-unknown');
    expect(namesOf({ clients }, ['web'])[0]).toEqual(['web:jane@example.com']);
  });

  test('is named by nothing if all clients read the UUID', () => {
    expect(codesOf(input({}, ['web']))).toContain('person-uuid-unknown');
  });
});

describe('groups by an expression', () => {
  const username = { expression: "'k:' + claims.preferred_username" };

  test.each([
    ["dyn(claims.groups).map(g, 'k:' + g)", 'k:k8s_users@sso.kammel.dev'],
    ['claims.groups', 'k8s_users@sso.kammel.dev'],
  ])('%s: a group is named %s', (expression, name) => {
    expect(codesOf(input({ username, groups: { expression } }))).not.toContain('group-not-in-claim');
    expect(namesOf({ username, groups: { expression } })[1]).toEqual([name]);
  });

  test('that leaves a group out does not name it', () => {
    const groups = { expression: "dyn(claims.groups).filter(g, g.startsWith('other'))" };
    expect(codesOf(input({ username, groups }))).toContain('group-not-in-claim');
  });
});
