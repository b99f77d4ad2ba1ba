import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { filesOf } from '../../__tests__/node-files/cluster';
import { type Apiserver, Lab, startApiserver, startEtcd } from '../harness';
import { ensurePart } from '../parts/build';

interface ControlPlane {
  readonly spec: { readonly kubeadmConfigSpec: { clusterConfiguration: { apiServer: object }; files: object[] } };
}

const api = '/apis/controlplane.cluster.x-k8s.io';
const folder = '/etc/kubernetes/kaniflux';
const versions = [
  { version: 'v1beta2', part: 'cluster-api-1.14', change: {} },
  { version: 'v1beta1', part: 'cluster-api-1.10', change: { controlPlaneVersion: '1.10' } },
] as const;

let lab: Lab;
let apiserver: Apiserver;

beforeAll(async () => {
  lab = await Lab.open('cluster-api');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
});
afterAll(() => lab.close());

/** Applies the CRD of a version of Cluster API, and waits until the API server serves it. */
async function define(part: string, version: string): Promise<void> {
  await apiserver.kubectl(['apply', '--server-side', '-f', await ensurePart(part)]);
  const served = () => apiserver.kubectl(['get', '--raw', `${api}/${version}/kubeadmcontrolplanes`]);
  for (let tries = 1; tries < 100; tries++) {
    if (await served().catch(() => undefined)) return;
    await sleep(200);
  }
  await served();
}

/**
 * Builds a management cluster's repository: the owner's KubeadmControlPlane, with the rendered folder as a component.
 */
async function build(version: string, change: object): Promise<string> {
  const own = readFileSync(join(__dirname, `control-plane-${version}.yaml`), 'utf8');
  await lab.write(`${version}/control-plane.yaml`, own);
  await lab.write(
    `${version}/kustomization.yaml`,
    stringify({ resources: ['control-plane.yaml'], components: ['kaniflux'] }),
  );
  const files = filesOf({ controlPlane: 'cluster-api', kubernetes: '1.34', ...change });
  for (const [name, text] of Object.entries(files)) await lab.write(`${version}/kaniflux/${name}`, text);
  const { stdout } = await promisify(execFile)(await ensurePart('kustomize'), ['build', lab.path(version)]);
  return stdout;
}

describe.each(versions)('KubeadmControlPlane $version', ({ version, part, change }) => {
  /** Returns an object as a real API server accepts it with Cluster API's own CRD. An unknown field is an error. */
  const accepted = async (object: string): Promise<ControlPlane> =>
    JSON.parse(await apiserver.kubectl(['create', '--dry-run=server', '--validate=strict', '-o=json', '-f=-'], object));

  const own = parse(readFileSync(join(__dirname, `control-plane-${version}.yaml`), 'utf8'));
  const ownArgs = own.spec.kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs;
  const withArgs = (args: Record<string, string>) =>
    version === 'v1beta1'
      ? { ...ownArgs, ...args }
      : [...ownArgs, ...Object.entries(args).map(([name, value]) => ({ name, value }))];

  beforeAll(() => define(part, version));
  afterAll(async () => {
    await apiserver.kubectl(['delete', '--timeout=60s', '-f', await ensurePart(part)]);
  });

  test('with flags is accepted, and differs from the owner’s in exactly what is ours', async () => {
    const object = await build(version, { ...change, authentication: { groups: {} } });
    const { spec } = await accepted(object);
    const expected = structuredClone(own.spec);
    expected.kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs = withArgs({
      'oidc-issuer-url': 'https://sso.kammel.dev/oauth2/openid/k8s',
      'oidc-client-id': 'k8s',
      'oidc-signing-algs': 'ES256',
      'oidc-groups-claim': 'groups',
      'oidc-groups-prefix': 'kanidm:',
    });
    expect(spec).toMatchObject(expected);
    expect(parse(object).spec).toEqual(expected);
  });

  test.each([
    ['a CA', { ca: { file: 'ca.crt' } }, 'oidc-ca-file', 'oidc-ca.crt'],
    ['an AuthenticationConfiguration', { method: 'structured' }, 'authentication-config', 'authentication-config.yaml'],
  ])('with %s is accepted, its file and mount too', async (_, authentication, argument, name) => {
    const { kubeadmConfigSpec } = (await accepted(await build(version, { ...change, authentication }))).spec;
    const { apiServer } = kubeadmConfigSpec.clusterConfiguration;
    const path = `${folder}/${name}`;
    expect(JSON.stringify(apiServer)).toContain(
      version === 'v1beta1' ? `"${argument}":"${path}"` : `{"name":"${argument}","value":"${path}"}`,
    );
    expect(apiServer).toMatchObject({
      extraVolumes: [
        ...own.spec.kubeadmConfigSpec.clusterConfiguration.apiServer.extraVolumes,
        { name: 'kaniflux', hostPath: folder, mountPath: folder, readOnly: true, pathType: 'DirectoryOrCreate' },
      ],
    });
    expect(kubeadmConfigSpec.files).toEqual([
      ...own.spec.kubeadmConfigSpec.files,
      expect.objectContaining({ path, owner: 'root:root', permissions: '0644' }),
    ]);
  });

  test('with a field that Cluster API does not know is refused: the other tests mean something', async () => {
    const object = (await build(version, change)).replace('extraVolumes:', 'extraVolume:');
    await expect(accepted(object)).rejects.toThrow('unknown field');
  });

  test('of another API version is left alone without a word, as the guide says', async () => {
    const other = version === 'v1beta2' ? { controlPlaneVersion: '1.10' } : { controlPlaneVersion: '1.14' };
    expect(parse(await build(version, other))).toEqual(own);
  });

  test('with a file longer than the rule lets through is refused', async () => {
    const longest = (length: number) => {
      const object = structuredClone(own);
      object.spec.kubeadmConfigSpec.files[0].content = 'a'.repeat(length);
      return stringify(object);
    };
    await accepted(longest(10_240));
    await expect(accepted(longest(10_241))).rejects.toThrow('Too long');
  });
});

test('v1beta2 refuses an argument that comes twice, as the rule about required claims says', async () => {
  await define('cluster-api-1.14', 'v1beta2');
  const object = parse(readFileSync(join(__dirname, 'control-plane-v1beta2.yaml'), 'utf8'));
  object.spec.kubeadmConfigSpec.clusterConfiguration.apiServer.extraArgs.push(
    { name: 'oidc-required-claim', value: 'azp=k8s' },
    { name: 'oidc-required-claim', value: 'team=ops' },
  );
  const create = apiserver.kubectl(['create', '--dry-run=server', '-f=-'], stringify(object));
  await expect(create).rejects.toThrow('extraArgs name must be unique');
});

test.each(['extraArgs', 'files'])(
  'v1beta2 refuses %s that is empty without the component, as the README says',
  async (list) => {
    await define('cluster-api-1.14', 'v1beta2');
    const object = parse(readFileSync(join(__dirname, 'control-plane-v1beta2.yaml'), 'utf8'));
    const { kubeadmConfigSpec } = object.spec;
    (list === 'files' ? kubeadmConfigSpec : kubeadmConfigSpec.clusterConfiguration.apiServer)[list] = [];
    const create = apiserver.kubectl(['create', '--dry-run=server', '-f=-'], stringify(object));
    await expect(create).rejects.toThrow(`${list} in body should have at least 1 items`);
  },
);
