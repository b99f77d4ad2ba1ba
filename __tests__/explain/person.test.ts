import { ableLine, whoCan, whoCanInside } from '../../lib/access/able-people';
import { requestOf } from '../../lib/access/resource-request';
import { entry } from '../../lib/config/config';
import { accessOn, rendered } from '../../lib/diff/side';
import { explainPerson, formerKey, personLines } from '../../lib/explain/person';
import { configOf } from '../config';

const jane = { displayName: 'Jane Doe', id: '00000000-0000-4000-8000-000000000001' };
const config = configOf({
  people: { jane, joe: { ...jane, id: '00000000-0000-4000-8000-000000000002' } },
  groups: { k8s_users: { members: ['datosh', 'devs'] }, devs: { members: ['jane'] } },
  clusters: {
    homelab: {
      grants: [
        { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] },
        { name: 'look', clusterRole: 'view', groups: ['k8s_users'], namespaces: ['web'] },
      ],
    },
  },
});
const who = (verb: string, what: string, namespace?: string) => {
  const access = accessOn(rendered(config), 'homelab');
  return access ? whoCan(access, requestOf(verb, what, { namespace })).map(ableLine) : [];
};

test('a person: what they are called, what they may do, where and why', () => {
  const lines = personLines('jane', explainPerson(config, 'jane', ['homelab']));
  expect(lines.slice(0, 2)).toEqual([
    'homelab:',
    `  is known as https://sso.kammel.dev/oauth2/openid/k8s#${jane.id}, in kanidm:devs@sso.kammel.dev, kanidm:k8s_users@sso.kammel.dev`,
  ]);
  expect(lines[2]).toMatch(/^ {2}may read .* in namespace web \(view, by k8s_users through devs; grant look\)$/);
});

test('a role whose rules are not known is not said to allow nothing', () => {
  const linesOf = (clusterRole: string) => {
    const config = configOf({
      roles: { seer: { rules: [{ resources: ['pods'], verbs: ['get'] }] } },
      clusters: { homelab: { grants: [{ name: 'own', clusterRole, people: ['datosh'] }] } },
    });
    return personLines('datosh', explainPerson(config, 'datosh', ['homelab']));
  };
  expect(linesOf('theirs')).toContain('  may do what this role allows, which is not known (theirs; grant own)');
  expect(linesOf('seer')).toContain('  may read pods (seer; grant own)');
});

test('a person who is in no group of the scope map', () => {
  expect(personLines('joe', explainPerson(config, 'joe', ['homelab']))[0]).toMatch(/joe cannot sign in/);
});

test('a person whose groups only Kanidm knows: the rights, and on what the sign-in depends', () => {
  const linesOf = (members: object) => {
    const unknown = configOf({
      people: { joe: jane },
      groups: { staff: members },
      clients: { k8s: { scopes: { staff: ['openid'] } } },
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', people: ['joe'] }] } },
    });
    return personLines('joe', explainPerson(unknown, 'joe', ['homelab'])).join('\n');
  };
  const depends = "can sign in only if Kanidm lists joe in a group of the client's scope map";
  expect(linesOf({})).toContain(depends);
  expect(linesOf({})).toContain('grant look');
  expect(linesOf({ members: ['joe'] })).not.toContain(depends);
});

test('who can: through which group and grant, and those that the config does not know', () => {
  expect(who('get', 'pods', 'web')).toEqual([
    'datosh (cluster-admin; binding oidc-cluster-admin)',
    'jane (view, by k8s_users through devs; binding look)',
    'group system:masters (cluster-admin; binding cluster-admin)',
  ]);
  expect(who('get', 'pods', 'db')).not.toContain('jane (view, by k8s_users through devs; binding look)');
  expect(who('get', 'secrets', 'web').join()).not.toMatch(/jane/);
});

test('who can without a namespace: those who may in some only, apart; nothing that lies in none', () => {
  const access = accessOn(rendered(config), 'homelab');
  if (!access) throw new Error('no cluster');
  const inside = (what: string, namespace?: string) => {
    const request = requestOf('get', what, { namespace });
    return [...whoCanInside(access, request, whoCan(access, request))].map(([place, able]) => [
      place,
      ...able.map(ableLine),
    ]);
  };
  expect(inside('pods')).toEqual([['web', 'jane (view, by k8s_users through devs; binding look)']]);
  expect(inside('secrets')).toEqual([]);
  expect(inside('pods', 'web')).toEqual([]);
  expect(inside('nodes')).toEqual([]);
  expect(inside('/metrics')).toEqual([]);
});

