import { entry } from '../../lib/config/config';
import type { KubernetesObject } from '../../lib/output/kubernetes-object';
import { clusterFolders } from '../../lib/render';
import { configOf } from '../config';

type Pod = {
  metadata: { annotations: Record<string, string> };
  spec: { containers: Record<string, unknown>[]; volumes: { name: string }[]; securityContext: object };
};

function objects(kanidm: Record<string, unknown>): readonly KubernetesObject[] {
  const config = configOf({ kanidm });
  const folders = clusterFolders(config, entry(config.clusters, 'homelab'));
  return folders.find(({ name }) => name === 'kanidm')?.objects ?? [];
}
const manifests = (given: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  objects({ helm: null, manifests: given, ...more });
const one = (list: readonly KubernetesObject[], kind: string) => {
  const found = list.find((object) => object.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found as KubernetesObject & { spec: Record<string, unknown> };
};
const pod = (list: readonly KubernetesObject[]) => one(list, 'StatefulSet').spec.template as Pod;

test('the pod passes the restricted pod security standard, on a read-only root', () => {
  const { spec } = pod(manifests());
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(spec.containers[0]?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test('no volume is mounted inside a read-only one', () => {
  const mounts = (pod(manifests({}, { provision: 'migrations' })).spec.containers[0]?.volumeMounts ?? []) as {
    mountPath: string;
    readOnly?: boolean;
  }[];
  for (const { mountPath } of mounts.filter(({ readOnly }) => readOnly)) {
    expect(mounts.filter((other) => other.mountPath.startsWith(`${mountPath}/`))).toEqual([]);
  }
});

const renderers = (more: Record<string, unknown>) =>
  one(objects(more), 'HelmRelease').spec.postRenderers as {
    kustomize: { images?: object[]; patches: { patch: string }[] };
  }[];

test('the current stable version is the default, probed by the server itself', () => {
  const [container] = pod(manifests()).spec.containers;
  expect(container?.image).toBe('docker.io/kanidm/server:1.11.1');
  const exec = { command: ['/sbin/kanidmd', 'scripting', 'healthcheck'] };
  expect(container).toMatchObject({ readinessProbe: { exec }, startupProbe: { exec } });
  expect(pod(manifests({}, { version: '1.8' })).spec.containers[0]).toMatchObject({
    image: 'docker.io/kanidm/server:1.8.6',
    livenessProbe: { exec: { command: ['/sbin/kanidmd', 'healthcheck'] } },
  });
});

test('a second container restarts the server when its certificate is renewed', () => {
  const { spec } = pod(manifests({ reloaderImage: 'registry.example.com/busybox:1' }));
  expect(spec).toHaveProperty('shareProcessNamespace', true);
  expect(spec.containers[1]).toMatchObject({
    name: 'certificate-reloader',
    image: 'registry.example.com/busybox:1',
    command: ['/bin/sh', '-c', expect.stringContaining('kill -TERM $(pidof kanidmd)')],
    volumeMounts: [{ name: 'tls', mountPath: '/tls', readOnly: true }],
  });
  const [, server] = renderers({ version: '1.11' });
  expect(server?.kustomize.patches[0]?.patch).toContain('name: certificate-reloader');
  expect(JSON.stringify(renderers({}))).not.toContain('certificate-reloader');
});

test('no probe reloads the server, which would skip its backups', () => {
  expect(JSON.stringify([manifests(), renderers({ version: '1.11' })])).not.toContain('"reload"');
});

test('a reverted commit replaces a pod that never became ready', () => {
  expect(one(manifests(), 'StatefulSet').spec.podManagementPolicy).toBe('Parallel');
});

test('the pod of a Deployment is gone before the next one starts, if Kaniflux changes the pod', () => {
  const [, server] = renderers({ version: '1.11' });
  expect(server?.kustomize.patches[0]?.patch).toContain('strategy:\n    type: Recreate\n');
  expect(JSON.stringify(renderers({}))).not.toContain('Recreate');
});

test('server.toml says what the config says', () => {
  const config = one(
    manifests({ logLevel: 'debug' }, { origin: 'https://eu.sso.kammel.dev', backup: { versions: 3 } }),
    'ConfigMap',
  );
  const toml = (config.data as Record<string, string>)['server.toml'];
  for (const line of [
    'version = "2"',
    'domain = "sso.kammel.dev"',
    'origin = "https://eu.sso.kammel.dev"',
    'log_level = "debug"',
    'versions = 3',
  ]) {
    expect(toml?.split('\n')).toContain(line);
  }
});

test('a change of migrations or configuration makes another pod', () => {
  const annotations = (more: Record<string, unknown>) => pod(manifests({}, more)).metadata.annotations;
  expect(annotations({})).not.toHaveProperty(['checksum/migrations']);
  expect(annotations({ provision: 'migrations' })).toHaveProperty(['checksum/migrations']);
  expect(annotations({ backup: { versions: 3 } })['checksum/config']).not.toBe(annotations({})['checksum/config']);
});

test('namespace and StatefulSet outlive their file', () => {
  const list = manifests();
  for (const kind of ['Namespace', 'StatefulSet']) {
    expect(one(list, kind).metadata.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
  }
  expect(one(list, 'StatefulSet').spec.persistentVolumeClaimRetentionPolicy).toEqual({
    whenDeleted: 'Retain',
    whenScaled: 'Retain',
  });
});

test('TLS reaches the server by Ingress and by TLSRoute', () => {
  const list = manifests({
    ingress: { className: 'nginx', annotations: { a: 'b' } },
    gateway: { name: 'public' },
    certificate: { issuer: 'letsencrypt-prod' },
    tlsSecretName: 'idm-tls',
  });
  expect(one(list, 'Ingress').metadata.annotations).toMatchObject({
    'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS',
    a: 'b',
  });
  expect(one(list, 'Ingress').spec.tls).toEqual([{ hosts: ['sso.kammel.dev'], secretName: 'idm-tls' }]);
  expect(one(list, 'TLSRoute')).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    spec: { parentRefs: [{ name: 'public' }], hostnames: ['sso.kammel.dev'] },
  });
  expect(one(list, 'Certificate').spec).toMatchObject({ secretName: 'idm-tls', issuerRef: { kind: 'ClusterIssuer' } });
});

test('the chart gets image, probe, migrations and their hash by post-renderers, only with a version', () => {
  expect(renderers({})).toHaveLength(1);
  const [, server] = renderers({ version: '1.11', provision: 'migrations' });
  expect(server?.kustomize.images).toEqual([{ name: 'kanidm/server', newTag: '1.11.1' }]);
  const patch = server?.kustomize.patches[0]?.patch;
  for (const part of ['kind: Deployment', 'healthcheck', '/data/migrations.d', 'checksum/migrations'])
    expect(patch).toContain(part);
});
