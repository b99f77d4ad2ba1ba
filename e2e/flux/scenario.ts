import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configOf } from '../../__tests__/config';
import type { Config } from '../../lib/config/config';
import type { Apiserver, Lab } from '../harness';
import type { Source } from '../source/source';
import { edit } from './rendered';
import { rightsOf } from './rights';
import { Stage } from './stage';

type Change = Record<string, unknown>;

export interface Variant {
  readonly startSource: (lab: Lab, apiserver: Apiserver) => Promise<Source>;
  /** What the config has in addition to that of the home lab, from the first commit on. */
  readonly base: Change;
  /** Who has the grants of the commits. All of them lead to the person `example`. */
  readonly subjects: { readonly people: readonly string[] } | { readonly groups: readonly string[] };
}

const questions = [
  'get pods',
  'list secrets',
  'delete pods -n default',
  'create clusterrolebindings.rbac.authorization.k8s.io',
  'get pods -n team',
  'delete pods -n team',
];
const [view, edits] = [
  ['get pods', 'get pods -n team'],
  questions.filter((question) => !question.startsWith('create')),
];

const example = { displayName: 'Example', mail: 'example@example.com', id: '0d9d6a52-7f6b-5c1b-9d4a-3d0f1c6c8a10' };
const oneself = { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] };

