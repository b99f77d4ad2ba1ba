import { homelab } from './check-cases';
import { run } from './run-case';

/** Returns the messages of the findings with a code. */
const messages = (code: string, one: Parameters<typeof run>[0]) =>
  run(one)
    .findings.filter((finding) => finding.code === code)
    .map(({ message }) => message);

const object = (kind: string, name: string, namespace?: string) => ({
  apiVersion: 'example.com/v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});
const config = {
  kanidm: {
    helm: null,
    version: '1.11.1',
    manifests: { storage: { className: 'local' }, ingress: { className: 'haproxy' } },
  },
};

test('each object that Kanidm needs is named with its namespace, and with what happens without it', () => {
  expect(messages('prerequisite-missing', { config, manifests: [object('ConfigMap', 'x')] })).toEqual([
    'Kanidm needs the Secret kanidm/kanidm-tls, which is not among the manifests: if it does not exist, the pod stays in ContainerCreating',
    'Kanidm needs the StorageClass local, which is not among the manifests: if it does not exist, the volumes and the pod stay Pending',
    'Kanidm needs the IngressClass haproxy, which is not among the manifests: if it does not exist, Kanidm cannot be reached from outside the cluster',
  ]);
});

test('the chart needs the objects that its defaults name, unless a ConfigMap can replace the defaults', () => {
  const needed = (helm: object) => messages('prerequisite-missing', { config: { kanidm: { helm } } });
  expect(needed({ values: null })).toEqual([
    expect.stringContaining(': StorageClass nfs-client, IngressClass nginx, ClusterIssuer letsencrypt-prod; without'),
  ]);
  expect(needed({ values: null, valuesFrom: [{ kind: 'ConfigMap', name: 'kanidm' }] })).toEqual([
    expect.stringContaining(': StorageClass nfs-client; without'),
  ]);
});

test('a system name of the wrong kind gives nothing', () => {
  const bound = (kind: string, name: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'x' },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind, name }],
  });
  const said = (kind: string, name: string) => messages('system-group-bound', { manifests: [bound(kind, name)] });
  expect(said('User', 'system:anonymous')).toEqual([
    'ClusterRoleBinding x gives view to system:anonymous: anybody on the network',
  ]);
  expect(said('Group', 'system:anonymous')).toEqual([
    'ClusterRoleBinding x names system:anonymous as a Group, but in Kubernetes this is a User: the binding gives this subject nothing',
  ]);
});

test('without manifests, it is unknown whether the objects exist', () => {
  expect(messages('prerequisite-missing', { config })).toEqual([
    'Kanidm needs objects that Kaniflux does not render: StorageClass local, Secret kanidm/kanidm-tls, IngressClass haproxy; without --manifests, it is unknown whether they are defined',
  ]);
});

const restartless = 'and can be changed without a restart of the API server';

test.each(['kubeadm', 'k3s', 'k0s', 'flags'])(
  'the API server of %s reads a changed AuthenticationConfiguration without a restart',
  (controlPlane) => {
    const one = { config: homelab({ kubernetes: '1.34', controlPlane }) };
    expect(messages('structured-available', one)).toEqual([expect.stringContaining(restartless)]);
    expect(messages('structured-available', one).join()).toContain(
      'accepts ES256 and RS256 without a setting, refuses',
    );
  },
);

test.each(['rke2', 'talos', 'cluster-api'])('nobody is told so about %s', (controlPlane) => {
  const one = { config: homelab({ kubernetes: '1.34', controlPlane }) };
  expect(messages('structured-available', one)).toEqual([expect.not.stringContaining('restart')]);
});

describe('what rights lead to', () => {
  const rbac = 'rbac.authorization.k8s.io';
  const holding = (rule: object, more: object = {}, also: readonly object[] = []) => ({
    config: {
      roles: { own: { rules: [rule, ...also] } },
      ...homelab({ grants: [{ name: 'own', clusterRole: 'own', people: ['datosh'], ...more }] }),
    },
  });
  const last = (code: string, one: Parameters<typeof run>[0]) =>
    messages(code, one).map((text) => text.split(': ').at(-1));
  const inWeb = { namespaces: ['web'] };

  test.each([
    ['every right', { apiGroups: [rbac], resources: ['clusterroles'], verbs: ['escalate'] }, {}, 'every other right'],
    [
      'the rights in the namespace',
      { apiGroups: [rbac], resources: ['clusterroles'], verbs: ['bind'] },
      inWeb,
      'every other right in the namespace',
    ],
    [
      'the rights of one role',
      { apiGroups: [rbac], resources: ['clusterroles'], resourceNames: ['edit'], verbs: ['bind'] },
      inWeb,
      'further rights',
    ],
    // Whoever impersonates a group must also impersonate a user.
    [
      'more only with another right',
      { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'] },
      {},
      'further rights',
    ],
    [
      'every right by a user',
      { apiGroups: [''], resources: ['users'], verbs: ['impersonate'] },
      {},
      'every other right',
    ],
  ])('%s', (_what, rule, more, rights) => {
    expect(last('privilege-escalation', holding(rule, more))).toEqual([`these verbs can be used to get ${rights}`]);
  });

  test.each([
    ['a user, every right', { apiGroups: [''], resources: ['users'], resourceNames: ['bob'] }, 'every other right'],
    [
      'a service account, every right',
      { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['ci'] },
      'every other right',
    ],
    ['a UID, more rights', { apiGroups: ['authentication.k8s.io'], resources: ['uids'] }, 'further rights'],
  ])('by groups with %s', (_what, rule, rights) => {
    const groups = { apiGroups: [''], resources: ['groups'], verbs: ['impersonate'] };
    expect(last('privilege-escalation', holding({ ...rule, verbs: ['impersonate'] }, {}, [groups]))).toEqual([
      `these verbs can be used to get ${rights}`,
    ]);
  });

  test('whoever writes bindings passes on their own roles', () => {
    const bindings = { apiGroups: [rbac], resources: ['clusterrolebindings'], verbs: ['create'] };
    const toView = { apiGroups: [rbac], resources: ['clusterroles'], resourceNames: ['view'], verbs: ['bind'] };
    const toAll = { apiGroups: [rbac], resources: ['clusterroles'], verbs: ['bind'] };
    expect(last('privilege-escalation', holding(bindings))).toEqual([
      'the holder can give their own roles to anybody on the whole cluster',
    ]);
    expect(last('privilege-escalation', holding(toView, {}, [bindings]))).toEqual([
      'these verbs can be used to get further rights',
    ]);
    expect(last('privilege-escalation', holding(toAll, {}, [bindings]))).toEqual([
      'these verbs can be used to get every other right',
    ]);
  });

  test.each([
    ['some service accounts', { resourceNames: ['ci'] }, 'the programs with these service accounts'],
    ['all service accounts of the namespace', {}, 'any program in the namespace'],
  ])('%s', (_what, names, programs) => {
    const rule = { resources: ['serviceaccounts/token'], verbs: ['create'], ...names };
    expect(last('service-account-access', holding(rule, inWeb))).toEqual([
      `the holder can do whatever ${programs} can do`,
    ]);
  });
});
