import { everybodysGroups, memberships, parentsOf } from '../../lib/identity/membership';
import { hasBit, numbersIn, reachability } from '../../lib/identity/reachability';
import { configOf } from '../config';
import fc from '../fast-check';

const graph = fc
  .integer({ min: 0, max: 70 })
  .chain((size) =>
    fc.array(fc.array(fc.nat({ max: Math.max(0, size - 1) }), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

test('what is reached is what walking from each node reaches, cycles included', () => {
  fc.assert(
    fc.property(graph, (next) => {
      const reached = reachability(next);
      for (const start of next.keys()) {
        const walked = new Set<number>();
        const queue = [...(next[start] ?? [])];
        for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
          if (walked.has(node)) continue;
          walked.add(node);
          queue.push(...(next[node] ?? []));
        }
        const bits = reached[start] ?? new Uint32Array();
        expect(numbersIn(bits)).toEqual([...walked].sort((a, b) => a - b));
        expect([...next.keys()].filter((node) => hasBit(bits, node))).toEqual(numbersIn(bits));
      }
    }),
  );
});

const person = (i: number) => ({
  displayName: `P${i}`,
  id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
});
const teamConfig = (groups: Record<string, object>) =>
  configOf({
    people: { jane: person(1), joe: person(2) },
    serviceAccounts: { ci: { displayName: 'CI', id: person(3).id } },
    groups: { k8s_users: { members: ['datosh', 'jane'] }, ...groups },
  });
const team = (groups: Record<string, object>) => memberships(teamConfig(groups));

test('everybody is in the groups that idm_all_persons is in, through nested ones too; a service account is not', () => {
  const { groupsOf, peopleIn, keptIn, builtIn } = team({
    outer: { members: ['inner'] },
    inner: { members: ['idm_all_persons'] },
  });
  expect(groupsOf.get('joe')).toEqual(['inner', 'outer']);
  expect(groupsOf.get('jane')).toEqual(['inner', 'k8s_users', 'outer']);
  expect(groupsOf.get('ci')).toEqual([]);
  expect(peopleIn.get('outer')).toEqual(['datosh', 'jane', 'joe']);
  expect(keptIn.get('outer')).toEqual(['idm_all_persons']);
  expect(builtIn).toEqual(['idm_all_persons']);
});

test('people are listed by name, also if they are in a group in different ways', () => {
  const { peopleIn } = team({
    k8s_users: { members: ['datosh', 'joe'] },
    all: { members: ['k8s_users', 'jane'] },
  });
  expect(peopleIn.get('all')).toEqual(['datosh', 'jane', 'joe']);
});

test('idm_all_accounts is service accounts too', () => {
  const { groupsOf } = team({ all: { members: ['idm_all_accounts'] } });
  expect(groupsOf.get('ci')).toEqual(['all']);
  expect(groupsOf.get('joe')).toEqual(['all']);
});

test('another built-in group is one whose members Kanidm keeps: nobody of the config is in it', () => {
  const { groupsOf, keptIn, parentsOf } = team({ outer: { members: ['inner'] }, inner: { members: ['idm_admins'] } });
  expect(groupsOf.get('joe')).toEqual([]);
  expect(keptIn.get('outer')).toEqual(['idm_admins']);
  expect(parentsOf.get('idm_admins')).toEqual(['inner', 'outer']);
});

test('a group without members is kept in Kanidm, one of nobody is not', () => {
  const { keptIn } = team({ outer: { members: ['kept', 'empty'] }, kept: {}, empty: { members: [] } });
  expect(keptIn.get('outer')).toEqual(['kept']);
  expect(keptIn.get('kept')).toEqual(['kept']);
  expect(keptIn.get('empty')).toEqual([]);
});

test('those in the same groups share one list, however many they are', () => {
  const people = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, person(i)]));
  const chain = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`g${i}`, { members: i === 0 ? Object.keys(people) : [`g${i - 1}`] }]),
  );
  const { groupsOf } = memberships(configOf({ people, groups: chain }));
  expect(groupsOf.get('p0')).toHaveLength(200);
  expect(new Set(Object.keys(people).map((name) => groupsOf.get(name))).size).toBe(1);
});

test('lists of names are sorted, whatever the order of the config is', () => {
  const { directly, builtIn, peopleIn, parentsOf } = team({
    z: { members: ['joe', 'idm_all_persons', 'idm_admins'] },
    a: { members: ['joe', 'datosh'] },
    both: { members: ['z', 'a'] },
  });
  expect(directly.get('joe')).toEqual(['a', 'z']);
  expect(builtIn).toEqual(['idm_admins', 'idm_all_persons']);
  expect(peopleIn.get('both')).toEqual(['datosh', 'jane', 'joe']);
  expect(parentsOf.get('idm_all_persons')).toEqual(['both', 'z']);
});

test('a name that is not in the config has no memberships, and a built-in group has no people', () => {
  const { groupsOf, peopleIn, parentsOf: parents, keptIn } = team({ all: { members: ['idm_all_persons'] } });
  expect(groupsOf.get('nobody')).toBeUndefined();
  expect(parents.get('idm_admins')).toBeUndefined();
  expect(keptIn.get('idm_admins')).toBeUndefined();
  expect(peopleIn.get('idm_all_persons')).toBeUndefined();
});

test('groups whose names together are the same text are not the same groups', () => {
  const { groupsOf } = team({
    a: { members: ['jane'] },
    bc: { members: ['jane'] },
    ab: { members: ['joe'] },
    c: { members: ['joe'] },
    k8s_users: { members: ['datosh'] },
  });
  expect(groupsOf.get('jane')).toEqual(['a', 'bc']);
  expect(groupsOf.get('joe')).toEqual(['ab', 'c']);
});

test('the groups of everybody are those of idm_all_persons and idm_all_accounts, sorted', () => {
  const config = teamConfig({
    z: { members: ['idm_all_persons'] },
    a: { members: ['idm_all_accounts'] },
    outer: { members: ['z', 'a'] },
    admins: { members: ['idm_admins'] },
  });
  expect(everybodysGroups(config)).toEqual(['a', 'outer', 'z']);
  expect(everybodysGroups(teamConfig({ a: { members: ['jane'] } }))).toEqual([]);
  expect(parentsOf(config, 'idm_all_accounts')).toEqual(['a', 'outer']);
  expect(parentsOf(config, 'nobody')).toEqual([]);
});
