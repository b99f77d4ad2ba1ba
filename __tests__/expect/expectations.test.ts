import { registry } from '../../lib/checks/registered-codes';
import { expectationRules } from '../../lib/checks/review/expectation-rules';
import { check } from '../../lib/checks/review/run-review';
import type { Manifest } from '../../lib/existing/manifests';
import { expectationText } from '../../lib/expect/verdict-words';
import { formatResults, resultFormats } from '../../lib/findings/formats';
import type { Results } from '../../lib/findings/results';
import { codesOf, load } from '../config';
import { fleet } from './fleet';

const results = (expect: object[], lab: object[] = [], manifests: readonly Manifest[] = []) => {
  const { config, findings, sources } = load(fleet(expect, { lab }));
  if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
  return check({ config, sources, warnings: findings, manifests }, expectationRules);
};
/**
 * Returns `holds` if there are no findings. Otherwise, returns for each finding the code without its first word,
 * followed by the message without the sentence of the expectation.
 */
const inWords = (findings: Results['findings']): string => {
  const lines = findings.flatMap(({ code, message }) =>
    code.startsWith('expectation-')
      ? [`${code.replace('expectation-', '')} ${message.replace(/^`.*?`(?: \(.*?\))? /, '')}`]
      : [],
  );
  return lines.join('\n') || 'holds';
};
/** Returns what `check` says of one expectation. */
const said = (one: object, lab: object[] = [], manifests: readonly Manifest[] = []): string =>
  inWords(results([one], lab, manifests).findings);

type Row = readonly [expectation: object, expected: string, lab?: object[]];
type Group = readonly [grants: string, rows: Row[], lab: object[]];
/** Returns the rows with the same grants together. */
const groupsOf = (rows: readonly Row[]): Group[] => {
  const groups = new Map<string, [Row[], object[]]>();
  for (const row of rows) {
    const [, , lab = []] = row;
    const grants = JSON.stringify(lab);
    const [others] = groups.get(grants) ?? [[]];
    groups.set(grants, [[...others, row], lab]);
  }
  return [...groups].map(([grants, [together, lab]]) => [grants, together, lab]);
};
/** Adds what `check` says to each expectation of a group. They are checked together. */
const answers = (rows: readonly Row[], lab: object[], manifests: readonly Manifest[] = []): [object, string][] => {
  const expect = rows.map(([one]) => one);
  const { findings } = results(expect, lab, manifests);
  return expect.map((one, i) => [one, inWords(findings.filter(({ path }) => path?.[0] === 'expect' && path[1] === i))]);
};
/** Compares the answers of a group, in one test, with what the rows expect. */
const compare = (_: string, rows: readonly Row[], lab: object[]): void =>
  expect(answers(rows, lab)).toEqual(rows.map(([one, expected]) => [one, expected]));

const grant = (more: object) => ({ name: 'more', ...more });
const kept = grant({ clusterRole: 'edit', groups: ['kept'] });
const ci = { name: 'ci', clusterRole: 'edit', serviceAccounts: ['ci'] };
const undefinedRole = grant({ clusterRole: 'from-a-chart', people: ['bob'] });
const inDb = grant({ clusterRole: 'from-a-chart', people: ['bob', 'eve'], namespaces: ['db'] });
const issuer = grant({ clusterRole: 'edit', subjects: { users: ['ci:web'], groups: ['ci:deployers'] } });

const added =
  'undecided cannot be decided, because the following is not known: on lab and edge: which rules a chart adds to the ClusterRole edit, which ann and bob hold';

test('a chart whose roles were read adds what they say', () => {
  const role = (verbs: string[]) => ({
    file: 'chart.yaml',
    line: 1,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'widgets', labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } },
      rules: [{ apiGroups: ['example.com'], resources: ['widgets'], verbs }],
    },
  });
  const one = { never: 'create widgets.example.com', in: 'prod', except: ['jane'] };
  expect(said(one, [], [role(['get'])])).toBe('holds');
  expect(said(one, [], [role(['create'])])).toMatch(/^failed .*ann \(edit in namespace prod, by devs; grant dev\)/);
});

test('a role in a namespace gives nothing of a resource that has no namespace', () => {
  const api = { apiVersion: 'rbac.authorization.k8s.io/v1' };
  const metadata = { name: 'lister', namespace: 'prod' };
  const rules = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['list'] }];
  const roleRef = { kind: 'Role', name: 'lister' };
  const subjects = [{ kind: 'Group', name: 'others' }];
  const objects = [
    { ...api, kind: 'Role', metadata, rules },
    { ...api, kind: 'RoleBinding', metadata, roleRef, subjects },
  ];
  const manifests = objects.map((object, i) => ({ file: 'a.yaml', line: i + 1, object }));
  const never = (right: string) => said({ never: right, except: ['jane', 'sre', 'devs', 'bob', 'ann'] }, [], manifests);
  expect(never('list namespaces')).toBe('holds');
  expect(never('get,list namespaces')).not.toContain('others');
  rules[0]?.verbs.push('get');
  expect(never('get,list namespaces')).toContain('others');
});

