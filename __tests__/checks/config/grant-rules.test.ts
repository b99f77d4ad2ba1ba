import { registry } from '../../../lib/checks/registered-codes';
import { check } from '../../../lib/checks/review/run-review';
import { entry } from '../../../lib/config/config';
import { asResultsJson } from '../../../lib/findings/json';
import { asSarif } from '../../../lib/findings/sarif';
import { groupSubjects, personSubjects } from '../../../lib/identity/subject';
import { codesOf, configOf, homeLab, load } from '../../config';

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

describe('on several clusters and in several grants', () => {
  const both = (authentication: object, other: object = authentication, ignored: object[] = []) => {
    const grants = ['a', 'b'].map((name) => ({ name, clusterRole: 'view', people: ['jane'] }));
    const cluster = { server: 'https://192.0.2.20:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
    const config = homeLab({
      people: { jane: { displayName: 'Jane' } },
      groups: { k8s_users: { members: ['datosh', 'jane'] } },
      clients: { k8s: { scopes } },
      kanidm: { cluster: 'homelab' },
      checks: { ignore: ignored.map((one) => ({ code: 'person-uuid-unknown', reason: 'later', ...one })) },
      clusters: {
        homelab: { kubernetes: '1.34', authentication: { method: 'structured', ...authentication }, grants },
        edge: { ...cluster, authentication: { method: 'structured', ...other }, grants },
      },
    });
    return load(config)
      .findings.filter(({ message }) => message.includes('jane'))
      .map(({ message }) => message);
  };

  test('a UUID that is not known is one finding', () => {
    expect(both({})).toEqual([
      'homelab and edge identify accounts by UUID, but the UUID of jane is not in the config: no binding can name jane yet',
    ]);
  });

  test('a UUID that is not known names all clusters, also in JSON and SARIF', () => {
    const person = {
      people: { jane: { displayName: 'Jane' } },
      groups: { k8s_users: { members: ['datosh', 'jane'] } },
    };
    const cluster = { server: 'https://192.0.2.20:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
    const results = (clusters: readonly string[], own: boolean, ignored: object[] = []) => {
      const granted = { name: 'a', clusterRole: 'view', people: ['jane'] };
      const input = homeLab({
        ...person,
        kanidm: { cluster: 'homelab' },
        checks: { ignore: ignored },
        grants: own ? [] : [{ ...granted, clusters }],
        clusters: Object.fromEntries(
          ['homelab', 'edge'].map((name) => [
            name,
            { ...(name === 'edge' ? cluster : {}), grants: own && clusters.includes(name) ? [granted] : [] },
          ]),
        ),
      });
      const { config, findings, sources } = load(input);
      if (!config) throw new Error('the config has errors');
      const all = check({ config, sources, warnings: findings });
      return { ...all, findings: all.findings.filter(({ code }) => code === 'person-uuid-unknown') };
    };
    for (const own of [true, false]) {
      const both = results(['homelab', 'edge'], own);
      expect(JSON.parse(asResultsJson(both)).findings).toMatchObject([{ clusters: ['homelab', 'edge'] }]);
      expect(both.findings[0]?.cluster).toBeUndefined();
      expect(JSON.parse(asSarif(both, registry())).runs[0].results).toMatchObject([
        { properties: { clusters: ['homelab', 'edge'] } },
      ]);
      const one = results(['edge'], own);
      expect(one.findings).toMatchObject([{ cluster: 'edge' }]);
      expect(one.findings[0]?.clusters).toBeUndefined();
      const left = results(['homelab', 'edge'], own, [
        { code: 'person-uuid-unknown', cluster: 'edge', reason: 'later' },
      ]);
      expect(left.findings).toMatchObject([{ cluster: 'homelab' }]);
    }
  });

  test('an accepted finding on one cluster leaves the finding on the other', () => {
    const on = (one: string, verb: string) =>
      `${one} ${verb} accounts by UUID, but the UUID of jane is not in the config: no binding can name jane yet`;
    const split = [on('homelab', 'identifies'), on('edge', 'identifies')];
    expect(both({}, {}, [{ cluster: 'homelab' }]).sort()).toEqual([...split].sort());
    expect(both({}, {}, [{ cluster: 'edge' }]).sort()).toEqual([...split].sort());
    expect(both({}, {}, [{}])).toEqual([on('homelab and edge', 'identify')]);
  });

  test('two different claims that are missing are two', () => {
    expect(both({}, { claim: 'email' })).toEqual([
      'homelab identifies accounts by UUID, but the UUID of jane is not in the config: no binding can name jane yet',
      'edge identifies accounts by mail address, but the mail address of jane is not in the config: no binding can name jane',
    ]);
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

describe('groups whose members only Kanidm knows', () => {
  const config = (groups: object, scopes: object, grant: object) =>
    load(
      homeLab({
        people: { jane: { displayName: 'Jane', id: 'a39bd23b-9919-4ae2-b299-fc6223227c5b' } },
        groups: { k8s_users: { members: ['datosh'] }, ...groups },
        clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'], ...scopes } } },
        grants: [{ name: 'a', clusterRole: 'view', clusters: '*', ...grant }],
      }),
    ).findings.flatMap(({ code, severity, message }) =>
      ['outside-scope-map', 'member-outside-scope-map', 'scope-not-given'].includes(code)
        ? [`${severity} ${code}${message.includes(', unless another group ') ? ', unless' : ''}`]
        : [],
    );

  test.each([
    ['a person who may be in one', { staff: {} }, { staff: ['openid', 'groups'] }, { people: ['jane'] }],
    ['a person who may be in a built-in one', {}, { idm_admins: ['openid', 'groups'] }, { people: ['jane'] }],
    [
      'a person who may be in a group inside',
      { staff: { members: ['inner'] }, inner: {} },
      { staff: ['openid', 'groups'] },
      { people: ['jane'] },
    ],
    [
      'a group that may be in one',
      { staff: {}, dev: { members: ['jane'] } },
      { staff: ['openid', 'groups'] },
      { groups: ['dev'] },
    ],
    ['a group whose own members are not known', { dev: {} }, {}, { groups: ['dev'] }],
    [
      'a scope that one may give',
      { staff: {}, dev: { members: ['jane'] } },
      { dev: ['openid'], staff: ['groups'] },
      { groups: ['dev'] },
    ],
  ])('are a warning, and no reason to reject %s', (_what, groups, scopes, grant) => {
    expect(config(groups, scopes, grant)).toEqual([expect.stringMatching(/^warning .*, unless$/)]);
  });

  test.each([
    [
      'all members are known',
      { staff: { members: [] } },
      { staff: ['openid', 'groups'] },
      { people: ['jane'] },
      'outside-scope-map',
    ],
    ['the group gives no `openid`', { staff: {} }, { staff: ['email'] }, { people: ['jane'] }, 'outside-scope-map'],
    [
      'the group gives another scope',
      { staff: {}, dev: { members: ['jane'] } },
      { dev: ['openid'], staff: ['email'] },
      { groups: ['dev'] },
      'scope-not-given',
    ],
    ['everybody is known', { dev: { members: ['jane'] } }, {}, { groups: ['dev'] }, 'outside-scope-map'],
  ])('change nothing if %s', (_what, groups, scopes, grant, code) => {
    expect(config(groups, scopes, grant)).toEqual([`error ${code}`]);
  });
});

test.each([
  [
    ['openid', 'groups'],
    { groups: {} },
    'add jane to `k8s_users`, or give a group of jane the scopes `openid` and `groups`',
  ],
  // In this group, jane would lack a scope that the sign-in requests.
  [['openid'], { groups: {} }, 'give a group of jane the scopes `openid` and `groups`'],
  [['openid'], {}, 'add jane to `k8s_users`, or give a group of jane the scope `openid`'],
])('if the scope map gives %j, and the API server reads %j, the fix names the scopes of a sign-in', (...row) => {
  const [k8s_users, authentication, fix] = row;
  const { findings } = load(
    homeLab({
      people: { jane: { displayName: 'Jane', id: 'a39bd23b-9919-4ae2-b299-fc6223227c5b' } },
      groups: { k8s_users: { members: ['datosh'] }, other: { members: [] } },
      clients: { k8s: { scopes: { k8s_users, other: ['groups'] } } },
      clusters: { homelab: { kubernetes: '1.34', authentication } },
      grants: [{ name: 'a', clusterRole: 'view', clusters: '*', people: ['jane'] }],
    }),
  );
  const [found] = findings.filter(({ code }) => code === 'outside-scope-map');
  expect(found?.fix).toBe(`${fix} in \`clients.k8s.scopes\``);
});

test.each([
  [undefined, 'add `staff` to `clients.k8s.scopes`, with the scopes `openid` and `groups`'],
  [['email'], 'add the scopes `openid` and `groups` to `clients.k8s.scopes.staff`'],
  [['groups'], 'add the scope `openid` to `clients.k8s.scopes.staff`'],
])('if a group has the scopes %j, the fix does not name the group a second time', (staff, fix) => {
  const { findings } = load(
    homeLab({
      people: { jane: { displayName: 'Jane', id: 'a39bd23b-9919-4ae2-b299-fc6223227c5b' } },
      groups: { k8s_users: { members: ['datosh'] }, staff: { members: ['datosh', 'jane'] } },
      clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'], ...(staff ? { staff } : {}) } } },
      grants: [{ name: 'a', clusterRole: 'view', clusters: '*', groups: ['staff'] }],
    }),
  );
  expect(findings.find(({ code }) => code === 'member-outside-scope-map')?.fix).toBe(fix);
});

test.each([
  ['groups_uuid', {}, 'runbook', ['set `groups.k8s_users.id` to the UUID that `kanidm group get k8s_users` prints']],
  ['groups_uuid', { id: '3f5f2d6e-0f0c-4c5e-9d53-0e6f5c2a7b11' }, 'runbook', []],
  ['groups_uuid', {}, 'migrations', []],
  ['groups_spn', {}, 'runbook', []],
])('with the scope %s, the group %j and %s', (scope, k8s_users, provision, fixes) => {
  const { findings } = load(
    homeLab({
      kanidm: { version: '1.11.1', provision },
      groups: { k8s_users },
      clients: { k8s: { scopes: { k8s_users: ['openid', scope] } } },
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', groups: ['k8s_users'] }] } },
    }),
  );
  const found = findings.filter(({ code }) => code === 'group-not-in-claim');
  expect(found.map(({ fix }) => fix)).toEqual(fixes.map((text) => expect.stringContaining(text)));
});

test.each<[object, object, string[]]>([
  [{}, {}, ['the tokens of client k8s carry no groups, so nobody is in k8s_users on homelab']],
  [
    {},
    { k8s_users: ['groups_spn'] },
    [
      'the scope `groups_spn` is only in `supplementaryScopes`, but only a scope in `scopes` tells Kaniflux in which form to write the names of groups into bindings',
    ],
  ],
  [{ k8s_users: ['openid', 'groups'] }, { k8s_users: ['groups_spn'] }, []],
])('a grant to a group with the scopes %j and the supplementary scopes %j', (scopes, supplementaryScopes, messages) => {
  const { findings } = load(
    homeLab({
      kanidm: { version: '1.11.1' },
      clients: { k8s: { scopes: { k8s_users: ['openid'], ...scopes }, supplementaryScopes } },
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', groups: ['k8s_users'] }] } },
    }),
  );
  expect(findings.filter(({ code }) => code === 'group-scope-missing').map(({ message }) => message)).toEqual(messages);
});
