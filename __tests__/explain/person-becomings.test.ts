import { rendered } from '../../lib/diff/side';
import { becomingLines, becomingsData, personBecomings } from '../../lib/explain/person-becomings';
import { configOf } from '../config';

const grant = (clusterRole: string, flux = {}, podSecurity = 'baseline') =>
  configOf({
    flux: { lockdown: flux },
    clusters: {
      homelab: {
        podSecurity: { default: podSecurity },
        grants: [{ name: 'web', clusterRole, namespaces: ['web'], people: ['datosh'] }],
      },
    },
  });

const locked = { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' };

function explained(config: ReturnType<typeof configOf>, objects: readonly object[] = []) {
  const [one] = personBecomings(config, 'datosh', {
    clusters: ['homelab'],
    side: rendered(config, () => objects),
  });
  if (!one) throw new Error('nobody');
  return one;
}

test('edit in a namespace is cluster-admin, with the shortest way first', () => {
  const one = explained(grant('edit', {}, 'privileged'));
  const lines = becomingLines([one]);
  expect(lines.slice(0, 4)).toEqual([
    'homelab, step by step:',
    '  can become cluster-admin: may do everything',
    '    way 1:',
    '      1. create a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller',
  ]);
  const [data] = becomingsData(one);
  const lengths = data?.ways.map(({ steps }) => steps.length) ?? [];
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  expect(data?.ways.flatMap(({ steps }) => steps.map(({ code }) => code))).toEqual(
    expect.arrayContaining(['flux-kustomization', 'flux-helm-release', 'privileged-pod', 'read-node']),
  );
});

test('with Flux locked down and Pod Security it is nothing more', () => {
  expect(becomingLines([explained(grant('edit', locked))])).toEqual([]);
  expect(becomingLines([explained(grant('view'))])).toEqual([]);
});

test('what stops short of everything is named with its rights', () => {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: 'db' },
    roleRef: { kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'web', name: 'reader' }],
  };
  const [first] = becomingsData(explained(grant('edit', locked), [binding]));
  expect(first).toMatchObject({ becomes: 'the service account web/reader' });
  expect(first?.may).toContain('read Secrets');
});

test('who has everything becomes nothing more', () => {
  expect(becomingLines([explained(configOf())])).toEqual([]);
});
