import { parse, stringify } from 'yaml';
import { whoCanBecome } from '../../lib/become/become';
import { steps as allSteps } from '../../lib/become/become-steps';
import { kanidmAdministrators } from '../../lib/become/steps/kanidm-administrators';
import { wayLines } from '../../lib/become/way-text';
import { worldOf } from '../../lib/become/world';
import { rendered } from '../../lib/diff/side';
import { modelOf } from '../../lib/report/model/access-paths';
import type { ReportData } from '../../lib/report/model/data';
import { everything, type Filter } from '../../lib/report/model/filter';
import { waysFor } from '../../lib/report/model/reachable';
import { factsOf } from '../../lib/report/model/words';
import { configOf } from '../config';
import { largeFleet, smallFleet } from './fleets';
import { dataOf, pageOf } from './page';

/** Returns who can become what where, one line each, with the lines of `who-can become` for each step. */
const lines = ({ becomings: { kinds, steps, ways }, people, clusters }: ReportData) =>
  ways.flatMap((way) => {
    const own = way.steps.flatMap((at, i) => {
      const step = steps[at];
      return [
        `${i + 1}. ${step?.does}`,
        ...(step?.allowedBy ?? []).map((line) => `   allowed by: ${line}`),
        ...(step?.assumes ?? []).map((clause) => `   if ${clause}`),
        `   why: ${kinds[step?.kind ?? -1]?.source}`,
      ];
    });
    return way.people.flatMap((person) =>
      way.clusters.map((at) => [`${people[person]?.name} ${way.goal} ${clusters[at]?.name}`, ...own].join('\n')),
    );
  });
const short = (data: ReportData) => lines(data).map((one) => one.split('\n')[0]);

/** Returns the same fleet with additional fields on every cluster. */
const withClusters = (fields: object) => {
  const config = parse(smallFleet);
  for (const cluster of Object.values<object>(config.clusters)) Object.assign(cluster, structuredClone(fields));
  return stringify(config);
};
const lockedDown = { flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: 'applier' } } };

test.each([
  ['a small fleet', smallFleet],
  ['a large one', largeFleet(150)],
  ['Flux locked down', withClusters(lockedDown)],
])('%s: the ways to cluster-admin are those of `who-can become`, in the same words', (_, text) => {
  const config = configOf(text);
  const side = rendered(config);
  const asked = [...config.clusters.values()].flatMap((cluster) => {
    const world = worldOf(config, cluster, side.objects(cluster.name));
    return whoCanBecome(world, 'everything').flatMap((who) => {
      const [way] = who.ways;
      if (!way || way.steps.length === 0 || who.kind === 'stranger' || who.name === kanidmAdministrators) return [];
      return [[`${who.name} cluster-admin ${cluster.name}`, ...wayLines(world.access, who, way)].join('\n')];
    });
  });
  expect(asked.length).toBeGreaterThan(0);
  const reported = lines(dataOf(text)).filter((one) => one.includes(' cluster-admin '));
  expect(reported.sort()).toEqual(asked.sort());
});

test('who cannot become cluster-admin has other goals, with what they give', () => {
  const config = parse(smallFleet.replace(/clusterRole: (admin|edit)\n/g, 'clusterRole: view\n'));
  config.roles.restart.rules = [{ apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] }];
  config.grants[4].namespaces = ['web'];
  const reader = [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: 'web' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['update'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'reader', namespace: 'web' },
      roleRef: { kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'web' }],
    },
  ];
  const objects = reader.map((object, line) => ({ file: 'homelab/extra.yaml', line, object }));
  const data = dataOf(stringify(config), objects);
  expect(short(data)).toEqual(['operator-1 the service account web/deployer homelab']);
  expect(data.becomings.ways[0]).toMatchObject({
    danger: 'write',
    may: expect.stringMatching(/^update configmaps and read /),
  });
  // The same right to tokens leads nowhere if no service account has rights.
  expect(dataOf(stringify(config)).becomings.ways).toEqual([]);
});

