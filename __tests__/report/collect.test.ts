import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { explainPerson } from '../../lib/explain/person';
import { scriptJson } from '../../lib/report/html-escapes';
import { modelOf, nodeId } from '../../lib/report/model/access-paths';
import type { ReportData } from '../../lib/report/model/data';
import { factsOf, sentences } from '../../lib/report/model/words';
import { reportPage } from '../../lib/report/page';
import { configOf, homeLabText } from '../config';
import { largeFleet, smallFleet } from './fleets';
import { dataOf, pageOf } from './page';

/** Returns who holds which role where, one line each. */
const lines = ({ people, grants, clusters, groups }: ReportData) =>
  people.flatMap(({ name, holds }) =>
    holds.flatMap((hold) => {
      const grant = grants[hold.grant];
      const by = hold.way.map((at) => groups[at]?.name).join(' > ');
      return (hold.clusters ?? grant?.clusters ?? []).map((at) =>
        `${name} ${grant?.role} ${grant?.namespaces.join(',') || '*'} ${clusters[at]?.name} ${by}`.trimEnd(),
      );
    }),
  );

test("the home lab's report says what its one grant gives", () => {
  const data = dataOf(homeLabText);
  expect(lines(data)).toEqual(['datosh cluster-admin * homelab']);
  expect(data.grants).toEqual([
    {
      name: 'oidc-cluster-admin',
      role: 'cluster-admin',
      namespaces: [],
      clusters: [0],
      groups: [],
      danger: 'everything',
      may: 'do everything',
    },
  ]);
  expect(data.people[0]).toMatchObject({
    displayName: 'Fabian Kammel',
    knownAs: ['https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
  });
  expect(data.findings.map(({ code }) => code)).toContain('no-break-glass');
  expect(JSON.stringify(data)).not.toContain('fabian@kammel.dev');
});

test('a fleet: the same grant on clusters is one, and ways lead through groups of groups', () => {
  const data = dataOf(smallFleet);
  expect(lines(data).filter((line) => line.startsWith('operator-1'))).toEqual([
    'operator-1 admin * edge platform',
    'operator-1 restart * homelab',
    'operator-1 restart * edge',
    'operator-1 view * homelab platform > k8s_users',
    'operator-1 view * edge platform > k8s_users',
  ]);
  expect(data.grants.map(({ role, namespaces, clusters }) => [role, namespaces, clusters])).toEqual([
    ['cluster-admin', [], [0, 1]],
    ['admin', [], [1]],
    ['edit', ['shop', 'web'], [0]],
    ['restart', [], [0, 1]],
    ['view', [], [0, 1]],
  ]);
});

test.each([
  ['small', smallFleet],
  ['large', largeFleet(60)],
])('nobody of a %s fleet has more or less in the report than `explain` says', (_, text) => {
  const data = dataOf(text);
  const config = configOf(text);
  const said = [...config.people.keys()].flatMap((name) =>
    explainPerson(config, name, [...config.clusters.keys()]).flatMap(({ cluster, holdings }) =>
      holdings.map(({ role, namespace = '*' }) => `${name} ${role} ${namespace} ${cluster}`),
    ),
  );
  const reported = lines(data).flatMap((line) => {
    const [name, role, namespaces = '', cluster] = line.split(' ');
    return namespaces.split(',').map((namespace) => `${name} ${role} ${namespace} ${cluster}`);
  });
  expect([...new Set(reported)].sort()).toEqual([...new Set(said)].sort());
});

test('hand-written bindings are in it, with their file and whom the config does not know', () => {
  const binding = (name: string, subjects: object[]) => ({
    file: 'apps/extra.yaml',
    line: 3,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects,
    },
  });
  const data = dataOf(smallFleet, [
    binding('ci', [{ kind: 'ServiceAccount', name: 'ci', namespace: 'build' }]),
    binding('all', [{ kind: 'Group', name: 'system:authenticated' }]),
    binding('ops', [{ kind: 'Group', name: 'oidc:ops' }]),
    binding('mine', [{ kind: 'Group', name: 'kanidm:viewers@idm.example.com' }]),
  ]);
  const others = data.people.filter(({ kind }) => kind === 'other').map(({ name }) => name);
  expect(others).toEqual(['group oidc:ops', 'system:serviceaccount:build:ci']);
  expect(data.grants.filter(({ file }) => file === 'apps/extra.yaml').map(({ name }) => name)).toEqual([
    'all',
    'ci',
    'mine',
    'ops',
  ]);
  expect(lines(data)).toContain('viewer-1 view * edge system:authenticated');
  expect(lines(data)).toContain('viewer-1 view * edge viewers');
  expect(lines(data).filter((line) => line.startsWith('group oidc:ops'))).toEqual([
    'group oidc:ops view * homelab',
    'group oidc:ops view * edge',
  ]);
});

