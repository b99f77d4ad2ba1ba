import type { FileChange } from '../../../lib/diff/file-changes';
import type { ObjectChange } from '../../../lib/diff/object-changes';
import { appSteps, fluxSteps, immutableSteps, kubeconfigSteps, nodeSteps } from '../../../lib/diff/steps/cluster-steps';
import { type Change, teamWith, uuid } from './configs';

interface Changed {
  readonly before?: Change;
  readonly after?: Change;
  readonly files?: readonly FileChange[];
  readonly objects?: readonly ObjectChange[];
}

const change = ({ before = {}, after = {}, files = [], objects = [] }: Changed) => ({
  before: teamWith(before),
  after: teamWith(after),
  files,
  objects,
  folder: 'out put',
});
const cluster = (more: Change = {}) => ({
  server: 'https://192.0.2.11:6443',
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
  ...more,
});

describe('fields that Kubernetes refuses to change', () => {
  const object = (paths: readonly string[], more: Partial<ObjectChange> = {}): ObjectChange => ({
    change: 'changed',
    cluster: 'lab',
    object: 'StatefulSet.apps idm/kanidm',
    fields: paths.map((path) => ({ path })),
    ...more,
  });
  const steps = (...objects: ObjectChange[]) => immutableSteps(change({ objects }));

  test('the StatefulSet is deleted without its pods', () => {
    expect(steps(object(['metadata.labels.a', 'spec.volumeClaimTemplates[db].spec.resources']))).toEqual([
      {
        title:
          'lab: before Flux applies this change, run this command to delete the StatefulSet kanidm, because Kubernetes refuses to update the changed fields (its pods and volumes stay)',
        commands: ['kubectl --context=lab --namespace=idm delete statefulset kanidm --cascade=orphan'],
      },
    ]);
  });
  test('the namespace is left open if the file does not contain it', () => {
    expect(steps(object(['spec.serviceName'], { object: 'StatefulSet.apps web' }))).toEqual([
      {
        title: expect.stringContaining('delete the StatefulSet web, because'),
        commands: [
          '# NAMESPACE is the namespace of the StatefulSet web',
          'kubectl --context=lab --namespace=NAMESPACE delete statefulset web --cascade=orphan',
        ],
      },
    ]);
  });
  test.each([
    'spec.replicas',
    'spec.ordinals.start',
    'spec.template.spec.containers[kanidm].image',
    'spec.updateStrategy.type',
    'spec.revisionHistoryLimit',
    'spec.persistentVolumeClaimRetentionPolicy.whenDeleted',
    'spec.minReadySeconds',
    'metadata.spec.serviceName',
    'spec',
  ])('%s may change', (path) => {
    expect(steps(object([path]))).toEqual([]);
  });
  test.each([
    ['a new StatefulSet', { change: 'added' }],
    ['a StatefulSet that is gone', { change: 'removed' }],
    ['another kind', { object: 'Deployment.apps idm/kanidm' }],
  ] as const)('%s needs no step', (_, more) => {
    expect(steps(object(['spec.serviceName'], more))).toEqual([]);
  });
});

