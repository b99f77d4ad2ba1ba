import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { homeLab } from '../__tests__/config';
import { run } from '../__tests__/run';
import { memoryReader } from '../lib/config/reader';
import { parseConfig } from '../lib/load';
import { clusterFolders } from '../lib/render';
import { type Apiserver, Lab, startApiserver, startControllerManager, startEtcd } from './harness';
import { ensurePart } from './parts/build';

const jane = { displayName: 'Jane Doe', id: '00000000-0000-4000-8000-000000000001' };
const text = stringify(
  homeLab({
    people: { jane },
    groups: { k8s_users: { members: ['datosh', 'devs'] }, devs: { members: ['jane'] } },
    roles: { seer: { rules: [{ resources: ['pods'], verbs: ['get', 'list'] }] } },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        authentication: { method: 'structured', groups: {} },
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] },
          { name: 'see', clusterRole: 'seer', groups: ['devs'] },
          { name: 'build', clusterRole: 'edit', groups: ['devs'], namespaces: ['web'] },
        ],
      },
    },
  }),
);
const { config } = parseConfig('kaniflux.yaml', Buffer.from(text), memoryReader({}));
const homelab = config?.clusters.get('homelab');
if (!config || !homelab) throw new Error('the config of this test is not valid');
const objects = clusterFolders(config, homelab).flatMap((folder) => folder.objects);

let lab: Lab;
let apiserver: Apiserver;
let file: string;
let path: string;

beforeAll(async () => {
  lab = await Lab.open('review-live');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
  await startControllerManager(lab, apiserver);
  file = await lab.write('kaniflux.yaml', text.replace(homelab.server, apiserver.url));
  await lab.write('elsewhere.yaml', text);
  path = dirname(await ensurePart('kubectl-1.34'));
  await apiserver.kubectl(['create', 'namespace', 'web']);
});
afterAll(() => lab?.close());

/** Runs `kaniflux diff --live` for a config, with the real kubectl. */
const diffOf = (config: string, ...more: string[]) =>
  run(['diff', '--live', '-c', config, ...more], {
    cwd: lab.folder,
    env: { PATH: `${path}:${process.env.PATH}`, KUBECONFIG: apiserver.kubeconfig, HOME: lab.folder },
  });

const diff = (...more: string[]) => diffOf(file, ...more);

const apply = (list: readonly object[]) =>
  apiserver.kubectl(
    ['apply', '--server-side', '--force-conflicts', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: list }),
  );

test('an empty cluster, which does not even know the kinds of Flux, gains everything', async () => {
  const { code, stdout, stderr } = await diff();
  expect(stderr).toMatch(/^(|kaniflux.yaml.*warning[\s\S]*)$/);
  expect(code).toBe(1);
  expect(stdout).toContain('+ datosh may do everything on homelab (cluster-admin): ');
  expect(stdout).toContain('+ jane may ');
  expect(stdout).toContain('+ homelab: HelmRelease.helm.toolkit.fluxcd.io kanidm/kanidm');
});

test('an address that the config does not have is told', async () => {
  const { stderr } = await diffOf('elsewhere.yaml');
  expect(stderr).toContain(
    `kaniflux: kubectl connects to ${apiserver.url}, but homelab is at ${homelab.server}: this may be another cluster`,
  );
});

test('after all that is rendered was applied nothing is different, though the server filled in fields', async () => {
  const folder = join(__dirname, '..', 'crds');
  await apiserver.kubectl(['apply', '--server-side', '-f', folder]);
  await apiserver.kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', folder]);
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  await apply(namespaces);
  await apply(objects);
  expect(await diff()).toMatchObject({ code: 0, stdout: 'No differences.\n' });
});

test('the same through kubectl’s own apply, which writes its annotation', async () => {
  await apiserver.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.filter(({ kind }) => /Role/.test(kind)) }),
  );
  expect(await diff()).toMatchObject({ code: 0, stdout: 'No differences.\n' });
});

/** The labels that Flux gives the objects of a Kustomization. */
const ofFlux = {
  'kustomize.toolkit.fluxcd.io/name': 'kaniflux-access',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

describe('a change by hand', () => {
  test('of a role is named: what applying the config would take back', async () => {
    const rule = [{ op: 'add', path: '/rules/0/resources/-', value: 'secrets' }];
    await apiserver.kubectl(['patch', 'clusterrole', 'seer', '--type=json', '-p', JSON.stringify(rule)]);
    const { code, stdout } = await diff();
    await apply(objects.filter(({ kind }) => kind === 'ClusterRole'));
    expect(code).toBe(1);
    expect(stdout).toContain(
      '- jane may no longer read Secrets on homelab (seer, by devs): the role seer allows less\n',
    );
    expect(stdout).toContain('~ homelab: ClusterRole.rbac.authorization.k8s.io seer');
  });

  test('of a subject is named', async () => {
    const gone = [{ op: 'remove', path: '/subjects/0' }];
    await apiserver.kubectl(['patch', 'clusterrolebinding', 'see', '--type=json', '-p', JSON.stringify(gone)]);
    const { stdout } = await diff();
    await apply(objects.filter(({ kind }) => kind === 'ClusterRoleBinding'));
    expect(stdout).toContain('+ jane may read pods on homelab (seer, by devs): the grant see now names devs\n');
  });

  test('of a deleted binding is named', async () => {
    await apiserver.kubectl(['delete', 'rolebinding', 'build', '-n', 'web']);
    const { stdout } = await diff();
    await apply(objects.filter(({ kind }) => kind === 'RoleBinding'));
    expect(stdout).toContain('+ homelab: RoleBinding.rbac.authorization.k8s.io web/build');
    expect(stdout).toMatch(/\+ jane may .* in namespace web on homelab \(edit, by devs\): the grant build is new\n/);
  });

  test('beside ours, which Flux would leave, is no difference', async () => {
    await apiserver.kubectl(['create', 'clusterrolebinding', 'by-hand', '--clusterrole=view', '--group=ops']);
    expect(await diff()).toMatchObject({ code: 0 });
  });

  test('of a binding that names a person of the config is named, when Flux takes it away', async () => {
    const user = config.people.get('jane')?.id;
    const name = `https://sso.kammel.dev/oauth2/openid/k8s#${user}`;
    await apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'old', namespace: 'web', labels: ofFlux },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
      },
    ]);
    const { stdout } = await diff();
    await apiserver.kubectl(['delete', 'rolebinding', 'old', '-n', 'web']);
    expect(stdout).toMatch(/^ .*- jane may no longer .* in namespace web on homelab \(admin\)/m);
    expect(stdout).toContain('- homelab: RoleBinding.rbac.authorization.k8s.io web/old');
  });

  test('that Flux once applied for us is taken away', async () => {
    await apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'old', labels: ofFlux },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kanidm:devs@sso.kammel.dev' }],
      },
    ]);
    const { stdout } = await diff();
    expect(stdout).toContain(
      '- jane may no longer do everything on homelab (cluster-admin, by devs): the binding old is gone',
    );
    expect(stdout).toContain('- homelab: ClusterRoleBinding.rbac.authorization.k8s.io old');
  });
});

test('a server that cannot be reached is no diff that deletes everything', async () => {
  const { code, stdout, stderr } = await run(['diff', '--live', '-c', file], {
    cwd: lab.folder,
    env: { PATH: `${path}:${process.env.PATH}`, KUBECONFIG: '/nonexistent', HOME: lab.folder },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('kubectl get: ');
});
