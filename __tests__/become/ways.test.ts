import { type Beginner, beginners, nameOf, waysOf, whoCanBecome } from '../../lib/become/become';
import { steps } from '../../lib/become/become-steps';
import { becomingsOf, rightsOfBeginner } from '../../lib/become/becoming';
import { closure } from '../../lib/become/closure';
import {
  conditionFact,
  everyRule,
  type Fact,
  rightsFact,
  serviceAccountFact,
  superuserFact,
} from '../../lib/become/fact';
import type { Use } from '../../lib/become/identity-rights';
import { type Derivation, Reached } from '../../lib/become/reached';
import { shortestBecomings, shortestToEverything } from '../../lib/become/shortest';
import { heldText, wayData, wayLines, wayText } from '../../lib/become/way-text';
import { assumptionsOf, waysToFact } from '../../lib/become/ways';
import type { World } from '../../lib/become/world';
import { boss, grant, rules, user, world } from './small-world';

describe('a service account that another one can become again', () => {
  const objects = [
    ...boss('web'),
    ...grant('web/first', { namespace: 'web', rules: rules('create serviceaccounts/token middle') }),
    ...grant('web/middle', { namespace: 'web', rules: rules('create serviceaccounts/token boss,first') }),
  ];
  const all = (most: number) =>
    new Map(whoCanBecome(world({ objects }), 'everything', most).map((one) => [one.name, one]));

  test.each([1, 10])('needs its steps (of at most %i ways)', (most) => {
    const steps = (name: string) =>
      all(most)
        .get(`system:serviceaccount:web:${name}`)
        ?.ways.map((way) => way.steps.map(({ fact }) => fact.words));
    expect(steps('first')).toEqual([['the service account web/middle', 'the service account web/boss']]);
    expect(steps('middle')).toEqual([['the service account web/boss']]);
    expect(steps('boss')).toEqual([[]]);
  });
});

const person = (i: number) => ({ displayName: `P${i}`, id: `00000000-0000-4000-8000-00000000000${i}` });
/** Jane and bob are in devs, which may request the token of web/boss, who may do everything. Ann may do nothing. */
const team = (more: Record<string, unknown> = {}, flux: object = {}, objects: readonly object[] = []) =>
  world({
    config: {
      kanidm: { version: '1.11.1', cluster: null, helm: null },
      people: { datosh: null, jane: person(1), bob: person(2), ann: person(3) },
      groups: { k8s_users: { members: ['devs', 'ann'] }, devs: { members: ['jane', 'bob'] } },
      roles: {
        token: {
          rules: [
            { apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['boss'], verbs: ['create'] },
          ],
        },
      },
      clusters: {
        homelab: {
          kubernetes: '1.34',
          authentication: { method: 'structured', groups: {} },
          grants: [{ name: 'team', clusterRole: 'token', groups: ['devs'], namespaces: ['web'] }],
          flux,
        },
      },
      ...more,
    },
    objects: [...boss('web'), ...objects],
  });

/**
 * Jane may request the token of web/boss, which may read Pods and list Secrets of the namespace. Its rule for Nodes,
 * which are in no namespace, allows nothing.
 */
const small = (verbs = ['create serviceaccounts/token boss']) =>
  world({
    objects: [
      ...grant('jane', { namespace: 'web', rules: rules('get pods', ...verbs) }),
      ...grant('web/boss', { namespace: 'web', rules: rules('get pods', 'list secrets', 'delete nodes') }),
      ...grant('web/same', { namespace: 'web', rules: rules('get pods') }),
    ],
  });