describe('Flux Kustomizations', () => {
  const object = (kind: string, name: string, namespace = 'flux-system') =>
    `apiVersion: x/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  sourceRef:\n    name: other\n    namespace: other\n`;
  const file = (before: string, after: string): FileChange => ({
    change: 'changed',
    path: 'flux/lab.yaml',
    before,
    after,
  });
  const steps = (...files: FileChange[]) => fluxSteps(change({ files }));
  const apply = (...more: string[]) => [
    {
      title: 'Apply the Flux Kustomizations',
      commands: ["kubectl --context=lab apply -f 'out put/flux/lab.yaml'", ...more],
    },
  ];

  test('are applied where their file changed', () => {
    expect(steps(file('', ''), { change: 'changed', path: 'clusters/lab/flux/x.yaml' })).toEqual(apply());
    expect(steps({ change: 'added', path: 'flux/lab.yaml', after: object('Kustomization', 'access') })).toEqual(
      apply(),
    );
    expect(steps({ change: 'added', path: 'flux/a.yaml.b.yaml', after: '' })[0]?.commands).toEqual([
      "kubectl --context=a.yaml.b apply -f 'out put/flux/a.yaml.b.yaml'",
    ]);
  });
  test('that are no longer in the file are deleted, with what they applied', () => {
    const stays = object('Kustomization', 'access');
    expect(steps(file(`${object('Kustomization', 'kanidm')}---\n${stays}`, stays))).toEqual(
      apply(
        '# lab: delete the Kustomization kanidm in namespace flux-system, with the objects that it applied',
        'kubectl --context=lab --namespace=flux-system delete kustomization kanidm',
      ),
    );
  });
  test('that are in another namespace first stop deleting what they applied', () => {
    const [old, now] = [object('Kustomization', 'access'), object('Kustomization', 'access', 'gitops')];
    expect(steps(file(old, now))).toEqual(
      apply(
        '# lab: delete the Kustomization access in namespace flux-system; the objects that it applied stay',
        `kubectl --context=lab --namespace=flux-system patch kustomization access --type=merge --patch='{"spec":{"prune":false}}'`,
        'kubectl --context=lab --namespace=flux-system delete kustomization access',
      ),
    );
  });
  test('of another kind applied nothing themselves', () => {
    const gone = [
      '# lab: delete the GitRepository access in namespace flux-system',
      'kubectl --context=lab --namespace=flux-system delete gitrepository access',
    ];
    const old = object('GitRepository', 'access');
    expect(steps(file(old, object('Kustomization', 'access')))).toEqual(apply(...gone));
    expect(steps(file(old, object('GitRepository', 'access', 'gitops')))).toEqual(apply(...gone));
    expect(steps(file(old, object('GitRepository', 'kanidm')))).toEqual(apply(...gone));
  });
  test('that the file still contains are not deleted', () => {
    const same = object('Kustomization', 'access');
    expect(steps(file(same, `${same}---\n${object('Kustomization', 'kanidm')}`))).toEqual(apply());
  });
  test('without a name, a kind or a namespace are left alone', () => {
    const whole = object('Kustomization', 'access');
    for (const line of ['kind: Kustomization\n', '  name: access\n', '  namespace: flux-system\n'])
      expect(steps(file(whole.replace(line, ''), ''))).toEqual(apply());
  });

  const removed = (name: string): FileChange => ({ change: 'removed', path: `flux/${name}.yaml`, before: '' });

  test('of a removed cluster are deleted, and its API server no longer accepts tokens', () => {
    expect(steps(removed('attic'), { change: 'removed', path: 'kubeconfigs/attic.yaml' })).toEqual([
      {
        title: 'End the access on clusters that are no longer in the config',
        commands: [
          '# attic: delete the Flux Kustomizations, which deletes the objects that Flux applied (REV is the commit before the merge)',
          "git show REV:'out put/flux/attic.yaml' | kubectl --context=attic delete -f -",
          '# attic: remove the settings for Kanidm from the API server, which still accepts tokens of Kanidm',
        ],
      },
    ]);
  });
  test('of a cluster that has another name now are replaced', () => {
    const before = { clusters: { attic: cluster() } };
    const after = { clusters: { cellar: cluster() } };
    expect(fluxSteps(change({ before, after, files: [removed('attic')] }))).toEqual([]);
    expect(fluxSteps(change({ before, files: [removed('attic')] }))).toHaveLength(1);
  });
});

describe('control planes', () => {
  const title = 'Update the control planes; until then the old settings stay in force';
  const steps = (paths: readonly string[], lab: Change = {}) =>
    nodeSteps(
      change({
        after: { clusters: { lab, edge: cluster() }, clients: { k8s: { legacyCrypto: true } } },
        files: paths.map((path): FileChange => ({ change: 'changed', path })),
      }),
    );

  test('whose files changed are updated by their README', () => {
    const paths = ['lab/README.md', 'lab/auth.yaml', 'lab/patch.yaml', 'edge/auth.yaml', 'attic/auth.yaml'];
    expect(steps([...paths.map((path) => `control-planes/${path}`), 'kubeconfigs/lab.yaml'])).toEqual([
      {
        title,
        commands: [
          '# lab (kubeadm): follow out put/control-planes/lab/README.md (changed: auth.yaml, patch.yaml)',
          '# edge (kubeadm): follow out put/control-planes/edge/README.md (changed: auth.yaml)',
        ],
      },
    ]);
  });
  test('of a renamed cluster are updated only if a file has another text', () => {
    const before = { clusters: { attic: cluster() } };
    const moved = (now: string) =>
      nodeSteps(
        change({
          before,
          after: { clusters: { cellar: cluster() } },
          files: [
            { change: 'removed', path: 'control-planes/attic/auth.yaml', before: 'old' },
            { change: 'added', path: 'control-planes/cellar/auth.yaml', after: now },
          ],
        }),
      );
    expect(moved('old')).toEqual([]);
    expect(moved('new')).toHaveLength(1);
  });
  test('of another kind are updated even if only their README changed', () => {
    const files: FileChange[] = [{ change: 'changed', path: 'control-planes/lab/README.md' }];
    const clusters = (controlPlane: string) => ({ clusters: { lab: { controlPlane } } });
    const steps = (to: string) => nodeSteps(change({ before: clusters('k3s'), after: clusters(to), files }));
    expect(steps('rke2')).toEqual([{ title, commands: ['# lab (rke2): follow out put/control-planes/lab/README.md'] }]);
    expect(steps('k3s')).toEqual([]);
  });
  test('stay as they are if only their README changed', () => {
    expect(steps(['control-planes/lab/README.md'])).toEqual([]);
    expect(steps([])).toEqual([]);
  });
  test('are updated after the upgrade if the old version refuses the new API version of the file', () => {
    const when = (from: string, to: string, method = 'structured') => {
      const clusters = (kubernetes: string) => ({
        clusters: { lab: { kubernetes, authentication: { method } } },
      });
      const files: FileChange[] = [{ change: 'changed', path: 'control-planes/lab/authentication-config.yaml' }];
      const [step] = nodeSteps(change({ before: clusters(from), after: clusters(to), files }));
      return /: (.*)follow/.exec(step?.commands.join() ?? '')?.[1];
    };
    expect(when('1.33', '1.34')).toBe('after the upgrade to Kubernetes 1.34, ');
    expect(when('1.30', '1.37')).toBe('after the upgrade to Kubernetes 1.37, ');
    for (const [from, to] of [
      ['1.32', '1.33'],
      ['1.34', '1.35'],
      ['1.34', '1.33'],
      ['1.34', '1.34'],
    ] as const)
      expect(when(from, to)).toBe('');
    expect(when('1.33', '1.34', 'flags')).toBe('');
  });
  test('of EKS have their settings in the README', () => {
    const eks = { controlPlane: 'eks' };
    expect(steps(['control-planes/lab/README.md'], eks)).toEqual([
      { title, commands: ['# lab (eks): follow out put/control-planes/lab/README.md'] },
    ]);
    expect(steps([], eks)).toEqual([]);
  });
});