test.each([
  ['pods', { group: '', resource: 'pods' }],
  ['pods/exec', { group: '', resource: 'pods', subresource: 'exec' }],
  ['deployments', { group: 'apps', resource: 'deployments' }],
  ['deployments.apps/scale', { group: 'apps', resource: 'deployments', subresource: 'scale' }],
  ['helmreleases.helm.toolkit.fluxcd.io', { group: 'helm.toolkit.fluxcd.io', resource: 'helmreleases' }],
  ['*.*', { group: '*', resource: '*' }],
])('%s is a request', (text, expected) => {
  expect(requestOf('get', text)).toEqual({ verb: 'get', ...expected });
});

test('a path is a request', () => {
  expect(requestOf('get', '/metrics')).toEqual({ verb: 'get', path: '/metrics' });
  expect(entry(config.clusters, 'homelab').name).toBe('homelab');
});

test('a former name is nobody else: it is told who it is now', () => {
  const renamed = configOf({
    kanidm: { version: '1.11.1', helm: null, cluster: null, provision: 'migrations' },
    people: { janet: { displayName: 'Janet', formerly: 'jane' }, jana: { displayName: 'Jana' } },
  });
  expect(formerKey(renamed, 'jane')).toBe('janet');
  expect(formerKey(renamed, 'janet')).toBeUndefined();
  expect(formerKey(renamed, 'jan')).toBeUndefined();
});

test('whoever lacks a claim of the mapping cannot sign in, and that is the reason', () => {
  const authentication = {
    method: 'structured',
    extra: [{ key: 'example.com/mail', valueExpression: 'claims.email' }],
  };
  const grants = [{ name: 'look', clusterRole: 'view', groups: ['k8s_users'] }];
  const made = configOf({
    kanidm: { version: '1.11.1', helm: null, cluster: null },
    people: { datosh: { mail: 'datosh@example.com' }, jane: { ...jane, mail: [] } },
    groups: { k8s_users: { members: ['datosh', 'jane'] } },
    clusters: { homelab: { kubernetes: '1.34', authentication, grants } },
  });
  expect(personLines('jane', explainPerson(made, 'jane', ['homelab']))).toEqual([
    'homelab: jane cannot sign in: the expression for the extra attribute example.com/mail cannot be evaluated: no such key: email',
  ]);
  const access = accessOn(rendered(made), 'homelab');
  const able = access
    ? whoCan(access, requestOf('get', 'pods', {}))
        .map(ableLine)
        .join()
    : '';
  expect(able).toContain('datosh');
  expect(able).not.toContain('jane');
});

test('who is removed cannot sign in, and that is the reason', () => {
  const removed = configOf({ people: { jane: { ...jane, absent: true } } });
  expect(personLines('jane', explainPerson(removed, 'jane', ['homelab']))).toEqual([
    'homelab: jane cannot sign in: the entry is marked as removed (`absent: true`)',
  ]);
});

test('a person whose tokens lack the required claims, and a person outside all scope maps', () => {
  const clusters = {
    homelab: {
      kubernetes: '1.34',
      trust: ['wiki'],
      authentication: { method: 'structured', requiredClaims: { team: 'ops', unit: 'a' } },
    },
  };
  const claims = {
    team: { join: 'csv', values: { ops: ['ops'] } },
    unit: { join: 'csv', values: { ops: ['a'] } },
  };
  const wiki = {
    type: 'public',
    displayName: 'Wiki',
    landingUrl: 'https://wiki.example.com',
    redirectUrls: ['https://wiki.example.com/callback'],
    scopes: { readers: ['openid'] },
    claims,
  };
  const strict = configOf({
    people: { jane, joe: { ...jane, id: '00000000-0000-4000-8000-000000000002' } },
    groups: { ops: { members: ['datosh'] }, readers: { members: ['jane'] } },
    clients: { k8s: { claims }, wiki },
    clusters,
  });
  const linesOf = (name: string) => personLines(name, explainPerson(strict, name, ['homelab']));
  // jane is in the scope map of one of the two clients only.
  expect(linesOf('jane')).toEqual([
    'homelab: jane cannot sign in: the value of the claim team has to be ops; the value of the claim unit has to be a',
  ]);
  const outside = 'cannot sign in: the account is in no group of the scope map of the client';
  expect(linesOf('joe')).toEqual([`homelab: joe ${outside}`]);
  expect(linesOf('nobody')).toEqual([`homelab: nobody ${outside}`]);
});

test('a role in the whole cluster and the end of a grant', () => {
  const made = configOf({
    people: { jane },
    groups: { k8s_users: { members: ['jane'] } },
    clusters: {
      homelab: { grants: [{ name: 'look', clusterRole: 'view', people: ['jane'], until: '2099-12-31' }] },
    },
  });
  expect(personLines('jane', explainPerson(made, 'jane', ['homelab'])).at(-1)).toMatch(
    /^ {2}may read (?!.*in namespace).*\(view; grant look, until 2099-12-31\)$/,
  );
});
