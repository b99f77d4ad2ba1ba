import { parse, stringify } from 'yaml';
import { accessOn, rendered } from '../../lib/diff/side';
import { Entitlements } from '../../lib/expect/entitled';
import { judge } from '../../lib/expect/judge';
import { Judgements } from '../../lib/expect/judgements';
import { load } from '../config';
import { fleet } from './fleet';

interface Input {
  clusters: Record<string, Record<string, unknown> & { grants: object[] }>;
  roles: Record<string, object>;
  kanidm: object;
}

/** Returns the fleet with a change. */
function configOf(expect: object[], change: (input: Input) => void = () => {}) {
  const input: Input = parse(fleet(expect));
  change(input);
  const { config, findings } = load(stringify(input, { aliasDuplicateObjects: false }));
  if (!config) throw new Error(JSON.stringify(findings));
  return config;
}

/** Judges the expectations on clusters, in the given order. */
function judged(config: ReturnType<typeof configOf>, clusters: readonly string[]) {
  const judgements = new Judgements(config);
  const side = rendered(config);
  for (const name of clusters) {
    const access = accessOn(side, name);
    if (access) judgements.add(access, side.objects(name));
  }
  return judgements.results();
}

/** Returns the verdicts of each expectation: the state, the clusters and the reasons. */
const verdicts = (config: ReturnType<typeof configOf>, clusters: readonly string[]) =>
  judged(config, clusters).map((one) =>
    one.verdicts.map(({ verdict, clusters: on }) => [verdict.state, on.join(), ...verdict.why]),
  );

test('a namespace that only the expectation names is one for the steps too', () => {
  const api = 'rbac.authorization.k8s.io';
  const reached = (rules: object[]) =>
    verdicts(
      configOf(
        [{ never: 'list configmaps', in: 'quiet', become: true, clusters: ['edge'], except: ['devs'] }],
        ({ clusters, roles }) => {
          roles.binder = { rules };
          clusters.edge?.grants.push({ name: 'bind', clusterRole: 'binder', people: ['eve'] });
        },
      ),
      ['edge'],
    ).flat();
  const binds = { apiGroups: [api], resources: ['clusterroles'], resourceNames: ['view'], verbs: ['bind'] };
  const creates = { apiGroups: [api], resources: ['rolebindings'], verbs: ['create'] };
  expect(reached([creates, binds])).toEqual([
    ['fails', 'edge', 'eve can bind ClusterRole view in namespace quiet to themselves'],
  ]);
  expect(reached([binds])).toEqual([['holds', 'edge']]);
});

describe('the clusters of a verdict', () => {
  const ann = 'ann (edit in namespace prod, by devs; grant dev)';
  const bob = 'bob (edit in namespace prod, by devs through sub; grant dev)';
  const jane = 'jane (cluster-admin; grant admins)';
  const expectations = [
    { never: 'delete secrets', except: ['jane'] },
    { never: 'delete nodes' },
    { never: 'delete nodes', clusters: ['zeta', 'edge'] },
    { always: 'get pods', in: 'prod', clusters: ['alpha'] },
  ];
  // Zeta is like edge, and alpha has one grant more.
  const four = configOf(expectations, ({ clusters }) => {
    const { edge } = clusters;
    if (!edge) throw new Error('no edge');
    const more = { name: 'see', clusterRole: 'view', people: ['eve'] };
    clusters.zeta = { ...edge, server: 'https://192.0.2.12:6443' };
    clusters.alpha = { ...edge, server: 'https://192.0.2.13:6443', grants: [...edge.grants, more] };
  });
  const expected = [
    [['fails', 'lab,edge,zeta,alpha', ann, bob]],
    [
      ['fails', 'lab', jane],
      ['holds', 'edge,zeta,alpha'],
    ],
    [['holds', 'edge,zeta']],
    [['holds', 'alpha']],
  ];

  test('are in the order of the config, in whatever order they were judged', () => {
    expect(verdicts(four, ['lab', 'edge', 'zeta', 'alpha'])).toEqual(expected);
    expect(verdicts(four, ['alpha', 'zeta', 'edge', 'lab'])).toEqual(expected);
    expect(verdicts(four, ['zeta', 'lab', 'alpha', 'edge'])).toEqual(expected);
  });

  test('are only those that were judged', () => {
    expect(verdicts(four, ['zeta'])).toEqual([
      [['fails', 'zeta', ann, bob]],
      [['holds', 'zeta']],
      [['holds', 'zeta']],
      [],
    ]);
    expect(verdicts(four, [])).toEqual([[], [], [], []]);
  });

  test('a cluster that no expectation is about is not judged', () => {
    const config = configOf([{ never: 'get pods', in: 'prdo', clusters: ['edge'] }]);
    expect(judged(config, ['lab'])).toMatchObject([{ verdicts: [], unknown: [] }]);
    expect(judged(config, ['edge'])).toMatchObject([
      { verdicts: [{ clusters: ['edge'] }], unknown: [{ field: 'in', fix: expect.stringContaining('`prod`') }] },
    ]);
    expect(judged(configOf([]), ['lab', 'edge'])).toEqual([]);
  });
});

