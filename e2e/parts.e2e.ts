import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import {
  type Apiserver,
  Lab,
  ProcessEnded,
  startApiserver,
  startControllerManager,
  startEtcd,
  startKustomizeController,
  startRegistry,
} from './harness';
import { ensurePart } from './parts/build';
import versions from './parts/versions.json';

describe('the real parts', () => {
  let lab: Lab;
  let apiserver: Apiserver;

  beforeAll(async () => {
    lab = await Lab.open('parts');
    apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
    await startControllerManager(lab, apiserver);
  });

  afterAll(() => lab.close());

  test('an API server answers its administrator', async () => {
    expect(await apiserver.kubectl(['auth', 'whoami'])).toMatch(/Username +admin/);
  });

  test.each([
    ['kube-apiserver-1.34', ['--version'], versions.parts['kubernetes-1.34']],
    ['kube-apiserver-1.37', ['--version'], versions.parts['kubernetes-1.37']],
    ['kubeadm-1.34', ['version', '-o=short'], versions.parts['kubernetes-1.34']],
    ['kubeadm-1.37', ['version', '-o=short'], versions.parts['kubernetes-1.37']],
    ['etcd', ['--version'], versions.parts.etcd.slice(1)],
    ['flux', ['--version'], versions.parts.flux.slice(1)],
    ['helm', ['version', '--short'], versions.parts.helm],
    ['kustomize', ['version'], versions.parts.kustomize],
    ['controller-gen', ['--version'], versions.parts['controller-gen']],
    ['kubelogin', ['--version'], versions.parts.kubelogin],
    ['kanidm', ['version'], versions.parts.kanidm],
  ])('%s is the version that it was pinned to', async (part, args, version) => {
    const { stdout } = await promisify(execFile)(await ensurePart(part), args, { cwd: lab.folder });
    expect(stdout).toContain(version);
  });

  test('the newer API server starts beside the older', async () => {
    const newer = await startApiserver(lab, { etcd: await startEtcd(lab), version: '1.37' });
    expect(await newer.kubectl(['version'])).toContain(versions.parts['kubernetes-1.37']);
  });

  test('a controller-manager finishes the deletion of a namespace', async () => {
    await apiserver.kubectl(['create', 'namespace', 'short-lived']);
    await apiserver.kubectl(['delete', 'namespace', 'short-lived', '--timeout=120s']);
    await expect(apiserver.kubectl(['get', 'namespace', 'short-lived'])).rejects.toThrow('NotFound');
  });

  test('kustomize-controller starts, with the CRDs of this repository', async () => {
    await startKustomizeController(lab, apiserver);
    expect(await apiserver.kubectl(['get', 'helmreleases,helmrepositories,kustomizations', '-A'])).toBe('');
  });

  test('a registry takes what flux pushes', async () => {
    const { address } = await startRegistry(lab);
    const folder = dirname(await lab.write('pushed/a.yaml', 'kind: A\n'));
    const args = [`oci://${address}/pushed:latest`, `--path=${folder}`, '--source=e2e', '--revision=e2e', '-o', 'json'];
    const flux = await promisify(execFile)(await ensurePart('flux'), ['push', 'artifact', ...args]);
    expect(JSON.parse(flux.stdout)).toMatchObject({ tag: 'latest', digest: expect.stringMatching(/^sha256:/) });
  });

  test('an API server that refuses a flag is an error with the last lines of its log', async () => {
    const etcd = await startEtcd(lab);
    const refused = startApiserver(lab, { etcd, extraArgs: ['--oidc-issuer-url=http://example.org'] });
    await expect(refused).rejects.toThrow(ProcessEnded);
    await expect(refused).rejects.toThrow(/oidc-client-id/);
  });

  test('nothing is left after a lab is closed', async () => {
    const other = await Lab.open('parts-closed');
    const { process } = await startEtcd(other);
    await other.close();
    expect(() => global.process.kill(-process.pid, 0)).toThrow('ESRCH');
  });
});
