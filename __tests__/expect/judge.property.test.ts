import { check } from '../../lib/checks/review/run-review';
import { accessOn, rendered } from '../../lib/diff/side';
import { load } from '../config';
import fc, { runs } from '../fast-check';

/*
 * Compares the verdicts with the evaluation of every single request: each person, verb, namespace and object. The
 * simple side of the test uses the evaluator of requests, and knows nothing about expectations.
 */

const people = ['p0', 'p1', 'p2'];
const groups = ['g0', 'g1'];
const namespaces = ['web', 'db'];
const names = ['a', 'b'];
const verbs = ['get', 'list', 'create', 'delete', 'deletecollection'];
const kinds = ['pods', 'secrets', 'configmaps', 'deployments'];
const groupOf = (kind: string) => (kind === 'deployments' ? 'apps' : '');

const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 });
const rule = fc.record(
  {
    verbs: some(['get', 'list', 'delete', 'deletecollection', 'create', '*']),
    apiGroups: some(['', 'apps', '*']),
    resources: some(['pods', 'secrets', 'deployments', 'pods/exec', '*']),
    resourceNames: fc.subarray(names, { minLength: 1, maxLength: 1 }),
  },
  { requiredKeys: ['verbs', 'apiGroups', 'resources'] },
);
const config = fc.record({
  r0: fc.array(rule, { minLength: 1, maxLength: 2 }),
  r1: fc.array(rule, { minLength: 1, maxLength: 2 }),
  members: fc.tuple(fc.subarray(people), fc.subarray([...people, 'g0'])),
  grants: fc.array(
    fc.record({
      role: fc.constantFrom('r0', 'r1', 'view', 'cluster-admin'),
      namespaces: fc.option(some(namespaces), { nil: undefined }),
      people: fc.subarray(people, { maxLength: 2 }),
      groups: fc.subarray(groups, { maxLength: 1 }),
    }),
    { maxLength: 4 },
  ),
  verb: fc.constantFrom(...verbs, '*'),
  kind: fc.constantFrom(...kinds),
  where: fc.option(some(namespaces), { nil: undefined }),
  except: fc.subarray(['p0', 'g0']),
  most: fc.nat(2),
});

test('an expectation holds if no single request contradicts it', () => {
  const seen = { holds: 0, fails: 0 };
  fc.assert(
    fc.property(config, ({ r0, r1, members, grants, verb, kind, where, except, most }) => {
      const right = `${verb} ${kind}`;
      const scope = { ...(where ? { in: where } : {}) };
      const out = except.length > 0 ? { except } : {};
      const loaded = load(
        JSON.stringify({
          kanidm: { domain: 'idm.example.com', version: '1.11.1', provision: 'migrations' },
          people: Object.fromEntries(people.map((name) => [name, { displayName: name }])),
          groups: { users: { members: people }, g0: { members: members[0] }, g1: { members: members[1] } },
          clients: {
            k8s: {
              landingUrl: 'http://localhost:8000',
              redirectUrls: ['http://localhost:8000'],
              scopes: { users: ['openid', 'groups'], g0: ['openid', 'groups'], g1: ['openid', 'groups'] },
            },
          },
          roles: { r0: { rules: r0 }, r1: { rules: r1 } },
          clusters: {
            lab: {
              server: 'https://192.0.2.10:6443',
              kubernetes: '1.34',
              client: 'k8s',
              controlPlane: 'kubeadm',
              grants: grants
                .filter((one) => one.people.length + one.groups.length > 0)
                .map(({ role, ...one }, i) => ({ name: `n${i}`, clusterRole: role, ...one })),
            },
          },
          expect: [
            { never: right, ...scope, ...out },
            { atMost: most, may: right, ...scope, ...out },
            { exclusive: ['r0', 'r1'], ...scope, ...out },
            ...(verb === '*'
              ? []
              : [
                  { always: right, ...scope, who: ['p1'] },
                  { always: right, ...scope },
                ]),
          ],
        }),
      );
      if (!loaded.config) throw new Error(JSON.stringify(loaded.findings));
      const { config: resolved, sources, findings } = loaded;
      const failed = new Set(
        check({ config: resolved, sources, warnings: findings })
          .findings.filter(({ code }) => code === 'expectation-failed')
          .map(({ path }) => path?.[1]),
      );
      const access = accessOn(rendered(resolved), 'lab');
      if (!access) throw new Error('no cluster');
      const { authorizer, principals } = access;

      const places = where ?? [undefined, ...namespaces];
      const single = (verb === '*' ? verbs : [verb]).flatMap((one) =>
        places.flatMap((namespace) =>
          [undefined, ...names].flatMap((name) => [
            {
              verb: one,
              group: groupOf(kind),
              resource: kind,
              ...(namespace ? { namespace } : {}),
              ...(name ? { name } : {}),
            },
          ]),
        ),
      );
      const isOut = (name: string) => except.includes(name) || (except.includes('g0') && members[0].includes(name));
      const counted = principals.filter(({ name }) => !isOut(name));
      // For a whole collection, the API server checks a request without a name.
      const isReal = ({ verb: one, name }: { verb: string; name?: string }) => one !== 'deletecollection' || !name;
      const able = counted.filter((who) => single.filter(isReal).some((one) => authorizer.can(who, one).allowed));
      const whole = places.filter((one) => where !== undefined || one === undefined);
      const all = (who: (typeof principals)[number]) =>
        whole.every(
          (namespace) =>
            authorizer.can(who, { verb, group: groupOf(kind), resource: kind, ...(namespace ? { namespace } : {}) })
              .allowed,
        );
      const roles = (who: (typeof principals)[number]) =>
        new Set(
          authorizer
            .held(who)
            .filter(({ namespace }) => !where || namespace === undefined || where.includes(namespace))
            .map(({ binding }) => binding.roleRef.name),
        );
      const expected = new Set([
        ...(able.length > 0 ? [0] : []),
        ...(able.length > most ? [1] : []),
        ...(counted.some((who) => roles(who).has('r0') && roles(who).has('r1')) ? [2] : []),
        ...(verb === '*'
          ? []
          : [
              ...(principals.some((who) => who.name === 'p1' && all(who)) ? [] : [3]),
              ...(principals.some(all) ? [] : [4]),
            ]),
      ]);
      expect([...failed].sort()).toEqual([...expected].sort());
      seen.fails += expected.size;
      seen.holds += 5 - expected.size;
    }),
    { numRuns: runs(60) },
  );
  expect(seen.holds).toBeGreaterThan(20);
  expect(seen.fails).toBeGreaterThan(20);
});
