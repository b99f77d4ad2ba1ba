import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { parse, parseAllDocuments } from 'yaml';
import { clusterCharts } from '../lib/cluster-charts';
import { FluxSync } from '../lib/constructs/flux-sync';
import type { KubernetesObject } from '../lib/output/kubernetes-object';
import { clusterFolders, render } from '../lib/render';
import { configOf, homeLabText } from './config';
import { schemaFaults } from './schemas';

const fixtures = join(__dirname, 'fixtures');
const valid = Object.fromEntries([
  ['the home lab', homeLabText],
  ...readdirSync(join(fixtures, 'valid')).map((file) => [file, readFileSync(join(fixtures, 'valid', file), 'utf8')]),
]) as Record<string, string>;

const files = (text: string) => new Map([...render(configOf(text))].map((artifact) => [artifact.path, artifact.text]));
const documents = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);

/** Kinds whose schema is in no registry. The end-to-end tests and the docs describe how they were verified. */
const unverified = new Set(['TLSRoute', 'Certificate']);

describe.each(Object.keys(valid))('%s', (name) => {
  const text = valid[name] as string;

  test('renders the same bytes every time, whatever the environment says', () => {
    const before = files(text);
    const environment = { ...process.env };
    try {
      process.env.CDK8S_DISABLE_SORT = '1';
      process.env.CDK8S_OUTDIR = 'elsewhere';
      expect(files(text)).toEqual(before);
    } finally {
      process.env = environment;
    }
  });

  test('every object fits the schema of its kind', () => {
    for (const [path, content] of files(text)) {
      if (!path.startsWith('clusters/') && !path.startsWith('flux/')) continue;
      if (path.endsWith('/kustomization.yaml')) continue;
      for (const object of documents(content)) {
        const faults = schemaFaults(object);
        if (unverified.has(object.kind)) continue;
        expect({ path, kind: object.kind, faults }).toEqual({ path, kind: object.kind, faults: [] });
      }
    }
  });

  test('each folder that Flux applies has a kustomization.yaml that names its files, and a Kustomization', () => {
    const rendered = files(text);
    for (const { name: cluster } of configOf(text).clusters.values()) {
      const folders = [...rendered.keys()].filter((path) => path.startsWith(`clusters/${cluster}/`));
      const synced = documents(rendered.get(`flux/${cluster}.yaml`) ?? '').map(
        ({ spec }) => (spec as { path: string }).path,
      );
      for (const path of folders.filter((file) => file.endsWith('.k8s.yaml'))) {
        const [folder, file] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
        expect(parse(rendered.get(`${folder}/kustomization.yaml`) ?? '').resources).toEqual([file]);
        expect(synced.filter((found) => found.endsWith(`/${folder}`))).toHaveLength(1);
      }
    }
  });

  test('no object is substituted into by Flux', () => {
    for (const cluster of configOf(text).clusters.values()) {
      for (const { objects } of clusterFolders(configOf(text), cluster)) {
        for (const { metadata } of objects) {
          expect(metadata.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' });
        }
      }
    }
  });
});

describe('the home lab', () => {
  test('gives what its owner published, equal field by field', () => {
    const owner = ['kanidm.yaml', 'access.yaml'].flatMap((file) =>
      documents(readFileSync(join(fixtures, 'home-lab', file), 'utf8')),
    );
    const rendered = clusterFolders(configOf(), clusterOf()).flatMap(({ objects }) => objects);
    expect(rendered).toHaveLength(owner.length);
    for (const object of owner) {
      const ours = rendered.find(
        ({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name,
      );
      expect(ours).toMatchObject(object as object);
    }
  });

  test("gives its owner's flags to kubeadm", () => {
    const flags = readFileSync(join(fixtures, 'home-lab', 'apiserver-flags.txt'), 'utf8')
      .trim()
      .split('\n');
    const patch = parse(files(homeLabText).get('control-planes/homelab/kubeadm.yaml') ?? '');
    const given = (patch.apiServer.extraArgs as { name: string; value: string }[]).map(
      ({ name, value }) => `--${name}=${value}`,
    );
    expect(given.sort()).toEqual(flags.sort());
  });
});

const clusterOf = () => {
  const [cluster] = configOf().clusters.values();
  if (!cluster) throw new Error('the home lab has a cluster');
  return cluster;
};

test('a domain changed in one place is changed everywhere, and the old one is nowhere', () => {
  const rendered = files(homeLabText.replace('domain: sso.kammel.dev', 'domain: idm.example.com'));
  const all = [...rendered.values()].join('\n');
  expect(all).not.toContain('sso.kammel.dev');
  for (const path of [
    'clusters/homelab/kanidm/kanidm.k8s.yaml',
    'clusters/homelab/access/access.k8s.yaml',
    'control-planes/homelab/kubeadm.yaml',
    'kubeconfigs/homelab.yaml',
    'kanidm/runbook.sh',
  ]) {
    expect({ path, found: rendered.get(path)?.includes('idm.example.com') }).toEqual({ path, found: true });
  }
});

test('a value that only looks like a variable of Flux arrives as it is', () => {
  const config = configOf({
    clusters: { homelab: { grants: [{ name: `\${HOME}`, clusterRole: 'view', people: ['datosh'] }] } },
  });
  expect([...render(config)].some(({ text }) => text.includes(`\${HOME}`))).toBe(true);
});

test('a chart inside a chart is refused, because its objects would be missing', () => {
  const rendered = (chartOf: (chart: Chart) => Construct) => () => [
    ...render(configOf(homeLabText), (config, cluster) => {
      const { folders, sync } = clusterCharts(config, cluster);
      const mine = new Chart(new App(), 'mine');
      const metadata = { name: 'shop' };
      new ApiObject(chartOf(mine), 'shop', { apiVersion: 'v1', kind: 'Namespace', metadata });
      return { folders: [...folders, mine], sync };
    }),
  ];
  expect(rendered((mine) => new Chart(new Construct(mine, 'group'), 'inner'))).toThrow(
    /^the chart mine\/group\/inner is inside the chart mine, so the files of mine would not contain the objects of the inner chart;/,
  );
  const files = rendered((mine) => new Construct(mine, 'group'))();
  expect(files.find(({ path }) => path.endsWith('mine.k8s.yaml'))?.text).toContain('name: shop');
});

test('where Flux is in another namespace, its usual namespace and the names in it are free', () => {
  const config = configOf({
    flux: { namespace: 'gitops', source: { namespace: 'gitops' } },
    kanidm: { helm: null, version: '1.11.1', manifests: {}, namespace: 'flux-system' },
    roles: { 'flux-edit-flux-system': { rules: [{ verbs: ['get'], resources: ['pods'] }] } },
    grants: [
      {
        name: 'cluster-reconciler-flux-system',
        clusterRole: 'flux-edit-flux-system',
        people: ['datosh'],
        clusters: '*',
      },
    ],
  });
  const all = [...render(config)].map(({ text }) => text).join('\n');
  expect(all).toContain('name: cluster-reconciler-flux-system');
  expect(all).toContain('name: flux-edit-flux-system');
});

describe('the chart of the Kustomizations', () => {
  const rendered = (add: (sync: Chart) => void) => {
    const files = [
      ...render(configOf(homeLabText), (config, cluster) => {
        const charts = clusterCharts(config, cluster);
        add(charts.sync);
        return charts;
      }),
    ];
    return (end: string) => files.find(({ path }) => path.endsWith(end))?.text;
  };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'extra' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [
      {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'User',
        name: 'https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16',
      },
    ],
  };

  test('is checked like the others', () => {
    expect(() => rendered((sync) => new Chart(sync, 'inner'))).toThrow(
      'the chart sync/inner is inside the chart sync, so the files of sync would not contain',
    );
    const props = { name: 'kaniflux-access', path: './other' };
    expect(() => rendered((sync) => new FluxSync(new Construct(sync, 'group'), 'twice', props))).toThrow(/two objects/);
    const equal = { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' };
    const metadata = { name: 'kaniflux-access', namespace: 'flux-system' };
    expect(() => rendered((sync) => new ApiObject(sync, 'twice', { ...equal, metadata }))).toThrow(
      'two objects have the same identity: Kustomization.kustomize.toolkit.fluxcd.io flux-system/kaniflux-access',
    );
  });

  test('can have roles and bindings, which ACCESS.md lists', () => {
    const file = rendered((sync) => new ApiObject(sync, 'extra', binding));
    expect(file('flux/homelab.yaml')).toContain('name: extra');
    expect(file('ACCESS.md')).toContain('grant `extra`');
  });

  test('a list is rendered as its items, as Flux reads it', () => {
    const list = { apiVersion: 'v1', kind: 'List' };
    const file = rendered((sync) => new ApiObject(sync, 'list', { ...list, items: [{ ...list, items: [binding] }] }));
    expect(file('flux/homelab.yaml')).not.toContain('kind: List');
    expect(file('ACCESS.md')).toContain('grant `extra`');
    expect(() => rendered((sync) => new ApiObject(sync, 'list', { ...list, items: [{ kind: 'X' }] }))).toThrow(
      'Flux cannot apply an object of the chart sync: it has no apiVersion and kind',
    );
  });

  test('an object whose kind ends in `List` is a list only if it has `items`', () => {
    const named = { apiVersion: 'acl.example.com/v1', kind: 'AccessList', metadata: { name: 'a' } };
    expect(rendered((sync) => new ApiObject(sync, 'named', named))('flux/homelab.yaml')).toContain('kind: AccessList');
    expect(() => rendered((sync) => new ApiObject(sync, 'named', { ...named, items: { b: 1 } }))).toThrow(
      'Flux cannot apply AccessList in the chart sync: its `items` is not a list',
    );
  });
});

describe('charts of an app that depend on each other', () => {
  const config = configOf(homeLabText);
  const rendered = (link: (first: ApiObject, second: ApiObject) => void, app: Construct = new App()) => {
    const object = (chart: string) =>
      new ApiObject(new Chart(app, chart), 'object', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: chart },
      });
    const [first, second, third] = [object('first'), object('second'), object('third')];
    link(first, second);
    const charts = [first, second, third].map((one) => one.chart);
    return () => [
      ...render(config, (_, cluster) => {
        const { folders, sync } = clusterCharts(config, cluster);
        return { folders: [...folders, ...charts], sync };
      }),
    ];
  };

  test.each<[string, (first: ApiObject, second: ApiObject) => void]>([
    ['a chart', (first, second) => second.chart.addDependency(first.chart)],
    ['an object', (first, second) => second.addDependency(first)],
  ])('are refused: by %s', (_, link) =>
    expect(rendered(link)).toThrow(/^the chart second depends on the chart first, but Flux applies/),
  );

  test('are refused below a construct that is alone in the app', () =>
    expect(rendered((first, second) => second.addDependency(first), new Construct(new App(), 'cluster'))).toThrow(
      /^the chart second depends on the chart first, but Flux applies/,
    ));

  test('are not refused if the objects are in one chart', () => {
    const inOne = rendered((first) => {
      const other = new ApiObject(first.chart, 'other', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'x' },
      });
      other.addDependency(first);
    });
    expect(inOne().filter(({ path }) => /(first|second|third)\.k8s/.test(path))).toHaveLength(3);
  });
});

describe('the schemas that the tests hold objects against', () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'x' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
  };
  const release = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'x' },
    spec: { interval: '1h', colour: 'blue' },
  };

  test('refuse what an API server would', () => {
    expect(schemaFaults(binding)).toHaveLength(1);
    expect(schemaFaults(release)).toEqual(['/spec must NOT have additional properties']);
    expect(schemaFaults({ ...binding, kind: 'Nothing' })).toBeUndefined();
  });
});
