import { boss, type Has, reached, rules, stepsOf, taken, takenByJane } from './small-world';

const everywhere = (...texts: string[]): Has[] => [{ rules: rules(...texts) }];

describe('node-proxy and read-node', () => {
  test.each(['get', 'create'])('%s nodes/proxy reaches the pods of every node', (verb) => {
    const result = reached(everywhere(`${verb} nodes/proxy`), { objects: boss('web') });
    expect(taken(result, 'node-proxy')).toEqual(
      expect.arrayContaining(['root on a node', 'the service account web/boss']),
    );
    expect(taken(result, 'read-node')).toContain('an administrator with the keys of the control plane');
  });
  test.each(['list nodes/proxy', 'get nodes', 'patch nodes', 'update nodes/status'])('%s does not', (right) => {
    expect(reached(everywhere(right)).derivations.size).toBe(0);
  });
  test('a right in a namespace is none to nodes', () => {
    expect(taken(reached([{ namespace: 'web', rules: rules('get nodes/proxy') }]), 'node-proxy')).toEqual([]);
  });
  test('where a provider runs the control plane, its keys are on no node', () => {
    const on = (controlPlane: string) =>
      stepsOf(
        reached(everywhere('get nodes/proxy'), {
          config: {
            clusters: { homelab: { controlPlane, kubernetes: '1.34', authentication: { method: 'structured' } } },
          },
        }),
        'read-node',
      ).filter(({ fact }) => fact.words === 'an administrator with the keys of the control plane');
    const maybe = [{ assumes: ['the control plane runs on a node of the cluster'] }];
    expect(on('kubeadm').map(({ assumes }) => assumes)).toEqual([undefined]);
    expect(on('flags')).toMatchObject(maybe);
    expect(on('k0s')).toMatchObject(maybe);
    const hosted = reached(everywhere('get nodes/proxy'), {
      objects: boss('web'),
      config: { clusters: { homelab: { controlPlane: 'eks' } }, clients: { k8s: { legacyCrypto: true } } },
    });
    expect(taken(hosted, 'read-node')).not.toContain('an administrator with the keys of the control plane');
    expect(taken(hosted, 'read-node')).toContain('the service account web/boss');
  });
});

describe('webhooks and policies', () => {
  const admission = 'admissionregistration.k8s.io';
  test.each(['create', 'update', 'patch'])('%s', (verb) => {
    const gives = (resource: string, code: string) => takenByJane(reached(everywhere(`${verb} ${resource}`)), code);
    expect(gives(`mutatingwebhookconfigurations.${admission}`, 'mutating-webhook')).toHaveLength(1);
    expect(gives(`validatingwebhookconfigurations.${admission}`, 'validating-webhook')).toHaveLength(1);
  });
  test.each([
    `get mutatingwebhookconfigurations.${admission}`,
    `delete validatingwebhookconfigurations.${admission}`,
    // The model does not include these, and lists them as left out.
    'update apiservices.apiregistration.k8s.io',
    `create validatingadmissionpolicies.${admission}`,
  ])('%s gives nothing', (right) => {
    expect(reached(everywhere(right)).derivations.size).toBe(0);
  });
  test('each says what it assumes', () => {
    const result = reached(everywhere(`create mutatingwebhookconfigurations.${admission}`));
    expect(stepsOf(result, 'mutating-webhook')).toMatchObject([
      {
        assumes: [
          expect.stringContaining('somebody with every right'),
          expect.stringContaining('can reach the server'),
        ],
      },
    ]);
  });
  test('a policy takes its binding, and Kubernetes 1.36', () => {
    const both = [
      `create mutatingadmissionpolicies.${admission}`,
      `create mutatingadmissionpolicybindings.${admission}`,
    ];
    const on = (kubernetes: string, ...texts: string[]) =>
      taken(reached(everywhere(...texts), { config: { clusters: { homelab: { kubernetes } } } }), 'mutating-policy');
    expect(on('1.36', ...both)).toHaveLength(1);
    expect(on('1.35', ...both)).toEqual([]);
    expect(on('1.36', both[0] ?? '')).toEqual([]);
  });
});
