import { Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { FluxAlert, type FluxAlertProps } from '../../lib/constructs/flux-alert';
import { FluxSync, type FluxSyncProps } from '../../lib/constructs/flux-sync';
import { HelmApp, type HelmAppProps } from '../../lib/constructs/helm-app';
import { KanidmExposure, type KanidmExposureProps } from '../../lib/constructs/kanidm-exposure';
import { KanidmMigrations } from '../../lib/constructs/kanidm-migrations';
import { KanidmServer, type KanidmServerProps } from '../../lib/constructs/kanidm-server';
import {
  OidcClusterRoleBinding,
  type OidcClusterRoleBindingProps,
  OidcRoleBinding,
  type OidcRoleBindingProps,
} from '../../lib/constructs/oidc-bindings';
import { ClusterRole, type ClusterRoleProps, type NamespacedRoleProps, Role } from '../../lib/constructs/rbac-roles';

/** Returns the errors of synthesizing a construct, without the line that cdk8s adds before them. */
function errorsOf(add: (scope: Construct) => unknown): string[] {
  const chart = new Chart(Testing.app(), 'chart');
  add(chart);
  try {
    Testing.synth(chart);
    return [];
  } catch (error) {
    return String(error)
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

/** Returns a function that changes valid props, and returns the errors of synthesis. */
const changing =
  <Props>(make: (scope: Construct, props: Props) => unknown, good: Props) =>
  (change: Partial<Props>) =>
    errorsOf((scope) => make(scope, { ...good, ...change }));

const everywhere = changing<OidcClusterRoleBindingProps>(
  (scope, props) => new OidcClusterRoleBinding(scope, 'it', props),
  {
    name: 'viewers',
    clusterRole: 'view',
    groups: ['kanidm:team'],
  },
);
const namespaced = changing<OidcRoleBindingProps>((scope, props) => new OidcRoleBinding(scope, 'it', props), {
  name: 'viewers',
  namespace: 'shop',
  role: { kind: 'ClusterRole', name: 'view' },
  users: ['https://idm.example.com/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16'],
});
const clusterRole = changing<ClusterRoleProps>((scope, props) => new ClusterRole(scope, 'it', props), {
  name: 'seer',
  rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }],
});
const role = changing<NamespacedRoleProps>((scope, props) => new Role(scope, 'it', props), {
  name: 'seer',
  namespace: 'shop',
  rules: [{ verbs: ['get'], resources: ['pods'] }],
});
const sync = changing<FluxSyncProps>((scope, props) => new FluxSync(scope, 'it', props), {
  name: 'kaniflux-access',
  path: './dist/clusters/homelab/access',
});
const alert = changing<FluxAlertProps>((scope, props) => new FluxAlert(scope, 'it', props), {
  type: 'slack',
  secretName: 'chat',
  kustomizations: ['kaniflux-access'],
});
const helm = changing<HelmAppProps>((scope, props) => new HelmApp(scope, 'it', props), {
  name: 'podinfo',
  repository: 'oci://ghcr.io/stefanprodan/charts',
  chart: 'podinfo',
  version: '6.9.0',
});
const server = changing<KanidmServerProps>((scope, props) => new KanidmServer(scope, 'it', props), {
  domain: 'idm.example.com',
});
const exposure = changing<KanidmExposureProps>((scope, props) => new KanidmExposure(scope, 'it', props), {
  domain: 'idm.example.com',
  ingress: { className: 'nginx' },
});

const long = 'x'.repeat(64);

test.each<[string, string[]]>([
  ['a binding', everywhere({})],
  ['a built-in role', everywhere({ clusterRole: 'system:aggregate-to-view', name: 'kaniflux:view' })],
  ['a RoleBinding', namespaced({})],
  ['a ClusterRole', clusterRole({ aggregateTo: ['view', 'edit'] })],
  ['a Role', role({})],
  ['a RoleBinding with a name that Kubernetes reserves elsewhere', namespaced({ name: 'system:node-proxier' })],
  ['a Role with the name of a ClusterRole', role({ name: 'cluster-admin' })],
  // Only the config says in which namespace Flux is.
  ['a binding that could be of Flux', everywhere({ name: 'cluster-reconciler-flux-system' })],
  ['a role that could be of Flux', clusterRole({ name: 'flux-edit-flux-system' })],
  ['a server in a namespace that could be of Flux', server({ namespace: 'flux-system' })],
  ['a sync', sync({ interval: '1h30m', waitFor: '90s', source: { name: 'a.b', namespace: 'flux' } })],
  ['messages', alert({ channel: 'ops' })],
  ['a chart', helm({ interval: '30m', version: 'v6.9.0-rc.1', valuesFrom: [{ kind: 'Secret', name: 'a.b' }] })],
  ['a chart with a dot in a key', helm({ valuesFrom: [{ kind: 'Secret', name: 'a', targetPath: 'a.b\\.c/d' }] })],
  ['a restore', server({ version: '1.9', backup: { restore: { file: 'a.gz', secretName: 'b' } } })],
  ['a restore from the volume', server({ backup: { restore: { file: 'a:b.gz' } } })],
  ['a server before restores', server({ version: '1.8.6' })],
  [
    'a certificate',
    exposure({ certificate: { issuer: 'le' }, ingress: { className: 'x', annotations: { 'a.b/c': 'd' } } }),
  ],
  [
    'a Certificate with the name of its Secret, for which cert-manager creates no other one',
    exposure({
      tlsSecretName: 'kanidm',
      certificate: { issuer: 'le' },
      ingress: { className: 'x', annotations: { 'cert-manager.io/issuer': 'le' } },
    }),
  ],
  [
    'a server',
    server({ image: 'registry.example.com:5000/kanidm/server', version: '1.11', storage: { size: '500M' } }),
  ],
  ['an exposure', exposure({ origin: 'https://login.idm.example.com:8443' })],
])('%s with good props says nothing', (_, errors) => {
  expect(errors).toEqual([]);
});

test.each<[string[], string | RegExp]>([
  [
    namespaced({ namespace: undefined }),
    '[chart/it] namespace: expected a namespace, here or in the chart, found neither',
  ],
  [role({ namespace: undefined }), '[chart/it] namespace: expected a namespace, here or in the chart, found neither'],
  [everywhere({ groups: [] }), '[chart/it] users, groups: expected at least one user or group, found none'],
  [everywhere({ groups: ['system:masters'] }), /groups: `system:masters` is reserved for Kubernetes/],
  [everywhere({ users: ['system:admin'] }), /users: `system:admin` is reserved for Kubernetes/],
  [everywhere({ users: [''] }), /users: expected a name as the API server sees it, found an empty string/],
  [everywhere({ name: 'a/b' }), /name: expected a name without spaces, `\/` and `%`, found `a\/b`/],
  [everywhere({ clusterRole: '' }), /clusterRole: expected a name .*, found ``/],
  [namespaced({ namespace: '' }), /namespace: expected lower-case letters.*, found ``/],
  [namespaced({ namespace: 'Shop' }), /namespace: .*found `Shop`/],
  [namespaced({ role: { kind: 'Role', name: '..' } }), /role.name: .*found `\.\.`/],
  [namespaced({ role: JSON.parse('{ "kind": "Group", "name": "x" }') }), /role.kind: expected `ClusterRole` or `Role`/],
  [clusterRole({ name: '' }), /name: /],
  [clusterRole({ rules: [{ verbs: [], resources: ['pods'] }] }), /rules\[0\].verbs: expected at least one verb/],
  [
    clusterRole({ rules: [{ verbs: ['get'] }] }),
    /rules\[0\]: expected `resources` or `nonResourceURLs`, found neither/,
  ],
  [
    clusterRole({ rules: [{ verbs: ['get'], resources: ['pods'], nonResourceURLs: ['/'] }] }),
    /rules\[0\]: expected either .* found both/,
  ],
  [clusterRole({ aggregateTo: JSON.parse('["cluster-admin"]') }), /aggregateTo: expected `admin`, `edit` or `view`/],
  [role({ rules: [{ verbs: ['get'], nonResourceURLs: ['/'] }] }), /nonResourceURLs: only a ClusterRole can have them/],
  [role({ namespace: long }), /namespace: /],
  [role({ name: 'a/b' }), '[chart/it] name: expected a name without spaces, `/` and `%`, found `a/b`'],
  [
    clusterRole({ rules: [{ verbs: ['get'], nonResourceURLs: ['/'], resourceNames: ['web'] }] }),
    '[chart/it] rules[0].resourceNames: `nonResourceURLs` have no names',
  ],
  [namespaced({ users: [] }), '[chart/it] users, groups: expected at least one user or group, found none'],
  [everywhere({ name: 'system:node-proxier' }), /name: `system:node-proxier` belongs to Kubernetes, and the object/],
  [everywhere({ name: 'cluster-admin' }), /name: `cluster-admin` belongs to Kubernetes/],
  [namespaced({ name: 'kubeadm:nodes', namespace: 'kube-system' }), /name: `kubeadm:nodes` belongs to kubeadm/],
  [clusterRole({ name: 'cluster-admin' }), /name: `cluster-admin` belongs to Kubernetes/],
  [role({ name: 'system:x', namespace: 'kube-public' }), /name: `system:x` belongs to Kubernetes/],
  [alert({ kustomizations: ['a', ''] }), /kustomizations\[1\]: .*found ``/],
  [alert({ source: { name: '' } }), /source.name: /],
  [alert({ source: { namespace: 'x'.repeat(64) } }), /source.namespace: /],
  [server({ namespace: 'kube-system' }), /namespace: expected a namespace .* to Kubernetes, found `kube-system`/],
  [sync({ name: 'Access' }), /name: /],
  [sync({ path: '../dist' }), /path: expected a folder below the root of the source/],
  [sync({ interval: '10' }), /interval: expected a duration above zero/],
  [sync({ waitFor: '0s' }), /waitFor: /],
  [sync({ source: { name: 'a b' } }), /source.name: /],
  [sync({ serviceAccountName: '' }), /serviceAccountName: /],
  [helm({ repository: 'nonsense' }), /repository: expected an address that begins with .*, found `nonsense`/],
  [helm({ version: '>=6' }), /version: expected an exact version such as `1.2.3`, found `>=6`/],
  [helm({ version: '6.x' }), /version: /],
  [helm({ name: 'x'.repeat(54) }), /name: expected 53 characters at most/],
  [helm({ chart: '' }), /chart: /],
  [helm({ namespace: '' }), /namespace: /],
  [helm({ secretRef: 'A' }), /secretRef: /],
  [helm({ valuesFrom: [{ kind: 'Secret', name: '' }] }), /valuesFrom\[0\].name: /],
  // The origin is derived from the domain, so there is no second message about it.
  [server({ domain: 'https://idm.example.com' }), /domain: expected a DNS name in lower case[^\n]*$/],
  [server({ origin: 'https://idm.example.com/' }), /origin: expected an address such as/],
  [server({ origin: 'https://idm.example.org' }), /origin: expected the domain `idm.example.com` or a host below it/],
  [server({ version: '1' }), /version: expected a version/],
  [server({ image: 'docker.io/kanidm/server:latest' }), /image: expected the name of an image without a tag/],
  [server({ reloaderImage: 'busybox' }), /reloaderImage: expected an image with a tag, .*found `busybox`/],
  [server({ storage: { size: '0Gi' } }), /storage.size: expected a quantity such as `2Gi`/],
  [
    server({ backup: { restore: { file: 'backup.json' } } }),
    /backup.restore.file: .*ends in `.gz`.*found `backup.json`/,
  ],
  [server({ backup: { restore: { file: 'a.gz', secretName: 'A' } } }), /backup.restore.secretName: /],
  [server({ backup: { restore: { file: 'a:b.gz', secretName: 'a' } } }), /backup.restore.file: expected letters, /],
  [
    server({ version: '1.8.6', backup: { restore: { file: 'a.gz' } } }),
    /version: expected 1.9 or later, which restores need, found `1.8.6`/,
  ],
  [
    exposure({
      certificate: { issuer: 'le' },
      ingress: { className: 'x', annotations: { 'cert-manager.io/issuer': 'le' } },
    }),
    /ingress.annotations: with `cert-manager.io\/issuer`, cert-manager creates a second Certificate/,
  ],
  [
    helm({ valuesFrom: [{ kind: 'Secret', name: 'a', targetPath: 'a."b"' }] }),
    /valuesFrom\[0\].targetPath: expected letters, /,
  ],
  [helm({ valuesFrom: [{ kind: 'Secret', name: 'a', valuesKey: 'a b' }] }), /valuesFrom\[0\].valuesKey: /],
  [helm({ certSecretRef: 'A' }), /certSecretRef: /],
  [alert({ secretName: '' }), /secretName: /],
  [alert({ namespace: 'Flux' }), /namespace: .*found `Flux`/],
  [server({ backup: { versions: 0 } }), /backup.versions: expected a whole number above zero, found `0`/],
  [
    server({ backup: { schedule: '0 22 * * 0' } }),
    /backup.schedule: Kanidm does not start with the schedule `0 22 \* \* 0`/,
  ],
  [exposure({ tlsSecretName: 'TLS' }), /tlsSecretName: /],
  [exposure({ ingress: { className: '' } }), /ingress.className: /],
  [
    errorsOf((scope) => new KanidmMigrations(scope, 'it', { namespace: '', migrations: { hash: '', maps: [] } })),
    /namespace: /,
  ],
])('%j', (errors, expected) => {
  expect(errors).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
});

/** A value that is missing in JavaScript. TypeScript does not allow to leave it out. */
const missing = JSON.parse('{}').missing;

test.each([
  ['name', everywhere({ name: missing })],
  ['clusterRole', everywhere({ clusterRole: missing })],
  ['name', namespaced({ name: missing })],
  ['role.name', namespaced({ role: missing })],
  ['name', clusterRole({ name: missing })],
  ['name', role({ name: missing })],
  ['rules', clusterRole({ rules: missing })],
  ['rules', role({ rules: missing })],
  ['rules\\[0\\].verbs', role({ rules: [{ verbs: missing, resources: ['pods'] }] })],
  ['name', sync({ name: missing })],
  ['path', sync({ path: missing })],
  ['secretName', alert({ secretName: missing })],
  ['chart', helm({ chart: missing })],
  ['name', helm({ name: missing })],
  ['repository', helm({ repository: missing })],
  ['valuesFrom\\[0\\].name', helm({ valuesFrom: [{ kind: 'Secret', name: missing }] })],
  ['valuesFrom\\[0\\].kind', helm({ valuesFrom: [{ kind: missing, name: 'x' }] })],
  ['certificate.issuer', exposure({ certificate: { issuer: missing } })],
  ['ingress.className', exposure({ ingress: { className: missing } })],
  ['gateway.name', exposure({ gateway: { name: missing } })],
  ['backup.restore.file', server({ backup: { restore: { file: missing } } })],
])('a missing required prop is reported: %s', (prop, errors) => {
  expect(errors).toEqual([
    expect.stringMatching(`^\\[chart/it\\] ${prop}: expected .*, found (nothing|none|\`\`|\`undefined\`)$`),
  ]);
});

test('two equal objects in one chart are reported, two with different names are not', () => {
  const two = (change: Partial<OidcRoleBindingProps>) =>
    errorsOf((scope) => {
      const props = {
        name: 'viewers',
        namespace: 'shop',
        role: { kind: 'ClusterRole', name: 'view' },
        users: ['jane'],
      } as const;
      new OidcRoleBinding(scope, 'one', props);
      new OidcRoleBinding(scope, 'two', { ...props, ...change });
    });
  expect(two({ role: { kind: 'ClusterRole', name: 'edit' } })).toEqual([
    '[chart/two] the chart has two objects RoleBinding shop/viewers; the other one is chart/one',
  ]);
  expect(two({ namespace: 'blog' })).toEqual([]);
  expect(two({ name: 'others' })).toEqual([]);
});

test('an object that was removed from the chart is not reported', () => {
  const props = { name: 'app', repository: 'https://charts.example.com', chart: 'x', version: '1.0.0' };
  const errors = errorsOf((scope) => {
    new HelmApp(scope, 'one', props);
    scope.node.tryRemoveChild('one');
    new HelmApp(scope, 'one', props);
  });
  expect(errors).toEqual([]);
  const three = errorsOf((scope) => {
    for (const id of ['one', 'two', 'three']) new FluxSync(scope, id, { name: 'app', path: './x' });
    scope.node.tryRemoveChild('one');
  });
  expect(three).toContain(
    '[chart/three] the chart has two objects Kustomization flux-system/app; the other one is chart/two',
  );
});

test('two constructs with several objects are reported for each equal object', () => {
  const props = { domain: 'idm.example.com', ingress: { className: 'nginx' } };
  const errors = errorsOf((scope) => {
    new KanidmServer(scope, 'one', props);
    new KanidmServer(scope, 'two', props);
  });
  expect(errors).toHaveLength(6);
  expect(errors).toContain(
    '[chart/two] the chart has two objects StatefulSet kanidm/kanidm; the other one is chart/one/server',
  );
  const apart = (namespace: string) => ({ ...props, namespace });
  expect(
    errorsOf((scope) => {
      new KanidmServer(scope, 'one', apart('one'));
      new KanidmServer(scope, 'two', apart('two'));
    }),
  ).toEqual([]);
});

test('a Role takes the namespace of its chart', () => {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
  new Role(chart, 'it', { name: 'seer', rules: [{ verbs: ['get'], resources: ['pods'] }] });
  expect(Testing.synth(chart)).toMatchObject([{ metadata: { namespace: 'shop' } }]);
});

test('all problems are listed at once', () => {
  expect(everywhere({ name: '', clusterRole: '', groups: ['system:masters'] })).toHaveLength(3);
});