test.each([
  ['kube-pubilc', 'kube-public'],
  ['kube-node-laese', 'kube-node-lease'],
  ['defalt', 'default'],
  ['kube-systme', 'kube-system'],
  ['identities', undefined],
  ['identiti', 'identity'],
  ['gitopps', 'gitops'],
  ['sources', undefined],
  ['sourecs', 'sources'],
  ['biling', 'billing'],
  ['autid', 'audit'],
  ['prods', 'prod'],
])('the namespace %s is meant to be %s', (name, meant) => {
  const config = configOf([{ never: 'get pods', in: name }], ({ clusters, roles, kanidm }) => {
    Object.assign(kanidm, { namespace: 'identity' });
    Object.assign(clusters.edge ?? {}, {
      flux: { namespace: 'gitops', source: { kind: 'GitRepository', name: 's', namespace: 'sources' } },
      podSecurity: { namespaces: { billing: 'baseline' } },
    });
    Object.assign(roles, { auditor: { rules: [{ resources: ['pods'], verbs: ['get'] }], namespaces: ['audit'] } });
    clusters.edge?.grants.push({ name: 'audit', role: 'auditor', people: ['eve'], namespaces: ['audit'] });
  });
  expect(judged(config, ['lab', 'edge'])[0]?.unknown).toEqual(
    meant === undefined
      ? []
      : [
          {
            field: 'in',
            what: `no grant and no manifest names the namespace \`${name}\``,
            fix: `write \`${meant}\` if that is the intended namespace`,
          },
        ],
  );
});

test('a role that a grant gives is known, also if the binding is not rendered because a UUID is missing', () => {
  const config = configOf([{ exclusive: ['edit', 'releaser'] }, { exclusive: ['edit', 'releasr'] }], (input) => {
    input.kanidm = { domain: 'idm.example.com', version: '1.11.1' };
    input.clusters.edge?.grants.push({ name: 'r', role: 'releaser', namespaces: ['pay'], serviceAccounts: ['ci'] });
  });
  expect(judged(config, ['lab', 'edge']).map(({ unknown }) => unknown)).toEqual([
    [],
    [{ field: 'exclusive', what: expect.stringContaining('`releasr`'), fix: expect.stringContaining('`releaser`') }],
  ]);
});

test('an expectation about a right has that right', () => {
  const config = configOf([{ never: 'get pods' }, { exclusive: ['edit', 'view'] }]);
  const access = accessOn(rendered(config), 'edge');
  const [never, exclusive] = config.expect;
  if (!access || !never || !exclusive) throw new Error('no access');
  const reach = () => {
    throw new Error('not needed');
  };
  const on = new Entitlements(access);
  expect(() => judge({ expectation: never }, on, reach)).toThrow(
    new Error('internal error: the right of an expectation was not parsed'),
  );
  expect(judge({ expectation: exclusive }, on, reach)).toEqual({ state: 'holds', why: [] });
});

test('a CustomResourceDefinition among the manifests tells that a role in a namespace does not count', () => {
  const right = 'create gizmos.example.com';
  const config = configOf(
    [
      { never: right, except: ['jane'] },
      { always: right, in: 'prod', who: ['bob'] },
    ],
    ({ clusters }) => {
      const { edge } = clusters;
      if (edge)
        clusters.edge = {
          ...edge,
          grants: [{ name: 'g', clusterRole: 'gizmos', people: ['bob'], namespaces: ['prod'] }],
        };
    },
  );
  const manifest = (object: object, line: number) => ({ file: 'gizmos.yaml', line, object: { ...object } });
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'gizmos' },
    rules: [{ apiGroups: ['example.com'], resources: ['gizmos'], verbs: ['create'] }],
  };
  const definition = (scope: string) => ({
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gizmos.example.com' },
    spec: { scope },
  });
  const states = (...objects: object[]) => {
    const judgements = new Judgements(config);
    const manifests = objects.map(manifest);
    const side = rendered(config, () => objects);
    const access = accessOn(side, 'edge');
    if (access) judgements.add(access, side.objects('edge'), manifests);
    return judgements.results().map(({ verdicts: [first] }) => first?.verdict.state);
  };
  expect(states(role)).toEqual(['fails', 'holds']);
  expect(states(role, definition('Namespaced'))).toEqual(['fails', 'holds']);
  expect(states(role, definition('Cluster'))).toEqual(['holds', 'fails']);
});
