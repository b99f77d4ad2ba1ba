import { fromDocument } from '../../lib/existing/read-documents';

const source = 'file';
const apiGroup = 'rbac.authorization.k8s.io';
const binding = {
  apiVersion: `${apiGroup}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'a' },
  roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup, kind: 'Group', name: 'ops' }],
};
const flags = 'kube-apiserver-arg:\n  - oidc-issuer-url=https://idm.example.org\n  - oidc-client-id=k8s\n';
const policy = (complianceType: string, more: object = {}) => ({
  apiVersion: 'policy.open-cluster-management.io/v1',
  kind: 'ConfigurationPolicy',
  spec: { ...more, 'object-templates': [{ complianceType, objectDefinition: binding }] },
});
const crossplane = (more: object) => ({
  apiVersion: 'kubernetes.crossplane.io/v1alpha2',
  kind: 'Object',
  spec: { forProvider: { manifest: binding }, ...more },
});
const chainsaw = (operation: string) => ({
  apiVersion: 'chainsaw.kyverno.io/v1alpha1',
  kind: 'Test',
  spec: { steps: [{ try: [{ [operation]: { resource: binding } }] }] },
});
const values = (more: object, of: object = {}) => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  spec: { ...of, values: { rbac: { bindings: [binding], ...more } } },
});
const removes = 'this part removes what it contains, so adopt takes nothing from it';
const isOff = 'this part is off, so adopt takes nothing from it';

test.each<[string, object, string, string]>([
  [
    'a task',
    { 'kubernetes.core.k8s': { state: 'absent', definition: binding } },
    'kubernetes.core.k8s (state: absent)',
    removes,
  ],
  [
    'a task with the manifest as text',
    { k8s: { state: 'Absent', definition: JSON.stringify(binding) } },
    'k8s (state: Absent)',
    removes,
  ],
  [
    'lines of a file',
    { hosts: 'k3s', tasks: [{ blockinfile: { path: '/etc/rancher/k3s/config.yaml', state: 'absent', block: flags } }] },
    'tasks.0.blockinfile (state: absent)',
    removes,
  ],
  [
    'a container',
    {
      docker_container: {
        state: 'absent',
        command: ['kube-apiserver', '--oidc-issuer-url=https://idm.example.org', '--oidc-client-id=k8s'],
      },
    },
    'docker_container (state: absent)',
    removes,
  ],
  ['a policy', policy('MustNotHave'), 'spec.object-templates.0 (complianceType: MustNotHave)', removes],
  ['the document', { ensure: 'absent', manifests: [binding] }, 'the document (ensure: absent)', removes],
  ['values that are off', values({ enabled: false }), 'spec.values.rbac (enabled: false)', isOff],
  [
    'a test',
    chainsaw('error'),
    'spec.steps.0.try.0.error (error)',
    'this part is an object that must not exist, so adopt takes nothing from it',
  ],
])('nothing is taken from a part that is not in force: %s', (_, document, what, instead) => {
  const { bindings, apiServers, notes, passedOver } = fromDocument(source, document);
  expect([bindings, apiServers, notes]).toEqual([[], [], []]);
  expect(passedOver.filter(({ why }) => why !== 'not about sign-in')).toEqual([
    { source, what, why: 'not in force', instead },
  ]);
});

test.each<[string, object, readonly string[]]>([
  ['a task', { k8s: { state: 'present', definition: binding } }, []],
  ['a policy', policy('musthave', { remediationAction: 'enforce' }), []],
  ['values that are on', values({ enabled: true }), []],
  ['values beside some that are off', values({ other: { enabled: false } }, { suspend: false }), []],
  ['an object of Crossplane', crossplane({ managementPolicies: ['*'] }), []],
  ['a test', chainsaw('apply'), []],
  [
    'a task with a condition',
    { when: 'x', k8s: { definition: binding } },
    ['when: adopt assumes that this condition is true'],
  ],
  [
    'a play with a condition',
    {
      hosts: 'a',
      tasks: [
        { if: 'x', k8s: { definition: binding } },
        { when: 'y', debug: { msg: 'z' } },
      ],
    },
    ['tasks.0.if: adopt assumes that this condition is true'],
  ],
  [
    'a release that is suspended',
    values({}, { suspend: true }),
    ['spec.suspend: adopt assumes that the cluster has the objects although Flux does not apply them now'],
  ],
  [
    'a policy that only informs',
    policy('musthave', { remediationAction: 'inform' }),
    ['spec.remediationAction: adopt assumes that the cluster has the objects although the policy does not create them'],
  ],
  [
    'an object of Crossplane that it observes, in another cluster',
    crossplane({ managementPolicies: ['Observe'], providerConfigRef: { name: 'b' } }),
    [
      'spec.managementPolicies: adopt assumes that the cluster has the object although Crossplane does not create it',
      'spec.providerConfigRef: adopt assumes that the provider config b is for this cluster',
    ],
  ],
])('the binding of a part that can be in force is taken: %s', (_, document, expected) => {
  const { bindings, notes } = fromDocument(source, document);
  expect(bindings).toEqual([{ source, object: binding }]);
  expect(notes).toEqual(expected.map((text) => ({ source, text })));
});
