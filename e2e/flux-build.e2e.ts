import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configOf } from '../__tests__/config';
import type { Config } from '../lib/config/config';
import { clusterFolders } from '../lib/render';
import { fluxBuild, owned } from './flux/build';
import { edit, objectsIn, renderInto } from './flux/rendered';
import { Lab } from './harness';

const fixture = (name: string) =>
  configOf(readFileSync(join(__dirname, '..', '__tests__', 'fixtures', 'valid', `${name}.yaml`), 'utf8'));
const everywhere = {
  clusters: {
    homelab: {
      grants: [
        { name: 'admins', clusterRole: 'cluster-admin', people: ['datosh'] },
        { name: 'team', clusterRole: 'edit', namespaces: ['web', 'db'], people: ['datosh'] },
      ],
    },
  },
};

/** Runs Flux's own build on every folder that Flux applies. */
describe('flux build', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open('flux-build');
  });
  afterAll(() => lab?.close());

  async function all(config: Config, flux = (_name: string) => ({})): Promise<number> {
    const root = lab.path('root');
    await renderInto(join(root, 'dist'), config);
    let built = 0;
    for (const cluster of config.clusters.values()) {
      const file = `dist/flux/${cluster.name}.yaml`;
      const kustomizations = objectsIn(readFileSync(join(root, file), 'utf8')) as unknown as {
        metadata: { name: string };
        spec: { path: string };
      }[];
      const folders = clusterFolders(config, cluster);
      expect(kustomizations.map(({ metadata }) => metadata.name)).toEqual(
        folders.map(({ name }) => `kaniflux-${name}`),
      );
      for (const [i, { objects }] of folders.entries()) {
        const { metadata, spec } = kustomizations[i] as (typeof kustomizations)[number];
        const found = await fluxBuild(lab, {
          name: metadata.name,
          root,
          path: spec.path,
          file,
          ...flux(metadata.name),
        });
        expect(inOrder(found)).toEqual(inOrder(objects.map((object) => owned(object, metadata.name))));
        built += found.length;
      }
    }
    return built;
  }

  /** The files that `foreignToFlux` takes for applied. */
  test('takes what a kustomization.yaml lists, or all YAML files if there is none', async () => {
    const root = lab.path('foreign');
    const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    write('listed/kustomization.yaml', 'resources: [a.yaml, sub]\n');
    for (const path of ['listed/a', 'listed/b', 'listed/sub/c', 'listed/sub/d', 'listed/other/e']) {
      write(`${path}.yaml`, object(path.slice(-1)));
    }
    write('listed/sub/kustomization.yml', 'resources: [c.yaml]\n');
    for (const path of ['all/a', 'all/sub/b', 'all/own/c', 'all/own/d']) write(`${path}.yaml`, object(path.slice(-1)));
    write('all/own/kustomization.yaml', 'resources: [d.yaml]\n');
    write('all/e.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"e"}}');
    write('all/nothing.yaml', '# nothing\n');
    write('broken/values.yaml', 'a: 1\n');
    write(
      'flux.yaml',
      `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: mine, namespace: flux-system }
spec: { interval: 1h, path: ./, prune: true, sourceRef: { kind: GitRepository, name: x } }
`,
    );
    const built = async (path: string) =>
      (await fluxBuild(lab, { name: 'mine', root, path, file: 'flux.yaml' }))
        .map((one) => (one as { metadata: { name: string } }).metadata.name)
        .sort();
    expect(await built('listed')).toEqual(['a', 'c']);
    expect(await built('all')).toEqual(['a', 'b', 'd']);
    await expect(built('broken')).rejects.toThrow('missing Resource metadata');
  });

  test('gives the home lab as it was rendered', async () => {
    expect(await all(configOf())).toBe(4);
  });

  test('gives every folder of two clusters, also the empty ones', async () => {
    expect(await all(fixture('two-clusters'))).toBeGreaterThan(2);
  });

  test('gives grants on clusters and in namespaces', async () => {
    expect(await all(configOf(everywhere))).toBe(6);
  });

  test('gives Kanidm without a chart', async () => {
    const kanidm = { version: '1.11.1', helm: null, manifests: {}, provision: 'migrations' };
    expect(await all(configOf({ kanidm }))).toBeGreaterThan(6);
  });

  test('leaves a value that looks like a variable, also where Flux substitutes', async () => {
    const clusterIssuer = `letsencrypt-\${HOME}`;
    const config = configOf({ kanidm: { helm: { values: { ingress: { clusterIssuer } } } } });
    const root = lab.path('root');
    await renderInto(join(root, 'dist'), config);
    const file = 'dist/flux/homelab.yaml';
    const substitution = '  postBuild: { substitute: { HOME: replaced } }\n  prune: true';
    await edit(join(root, file), '  prune: true', substitution);
    const what = { name: 'kaniflux-kanidm', root, path: 'dist/clusters/homelab/kanidm', file };
    expect(JSON.stringify(await fluxBuild(lab, what))).toContain(clusterIssuer);

    // Without the annotation, the variable is replaced. This shows that the test above can fail.
    const objects = join(root, what.path, 'kanidm.k8s.yaml');
    const text = readFileSync(objects, 'utf8').replaceAll('/substitute: disabled', '/substitute: enabled');
    writeFileSync(objects, text);
    expect(JSON.stringify(await fluxBuild(lab, what))).toContain('letsencrypt-replaced');
  });

  test.each(['dist', '.'])('refuses the output folder as a whole, as docs/flux.md warns: %s', async (path) => {
    const root = lab.path('root');
    await renderInto(join(root, 'dist'), configOf());
    const whole = fluxBuild(lab, { name: 'kaniflux-access', root, path, file: 'dist/flux/homelab.yaml' });
    await expect(whole).rejects.toThrow(/kubeconfigs|control-planes|kubeadm/);
  });

  test('refuses folders for nodes and people, and builds the folder of a cluster (flux-path-overlap)', async () => {
    const root = lab.path('root');
    await renderInto(join(root, 'dist'), configOf({ kanidm: { version: '1.11.1', provision: 'migrations' } }));
    const built = (path: string) =>
      fluxBuild(lab, { name: 'kaniflux-access', root, path: `dist/${path}`, file: 'dist/flux/homelab.yaml' });
    await expect(built('control-planes')).rejects.toThrow(/missing metadata\.name/);
    await expect(built('kubeconfigs')).rejects.toThrow(/missing metadata\.name/);
    // This folder has no YAML files.
    expect(await built('kanidm')).toEqual([]);
    for (const path of ['clusters', 'clusters/homelab']) expect(await built(path)).not.toEqual([]);
  });

  test('leaves the output alone where a kustomization.yaml above names something else (flux-path-overlap)', async () => {
    const root = lab.path('root');
    await renderInto(join(root, 'dist'), configOf());
    const mine = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine, namespace: default }\n';
    await lab.write('root/mine.yaml', mine);
    await lab.write('root/kustomization.yaml', 'resources: [mine.yaml]\n');
    const found = await fluxBuild(lab, { name: 'kaniflux-access', root, path: '.', file: 'dist/flux/homelab.yaml' });
    expect(found.map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });
});

/** Sorts objects. Flux sorts them by kind, and their order does not matter here. */
const inOrder = (objects: readonly { kind: string; metadata: object }[]) =>
  [...objects].sort((a, b) => (JSON.stringify([a.kind, a.metadata]) < JSON.stringify([b.kind, b.metadata]) ? -1 : 1));