test('service accounts of Kubernetes count for `never` only, in whatever way a binding names them', () => {
  const bindingOf = (kind: string, name: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind, name }],
  });
  const manifests = [
    bindingOf('User', 'system:serviceaccount:ops:bot'),
    bindingOf('Group', 'system:serviceaccounts:ops'),
  ].map((object, i) => ({ file: 'a.yaml', line: i + 1, object }));
  const on = (one: object) => said({ ...one, clusters: ['edge'] }, [], manifests);
  expect(on({ atMost: 0, may: 'delete nodes' })).toBe('holds');
  expect(on({ atMost: 0, may: 'delete nodes', become: true, except: ['devs'] })).toBe('holds');
  expect(on({ exclusive: ['cluster-admin', 'edit'] })).toBe('holds');
  expect(on({ never: 'delete nodes' })).toContain('group system:serviceaccounts:ops (cluster-admin;');
  const [bot, groups] = [['system:serviceaccount:ops:bot'], ['system:serviceaccounts:ops']];
  expect(on({ never: 'delete nodes', exceptSubjects: { users: bot, groups } })).toBe('holds');
  expect(on({ always: 'delete nodes', become: true, who: ['eve'] })).toContain('eve cannot get the right');
});

describe('never', () => {
  const devs =
    'failed does not hold on lab and edge: ann (edit in namespace prod, by devs; grant dev) and bob (edit in namespace prod, by devs through sub; grant dev)';
  test.each(
    groupsOf([
      [{ never: 'delete secrets', in: 'prod', except: ['sre'] }, devs],
      [{ never: 'delete secrets', except: ['jane'] }, devs],
      [{ never: 'delete secrets', in: 'prod', except: ['sre', 'devs'] }, 'holds'],
      [{ never: 'delete secrets', in: 'web', except: ['sre'] }, 'holds'],
      [
        { never: 'delete secrets', in: ['web', 'prod'], except: ['sre', 'sub'] },
        'failed does not hold on lab and edge: ann (edit in namespace prod, by devs; grant dev)',
      ],
      [
        { never: 'delete secrets', in: 'prod', except: ['sre'], clusters: ['lab'] },
        devs.replace('lab and edge', 'lab'),
      ],
      [{ never: 'delete nodes', except: ['jane'] }, 'holds'],
      [{ never: 'delete nodes' }, 'failed does not hold on lab: jane (cluster-admin; grant admins)'],
      [{ never: 'everything', except: ['jane'] }, 'holds'],
      [{ never: 'everything', in: 'prod', except: ['jane'] }, 'holds'],
      [{ never: 'get /metrics', except: ['jane'] }, 'holds'],
      [{ never: 'create subjectaccessreviews.authorization.k8s.io', except: ['jane'] }, 'holds'],
      // A chart can add a custom resource to the role edit.
      [{ never: 'create widgets.example.com', in: 'prod', except: ['jane'] }, added],
      [{ never: 'create widgets.example.com', in: 'prod', except: ['jane', 'devs'] }, 'holds'],
      [{ never: 'create widgets.example.com', in: 'web', except: ['jane'] }, 'holds'],
      [{ never: 'create kustomizations.kustomize.toolkit.fluxcd.io', in: 'web', except: ['jane'] }, 'holds'],
      [
        { never: 'create widgets.example.com', in: 'web', except: ['jane'] },
        'holds',
        [grant({ clusterRole: 'view', people: ['eve'] })],
      ],
      [
        { never: 'get widgets.example.com', in: 'web', except: ['jane'] },
        'undecided cannot be decided, because the following is not known: on lab: which rules a chart adds to the ClusterRole view, which eve holds',
        [grant({ clusterRole: 'view', people: ['eve'] })],
      ],
      [{ atMost: 1, may: 'create widgets.example.com', in: 'prod' }, added],
      [
        { always: 'create widgets.example.com', in: 'prod', who: ['ann'] },
        added.replace('ann and bob hold', 'ann holds'),
      ],
      // A part of the right is enough: one object, one verb, one resource.
      [
        { never: 'get secrets', in: 'web', except: ['jane'] },
        'failed does not hold on lab: eve (one; grant more)',
        [grant({ clusterRole: 'one', people: ['eve'] })],
      ],
      [
        { never: 'deletecollection secrets', in: 'web', except: ['jane'] },
        'holds',
        [grant({ clusterRole: 'one', people: ['eve'] })],
      ],
      [
        { never: '* secrets', in: 'web', except: ['jane'] },
        'failed does not hold on lab: eve (one; grant more)',
        [grant({ clusterRole: 'one', people: ['eve'] })],
      ],
      [
        { never: 'list,get secrets', in: 'web', except: ['jane'] },
        'failed does not hold on lab: eve (one; grant more)',
        [grant({ clusterRole: 'one', people: ['eve'] })],
      ],
      // Members that only Kanidm knows, and groups of everybody.
      [
        { never: 'delete secrets', in: 'web', except: ['sre'] },
        'failed does not hold on lab: every member of kept (only Kanidm knows the members) (edit, by kept; grant more)',
        [kept],
      ],
      [{ never: 'delete secrets', in: 'web', except: ['sre', 'kept'] }, 'holds', [kept]],
      [
        { never: 'create pods', in: 'web', except: ['jane', 'kept'] },
        'undecided cannot be decided, because the following is not known: on lab: whether Kanidm has eve in jane or kept: eve (deployer; grant more)',
        [grant({ clusterRole: 'deployer', people: ['eve'] })],
      ],
      [
        { never: 'create pods', in: 'web', except: ['jane', 'idm_all_persons'] },
        'holds',
        [grant({ clusterRole: 'deployer', people: ['eve'] })],
      ],
      [
        { never: 'delete nodes', except: ['sre'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which bob holds',
        [undefinedRole],
      ],
      [{ never: 'delete nodes', except: ['sre', 'bob'] }, 'holds', [undefinedRole]],
      [
        { never: 'delete nodes', except: ['sre'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which bob and eve hold',
        [grant({ clusterRole: 'from-a-chart', people: ['bob', 'eve'] })],
      ],
      // Users of another issuer.
      [
        { never: 'delete secrets', in: 'web', except: ['sre'] },
        'failed does not hold on lab: user ci:web (edit; grant more) and group ci:deployers (edit; grant more)',
        [issuer],
      ],
      [
        {
          never: 'delete secrets',
          in: 'web',
          except: ['sre'],
          exceptSubjects: { users: ['ci:web'], groups: ['ci:deployers'] },
        },
        'holds',
        [issuer],
      ],
      // Another namespace.
      [
        { never: 'delete secrets', in: 'web', except: ['sre'] },
        'holds',
        [grant({ clusterRole: 'edit', groups: ['users'], namespaces: ['db'] })],
      ],
    ]),
  )('with the grants %s', compare);
});

describe('atMost', () => {
  test.each(
    groupsOf([
      [{ atMost: 1, may: 'everything' }, 'holds'],
      [{ atMost: 0, may: 'everything' }, 'failed does not hold on lab: jane (cluster-admin; grant admins)'],
      [{ atMost: 0, may: 'everything', except: ['sre'] }, 'holds'],
      [{ atMost: 3, may: 'get secrets', in: 'prod' }, 'holds'],
      [{ atMost: 2, may: 'get secrets', in: 'prod', clusters: ['edge'] }, 'holds'],
      [
        { atMost: 3, may: 'get secrets', in: 'prod' },
        'failed does not hold on lab: jane (cluster-admin; grant admins), service account ci (edit; grant ci), ann (edit in namespace prod, by devs; grant dev) and bob (edit in namespace prod, by devs through sub; grant dev)',
        [ci],
      ],
      [
        { atMost: 5, may: 'delete secrets', in: 'web' },
        'undecided cannot be decided, because the following is not known: on lab: how many people these are: every member of kept (only Kanidm knows the members) (edit, by kept; grant more)',
        [kept],
      ],
      [
        { atMost: 0, may: 'delete secrets', in: 'web' },
        'failed does not hold on lab: jane (cluster-admin; grant admins)',
        [kept],
      ],
      [
        { atMost: 0, may: 'delete secrets', in: 'prod', except: ['sre', 'devs'], clusters: ['lab'] },
        'failed does not hold on lab: user ci:web (edit; grant more)',
        [issuer],
      ],
      [
        { atMost: 1, may: 'delete secrets', in: 'prod', except: ['sre', 'devs'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: how many people these are: group ci:deployers (edit; grant more)',
        [issuer],
      ],
      [
        { atMost: 1, may: 'create pods', in: ['prod', 'web'], except: ['kept', 'out'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: whether Kanidm has jane in kept or out, whether Kanidm has eve in kept or out, whether Kanidm has ann in kept or out and whether Kanidm has bob in kept or out',
      ],
      [{ atMost: 4, may: 'create pods', in: ['prod', 'web'], except: ['kept', 'out'], clusters: ['lab'] }, 'holds'],
      [
        { atMost: 9, may: 'delete secrets', in: 'db' },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which bob and eve hold',
        [inDb],
      ],
      [{ atMost: 9, may: 'delete secrets', in: 'web' }, 'holds', [inDb]],
      [{ atMost: 9, may: 'delete nodes' }, 'holds', [inDb]],
      [{ atMost: 9, may: 'everything' }, 'holds', [inDb]],
    ]),
  )('with the grants %s', compare);
});

describe('always', () => {
  test.each(
    groupsOf([
      [{ always: 'everything', clusters: ['lab'] }, 'holds'],
      [{ always: 'everything' }, 'failed does not hold on edge: nobody in the config has the right'],
      [{ always: 'everything', who: ['sre'], clusters: ['lab'] }, 'holds'],
      [{ always: 'everything', who: ['sre'] }, 'failed does not hold on edge: jane may not'],
      [{ always: 'get,list secrets', in: 'prod', who: ['devs'] }, 'holds'],
      [{ always: 'get secrets', who: ['devs'] }, 'failed does not hold on lab and edge: ann may not and bob may not'],
      [
        { always: 'get secrets', in: ['prod', 'web'], who: ['ann'] },
        'failed does not hold on lab and edge: ann may not',
      ],
      [{ always: 'get pods', who: ['empty'], clusters: ['lab'] }, 'failed does not hold on lab: nobody is in empty'],
      [{ always: 'get pods', who: ['out'], clusters: ['lab'] }, 'failed does not hold on lab: out may not'],
      [
        { always: 'get secrets', who: ['eve'], clusters: ['lab'] },
        'failed does not hold on lab: eve may not',
        [grant({ clusterRole: 'one', people: ['eve'] })],
      ],
      [
        { always: 'get pods', who: ['out'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: whether out can sign in: only Kanidm knows the members of a group in the scope map',
        [grant({ clusterRole: 'edit', people: ['out'] })],
      ],
      [
        { always: 'get pods', who: ['eve'], clusters: ['lab'] },
        'holds',
        [grant({ clusterRole: 'edit', people: ['eve'] })],
      ],
      [{ always: 'get pods', who: ['kept'], clusters: ['lab'] }, 'holds', [kept]],
      [
        { always: 'get nodes', who: ['kept'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: whether every member of kept (only Kanidm knows the members) has the right through a grant that does not name kept',
        [kept],
      ],
      [
        { always: 'get nodes', who: ['bob'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which bob holds',
        [undefinedRole],
      ],
      [
        { always: 'get nodes', who: ['devs'], clusters: ['lab'] },
        'failed does not hold on lab: ann may not',
        [undefinedRole],
      ],
      [
        { always: 'get pods', who: ['kept', 'ann'], clusters: ['lab'] },
        'failed does not hold on lab: ann may not',
        [kept],
      ],
      [
        { always: 'get nodes', who: ['out', 'empty'], clusters: ['lab'] },
        'failed does not hold on lab: out may not and nobody is in empty',
      ],
      [
        { always: 'delete secrets', in: 'db', who: ['bob'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which bob holds',
        [inDb],
      ],
      [
        { always: 'delete secrets', in: 'db', who: ['bob', 'eve', 'ann'], clusters: ['lab'] },
        'failed does not hold on lab: ann may not',
        [inDb],
      ],
      [
        { always: 'get secrets', in: 'web', clusters: ['edge'] },
        'failed does not hold on edge: nobody in the config has the right',
      ],
    ]),
  )('with the grants %s', compare);
});

describe('exclusive', () => {
  test.each(
    groupsOf([
      [
        { exclusive: ['approver', 'deployer'] },
        'failed does not hold on lab: eve (approver; grant approve; and deployer in namespace prod; grant deploy)',
      ],
      [{ exclusive: ['approver', 'deployer'], except: ['eve'] }, 'holds'],
      [{ exclusive: ['approver', 'deployer'], in: 'web' }, 'holds'],
      [{ exclusive: ['approver', 'edit', 'cluster-admin'] }, 'holds'],
      [
        { exclusive: ['view', 'approver'] },
        'undecided cannot be decided, because the following is not known: on lab: whether somebody holds two of the roles: every member of kept (only Kanidm knows the members) holds view, and it is not known who is in this group',
        [grant({ clusterRole: 'view', groups: ['kept'] })],
      ],
      [{ exclusive: ['view', 'approver'] }, 'holds'],
      [
        { exclusive: ['approver', 'deployr'] },
        'unknown-name no cluster has a role with the name `deployr`, and no grant gives one',
      ],
      [
        { exclusive: ['approver', 'deployer'], in: 'prod', except: ['kept'] },
        'undecided cannot be decided, because the following is not known: on lab: whether Kanidm has eve in kept: eve (approver; grant approve; and deployer in namespace prod; grant deploy)',
      ],
      [
        { exclusive: ['edit', 'approver'] },
        'undecided cannot be decided, because the following is not known: on lab: whether somebody holds two of the roles: group ci:deployers holds edit, and it is not known who is in this group',
        [issuer],
      ],
      [{ exclusive: ['edit', 'view'] }, 'holds', [issuer]],
    ]),
  )('with the grants %s', compare);
});

describe('with become, what people can get step by step counts', () => {
  const flux =
    'create a Kustomization in namespace prod, which Flux applies as the service account flux-system/kustomize-controller';
  const fluxInDefault = flux.replace('namespace prod', 'namespace default');
  const privileged =
    'can run a privileged pod in namespace prod, then read the keys of the control plane on one of its nodes (if namespace prod allows privileged pods (its Pod Security level is not known))';
  const keptInProd = grant({ clusterRole: 'edit', groups: ['kept'], namespaces: ['prod'] });
  const outsider = grant({ clusterRole: 'from-a-chart', people: ['out'] });
  const lab = ['lab'];
  const become = true;
  test.each(
    groupsOf([
      [{ never: 'everything', clusters: ['edge'] }, 'holds'],
      [
        { never: 'everything', become, clusters: ['edge'] },
        `failed does not hold on edge: ann can ${flux}; bob can ${flux}`,
      ],
      [{ never: 'everything', become, except: ['devs'], clusters: ['edge'] }, 'holds'],
      [
        { never: 'delete nodes', become, except: ['sub'], clusters: ['edge'] },
        `failed does not hold on edge: ann can ${flux}`,
      ],
      [
        { atMost: 1, may: 'everything', become, clusters: ['edge'] },
        `failed does not hold on edge: ann can ${flux}; bob can ${flux}`,
      ],
      [{ atMost: 2, may: 'everything', become, clusters: ['edge'] }, 'holds'],
      // Such a privileged pod needs a namespace whose Pod Security level is unknown.
      [
        { never: 'everything', become, except: ['sre', 'devs'], clusters: ['lab'] },
        'undecided cannot be decided, because the following is not known: on lab: whether eve can run a privileged pod in namespace prod, then read the keys of the control plane on one of its nodes (if namespace prod allows privileged pods (its Pod Security level is not known))',
      ],
      [{ always: 'everything', who: ['sre'], become, clusters: ['lab'] }, 'holds'],
      [{ always: 'everything', who: ['devs'], become, clusters: ['edge'] }, 'holds'],
      [
        { always: 'everything', who: ['eve'], become, clusters: ['edge'] },
        'failed does not hold on edge: eve cannot get the right',
      ],
      [
        { always: 'everything', who: ['empty'], become, clusters: ['edge'] },
        'failed does not hold on edge: nobody is in empty',
      ],
      [{ exclusive: ['approver', 'deployer'], clusters: ['edge'] }, 'holds'],
      [{ exclusive: ['edit', 'view'], become, except: ['devs'], clusters: ['edge'] }, 'holds'],
      [
        { exclusive: ['edit', 'view'], become, except: ['sub'], clusters: ['edge'] },
        `failed does not hold on edge: ann may do it now (edit, by devs; binding dev); and can ${flux}`,
      ],
      [
        { never: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve', 'empty'] },
        `failed does not hold on lab: every member of kept (only Kanidm knows the members) can ${flux}`,
        [keptInProd],
      ],
      [{ never: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve', 'kept'] }, 'holds', [keptInProd]],
      [
        { atMost: 9, may: 'everything', become, clusters: lab },
        `undecided cannot be decided, because the following is not known: on lab: how many people these are: every member of kept (only Kanidm knows the members) can ${flux}`,
        [keptInProd],
      ],
      [
        { atMost: 2, may: 'everything', become, clusters: lab, except: ['sre', 'devs'] },
        `undecided cannot be decided, because the following is not known: on lab: how many people these are: every member of kept (only Kanidm knows the members) can ${flux}`,
        [keptInProd],
      ],
      [{ always: 'everything', become, clusters: lab, who: ['kept', 'bob'] }, 'holds', [keptInProd]],
      [
        { never: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve'] },
        `failed does not hold on lab: user ci:web can ${fluxInDefault}; group ci:deployers can ${fluxInDefault}`,
        [issuer],
      ],
      [
        {
          never: 'everything',
          become,
          clusters: lab,
          except: ['sre', 'devs', 'eve'],
          exceptSubjects: { users: ['ci:web'], groups: ['ci:deployers'] },
        },
        'holds',
        [issuer],
      ],
      [
        {
          never: 'everything',
          become,
          clusters: lab,
          except: ['sre', 'devs', 'eve'],
          exceptSubjects: { users: ['ci:deployers'], groups: ['ci:web'] },
        },
        `failed does not hold on lab: user ci:web can ${fluxInDefault}; group ci:deployers can ${fluxInDefault}`,
        [issuer],
      ],
      [
        { atMost: 0, may: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve'] },
        `failed does not hold on lab: user ci:web can ${fluxInDefault}`,
        [issuer],
      ],
      [
        { atMost: 1, may: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve'] },
        `undecided cannot be decided, because the following is not known: on lab: how many people these are: group ci:deployers can ${fluxInDefault}`,
        [issuer],
      ],
      [
        { never: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which out holds',
        [outsider],
      ],
      [{ never: 'everything', become, clusters: lab, except: ['sre', 'devs', 'eve', 'out'] }, 'holds', [outsider]],
      [
        { always: 'everything', become, clusters: lab, who: ['ci'] },
        'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which out holds',
        [outsider],
      ],
      [{ always: 'everything', become, clusters: lab }, 'holds'],
      [
        { always: 'everything', become, clusters: ['edge'], who: ['out', 'empty', 'ci', 'kept', 'ann'] },
        'failed does not hold on edge: nobody is in empty; out cannot get the right; service account ci cannot get the right',
      ],
      [
        { always: 'everything', become, clusters: lab, who: ['eve'] },
        `undecided cannot be decided, because the following is not known: on lab: whether eve ${privileged}`,
      ],
      [
        { always: 'everything', become, clusters: lab, who: ['eve', 'out'] },
        'failed does not hold on lab: out cannot get the right',
      ],
      [
        { always: 'everything', become, clusters: lab, who: ['kept', 'sre'] },
        'undecided cannot be decided, because the following is not known: on lab: whether every member of kept (only Kanidm knows the members) can get the right through a grant that does not name kept',
      ],
      [{ always: 'create pods', in: ['prod', 'web'], become, clusters: ['edge'], who: ['ann'] }, 'holds'],
      [
        { exclusive: ['approver', 'deployer'], become, clusters: lab, except: ['jane', 'devs'] },
        'failed does not hold on lab: eve may do it now (approver; binding approve); and may do it now (deployer; binding deploy)',
      ],
      [
        { exclusive: ['view', 'approver', 'deployer'], become, clusters: lab, except: ['jane', 'devs'], in: 'prod' },
        'failed does not hold on lab: eve may do it now (approver; binding approve); and may do it now (deployer; binding deploy)',
      ],
      [
        { exclusive: ['approver', 'deployer'], become, clusters: lab, except: ['jane', 'devs', 'kept'], in: 'prod' },
        'undecided cannot be decided, because the following is not known: on lab: whether Kanidm has eve in jane or devs or kept: eve may do it now (approver; binding approve); and may do it now (deployer; binding deploy)',
      ],
      [
        { exclusive: ['approver', 'deployer'], become, clusters: lab, except: ['jane', 'devs'], in: 'web' },
        `undecided cannot be decided, because the following is not known: on lab: whether eve may do it now (approver; binding approve); and ${privileged}`,
      ],
      [
        { never: 'create pods', become, clusters: lab, in: 'prod', except: ['jane', 'kept', 'devs'] },
        'undecided cannot be decided, because the following is not known: on lab: whether Kanidm has eve in jane or kept or devs: eve may do it now (deployer; binding deploy)',
      ],
    ]),
  )('with the grants %s', compare);

  test('where a setting closes the steps, it holds', () => {
    const closed = (expect: object) =>
      fleet([expect]).replaceAll(
        'client: k8s\n',
        'client: k8s\n    flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: default } }\n    podSecurity: { default: restricted }\n',
      );
    const { config, findings, sources } = load(closed({ never: 'everything', become, clusters: ['edge'] }));
    if (!config) throw new Error(JSON.stringify(findings));
    const codes = check({ config, sources, warnings: findings }).findings.map(({ code }) => code);
    expect(codes.filter((code) => code.startsWith('expectation-'))).toEqual([]);
  });
});

describe('a name that does not exist', () => {
  const fixes = (one: object, lab: object[] = []) =>
    load(fleet([one], { lab }))
      .findings.filter(({ code }) => /expectation|unknown-ref/.test(code))
      .map(({ code, fix, path }) => [code, path?.slice(2).join('.'), fix]);
  test.each([
    [{ never: 'delte secrets' }, 'expectation-right', 'never', 'write `delete`'],
    [
      { never: 'delete secrts' },
      'expectation-right',
      'never',
      'write `secrets`; for a custom resource, add its API group, as in `secrts.example.com`',
    ],
    [
      { atMost: 1, may: 'all' },
      'expectation-right',
      'may',
      'write `everything`, or a verb and a resource such as `delete secrets`',
    ],
    [{ never: 'delete nodes', in: 'prod' }, 'expectation-right', 'never', 'remove `in`'],
    [{ never: 'list namespaces', in: 'prod' }, 'expectation-right', 'never', 'remove `in`'],
    [{ never: 'get /metrics', in: 'prod' }, 'expectation-right', 'never', 'remove `in`'],
    [{ never: 'delete secrets in prod' }, 'expectation-right', 'never', 'write `delete secrets`, and `in: prod`'],
    [{ never: 'get, secrets' }, 'expectation-right', 'never', 'write several verbs without spaces, such as `get,list`'],
    [{ never: 'get secrets', except: ['srre'] }, 'unknown-reference', 'except.0', 'write `sre`'],
    [{ always: 'get secrets', who: ['jan'] }, 'unknown-reference', 'who.0', 'write `jane`'],
    [{ never: 'get secrets', clusters: ['labb'] }, 'unknown-reference', 'clusters.0', 'write `lab`'],
    [{ reason: 'x' }, 'expectation-form', '', 'write one of these four fields; `atMost` also needs `may`'],
    [{ never: 'get pods', always: 'get pods' }, 'expectation-form', 'always', 'write two entries'],
    [{ never: 'get pods', may: 'get pods' }, 'expectation-form', 'may', 'remove `may`'],
    [{ never: 'get pods', who: ['sre'] }, 'expectation-form', 'who', 'remove `who`'],
    [{ atMost: 1 }, 'expectation-form', 'atMost', 'add `may:`, for example `may: everything`'],
    [
      { always: 'get pods', except: ['sre'] },
      'expectation-form',
      'except',
      'use `who` to list those who must have the right',
    ],
  ])('%j', (one, code, path, fix) => expect(fixes(one)).toEqual([[code, path, fix]]));

  test.each(['get namespaces', 'delete namespaces', 'list pods'])('%s may be asked about in a namespace', (never) =>
    expect(fixes({ never, in: 'prod' })).toEqual([]),
  );

  const namespaces = [
    ['prdo', 'prod'],
    ['prods', 'prod'],
    ['xprod', 'prod'],
    ['prox', 'prod'],
    ['pord', 'prod'],
    ['kube-sytem', 'kube-system'],
    ['kubesystem', 'kube-system'],
    ['defualt', 'default'],
    ['flux-systm', 'flux-system'],
    ['kanidn', 'kanidm'],
    ['prod', undefined],
    ['pro', undefined],
    ['web', undefined],
    ['prod2', undefined],
    ['prod-x', undefined],
    ['prodxx', undefined],
    ['flux-system2', undefined],
  ] as const;
  test('namespaces', () => {
    const { findings } = results(namespaces.map(([one]) => ({ never: 'delete secrets', in: one })));
    const found = findings.filter(({ code }) => code === 'expectation-unknown-name');
    expect(found.map(({ severity, message, fix, path }) => [path, severity, message, fix])).toEqual(
      namespaces.flatMap(([name, meant], i) =>
        meant === undefined
          ? []
          : [
              [
                ['expect', i, 'in'],
                'error',
                `no grant and no manifest names the namespace \`${name}\``,
                `write \`${meant}\` if that is the intended namespace`,
              ],
            ],
      ),
    );
  });

  test.each([
    ['deployr', 'write `deployer`, or pass the folder with its definition to --manifests'],
    [
      'nothing-like-it',
      'choose one of `admin`, `approver`, `cluster-admin`, `deployer`, `edit`, `one`, `view`, or pass the folder with its definition to --manifests',
    ],
  ])('the role %s', (role, fix) => {
    const findings = results([{ exclusive: ['approver', role] }]).findings.filter(
      ({ code }) => code === 'expectation-unknown-name',
    );
    expect(findings).toMatchObject([{ severity: 'error', path: ['expect', 0, 'exclusive'], fix }]);
  });

  test('built-in groups of Kanidm are names', () => {
    expect(codesOf(fleet([{ never: 'delete nodes', except: ['idm_all_persons'] }]))).toEqual([]);
  });
});

describe('hand-written files', () => {
  const rbac = (
    kind: string,
    name: string,
    more: { namespace?: string; role?: string; subject?: object },
  ): Manifest => ({
    file: 'rbac.yaml',
    line: 1,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind,
      metadata: { name, ...(more.namespace === undefined ? {} : { namespace: more.namespace }) },
      ...(more.subject === undefined
        ? { rules: [] }
        : {
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: more.role },
            subjects: [more.subject],
          }),
    },
  });
  const bot = { kind: 'ServiceAccount', name: 'bot' };
  const manifests = [
    rbac('RoleBinding', 'w', { namespace: 'ops', role: 'cluster-admin', subject: bot }),
    rbac('RoleBinding', 'v', { namespace: 'ops', role: 'view', subject: bot }),
    rbac('RoleBinding', 'u', { namespace: 'team', role: 'edit', subject: { kind: 'User', name: 'x' } }),
    rbac('RoleBinding', 't', { namespace: 'team', role: 'from-a-chart', subject: { kind: 'User', name: 'x' } }),
    rbac('Role', 'helpers', { namespace: 'tools' }),
    { ...rbac('', '', {}), object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'monitoring' } } },
    { ...rbac('', '', {}), object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'viewers' } } },
  ];
  const everybody = [
    rbac('ClusterRoleBinding', 'all', {
      role: 'cluster-admin',
      subject: { kind: 'Group', name: 'system:authenticated' },
    }),
  ];
  const clusters = ['lab'];
  const rows: readonly Row[] = [
    [
      { never: 'delete secrets', in: 'ops', except: ['sre'], clusters },
      'failed does not hold on lab: system:serviceaccount:ops:bot (cluster-admin in namespace ops; binding w)',
    ],
    [
      { never: 'everything', in: 'ops', except: ['sre'], clusters },
      'failed does not hold on lab: system:serviceaccount:ops:bot (cluster-admin in namespace ops; binding w)',
    ],
    [{ never: 'everything', except: ['sre'], clusters }, 'holds'],
    [
      { never: 'everything', in: 'team', except: ['sre'], clusters },
      'undecided cannot be decided, because the following is not known: on lab: the rules of the ClusterRole from-a-chart, which user x holds',
    ],
    [
      { never: 'delete secrets', except: ['sre', 'devs'], clusters },
      'failed does not hold on lab: system:serviceaccount:ops:bot (cluster-admin in namespace ops; binding w) and user x (edit in namespace team; binding u)',
    ],
    // Programs in the cluster are not people.
    [{ atMost: 1, may: 'delete secrets', in: 'ops', clusters }, 'holds'],
    [{ exclusive: ['cluster-admin', 'view'], clusters }, 'holds'],
    [{ always: 'delete secrets', in: 'ops', who: ['ann'], clusters }, 'failed does not hold on lab: ann may not'],
    [
      { exclusive: ['edit', 'from-a-chart'], clusters },
      'failed does not hold on lab: user x (edit in namespace team; binding u; and from-a-chart in namespace team; binding t)',
    ],
    // Names that only hand-written files have.
    [{ exclusive: ['edit', 'helpers'], clusters }, 'holds'],
    [
      { exclusive: ['edit', 'helprs'], clusters },
      'unknown-name no cluster has a role with the name `helprs`, and no grant gives one',
    ],
    [
      { never: 'get secrets', in: ['opps', 'teem', 'tols', 'monitorin'], except: ['sre'], clusters },
      [
        'unknown-name no grant and no manifest names the namespace `monitorin`',
        'unknown-name no grant and no manifest names the namespace `opps`',
        'unknown-name no grant and no manifest names the namespace `teem`',
        'unknown-name no grant and no manifest names the namespace `tols`',
      ].join('\n'),
    ],
  ];
  test('count like grants', () => {
    expect(answers(rows, [], manifests)).toEqual(rows);
  });

  test('a binding of every signed-in user counts for each of them', () => {
    const found = results(
      [
        { never: 'everything', clusters },
        { atMost: 9, may: 'everything', clusters },
        { always: 'everything', who: ['kept', 'ci'], clusters },
        { exclusive: ['cluster-admin', 'edit'], except: ['bob'], clusters },
      ],
      [],
      everybody,
    ).findings;
    expect(inWords(found).split('\n')).toEqual([
      'failed does not hold on lab: jane (cluster-admin; grant admins), ann (cluster-admin, by system:authenticated; binding all), bob (cluster-admin, by system:authenticated; binding all), eve (cluster-admin, by system:authenticated; binding all) and 5 more',
      'failed does not hold on lab: ann (cluster-admin, by system:authenticated; binding all; and edit in namespace prod, by devs; grant dev)',
      'undecided cannot be decided, because the following is not known: on lab: how many people these are: every member of kept (only Kanidm knows the members) (cluster-admin, by system:authenticated; binding all), how many people these are: every person in Kanidm (idm_all_persons) (cluster-admin, by system:authenticated; binding all) and how many people these are: every signed-in user (group system:authenticated) (cluster-admin, by system:authenticated; binding all)',
    ]);
  });
});

test('hand-written bindings count, and the parts of Kubernetes itself do not', () => {
  const binding = (name: string, subject: object): Manifest => ({
    file: 'rbac.yaml',
    line: 1,
    object: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [subject],
    },
  });
  const never = { never: 'everything', except: ['sre'] };
  expect(said(never)).toBe('holds');
  expect(said(never, [], [binding('ops', { kind: 'Group', name: 'ops' })])).toBe(
    'failed does not hold on lab and edge: group ops (cluster-admin; binding ops)',
  );
  const flux = binding('flux', { kind: 'ServiceAccount', name: 'kustomize-controller', namespace: 'flux-system' });
  expect(said(never, [], [flux])).toContain('system:serviceaccount:flux-system:kustomize-controller (cluster-admin');
  expect(said({ atMost: 1, may: 'everything' }, [], [flux])).toBe('holds');
  const users = ['system:serviceaccount:flux-system:kustomize-controller'];
  expect(said({ ...never, exceptSubjects: { users } }, [], [flux])).toBe('holds');
});

test('users of entries that are rendered as they are are unknown', () => {
  const jwt = [
    {
      issuer: { url: 'https://ci.example.com', audiences: ['x'] },
      claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
    },
  ];
  const text = (one: object) =>
    fleet([{ ...one, clusters: ['lab'] }]).replace(
      'client: k8s\n',
      `client: k8s\n    authentication: { method: structured }\n    jwt: ${JSON.stringify(jwt)}\n`,
    );
  const codes = (one: object) => {
    const { config, findings, sources } = load(text(one));
    if (!config) throw new Error(JSON.stringify(findings));
    return check({ config, sources, warnings: findings }).findings.flatMap(({ code }) =>
      code.startsWith('expectation-') ? [code] : [],
    );
  };
  expect(codes({ never: 'delete secrets', in: 'web', except: ['sre'] })).toEqual(['expectation-undecided']);
  expect(codes({ never: 'delete secrets', in: 'web' })).toEqual(['expectation-failed']);
  expect(codes({ atMost: 1, may: 'everything' })).toEqual(['expectation-undecided']);
  expect(codes({ exclusive: ['cluster-admin', 'approver'] })).toEqual(['expectation-undecided']);
  expect(codes({ always: 'everything', who: ['sre'] })).toEqual([]);
  expect(codes({ always: 'everything', who: ['eve'] })).toEqual(['expectation-undecided']);
  // A chart can add a custom resource to an aggregated role.
  expect(codes({ never: 'get widgets.example.com', except: ['sre'] })).toEqual(['expectation-undecided']);
  // No binding gives somebody both roles, whichever names are unknown.
  expect(codes({ exclusive: ['view', 'approver'] })).toEqual([]);
});

test('an expectation as a sentence', () => {
  const { config } = load(
    fleet([
      { never: 'everything' },
      { never: ' get,list   secrets ', in: 'prod', except: ['sre', 'devs'] },
      { never: 'cluster-admin', exceptSubjects: { users: ['u'], groups: ['g'] }, except: ['sre'], become: true },
      { atMost: 2, may: 'delete secrets', in: ['prod', 'web'], except: ['sre'] },
      { atMost: 2, may: 'everything', become: true },
      { always: 'get secrets', who: ['jane', 'ci', 'devs'], in: 'prod' },
      { always: 'everything', become: true },
      { exclusive: ['edit', 'view'], in: ['prod'], except: ['sre'] },
      { exclusive: ['edit', 'view', 'admin'], become: true },
    ]),
  );
  if (!config) throw new Error('no config');
  expect(config.expect.map((one) => expectationText(config, one))).toEqual([
    'nobody may do everything',
    'nobody may get, list secrets in namespace prod, except sre, devs',
    'nobody can become able to do everything, except sre, u, g',
    'at most 2 may delete secrets in namespaces prod, web, except sre',
    'at most 2 can become able to do everything',
    'jane and ci and everybody in devs may get secrets in namespace prod',
    'somebody can become able to do everything',
    'nobody holds two of the roles edit, view in namespace prod, except sre',
    'nobody can get two of the roles edit, view, admin',
  ]);
});

describe('the formats', () => {
  const report = (expect: object[]) => results(expect);
  const fails = { never: 'delete secrets', in: 'prod', except: ['sre'], reason: 'the auditors want it' };
  const passes = { never: 'delete secrets', in: 'prod', except: ['sre', 'devs'] };
  test.each(Object.keys(resultFormats))('%s', (format) => {
    const text = (one: object) => formatResults(report([one]), format, { registry: registry(), docs: 'docs' });
    const sentence =
      format === 'markdown'
        ? /nobody may delete secrets in namespace prod, except sre/
        : /nobody may delete secrets in namespace prod, except sre` \\?\(the auditors want it\\?\) does not hold on lab and edge: ann/;
    expect(text(fails)).toMatch(sentence);
    expect(text(fails)).toMatch(/expectation-failed|expectation\\-failed/);
    expect(text(passes)).not.toContain('does not hold on');
  });

  test('one finding for an expectation, at its place', () => {
    const found = report([passes, fails]).findings.filter(({ code }) => code === 'expectation-failed');
    expect(found).toMatchObject([{ severity: 'error', path: ['expect', 1, 'never'] }]);
    expect(found[0]?.excerpt).toContain('never: delete secrets');
  });
});
