import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { configOf, homeLab } from '../__tests__/config';
import type { Artifact } from '../lib/output/artifact';
import { render } from '../lib/render';
import { fluxBuild, owned } from './flux/build';
import { objectsIn } from './flux/rendered';
import { Lab, type Registry, startRegistry } from './harness';
import { ensurePart } from './parts/build';
import { capture } from './parts/exec';

const root = join(__dirname, '..');
const { homelab } = homeLab().clusters as Record<string, object>;
/** The first grant is only on edge1, so the files of two clusters must differ. */
const change = (clusterRole: string) => ({
  kanidm: { helm: null, cluster: null },
  flux: { source: { kind: 'OCIRepository', name: 'fleet' }, path: './' },
  clusters: {
    homelab: null,
    edge1: { ...homelab, grants: [{ name: 'one', clusterRole, people: ['datosh'] }] },
    edge2: homelab,
    edge3: homelab,
  },
});

describe('docs/scale.md: one OCI artifact a cluster', () => {
  let lab: Lab;
  let registry: Registry;

  beforeAll(async () => {
    lab = await Lab.open('scale');
    registry = await startRegistry(lab);
    await write('view');
  });
  afterAll(() => lab?.close());

  const write = (clusterRole: string) =>
    lab.write('kaniflux.yaml', stringify(homeLab(change(clusterRole)), { aliasDuplicateObjects: false }));
  const rendered = (clusterRole: string) => [...render(configOf(change(clusterRole)))];
  const kaniflux = [join(root, 'node_modules', '.bin', 'tsx'), join(root, 'lib', 'cli', 'bin.ts')] as const;
  const push = async (revision: string, ...clusters: string[]) => {
    const env = { KANIFLUX: kaniflux.join(' '), FLUX: await ensurePart('flux') };
    const script = join(root, 'docs', 'push-artifacts.sh');
    return capture(script, [registry.address, revision, ...clusters], { cwd: lab.folder, env });
  };

  /** Returns the files of a cluster's artifact, which its Flux would download. */
  async function pulled(cluster: string): Promise<{ folder: string; files: Artifact[] }> {
    const folder = lab.path('pulled', cluster);
    await mkdir(folder, { recursive: true });
    await capture(await ensurePart('flux'), ['pull', 'artifact', address(cluster), `--output=${folder}`], {
      cwd: lab.folder,
    });
    const listed = (await capture('find', ['.', '-type', 'f'], { cwd: folder })).split('\n').filter(Boolean);
    const paths = listed.map((path) => path.slice(2)).sort();
    return { folder, files: paths.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })) };
  }
  const address = (cluster: string) => `oci://${registry.address}/${cluster}:latest`;
  const applied = (cluster: string, artifacts: readonly Artifact[]) =>
    artifacts
      .filter(({ path }) => path.startsWith(`clusters/${cluster}/`) || path === `flux/${cluster}.yaml`)
      .sort((a, b) => (a.path < b.path ? -1 : 1));

  test.each([
    ['several clusters', ['edge1', 'edge2']],
    ['one cluster', ['edge3']],
  ])('the script pushes for %s what each one applies, and nothing else', async (_, clusters) => {
    await push('main@sha1:abc', ...clusters);
    for (const cluster of clusters) {
      expect((await pulled(cluster)).files).toEqual(applied(cluster, rendered('view')));
    }
  });

  test("an artifact's folders are what its Flux Kustomizations name, and build to what was rendered", async () => {
    const { folder, files } = await pulled('edge1');
    const path = 'clusters/edge1/access';
    const built = await fluxBuild(lab, { name: 'kaniflux-access', root: folder, path, file: 'flux/edge1.yaml' });
    const text = files.find((file) => file.path === `${path}/access.k8s.yaml`)?.text as string;
    expect(built).toEqual(objectsIn(text).map((object) => owned(object, 'kaniflux-access')));
    const sync = await fluxBuild(lab, { name: 'kaniflux-access', root: folder, path: 'flux', file: 'flux/edge1.yaml' });
    expect(sync.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      'Kustomization kaniflux-access',
      'Kustomization kaniflux-access-in-namespaces',
    ]);
  });

  test('the clusters that a commit changes are those that the diff names', async () => {
    const git = (...args: string[]) =>
      capture('git', ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.org', ...args], { cwd: lab.folder });
    await git('init', '--quiet');
    await git('add', 'kaniflux.yaml');
    await git('commit', '--quiet', '-m', 'first');
    await write('edit');
    const list = /^changed=\$\((.*)\)$/m.exec(readFileSync(join(root, 'docs', 'scale.md'), 'utf8'))?.[1] as string;
    const command = list.replace('npx kaniflux', kaniflux.join(' ')).replace('"$BEFORE"', 'HEAD');
    const changed = (await capture('sh', ['-c', command], { cwd: lab.folder })).trim();
    expect(changed).toBe('edge1');
    await push('main@sha1:def', changed);
    expect((await pulled('edge1')).files).toEqual(applied('edge1', rendered('edit')));

    // A removed cluster has nothing to push.
    const { edge2: _, ...clusters } = homeLab(change('edit')).clusters as Record<string, object>;
    const without = { ...homeLab(change('edit')), clusters };
    await lab.write('kaniflux.yaml', stringify(without, { aliasDuplicateObjects: false }));
    expect((await capture('sh', ['-c', command], { cwd: lab.folder })).trim()).toBe('edge1');
    await write('edit');
  });

  test('a cluster that is not in the config is an error, and nothing is pushed', async () => {
    await expect(push('main@sha1:abc', 'edge4')).rejects.toThrow('there is no cluster `edge4`');
    await expect(push('main@sha1:ghi', 'edge1', 'edge4')).rejects.toThrow('there is no cluster `edge4`');
    expect(
      await capture(await ensurePart('flux'), ['list', 'artifacts', address('edge1').replace(/:latest$/, '')]),
    ).not.toContain('ghi');
  });
});