test('applications are installed or updated by their README, and uninstalled', () => {
  const steps = (...files: FileChange[]) =>
    appSteps(change({ files })).flatMap(({ title, commands }) => {
      expect(title).toBe('Install the applications, or update them');
      return commands;
    });
  const values = 'apps/lab/headlamp-values.yaml';
  expect(steps({ change: 'added', path: values }, { change: 'added', path: 'apps/lab/README.md' })).toEqual([
    '# lab: follow out put/apps/lab/README.md (changed: headlamp-values.yaml)',
  ]);
  expect(steps({ change: 'removed', path: values })).toEqual([
    '# lab: uninstall headlamp, which nobody can sign in to',
  ]);
  expect(steps({ change: 'removed', path: 'apps/attic/headlamp-values.yaml' })).toEqual([]);
  expect(steps({ change: 'changed', path: 'apps/lab/README.md' })).toEqual([]);
  const renamed = { before: { clusters: { attic: cluster() } }, after: { clusters: { cellar: cluster() } } };
  const removed: FileChange = { change: 'removed', path: 'apps/attic/headlamp-values.yaml', before: 'old' };
  const moved: FileChange = { change: 'added', path: 'apps/cellar/headlamp-values.yaml', after: 'old' };
  expect(appSteps(change({ ...renamed, files: [removed] })).flatMap(({ commands }) => commands)).toEqual([
    '# cellar: uninstall headlamp, which nobody can sign in to',
  ]);
  expect(appSteps(change({ ...renamed, files: [removed, moved] }))).toEqual([]);
});

describe('kubeconfigs', () => {
  const title = 'Give these people the new kubeconfig, which replaces their present one';
  const steps = (before: Change, after: Change, ...paths: string[]) =>
    kubeconfigSteps(change({ before, after, files: paths.map((path): FileChange => ({ change: 'changed', path })) }));
  const ann = { people: { ann: { displayName: 'Ann' } } };
  const annUses = { ...ann, groups: { users: { members: ['jane', 'ann'] } } };

  test('go to everybody who may sign in if the file changed', () => {
    expect(steps(annUses, annUses, 'kubeconfigs/lab.yaml')).toEqual([
      { title, commands: ['# out put/kubeconfigs/lab.yaml: jane, ann'] },
    ]);
    expect(steps(ann, ann, 'kubeconfigs/edge.yaml')).toEqual([]);
    expect(steps(ann, ann, 'kubeconfigs/lab.yaml')).toEqual([
      { title, commands: ['# out put/kubeconfigs/lab.yaml: jane'] },
    ]);
  });
  test('go to people who could not sign in before', () => {
    expect(steps(ann, annUses)).toEqual([{ title, commands: ['# out put/kubeconfigs/lab.yaml: ann'] }]);
    expect(steps(annUses, ann)).toEqual([]);
  });
  test('go to everybody for a cluster that is new', () => {
    const both = { clusters: { edge: cluster() } };
    expect(steps(annUses, { ...annUses, ...both })).toEqual([
      { title, commands: ['# out put/kubeconfigs/edge.yaml: jane, ann'] },
    ]);
  });
  test('go to those who may use the new client of a cluster', () => {
    const before = {
      ...annUses,
      groups: { users: { members: ['jane', 'ann'] }, ops: { members: ['ann'] } },
      clients: { other: { landingUrl: 'http://localhost:8000', scopes: { ops: ['openid'] } } },
      clusters: { lab: { client: 'other' } },
    };
    expect(steps(before, { ...before, clusters: { lab: { client: 'k8s' } } })).toEqual([
      { title, commands: ['# out put/kubeconfigs/lab.yaml: jane'] },
    ]);
  });
  test('do not go to a person who is renamed', () => {
    const named = (name: string) => ({
      people: { [name]: { displayName: 'Joe', id: uuid(1) } },
      groups: { users: { members: ['jane', name] } },
    });
    expect(steps(named('joe'), named('joseph'))).toEqual([]);
  });
  test('do not go to a person who is absent', () => {
    const gone = { people: { jane: { displayName: null, absent: true } }, groups: { users: { members: [] } } };
    expect(steps(gone, gone, 'kubeconfigs/lab.yaml')).toEqual([]);
  });
});
