import { whoCan } from '../lib/access/able-people';
import { AccessMd } from '../lib/access/access-md';
import { requestOf } from '../lib/access/resource-request';
import { entry } from '../lib/config/config';
import { accessOn, rendered } from '../lib/diff/side';
import { explainPerson, personLines } from '../lib/explain/person';
import { configOf } from './config';

const person = (n: number, more: object = {}) => ({
  displayName: `Person ${n}`,
  id: `00000000-0000-4000-8000-00000000000${n}`,
  ...more,
});

/** jane is in the group `ops`, joe in `dev`, and ann in both. All of them hold `edit`. */
const config = (requiredClaims: Record<string, string>, people: object = {}) =>
  configOf({
    people: { jane: person(1), joe: person(2), ann: person(3, { mail: 'ann@example.com' }), ...people },
    groups: {
      k8s_users: { members: ['jane', 'joe', 'ann'] },
      ops: { members: ['jane', 'ann'] },
      dev: { members: ['joe', 'ann'] },
    },
    clients: { k8s: { claims: { team: { join: 'csv', values: { ops: ['ops'], dev: ['dev'] } } } } },
    clusters: {
      homelab: {
        authentication: { method: 'flags', groups: {}, requiredClaims },
        grants: [{ name: 'edit', clusterRole: 'edit', groups: ['k8s_users'] }],
      },
    },
  });

const able = (requiredClaims: Record<string, string>, people?: object) => {
  const made = config(requiredClaims, people);
  const access = accessOn(rendered(made), 'homelab');
  if (!access) throw new Error('no cluster');
  const names = ['jane', 'joe', 'ann'];
  const can = names.filter((name) => whoCan(access, requestOf('get', 'pods')).some(({ who }) => who === name));
  const md = new AccessMd(made);
  md.add(entry(made.clusters, 'homelab'), rendered(made).objects('homelab'));
  const held = names.filter((name) => md.artifact().text.includes(`\`${name}\``));
  const explained = names.filter(
    (name) => !personLines(name, explainPerson(made, name, ['homelab']))[0]?.includes('cannot'),
  );
  expect({ held, explained }).toEqual({ held: can, explained: can });
  return can;
};

test.each<[Record<string, string>, string[]]>([
  [{}, ['jane', 'joe', 'ann']],
  [{ team: 'ops' }, ['jane']],
  [{ team: 'dev' }, ['joe']],
  [{ team: 'dev,ops' }, ['ann']],
  [{ azp: 'k8s' }, ['jane', 'joe', 'ann']],
  [{ preferred_username: 'joe@sso.kammel.dev' }, ['joe']],
  [{ name: 'Person 3' }, ['ann']],
  [{ sub: '00000000-0000-4000-8000-000000000001' }, ['jane']],
  [{ team: 'ops', name: 'Person 3' }, []],
])('with the required claims %j, %j can sign in', (requiredClaims, names) => {
  expect(able(requiredClaims)).toEqual(names);
});

test('a mail address that only Kanidm knows can be the required one, another that the config has cannot', () => {
  expect(able({ email: 'jane@example.com' })).toEqual(['jane', 'joe']);
  expect(able({ email: 'ann@example.com' }, { jane: person(1, { mail: 'j@example.com' }) })).toEqual(['joe', 'ann']);
});

test('the reason names the required claims', () => {
  expect(personLines('joe', explainPerson(config({ team: 'ops' }), 'joe', ['homelab']))[0]).toContain(
    'joe cannot sign in: the value of the claim team has to be ops',
  );
});
