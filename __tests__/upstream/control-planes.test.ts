import type { Cluster, ControlPlaneKind } from '../../lib/config/config';
import { parseVersion } from '../../lib/config/version';
import { builtinRbac, knownVersion } from '../../lib/upstream/builtin-rbac';
import {
  adminKubeconfigs,
  certificateAuthorities,
  clusterApiVersion,
  setsAnonymous,
  talosHasDocument,
} from '../../lib/upstream/control-planes';
import { publicIssuers } from '../../lib/upstream/public-issuers';
import { templateKinds, workloadKinds } from '../../lib/upstream/workload-kinds';
import { configOf } from '../config';

const [homelab] = configOf({}).clusters.values();

function cluster(controlPlane: ControlPlaneKind, kubernetes: string, controlPlaneVersion?: string): Cluster {
  if (!homelab) throw new Error('the config has no cluster');
  const version = controlPlaneVersion === undefined ? undefined : parseVersion(controlPlaneVersion);
  return { ...homelab, controlPlane, kubernetes: parseVersion(kubernetes), controlPlaneVersion: version };
}

test.each([
  [undefined, false],
  ['1.13', false],
  ['1.13.9', false],
  ['1.14', true],
  ['1.14.1', true],
  ['1.15', true],
  ['2.0', true],
  ['0.15', false],
])('Talos %s has the document KubeAuthenticationConfig: %s', (version, has) => {
  expect(talosHasDocument(cluster('talos', '1.34', version))).toBe(has);
  expect(setsAnonymous(cluster('talos', '1.34', version))).toBe(!has);
});

test.each([
  [undefined, 'v1beta2'],
  ['1.10', 'v1beta1'],
  ['1.11', 'v1beta2'],
  ['1.12', 'v1beta2'],
])('Cluster API %s has KubeadmControlPlane %s', (version, api) =>
  expect(clusterApiVersion(cluster('cluster-api', '1.34', version))).toBe(api),
);

test.each<[ControlPlaneKind, string, boolean]>([
  ['k3s', '1.31.9', true],
  ['k3s', '1.32', true],
  ['k3s', '1.32.4', true],
  ['k3s', '1.32.5', false],
  ['rke2', '1.33', true],
  ['rke2', '1.33.0', true],
  ['rke2', '1.33.1', false],
  ['k3s', '1.34', false],
  ['k0s', '1.35.9', true],
  ['k0s', '1.36', true],
  ['k0s', '1.36.3', true],
  ['k0s', '1.36.4', false],
  ['k0s', '1.37', false],
  ['kubeadm', '1.30', false],
])('%s %s sets --anonymous-auth beside an AuthenticationConfiguration: %s', (kind, version, sets) =>
  expect(setsAnonymous(cluster(kind, version))).toBe(sets),
);

test('where a control plane keeps its CA and its own kubeconfig', () => {
  expect(certificateAuthorities).toEqual({
    kubeadm: 'a copy of /etc/kubernetes/pki/ca.crt',
    k3s: 'a copy of /var/lib/rancher/k3s/server/tls/server-ca.crt',
    rke2: 'a copy of /var/lib/rancher/rke2/server/tls/server-ca.crt',
    k0s: 'a copy of /var/lib/k0s/pki/ca.crt',
    talos: 'the CA in the kubeconfig that `talosctl kubeconfig` writes',
    'cluster-api': 'tls.crt of the Secret <cluster>-ca',
    eks: 'what `aws eks describe-cluster --query cluster.certificateAuthority.data --output text --name <cluster> | base64 -d` prints',
  });
  expect(adminKubeconfigs).toEqual({
    kubeadm: '/etc/kubernetes/admin.conf on a control-plane node',
    k3s: '/etc/rancher/k3s/k3s.yaml on a server',
    rke2: '/etc/rancher/rke2/rke2.yaml on a server',
    k0s: '/var/lib/k0s/pki/admin.conf on a controller',
  });
});

describe('the roles and bindings of kube-apiserver', () => {
  test.each([
    [{ major: 1, minor: 20 }, '1.30'],
    [{ major: 0, minor: 34 }, '1.30'],
    [{ major: 1, minor: 34 }, '1.34'],
    [{ major: 1, minor: 99 }, '1.37'],
    [{ major: 2, minor: 0 }, '1.37'],
  ])('%j: those of %s', (version, known) => {
    expect(knownVersion(version)).toBe(known);
    expect(builtinRbac(version)).toBe(builtinRbac(parseVersion(known)));
  });

  test('differ between versions', () => {
    const names = (minor: number) =>
      builtinRbac({ major: 1, minor }).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names(30)).toEqual(
      expect.arrayContaining(['ClusterRole cluster-admin', 'ClusterRoleBinding system:basic-user']),
    );
    expect(names(37)).not.toEqual(names(30));
  });
});

test('whom a token of a public issuer belongs to', () =>
  expect(
    Object.fromEntries(Object.entries(publicIssuers).map(([url, { service, claim }]) => [url, { service, claim }])),
  ).toEqual({
    'https://token.actions.githubusercontent.com': { service: 'GitHub Actions', claim: 'repository_owner' },
    'https://gitlab.com': { service: 'GitLab.com', claim: 'namespace_path' },
    'https://accounts.google.com': { service: 'Google', claim: 'hd' },
    'https://app.terraform.io': { service: 'HCP Terraform', claim: 'terraform_organization_name' },
    'https://agent.buildkite.com': { service: 'Buildkite', claim: 'organization_slug' },
  }));

test('the kinds that run pods, and those whose template can change', () => {
  const changeable = [
    ['apps', 'deployments', 'Deployment'],
    ['apps', 'statefulsets', 'StatefulSet'],
    ['apps', 'daemonsets', 'DaemonSet'],
    ['apps', 'replicasets', 'ReplicaSet'],
    ['batch', 'cronjobs', 'CronJob'],
    ['', 'replicationcontrollers', 'ReplicationController'],
  ];
  expect(templateKinds).toEqual(changeable);
  expect([...workloadKinds].sort()).toEqual([...changeable, ['', 'pods', 'Pod'], ['batch', 'jobs', 'Job']].sort());
});