test('equal ways of people and clusters are listed once: the data of a fleet grows by a twelfth', () => {
  const data = dataOf(largeFleet(500));
  expect(data.becomings.ways).toHaveLength(40);
  expect(
    data.becomings.ways.reduce((sum, { people, clusters }) => sum + people.length * clusters.length, 0),
  ).toBeGreaterThan(700);
  expect(JSON.stringify(data.becomings).length).toBeLessThan(JSON.stringify(data).length / 12);
});

test('a user of a hand-written binding is there, and the components of Kubernetes are not', () => {
  const object = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'robots' },
    roleRef: { kind: 'ClusterRole', name: 'edit' },
    subjects: [{ kind: 'User', name: 'robot' }],
  };
  const data = dataOf(smallFleet, [{ file: 'apps/extra.yaml', line: 1, object }]);
  expect(short(data)).toEqual(
    expect.arrayContaining([
      'robot cluster-admin homelab',
      'robot cluster-admin edge',
      'operator-1 cluster-admin edge',
    ]),
  );
  expect(short(data).filter((line) => /system:|idm_admins/.test(line ?? ''))).toEqual([]);
});

test('what closes a step is said in full, without a reference to another', () => {
  expect(allSteps.some(({ closedBy }) => closedBy.startsWith('as '))).toBe(true);
  const bindable = parse(smallFleet);
  bindable.roles.restart.rules = [
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['escalate', 'update'] },
  ];
  const { kinds } = dataOf(stringify(bindable)).becomings;
  expect(kinds.map(({ title }) => title)).toContain('Add rights to a role that one holds');
  for (const { closedBy } of kinds) expect(closedBy).not.toMatch(/^as /);
});

describe('a filter', () => {
  const model = modelOf(dataOf(smallFleet));
  const { data } = model;
  const left = (filter: Partial<Filter>) =>
    waysFor(model, { ...everything, ...filter }).map(({ people, clusters }) =>
      [...people.map((at) => data.people[at]?.name), ...clusters.map((at) => data.clusters[at]?.name)].join(' '),
    );
  const group = (name: string) => ({ group: data.groups.findIndex((one) => one.name === name) });
  const all = ['developer-1 developer-2 homelab', 'operator-1 edge', 'operator-1 homelab'];

  test.each([
    ['nothing', {}, all],
    ['a person: the others of the same way are left out', { search: 'Developer-2' }, ['developer-2 homelab']],
    ['a step', { search: 'kustomization in namespace shop' }, all.slice(0, 1)],
    ['an assumption', { search: 'has a Deployment to change' }, all.slice(2)],
    ['a name that is nowhere', { search: 'nowhere' }, []],
    ['a cluster', { cluster: 1 }, all.slice(1, 2)],
    ['a group by which a step is allowed', group('developers'), all.slice(0, 1)],
    ['a group that allows no step', group('viewers'), []],
    ['a role that allows a step', { role: 'restart' }, all.slice(2)],
    ['the role at the end', { role: 'cluster-admin' }, all],
    ['a role that leads nowhere', { role: 'view' }, []],
    ['a danger', { danger: 'everything' }, all],
  ] as [string, Partial<Filter>, string[]][])('by %s', (_, filter, ways) => {
    expect(left(filter)).toEqual(ways);
  });

  test('beside a followed person stands what they can become, and beside others nothing of it', () => {
    const facts = (name: string) => factsOf(model, `p${data.people.findIndex((one) => one.name === name)}`);
    expect(facts('developer-1')).toContain('Can become cluster-admin on homelab');
    expect(facts('viewer-1').filter((line) => line.includes('become'))).toEqual([]);
  });
});

test('those who can become cluster-admin count as able to take over a cluster', () => {
  const figure = (text: string) => /Can take over a cluster<\/dt><dd class="[a-z]*">(\d+)/.exec(pageOf(text))?.[1];
  expect(figure(smallFleet)).toBe('5');
  expect(figure(smallFleet.replace(/clusterRole: (admin|edit|restart)\n/g, 'clusterRole: view\n'))).toBe('2');
});
