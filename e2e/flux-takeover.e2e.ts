import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { configOf, homeLabText } from '../__tests__/config';
import { run } from '../__tests__/run';
import { rightsOf } from './flux/rights';
import { Stage } from './flux/stage';
import { ensurePart } from './parts/build';
import { capture } from './parts/exec';
import { startGitSource } from './source/source';

const byHand = join(__dirname, '..', '__tests__', 'fixtures', 'home-lab');
const config = configOf();
const questions = ['list secrets', 'create clusterrolebindings.rbac.authorization.k8s.io'];

const readersOf = (metadata: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { ${metadata} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: somebody }]
`;
const readers = readersOf('name: readers');

/** Follows docs/flux.md, "Take over a tree written by hand", with the home lab's own files. */
describe('a tree written by hand is taken over', () => {
  let stage: Stage;
  let before: string[];

  beforeAll(async () => {
    stage = await Stage.open('flux-takeover', config, startGitSource);
    for (const file of ['access.yaml', 'kanidm.yaml']) await cp(join(byHand, file), stage.lab.path('hand', file));
    await stage.lab.write(
      'hand/mine.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine, namespace: default }\n',
    );
    const revision = await pushHand('by hand');
    await stage.apiserver.kubectl(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: 'old', namespace: 'flux-system' },
        spec: {
          interval: '10m',
          // A folder with a space, as a repository may have.
          path: './clusters/home lab',
          prune: true,
          sourceRef: { kind: 'GitRepository', name: 'flux-system' },
        },
      }),
    );
    await applied('old', revision);
    await stage.helm.reconcile();
    before = await objects();
  });
  afterAll(() => stage?.close());

  const pushHand = (message: string) => stage.source.push(stage.lab.path('hand'), message, 'clusters/home lab');
  const applied = (name: string, revision: string) =>
    stage.until(name, (outcome) => outcome.ready === 'True' && outcome.applied === revision);
  const flux = async (...args: string[]) =>
    capture(await ensurePart('flux'), [`--kubeconfig=${stage.apiserver.kubeconfig}`, ...args], {
      cwd: stage.lab.folder,
      env: { HOME: stage.lab.folder },
    });
  /** Returns kind, name and UID of all objects that were written by hand, and of those of the chart. */
  const objects = async () => {
    const get = async (...args: string[]) =>
      JSON.parse(await stage.apiserver.kubectl(['get', ...args, '-o=json'])).items;
    const found = [
      ...(await get('namespace/kanidm', 'clusterrolebinding/oidc-cluster-admin', 'configmap/mine', '-n=default')),
      ...(await get('helmrepositories,helmreleases,persistentvolumeclaims,deployments', '-n=kanidm')),
    ];
    return found.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`).sort();
  };
  const owners = async () => {
    const label = 'kustomize\\.toolkit\\.fluxcd\\.io/name';
    const text = await stage.apiserver.kubectl([
      'get',
      'namespace/kanidm',
      'helmrepository/kanidm',
      'helmrelease/kanidm',
      'clusterrolebinding/oidc-cluster-admin',
      '-n=kanidm',
      `-o=jsonpath={range .items[*]}{.metadata.labels.${label}} {end}`,
    ]);
    return text.trim().split(' ');
  };
  const admin = () => rightsOf(stage.apiserver, stage.token(config, 'datosh'), questions);

  test('1. diff --live says that nobody would gain or lose anything', async () => {
    expect(before).toHaveLength(8);
    expect(await owners()).toEqual(['old', 'old', 'old', 'old']);
    await mkdir(stage.lab.path('bin'));
    await symlink(await ensurePart('kubectl-1.34'), stage.lab.path('bin', 'kubectl'));
    await stage.lab.write('kaniflux.yaml', homeLabText);
    const { code, stdout, stderr } = await run(['diff', '--live', '--format=json'], {
      cwd: stage.lab.folder,
      env: { PATH: stage.lab.path('bin'), KUBECONFIG: stage.apiserver.kubeconfig, HOME: stage.lab.folder },
    });
    // The config has the address of the home lab, and not that of this API server.
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('may be another cluster') });
    const { access, objects: changes } = JSON.parse(stdout) as { access: object[]; objects: { change: string }[] };
    expect(access).toEqual([]);
    // Kaniflux renders more fields of the HelmRelease than were written by hand. No object is added or removed.
    expect(changes.map(({ change }) => change)).toEqual(['changed']);
  });

  test('2. and 3. suspended, the old one lets Kaniflux have the objects', async () => {
    await flux('suspend', 'kustomization', 'old');
    const revision = await stage.push(config, 'dist/');
    await stage.apiserver.kubectl(['apply', '-f', join(stage.dist, 'flux', 'homelab.yaml')]);
    const settled = await stage.settled(revision, [
      'kaniflux-access',
      'kaniflux-access-in-namespaces',
      'kaniflux-kanidm',
    ]);
    for (const outcome of settled.values()) expect(outcome).toMatchObject({ ready: 'True', applied: revision });
    expect(await objects()).toEqual(before);
    expect(await owners()).toEqual(['kaniflux-kanidm', 'kaniflux-kanidm', 'kaniflux-kanidm', 'kaniflux-access']);
    expect(await admin()).toEqual(questions);
  });

  test('4. and 5. resumed without the files, the old one leaves the objects', async () => {
    for (const file of ['access.yaml', 'kanidm.yaml']) await rm(stage.lab.path('hand', file));
    const revision = await pushHand('without what Kaniflux renders');
    await flux('resume', 'kustomization', 'old');
    await applied('old', revision);
    expect(await objects()).toEqual(before);
    expect(await owners()).toEqual(['kaniflux-kanidm', 'kaniflux-kanidm', 'kaniflux-kanidm', 'kaniflux-access']);
    expect(await admin()).toEqual(questions);
  });

  test('in the other order Flux deletes: a file out of Git first takes its object along', async () => {
    await stage.lab.write('hand/readers.yaml', readers);
    await applied('old', await pushHand('readers'));
    expect(await stage.bindings()).toContain('ClusterRoleBinding /readers');
    await rm(stage.lab.path('hand', 'readers.yaml'));
    await applied('old', await pushHand('no readers'));
    expect(await stage.bindings()).toEqual(['ClusterRoleBinding /oidc-cluster-admin']);
  });

  // This matters because cdk8s writes the namespace of a chart into every object, even into an object of the whole
  // cluster.
  test('an object of the whole cluster stays if the namespace in its metadata changes', async () => {
    const uids = new Set<string>();
    for (const metadata of ['name: readers, namespace: shop', 'name: readers, namespace: blog', 'name: readers']) {
      await stage.lab.write('hand/readers.yaml', readersOf(metadata));
      await applied('old', await pushHand(metadata));
      uids.add(await stage.apiserver.kubectl(['get', 'clusterrolebinding/readers', '-o=jsonpath={.metadata.uid}']));
    }
    expect(uids.size).toBe(1);
  });

  test('the old one, suspended, can be deleted: nothing goes with it', async () => {
    await flux('suspend', 'kustomization', 'old');
    await stage.apiserver.kubectl(['delete', 'kustomization', 'old', '-n=flux-system']);
    expect(await objects()).toEqual(before);
  });
});