const jane: Beginner = { kind: 'stranger', name: 'user jane', facts: [user('jane')] };
const named = (on: World, name: string): Beginner => {
  const found = beginners(on).find((one) => one.name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
};
const token = 'request a token of the service account web/boss';
const source = 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request';

describe('everybody on a cluster', () => {
  test('is who the config and the bindings name, with the facts that they start with', () => {
    const everybody = beginners(
      team({
        people: { datosh: null, jane: person(1), bob: person(2), ann: person(3), gone: { ...person(4), absent: true } },
      }),
    );
    expect(everybody.map(({ kind, name, facts }) => [kind, name, ...facts.map((fact) => fact.kind)])).toEqual([
      ['person', 'jane', 'account', 'identity'],
      ['person', 'bob', 'account', 'identity'],
      ['person', 'ann', 'account', 'identity'],
      ['members', 'idm_admins', 'account'],
      ['stranger', 'group system:masters', 'identity'],
      ['stranger', 'system:serviceaccount:web:boss', 'identity'],
      ['stranger', 'system:serviceaccount:flux-system:kustomize-controller', 'identity'],
    ]);
  });

  test('includes service accounts of Kanidm that cannot sign in, but none that is absent', () => {
    const serviceAccounts = { ci: person(5), past: { ...person(6), absent: true } };
    expect(beginners(team({ serviceAccounts })).filter(({ kind }) => kind === 'service account')).toMatchObject([
      { name: 'ci', facts: [{ kind: 'account' }] },
    ]);
  });

  test.each([
    ['members', 'idm_admins', "Kanidm's administrators (idm_admins)"],
    ['members', 'devs', 'every member of devs (only Kanidm knows the members)'],
    ['person', 'idm_admins', 'idm_admins'],
    ['stranger', 'user root', 'user root'],
  ] as const)('%s %s is called %s', (kind, name, words) => expect(nameOf({ kind, name })).toBe(words));

  test('who can become able to do everything is listed with the way, whoever may do it now first', () => {
    expect(
      whoCanBecome(team(), 'everything').map(({ kind, name, who, ways }) => [kind, name, who, ...ways.map(wayText)]),
    ).toEqual([
      ['stranger', 'group system:masters', 'group system:masters', ''],
      ['stranger', 'system:serviceaccount:web:boss', 'system:serviceaccount:web:boss', ''],
      ['person', 'jane', 'jane', token],
      ['person', 'bob', 'bob', token],
      [
        'members',
        'idm_admins',
        "Kanidm's administrators (idm_admins)",
        `add themselves to devs in Kanidm, then ${token} (if devs is not in idm_high_privilege)`,
      ],
    ]);
  });
});

test('a way is one way, whichever client the person signs in with', () => {
  const scopes = { devs: ['openid', 'groups'] };
  const client = (port: number) => ({ displayName: 'K', landingUrl: `http://localhost:${port}`, scopes });
  const waysWith = (...trust: readonly string[]) =>
    whoCanBecome(
      team({
        clients: { k8s: { scopes }, a: client(8001), b: client(8002) },
        clusters: {
          homelab: {
            kubernetes: '1.34',
            trust,
            authentication: { method: 'structured', groups: {} },
            grants: [
              { name: 'team', clusterRole: 'token', groups: ['devs'], namespaces: ['web'] },
              { name: 'pods', clusterRole: 'edit', groups: ['devs'], namespaces: ['web'] },
            ],
          },
        },
      }),
      'everything',
      10,
    )
      .find(({ name }) => name === 'jane')
      ?.ways.map(wayText);
  const one = waysWith();
  expect(one).toContain(token);
  expect(one?.length).toBeGreaterThan(1);
  expect(waysWith('a', 'b')).toEqual(one);
});

describe('a way as text', () => {
  const on = team();
  const way = (name: string) => {
    const [first] = waysOf(on, named(on, name), 'everything');
    if (!first) throw new Error(`there is no way for ${name}`);
    return first;
  };

  test('has the right of each step, the role that gives it, and the source', () => {
    expect(wayLines(on.access, named(on, 'jane'), way('jane'))).toEqual([
      `1. ${token}`,
      '   allowed by: create serviceaccounts/token boss in namespace web (token, by devs; binding team)',
      `   why: ${source}`,
    ]);
  });

  test('has the setting of Kanidm that allows a step', () => {
    expect(wayLines(on.access, named(on, 'idm_admins'), way('idm_admins')).slice(0, 4)).toEqual([
      '1. reset the credential of jane in Kanidm',
      '   allowed by: they are in idm_admins',
      '   why: https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/migration_data/dl15/access.rs',
      `2. ${token}`,
    ]);
  });

  test('names no group of a subject that is not in the config', () => {
    const stranger: Beginner = { kind: 'stranger', name: 'group x', facts: [] };
    expect(wayLines(on.access, stranger, way('jane'))[1]).toBe(
      '   allowed by: create serviceaccounts/token boss in namespace web (token; binding team)',
    );
  });

  test('is data for JSON', () => {
    expect(wayData(way('jane'))).toStrictEqual({
      steps: [
        {
          code: 'request-token',
          does: token,
          rights: [
            {
              verb: 'create',
              group: '',
              resource: 'serviceaccounts/token',
              namespace: 'web',
              names: ['boss'],
              role: 'token',
              binding: 'team',
            },
          ],
          assumes: [],
          source,
        },
      ],
      role: 'web-boss-everywhere',
      binding: 'web-boss-everywhere',
    });
    expect(wayData(way('idm_admins')).steps[0]).toMatchObject({
      rights: [],
      setting: 'they are in idm_admins',
      assumes: [],
    });
    const [assumed] = waysOf(on, named(on, 'idm_admins'), 'everything', 1);
    expect(assumed && wayData(assumed).steps[0]).toMatchObject({ assumes: ['devs is not in idm_high_privilege'] });
    expect(assumed && wayLines(on.access, named(on, 'idm_admins'), assumed)[2]).toBe(
      '   if devs is not in idm_high_privilege',
    );
    expect(wayData(way('group system:masters'))).toStrictEqual({ steps: [] });
  });

  test('says how a right is held without a step', () => {
    const boss = 'system:serviceaccount:web:boss';
    expect(heldText(on.access, named(on, boss), way(boss))).toBe('web-boss-everywhere; binding web-boss-everywhere');
    const { by: _by, ...superuser } = way(boss);
    expect(heldText(on.access, named(on, boss), superuser)).toBe('member of system:masters');
  });

  test('shows a role that an earlier step gave without a binding, and rights of a group of resources', () => {
    const rbac = 'rbac.authorization.k8s.io';
    const binds = world({
      objects: grant('jane', { rules: rules(`bind clusterroles.${rbac} edit`, `create clusterrolebindings.${rbac}`) }),
    });
    const [first] = waysOf(binds, jane, { verb: 'delete', group: 'apps', resource: 'deployments' });
    if (!first) throw new Error('there is no way');
    expect(wayLines(binds.access, jane, first).slice(0, 3)).toEqual([
      '1. bind ClusterRole edit to themselves',
      `   allowed by: create clusterrolebindings.${rbac} (jane-everywhere; binding jane-everywhere)`,
      `   allowed by: bind clusterroles.${rbac} edit (jane-everywhere; binding jane-everywhere)`,
    ]);
  });
});

describe('several ways', () => {
  const on = small(['create serviceaccounts/token boss', 'create pods/exec', 'create pods']);
  const ways = (most: number) =>
    waysOf(on, jane, { verb: 'list', group: '', resource: 'secrets', namespace: 'web' }, most).map(wayText);
  const all = [
    token,
    'run a pod as the service account web/boss',
    'run a command in a pod of the service account web/boss (if a pod runs as web/boss)',
  ];

  test('begin with the shortest, and those without assumptions', () => {
    expect(ways(3)).toEqual(all);
    expect(ways(2)).toEqual(all.slice(0, 2));
    expect(ways(1)).toEqual(all.slice(0, 1));
    expect(ways(10).slice(0, 3)).toEqual(all);
  });
});

describe('what somebody can become', () => {
  test('is what gives further rights, with these rights alone', () => {
    const becomings = becomingsOf(small(), jane);
    // Each service account may also read the discovery document of the cluster's token issuer.
    const without = becomings.map(({ words, rights, ways }) => [
      words,
      rights.filter(({ path }) => path === undefined),
      ways.map(wayText),
    ]);
    expect(without).toEqual([
      ['the service account web/boss', [{ verb: 'list', group: '', resource: 'secrets', namespace: 'web' }], [token]],
      [
        'the service account web/same',
        [],
        [
          `${token}, then read the token of the service account web/same in a Secret (if a Secret holds a token of web/same)`,
        ],
      ],
    ]);
    expect(rightsOfBeginner(small(), jane)).toEqual(
      expect.arrayContaining([{ verb: 'get', group: '', resource: 'pods', namespace: 'web' }]),
    );
  });

  test('is the most dangerous first, then the nearest', () => {
    const on = world({
      objects: [
        ...grant('jane', { namespace: 'web', rules: rules('create serviceaccounts/token') }),
        ...grant('web/reader', { namespace: 'web', rules: rules('get pods') }),
        ...grant('web/secrets', { namespace: 'web', rules: rules('get secrets') }),
        ...grant('web/writer', { namespace: 'web', rules: rules('delete pods') }),
      ],
    });
    expect(becomingsOf(on, jane).map(({ words }) => words)).toEqual([
      'the service account web/secrets',
      'the service account web/writer',
      'the service account web/reader',
    ]);
  });

  test('is the nearest first among those that are equally dangerous', () => {
    const on = world({
      objects: [
        ...grant('jane', { namespace: 'web', rules: rules('create serviceaccounts/token first,near') }),
        ...grant('web/first', { namespace: 'web', rules: rules('get pods', 'create serviceaccounts/token far') }),
        ...grant('web/far', { namespace: 'web', rules: rules('get configmaps') }),
        ...grant('web/near', { namespace: 'web', rules: rules('get endpoints') }),
      ],
    });
    expect(becomingsOf(on, jane).map(({ words, ways }) => [words, ways[0]?.steps.length])).toEqual([
      ['the service account web/first', 1],
      ['the service account web/near', 1],
      ['the service account web/far', 2],
    ]);
  });

  test('is only cluster-admin for those who can become it, and nothing for those who are', () => {
    const on = team();
    const short = (name: string) =>
      becomingsOf(on, named(on, name)).map(({ words, rights, ways }) => [words, rights, ways.map(wayText)]);
    expect(short('jane')).toEqual([['cluster-admin', [{ verb: '*', group: '*', resource: '*' }], [token]]]);
    expect(short('system:serviceaccount:web:boss')).toEqual([]);
    expect(short('group system:masters')).toEqual([]);
    expect(rightsOfBeginner(on, { kind: 'stranger', name: 'x', facts: [superuserFact('x')] })).toEqual([
      { verb: '*', group: '*', resource: '*' },
    ]);
  });
});

describe('the shortest way', () => {
  const deployer = (...texts: string[]) => grant('flux-system/deployer', { rules: rules(...texts) });

  test('is the same for people with the same roles, and worked out once', () => {
    const on = team();
    const [first, other] = ['jane', 'bob'].map((name) => shortestToEverything(on, named(on, name)));
    expect(first && wayText(first)).toBe(token);
    expect(other).toBe(first);
    expect(shortestToEverything(on, named(on, 'ann'))).toBeUndefined();
    expect(shortestBecomings(on, named(on, 'jane'))).toBe(shortestBecomings(on, named(on, 'bob')));
    expect(shortestBecomings(on, named(on, 'jane')).map(({ words }) => words)).toEqual(['cluster-admin']);
    expect(shortestBecomings(on, named(on, 'ann'))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, object]>([
    ['may write to the source', {}, { writers: { people: ['ann'] } }],
    ['is in a group that may write to the source', {}, { writers: { groups: ['leads'] } }],
  ])('is another one for a person who %s', (_name, more, flux) => {
    const groups = {
      k8s_users: { members: ['devs', 'ann', 'joe', 'leads'] },
      devs: { members: ['jane', 'bob'] },
      leads: { members: ['ann'] },
    };
    const people = { datosh: null, jane: person(1), bob: person(2), ann: person(3), joe: person(4) };
    const controller = grant('flux-system/kustomize-controller', { rules: everyRule });
    const on = team({ ...more, groups, people }, flux, controller);
    expect(shortestToEverything(on, named(on, 'joe'))).toBeUndefined();
    const way = shortestToEverything(on, named(on, 'ann'));
    expect(way && wayText(way)).toBe(
      'push to the source, which Flux applies as the service account flux-system/kustomize-controller',
    );
  });

  test.each<[string, object[], string[]]>([
    ['if there is such a way', deployer('impersonate users bob', 'impersonate groups'), []],
    [
      'only if there is such a way',
      deployer('impersonate users bob'),
      [expect.stringContaining('another Kustomization')],
    ],
  ])('assumes nothing %s', (_name, more, assumed) => {
    const flux = { serviceAccountName: 'deployer', writers: { people: ['ann'] } };
    const controller = grant('flux-system/kustomize-controller', { rules: everyRule });
    const on = team({}, flux, [...controller, ...more]);
    const way = shortestToEverything(on, named(on, 'ann'));
    expect(way && assumptionsOf(way)).toEqual(assumed);
    expect(shortestBecomings(on, named(on, 'ann')).flatMap(({ ways }) => ways.map(assumptionsOf))).toEqual([assumed]);
  });

  test('is another one for a person who manages a group', () => {
    const groups = {
      k8s_users: { members: ['devs', 'ann', 'joe'] },
      devs: { members: ['jane', 'bob'], managedBy: 'ann' },
    };
    const people = { datosh: null, jane: person(1), bob: person(2), ann: person(3), joe: person(4) };
    const on = team({ groups, people });
    expect(shortestToEverything(on, named(on, 'joe'))).toBeUndefined();
    const way = shortestToEverything(on, named(on, 'ann'));
    expect(way && wayText(way)).toBe(`add themselves to devs in Kanidm, then ${token}`);
  });
});

describe('the facts that somebody has gained', () => {
  const [step] = steps;
  if (!step) throw new Error('there is no step');
  const from = user('jane');
  const role = rightsFact(rules('get pods'), undefined, 'the pods');
  const gained = (fact: Fact, more: Partial<Derivation> = {}): Derivation => ({
    step,
    from,
    fact,
    does: '',
    uses: [],
    ...more,
  });
  const use = (key?: string): Use => ({
    right: { verb: 'get', group: '', resource: 'pods' },
    held: role.held,
    ...(key === undefined ? {} : { from: key }),
  });

  test('are new once, and each way to them counts once', () => {
    const reached = new Reached(world());
    reached.begin(from);
    const other = user('other');
    expect(reached.has(other.key)).toBe(false);
    expect(reached.take(gained(from, { from: other }))).toBe(false);
    expect(reached.take(gained(other))).toBe(true);
    expect(reached.has(other.key)).toBe(true);
    // The same step by other rights of the same identity does not count as another way. By rights from an earlier step,
    // it does.
    expect(reached.take(gained(other, { uses: [use()] }))).toBe(false);
    expect(reached.take(gained(other, { uses: [use('role')] }))).toBe(false);
    expect(reached.take(gained(other, { uses: [use('role'), use('role')] }))).toBe(false);
    expect(reached.take(gained(other, { needs: ['node'] }))).toBe(false);
    expect(reached.derivations.get(other.key)?.map(({ uses, needs }) => [uses.length, needs?.length])).toEqual([
      [0, undefined],
      [1, undefined],
      [0, 1],
    ]);
    expect(reached.derivations.has(from.key)).toBe(false);
    expect(reached.identities).toEqual([from, other]);
  });

  test('include roles, which every identity can get', () => {
    const reached = new Reached(world());
    reached.begin(from);
    const { requests } = reached.rightsOf(from);
    expect(reached.givenCount).toBe(0);
    expect(reached.take(gained(role))).toBe(true);
    expect(reached.take(gained(role, { needs: ['node'] }))).toBe(false);
    expect(reached.take(gained(conditionFact('node', 'n')))).toBe(true);
    expect(reached.givenCount).toBe(1);
    expect(reached.identities).toEqual([from]);
    expect(reached.rightsOf(from).requests).toEqual([...requests, { held: role.held, from: role.key }]);
    expect(reached.ownRightsOf(from).requests).toEqual(requests);
    expect(reached.rightsOf(role).requests).toEqual([]);
  });
});

describe('a search', () => {
  const codes = (...texts: string[]) => {
    const on = world({
      objects: [...boss('web'), ...grant('jane', { namespace: 'web', rules: rules(...texts) })],
    });
    return [...closure(on, [user('jane')]).derivations.values()].flat().map(({ step }) => step.code);
  };
  test.each([
    ['get pods', false],
    ['create selfsubjectreviews.authentication.k8s.io', false],
    ['create selfsubjectaccessreviews.authorization.k8s.io', false],
    ['create selfsubjectrulesreviews.authorization.k8s.io', false],
    ['get secrets', true],
    ['update pods', true],
    ['create serviceaccounts/token', true],
    ['* pods', true],
  ])('with the right %s leads somewhere: %p', (text, expected) => expect(codes(text).length > 0).toBe(expected));

  test('ends at once if the first fact is the goal, or if a fact gives every right', () => {
    const on = world({ objects: boss('web') });
    const token = serviceAccountFact('web', 'boss');
    expect(closure(on, [user('jane'), token]).derivations.size).toBe(0);
    const looked: string[] = [];
    const until = (fact: Fact) => looked.push(fact.words) > 1;
    closure(on, [user('a'), user('b'), user('c')], { until });
    expect(looked).toEqual(['a', 'b']);
  });
});

describe('of ways with equally many steps', () => {
  const [from, left, right, end] = [user('jane'), user('left'), user('right'), user('end')];
  const step = steps[0];
  if (!step) throw new Error('there is no step');
  /**
   * Lets jane become `end` in two ways: through `left`, which is found first, and through `right`. Returns the steps
   * and the assumptions of the way that is shown.
   */
  const shown = (last: Partial<Record<'left' | 'right', string[]>>, before: string[] = [], isLonger = false) => {
    const reached = new Reached(world());
    reached.begin(from);
    const take = (a: Fact, fact: Fact, assumes: string[] = []) =>
      reached.take({ step, from: a, fact, does: `become ${fact.words}`, uses: [], assumes });
    take(from, left, before);
    if (isLonger) take(left, right);
    else take(from, right);
    take(left, end, last.left);
    take(right, end, last.right);
    // A step back to `left` must not become a part of the way to it.
    take(end, left);
    return waysToFact(reached, end, 1).map((way) => [
      ...way.steps.map(({ fact }) => fact.words),
      ...assumptionsOf(way),
    ]);
  };

  test('the one without an assumption is shown, even if it is found later', () => {
    expect(shown({})).toEqual([['left', 'end']]);
    expect(shown({ left: ['luck'] })).toEqual([['right', 'end']]);
    expect(shown({}, ['luck'])).toEqual([['right', 'end']]);
    expect(shown({ left: ['luck', 'time'], right: ['luck'] })).toEqual([['right', 'end', 'luck']]);
  });

  test('the one that is found first is shown if both assume as much', () =>
    expect(shown({ left: ['luck'], right: ['time'] })).toEqual([['left', 'end', 'luck']]));

  test('a way with an assumption is shown if those without one have more steps', () =>
    expect(shown({ left: ['luck'] }, [], true)).toEqual([['left', 'end', 'luck']]));
});