/** Tests a series of commits. Each is pushed and applied by Flux, and the result is compared with what was rendered. */
export function scenario(name: string, { startSource, base, subjects }: Variant): void {
  let stage: Stage;
  let revision: string;

  const people = { people: { example }, groups: { k8s_users: { members: ['datosh', 'example'] } } };
  const config = (grants: readonly object[], change: Change = {}): Config =>
    configOf({ ...people, ...base, ...change, clusters: { homelab: { ...homelab(), grants } } });
  const homelab = () => (base.clusters as { homelab?: object } | undefined)?.homelab;
  const readers = (clusterRole: string) => ({ name: 'readers', clusterRole, ...subjects });
  const first = config([oneself]);

  const push = async (pushed: Config, message: string, change?: (dist: string) => Promise<void>) => {
    revision = await stage.push(pushed, message, change);
    return stage.settled(revision);
  };
  const allReady = (outcomes: ReadonlyMap<string, { ready: string; applied?: string }>) => {
    expect(Object.fromEntries([...outcomes].map(([key, { ready, applied }]) => [key, { ready, applied }]))).toEqual({
      'kaniflux-access': { ready: 'True', applied: revision },
      'kaniflux-access-in-namespaces': { ready: 'True', applied: revision },
      'kaniflux-kanidm': { ready: 'True', applied: revision },
    });
  };
  const same = async (pushed: Config) => {
    const { rendered, found } = await stage.live(pushed);
    expect(found).toHaveLength(rendered.length);
    expect(found).toEqual(expect.arrayContaining(rendered.map((object) => like(object))));
  };
  const rights = (person: string) => rightsOf(stage.apiserver, stage.token(first, person), questions);
  /**
   * Returns the objects that hold or own the identity database, with their UIDs. Objects that are being deleted are
   * left out.
   */
  const data = async () => {
    const kinds = 'helmrepositories,helmreleases,persistentvolumeclaims,deployments';
    const parts = [
      await stage.apiserver.kubectl(['get', 'namespace', 'kanidm', '-o=json', '--ignore-not-found']),
      await stage.apiserver.kubectl(['get', kinds, '-n=kanidm', '-o=json']),
    ].flatMap((text) => (text ? (JSON.parse(text).items ?? [JSON.parse(text)]) : []));
    return parts
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`)
      .sort();
  };

  beforeAll(async () => {
    stage = await Stage.open(name, first, startSource);
    await stage.apiserver.kubectl(['create', 'namespace', 'team']);
  });
  afterAll(() => stage?.close());

  test('before anything is applied a token opens nothing', async () => {
    expect(await rights('datosh')).toEqual([]);
  });

  test('one kubectl apply of the sync brings everything, and access waits for no Kanidm', async () => {
    revision = await stage.push(first, 'the home lab');
    await stage.apiserver.kubectl(['apply', '-f', join(stage.dist, 'flux', 'homelab.yaml')]);
    await stage.until('kaniflux-access', ({ ready, applied }) => ready === 'True' && applied === revision);
    await stage.apiserver.kubectl(['wait', '--for=create', 'helmrelease/kanidm', '-n=kanidm', '--timeout=180s']);
    expect(await stage.outcome('kaniflux-kanidm')).toMatchObject({ ready: 'Unknown', applied: undefined });
    expect(await rights('datosh')).toEqual(questions);
    allReady(await stage.settled(revision));
    await same(first);
    expect(await rights('example')).toEqual([]);
  });

  test('the API server accepts every object with strict validation, field by field', async () => {
    for (const folder of ['kanidm', 'access']) {
      const file = join(stage.dist, 'clusters', 'homelab', folder, `${folder}.k8s.yaml`);
      const strict = ['--server-side', '--dry-run=server', '--validate=strict', '--force-conflicts'];
      await stage.apiserver.kubectl(['apply', ...strict, '-f', file]);
    }
  });

  test('helm installed the chart that the HelmRelease names, with exactly its values', async () => {
    const release = JSON.parse(await stage.apiserver.kubectl(['get', 'helmrelease', 'kanidm', '-n=kanidm', '-o=json']));
    const values = JSON.parse(await stage.helm.helm('kanidm', 'get', 'values', 'kanidm', '-o=json'));
    expect(values).toEqual(release.spec.values);
    expect(values.domain).toBe('sso.kammel.dev');
    const [installed] = JSON.parse(await stage.helm.helm('kanidm', 'list', '-o=json'));
    expect(installed).toMatchObject({ name: 'kanidm', chart: 'kanidm-0.1.2', status: 'deployed' });
    const kept = await stage.apiserver.kubectl([
      'get',
      'namespace/kanidm',
      'pvc/kanidm-db',
      'pvc/kanidm-backup',
      '-n=kanidm',
      '-o=jsonpath={range .items[*]}{.metadata.annotations.helm\\.sh/resource-policy} {end}',
    ]);
    expect(kept.trim()).toBe('keep keep keep');
  });

  test('a commit adds a grant', async () => {
    const pushed = config([oneself, readers('view')]);
    allReady(await push(pushed, 'add a grant'));
    await same(pushed);
    expect(await rights('example')).toEqual(view);
    expect(await rights('datosh')).toEqual(questions);
  });

  test('a commit changes its role: the binding is another one under the same name', async () => {
    const uid = () => stage.apiserver.kubectl(['get', 'clusterrolebinding', 'readers', '-o=jsonpath={.metadata.uid}']);
    const before = await uid();
    const pushed = config([oneself, readers('edit')]);
    allReady(await push(pushed, 'change a role'));
    await same(pushed);
    expect(await uid()).not.toBe(before);
    expect(await rights('example')).toEqual(edits);
  });

  test('a RoleBinding in a namespace that does not exist holds nothing else back', async () => {
    const inNamespaces = { name: 'team', clusterRole: 'edit', namespaces: ['nowhere', 'team'], ...subjects };
    const pushed = config([oneself, readers('view'), inNamespaces]);
    const outcomes = await push(pushed, 'a namespace that is not there');
    expect(outcomes.get('kaniflux-access-in-namespaces')).toMatchObject({
      ready: 'False',
      message: expect.stringContaining('namespaces "nowhere" not found'),
    });
    expect(outcomes.get('kaniflux-access')).toMatchObject({ ready: 'True', applied: revision });
    expect(outcomes.get('kaniflux-kanidm')).toMatchObject({ ready: 'True', applied: revision });
    expect(await rights('example')).toEqual(view);

    await stage.apiserver.kubectl(['create', 'namespace', 'nowhere']);
    await stage.retry('kaniflux-access-in-namespaces');
    await stage.until('kaniflux-access-in-namespaces', ({ ready }) => ready === 'True');
    await same(pushed);
    expect(await rights('example')).toEqual([...view, 'delete pods -n team']);
  });

  test('a commit takes the grants back', async () => {
    allReady(await push(first, 'take grants back'));
    await same(first);
    expect(await stage.bindings()).toEqual(['ClusterRoleBinding /oidc-cluster-admin']);
    expect(await rights('example')).toEqual([]);
  });

  test('a commit takes the last grant', async () => {
    allReady(await push(config([]), 'take the last grant'));
    expect(await stage.bindings()).toEqual([]);
    expect(await rights('datosh')).toEqual([]);
    allReady(await push(first, 'give it again'));
    expect(await rights('datosh')).toEqual(questions);
  });

  test('a kubeadm file in an applied folder fails the folder, and nothing else', async () => {
    const outcomes = await push(config([oneself, readers('view')]), 'a kubeadm file', async (dist) => {
      const folder = join(dist, 'clusters', 'homelab', 'access');
      const text = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n';
      await writeFile(join(folder, 'kubeadm.yaml'), `${text}metadata: { name: kubeadm }\n`);
      await edit(join(folder, 'kustomization.yaml'), '- access.k8s.yaml', '- access.k8s.yaml\n  - kubeadm.yaml');
    });
    expect(outcomes.get('kaniflux-access')).toMatchObject({
      ready: 'False',
      message: expect.stringContaining(
        'no matches for kind "ClusterConfiguration" in version "kubeadm.k8s.io/v1beta4"',
      ),
    });
    expect(outcomes.get('kaniflux-kanidm')).toMatchObject({ ready: 'True', applied: revision });
    expect(await rights('example')).toEqual([]);
    expect(await rights('datosh')).toEqual(questions);
    allReady(await push(first, 'without it'));
  });

  test('a value that looks like a variable arrives as it is, also where Flux substitutes', async () => {
    const spec = JSON.stringify({ spec: { postBuild: { substitute: { HOME: 'replaced' } } } });
    await stage.apiserver.kubectl([
      'patch',
      'kustomization',
      'kaniflux-kanidm',
      '-n=flux-system',
      '--type=merge',
      `-p=${spec}`,
    ]);
    const clusterIssuer = `letsencrypt-\${HOME}`;
    const pushed = config([oneself], { kanidm: { helm: { values: { ingress: { clusterIssuer } } } } });
    allReady(await push(pushed, 'a dollar sign'));
    await same(pushed);
    allReady(await push(first, 'without it'));
  });

  test('Kanidm taken out of the config stays in the cluster, and so does its data', async () => {
    const before = await data();
    expect(before.map((object) => object.split(' ').slice(0, 2).join(' '))).toEqual([
      'Deployment kanidm',
      'HelmRelease kanidm',
      'HelmRepository kanidm',
      'Namespace kanidm',
      'PersistentVolumeClaim kanidm-backup',
      'PersistentVolumeClaim kanidm-db',
    ]);
    const outcomes = await push(config([oneself], { kanidm: { helm: null, cluster: null } }), 'no Kanidm');
    expect(outcomes.get('kaniflux-kanidm')).toMatchObject({
      ready: 'False',
      message: expect.stringContaining('not found'),
    });
    expect(outcomes.get('kaniflux-access')).toMatchObject({ ready: 'True', applied: revision });
    expect(await data()).toEqual(before);

    // Because of an empty folder, Flux prunes everything that is not protected.
    await push(first, 'an empty folder', async (dist) => {
      const folder = join(dist, 'clusters', 'homelab', 'kanidm');
      await rm(join(folder, 'kanidm.k8s.yaml'));
      await edit(join(folder, 'kustomization.yaml'), 'resources:\n  - kanidm.k8s.yaml', 'resources: []');
    });
    expect(await data()).toEqual(before);

    await stage.apiserver.kubectl(['delete', 'kustomization', 'kaniflux-kanidm', '-n=flux-system']);
    expect(await data()).toEqual(before);
    revision = await stage.push(first, 'Kanidm again');
    await stage.apiserver.kubectl(['apply', '-f', join(stage.dist, 'flux', 'homelab.yaml')]);
    allReady(await stage.settled(revision));
    expect(await data()).toEqual(before);
  });

  test('a commit that deletes the whole folder deletes nothing in the cluster', async () => {
    const before = [...(await data()), ...(await stage.bindings())];
    const outcomes = await push(first, 'no folder', (dist) =>
      rm(join(dist, 'clusters', 'homelab'), { recursive: true }),
    );
    for (const { ready } of outcomes.values()) expect(ready).toBe('False');
    expect([...(await data()), ...(await stage.bindings())]).toEqual(before);
    expect(await rights('datosh')).toEqual(questions);
  });

  test('the Namespace and the claims outlive an uninstall of the chart', async () => {
    await stage.helm.helm('kanidm', 'uninstall', 'kanidm');
    const left = (await data()).map((object) => object.split(' ').slice(0, 2).join(' '));
    const kept = ['Namespace kanidm', 'PersistentVolumeClaim kanidm-backup', 'PersistentVolumeClaim kanidm-db'];
    expect(left).toEqual(expect.arrayContaining(kept));
    expect(left).not.toContain('Deployment kanidm');
  });
}

/** Returns a matcher for an object with at least these fields, at every level. Lists are matched item by item. */
function like(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(like);
  if (typeof value !== 'object' || value === null) return value;
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, like(item)])));
}