test('last days, reasons and the validity of accounts are in it, and only where the config has them', () => {
  const end = { until: '2027-01-31', reason: 'on call' };
  const input = parse(smallFleet);
  input.people['operator-1'].expires = '2027-02-01T00:00:00Z';
  input.groups.platform.members = ['admin-1', { name: 'operator-1', ...end }];
  Object.assign(input.grants.at(-1), end);
  const model = modelOf(dataOf(stringify(input, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })));
  const said = (name: string) => {
    const id = nodeId.person(model.data.people.findIndex((one) => one.name === name));
    return [...sentences(model, model.paths, id, 99).lines, ...factsOf(model, id)];
  };
  const term = ' until 2027-01-31 (on call)';
  expect(said('operator-1')).toEqual(
    expect.arrayContaining([
      `operator-1 has restart on homelab and edge (grant restart${term}).`,
      `operator-1 has admin on edge, through platform${term} (grant platform).`,
      'The account is valid only until 2027-02-01T00:00:00Z',
    ]),
  );
  expect(said('admin-1').filter((line) => /until|valid/.test(line))).toEqual([]);
});

test('a service account of a binding has the roles of its groups', () => {
  const binding = (name: string, subject: object) => ({
    file: 'apps/extra.yaml',
    line: 3,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { kind: 'ClusterRole', name },
      subjects: [subject],
    },
  });
  const group = (name: string) => ({ kind: 'Group', name });
  const data = dataOf(smallFleet, [
    binding('view', { kind: 'ServiceAccount', name: 'ci', namespace: 'build' }),
    binding('edit', group('system:serviceaccounts')),
    binding('admin', group('system:serviceaccounts:build')),
    binding('cluster-admin', group('system:serviceaccounts:web')),
  ]);
  expect(
    lines(data).filter((line) => line.startsWith('system:serviceaccount:build:ci') && line.includes('edge')),
  ).toEqual([
    'system:serviceaccount:build:ci admin * edge',
    'system:serviceaccount:build:ci edit * edge',
    'system:serviceaccount:build:ci view * edge',
  ]);
});

test('who may not sign in is there, and holds nothing', () => {
  const data = dataOf(smallFleet.replace('  - viewer-1\n', '').replace(/- viewer-1/, ''));
  expect(data.people.find(({ name }) => name === 'viewer-1')?.holds).toEqual([]);
});

describe('the page', () => {
  const page = pageOf(smallFleet);

  test('is the same bytes each time', () => expect(pageOf(smallFleet)).toBe(page));

  test('names its script and its style to the browser, and allows nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(/<script>([\s\S]*?)<\/script>/.exec(page)?.[1])}`,
      `style-src ${hash(/<style>([\s\S]*?)<\/style>/.exec(page)?.[1])}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/\s(on\w+|style)="/);
  });

  test('holds its data whole, and nothing in it ends the element', () => {
    const evil = '</script><!-- \u2028\u2029 ]]> &amp; "\\';
    const hostile = { ...dataOf(smallFleet), domain: evil };
    const embedded = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(reportPage(hostile))?.[1] ?? '';
    expect(JSON.parse(embedded)).toEqual({ ...hostile, domain: '</script><!-- \\u2028\\u2029 ]]> &amp; "\\' });
    expect(scriptJson(evil)).not.toMatch(/[<>&\u2028\u2029]/);
    expect(reportPage(hostile)).toContain('&#60;/script&#62;&#60;!--');
  });
});

test('the README shows it, in a picture that loads quickly', () => {
  const root = join(__dirname, '..', '..');
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(/!\[.{20,}\]\(docs\/report\.png\)/);
  expect(statSync(join(root, 'docs/report.png')).size).toBeLessThan(200 * 1024);
});

test('somebody who can sign in only if Kanidm lists them in a group of a scope map', () => {
  const grants = 'clusterRole: view\n        people: [jane]';
  const text = (scopes: string) =>
    homeLabText
      .replace('clusterRole: cluster-admin\n        people: [datosh]', grants)
      .replace('people:\n', 'people:\n  jane: { displayName: Jane, id: 00000000-0000-4000-8000-000000000001 }\n')
      .replace('groups:\n', 'groups:\n  visitors: {}\n')
      .replace('scopes: { ', `scopes: { ${scopes}`);
  const of = (scopes: string) =>
    Object.fromEntries(dataOf(text(scopes)).people.map(({ name, signInUnknown }) => [name, signInUnknown]));
  expect(of('visitors: [openid], ')).toEqual({ jane: [0], datosh: undefined, visitors: undefined });
  expect(of('idm_all_persons: [openid], ')).toEqual({ datosh: undefined, jane: undefined, visitors: undefined });
});
