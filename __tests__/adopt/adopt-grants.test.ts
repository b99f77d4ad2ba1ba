import type { BindingObject } from '../../lib/access/objects';
import { grantsOf, leaveBindings, meaning, namesLeft } from '../../lib/adopt/adopt-grants';
import { Subjects } from '../../lib/adopt/adopt-subjects';
import { itemsIn, Treatments } from '../../lib/adopt/treatments';
import { nothing } from '../../lib/existing/facts';
import { claim, issuer, noOthers, world } from './worlds';

const apiGroup = 'rbac.authorization.k8s.io';
/** Returns a binding of `KIND NAME` texts; the name is `NAMESPACE/NAME` for a RoleBinding. */
function binding(name: string, role: string, subjects?: readonly string[], more: object = {}): BindingObject {
  const [namespace, short] = name.includes('/') ? name.split('/') : [undefined, name];
  return {
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: short ?? '', ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { kind: 'ClusterRole', name: role },
    ...(subjects
      ? {
          subjects: subjects.map((one) => {
            const at = one.indexOf(' ');
            return { apiGroup, kind: one.slice(0, at), name: one.slice(at + 1) };
          }),
        }
      : {}),
    ...more,
  };
}

const toldOf = (treatments: Treatments): string[] =>
  treatments.all.map(
    ({ what, treatment, text, isUnrelated }) =>
      `${what} ${isUnrelated ? 'left alone' : treatment}${text === undefined ? '' : `: ${text}`}`,
  );

/** Returns the grants, and what became of each binding and subject. */
function granted(...objects: BindingObject[]) {
  const bindings = objects.map((object, i) => ({ source: `${i}.yaml`, object }));
  const facts = { ...nothing, bindings };
  const treatments = new Treatments(itemsIn(facts));
  const mapping = issuer(claim('preferred_username', 'k:'), claim('groups', 'k:'));
  const subjects = new Subjects([world(mapping)], noOthers, []);
  const grants = grantsOf(facts, subjects, treatments);
  return { grants, told: toldOf(treatments), left: namesLeft(facts, subjects, grants) };
}

const jane = 'User k:jane@idm.example.org';
const bot = 'User k:bot@idm.example.org';
const team = 'Group k:team@idm.example.org';
const stays = 'Kaniflux does not change the binding';

describe('a binding becomes a grant', () => {
  test('with its people, service accounts and groups, sorted and once each', () => {
    const { grants, told } = granted(
      binding('a', 'view', ['User k:sam@idm.example.org', jane, bot, team, jane, 'Group k:ops@idm.example.org']),
    );
    expect(grants).toEqual([
      {
        bindings: [0],
        grant: {
          name: 'a',
          clusterRole: 'view',
          people: ['jane', 'sam'],
          groups: ['ops', 'team'],
          serviceAccounts: ['bot'],
        },
      },
    ]);
    expect(told.every((one) => one.endsWith(' taken'))).toBe(true);
  });

  test('in its namespace, with a Role or a ClusterRole', () => {
    const role = binding('web/dev', 'dev', [jane], { roleRef: { kind: 'Role', name: 'dev' } });
    expect(granted(role, binding('web/a', 'edit', [team])).grants).toEqual([
      { bindings: [0], grant: { name: 'dev', role: 'dev', namespaces: ['web'], people: ['jane'] } },
      { bindings: [1], grant: { name: 'a', clusterRole: 'edit', namespaces: ['web'], groups: ['team'] } },
    ]);
  });

  test('with those in other namespaces, if nothing else differs', () => {
    const { grants } = granted(
      binding('web/a', 'edit', [jane, team]),
      binding('api/a', 'edit', [team, jane]),
      binding('db/a', 'view', [jane, team]),
      binding('ci/a', 'edit', [jane]),
      binding('a', 'edit', [jane, team]),
    );
    expect(
      grants.map(({ bindings, grant: { clusterRole, namespaces } }) => [bindings, clusterRole, namespaces]),
    ).toEqual([
      [[0, 1], 'edit', ['api', 'web']],
      [[2], 'view', ['db']],
      [[3], 'edit', ['ci']],
      [[4], 'edit', undefined],
    ]);
  });

  test('without a namespace, if it is a ClusterRoleBinding', () => {
    const odd = binding('a', 'view', [jane], { metadata: { name: 'a', namespace: 'web' } });
    expect(granted(odd).grants).toEqual([
      { bindings: [0], grant: { name: 'a', clusterRole: 'view', people: ['jane'] } },
    ]);
  });

  test('with names that it has beside those of Kanidm', () => {
    const kept = 'the grant lists the name unchanged under `subjects`, so the rendered binding still contains it';
    const { grants, told } = granted(
      binding('a', 'view', [jane, 'User z', 'User admin', 'Group k:ops', 'Group x', 'User admin']),
    );
    expect(grants[0]?.grant).toEqual({
      name: 'a',
      clusterRole: 'view',
      people: ['jane'],
      subjects: { users: ['admin', 'z'], groups: ['k:ops', 'x'] },
    });
    expect(told).toEqual([
      'ClusterRoleBinding a taken',
      'User k:jane@idm.example.org in ClusterRoleBinding a taken',
      `User z in ClusterRoleBinding a different: ${kept}`,
      `User admin in ClusterRoleBinding a different: ${kept}`,
      `Group k:ops in ClusterRoleBinding a different: ${kept}; group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can; bind \`k:ops@idm.example.org\`, or give the client the scope \`groups_name\` (Kanidm 1.8 or later) instead of \`groups\``,
      `Group x in ClusterRoleBinding a different: ${kept}`,
      `User admin in ClusterRoleBinding a different: ${kept}`,
    ]);
    expect(granted(binding('a', 'view', [jane, 'Group x'])).grants[0]?.grant.subjects).toEqual({ groups: ['x'] });
    expect(granted(binding('a', 'view', [jane, 'User x'])).grants[0]?.grant.subjects).toEqual({ users: ['x'] });
    expect(granted(binding('a', 'view', [jane, 'User a<<b'])).grants[0]?.grant.subjects).toEqual({ users: ['a<<b'] });
  });

  test('without its labels and annotations', () => {
    const metadata = (more: object) => binding('a', 'view', [jane], { metadata: { name: 'a', ...more } });
    const first = (more: object) => granted(metadata(more)).told[0];
    expect(first({ labels: { b: '1', c: '2' } })).toBe(
      'ClusterRoleBinding a different: the labels (b, c) of the binding are not rendered',
    );
    expect(first({ annotations: { b: '1' } })).toBe(
      'ClusterRoleBinding a different: the annotations (b) of the binding are not rendered',
    );
    expect(first({ labels: { b: '1' }, annotations: { c: '1' } })).toBe(
      'ClusterRoleBinding a different: the labels (b) and annotations (c) of the binding are not rendered',
    );
    expect(first({ labels: {}, annotations: {} })).toBe('ClusterRoleBinding a taken');
  });

  test('with a word about whoever else changes or deletes it', () => {
    const told = (more: object) =>
      granted(binding('a', 'view', [jane], { metadata: { name: 'a', ...more } })).told[0]?.replace(/^.*?: /, '');
    const owned =
      'RBACDefinition users owns the binding (ownerReferences): the owner can revert changes, and Kubernetes deletes the binding when the owner is deleted. Before you apply the rendered files, remove the binding from the owner, and remove the ownerReferences if the binding still has them';
    expect(told({ ownerReferences: [{ kind: 'RBACDefinition', name: 'users' }] })).toBe(owned);
    expect(told({ ownerReferences: [], finalizers: [] })).toBe('ClusterRoleBinding a taken');
    expect(told({ finalizers: ['x.example.com/f'] })).toBe(
      'the finalizers of the binding stay: Kaniflux does not render them',
    );
    const applied = (what: string) =>
      `${what} applies the binding too: before you apply the rendered files, remove the binding from it, so that it neither changes nor deletes the binding`;
    expect(told({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } })).toContain(
      applied('the Flux Kustomization apps'),
    );
    expect(told({ annotations: { 'meta.helm.sh/release-name': 'web' } })).toContain(applied('the Helm release web'));
    expect(
      told({
        annotations: { 'argocd.argoproj.io/tracking-id': 'rbac:rbac.authorization.k8s.io/ClusterRoleBinding:/a' },
      }),
    ).toContain(applied('the Argo CD Application rbac'));
    expect(told({ labels: { app: 'apps' } })).not.toContain('applies');
  });

  test('with an apiGroup in each subject', () => {
    const subjects = [{ kind: 'User', name: 'k:jane@idm.example.org' }];
    expect(granted(binding('a', 'view', undefined, { subjects })).told[1]).toBe(
      'User k:jane@idm.example.org in ClusterRoleBinding a different: the subject has no apiGroup; Kaniflux renders it with rbac.authorization.k8s.io',
    );
  });
});

describe('a binding stays as it is', () => {
  test('with names that still need a way to sign in, unless no API server accepts the binding', () => {
    const subjects = [
      { apiGroup, kind: 'Group', name: 'k:web@idm.example.org' },
      { kind: 'ServiceAccount', name: 'ci', namespace: 'w' },
    ];
    const { left } = granted(binding('w/a', 'edit', [], { subjects }), binding('b', 'view', [team]));
    expect(left).toMatchObject([{ kind: 'group', key: 'web' }, { kind: 'nobody' }]);
    expect(granted(binding('b', 'view', [team]), binding('b', 'edit', [team])).left).toEqual([]);
    expect(granted(binding('w/a', '', [team])).left).toEqual([]);
  });

  const why = (one: BindingObject) => {
    const { grants, told } = granted(one);
    expect(grants).toEqual([]);
    return told;
  };

  test.each<[string, BindingObject, string]>([
    [
      'a RoleBinding without a namespace',
      binding('a', 'view', [jane], { kind: 'RoleBinding' }),
      'the namespace is missing, so the namespace depends on who applies the binding: write `metadata.namespace`',
    ],
    [
      'a ClusterRoleBinding of a Role',
      binding('a', 'view', [jane], { roleRef: { kind: 'Role', name: 'view' } }),
      'an API server refuses the binding, so the binding gives nobody a role: `roleRef.kind` is Role, and must be ClusterRole',
    ],
    [
      'a RoleBinding of something else',
      binding('web/a', 'view', [jane], { roleRef: { kind: 'Group', name: 'view' } }),
      'an API server refuses the binding, so the binding gives nobody a role: `roleRef.kind` is Group, and must be ClusterRole or Role',
    ],
    [
      'one of an old API version',
      Object.assign(binding('a', 'view', [jane]), { apiVersion: 'rbac.authorization.k8s.io/v1beta1' }),
      'an API server refuses the binding, so the binding gives nobody a role: the API version is rbac.authorization.k8s.io/v1beta1, and Kubernetes serves only rbac.authorization.k8s.io/v1',
    ],
    [
      'one with a variable in its name',
      binding(`\${A}`, 'view', [jane]),
      'the binding contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable',
    ],
    [
      'one with the name of a binding of kubeadm',
      binding('kubeadm:cluster-admins', 'cluster-admin', [jane]),
      'the name of the binding belongs to kubeadm, so no grant can have it: first move the users and groups of Kanidm to a binding with another name',
    ],
    [
      'one with a variable in its role',
      binding('web/a', `\${A}`, [jane]),
      'the binding contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable',
    ],
    [
      'one with a variable in its namespace',
      binding(`\${A}/a`, 'view', [jane]),
      'the binding contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable',
    ],
    ...[`\${A}`, '{{ a }}', 'k:<< inputs.a >>@idm.example.org'].map((name): [string, BindingObject, string] => [
      `one with the variable ${name} in a subject`,
      binding('a', 'view', [jane, `Group ${name}`]),
      `the binding also names Group ${name}, but a grant would remove these subjects: first split the binding in two`,
    ]),
  ])('%s', (_, one, reason) => {
    const [first = '', second = ''] = why(one);
    const name = first.slice(0, first.indexOf(' not taken'));
    expect(first).toBe(`${name} not taken: ${reason}; ${stays}`);
    expect(second).toBe(`User k:jane@idm.example.org in ${name} not taken: ${name} is not adopted: ${reason}`);
  });

  test('one without subjects', () => {
    for (const subjects of [undefined, []])
      expect(why(binding('a', 'view', subjects))).toEqual([
        `ClusterRoleBinding a left alone: the binding has no subjects; ${stays}`,
      ]);
  });

  test('one of which each subject has a reason', () => {
    expect(why(binding('a', 'view', ['User k:jane', 'User k:sam', 'User x']))).toEqual([
      `ClusterRoleBinding a not taken: Kanidm gives names with @idm.example.org, so nobody signs in with this name; no Kanidm token has this user name: user names begin with \`k:\`; ${stays}`,
      'User k:jane in ClusterRoleBinding a not taken: Kanidm gives names with @idm.example.org, so nobody signs in with this name',
      'User k:sam in ClusterRoleBinding a not taken: Kanidm gives names with @idm.example.org, so nobody signs in with this name',
      'User x in ClusterRoleBinding a not taken: no Kanidm token has this user name: user names begin with `k:`',
    ]);
  });

  test('one that has nothing to do with Kanidm', () => {
    expect(why(binding('a', 'view', ['Group system:nodes', 'User x']))).toEqual([
      `ClusterRoleBinding a left alone: a name of Kubernetes itself; no Kanidm token has this user name: user names begin with \`k:\`; ${stays}`,
      'Group system:nodes in ClusterRoleBinding a left alone: a name of Kubernetes itself',
      'User x in ClusterRoleBinding a left alone: no Kanidm token has this user name: user names begin with `k:`',
    ]);
  });

  test('one with a subject that a grant cannot have', () => {
    const split = `the binding also names ServiceAccount robot, Group k:\${A}, but a grant would remove these subjects: first split the binding in two`;
    const told = why(binding('a', 'view', [jane, 'ServiceAccount robot', `Group k:\${A}`]));
    expect(told.slice(0, 3)).toEqual([
      `ClusterRoleBinding a not taken: ${split}; ${stays}`,
      `User k:jane@idm.example.org in ClusterRoleBinding a not taken: ClusterRoleBinding a is not adopted: ${split}`,
      'ServiceAccount robot in ClusterRoleBinding a not taken: a service account of Kubernetes (no namespace)',
    ]);
    expect(why(binding('a', 'view', [jane, 'User ']))[0]).toMatch(/the binding also names User , but a grant/);
  });
});

describe('a binding that was read twice', () => {
  test('is taken if it means the same', () => {
    const { grants, told } = granted(binding('a', 'view', [jane, team]), binding('a', 'view', [team, jane, team]));
    expect(grants.map(({ bindings }) => bindings)).toEqual([[0]]);
    expect(told).toHaveLength(7);
    expect(told.every((one) => one.endsWith(' taken'))).toBe(true);
  });

  test('is not taken if it differs', () => {
    const { told } = granted(binding('a', 'view', [jane]), binding('a', 'edit', [jane]));
    expect(told.slice(2)).toEqual([
      'ClusterRoleBinding a not taken: 0.yaml has a different binding with the same name, and adopt took that one',
      'User k:jane@idm.example.org in ClusterRoleBinding a not taken: 0.yaml has a different binding with the same name, and adopt took that one',
    ]);
  });

  test('counts anew if the first one stays as it is', () => {
    const { grants } = granted(binding('a', 'view', ['User x']), binding('a', 'view', [jane]));
    expect(grants.map(({ bindings }) => bindings)).toEqual([[1]]);
  });

  test('means the same with its subjects in another order', () => {
    const one = meaning(binding('a', 'view', [jane, team]));
    expect(meaning(binding('web/b', 'view', [team, jane, jane]))).toBe(one);
    expect(meaning(binding('a', 'view', [jane]))).not.toBe(one);
    expect(meaning(binding('a', 'edit', [jane, team]))).not.toBe(one);
    expect(meaning(binding('a', 'view', [jane, team], { roleRef: { kind: 'Role', name: 'view' } }))).not.toBe(one);
    expect(meaning(binding('a', 'view'))).toBe(meaning(binding('a', 'view', [])));
  });
});

const everybody = 'everybody who signs in, with Kanidm or in another way, is in this group, and a grant cannot name it';

describe('a binding for everybody who signs in', () => {
  test('is not adopted, and has to do with Kanidm', () => {
    expect(granted(binding('all', 'view', ['Group system:authenticated'])).told).toEqual([
      `ClusterRoleBinding all not taken: ${everybody}; ${stays}`,
      `Group system:authenticated in ClusterRoleBinding all not taken: ${everybody}`,
    ]);
  });

  test.each(['Group system:unauthenticated', 'User system:authenticated'])('is not one for %s', (subject) => {
    expect(granted(binding('all', 'view', [subject])).told[0]).toMatch(/^ClusterRoleBinding all left alone/);
  });

  test('that every API server creates is left alone', () => {
    expect(granted(binding('system:discovery', 'view', ['Group system:authenticated'])).told[0]).toMatch(
      /^ClusterRoleBinding system:discovery left alone/,
    );
  });
});

test('without the settings of the API server, bindings that they cannot affect are told apart', () => {
  const account = { subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b' }] };
  const objects = [
    binding('robots', 'view', undefined, account),
    binding('nodes', 'view', ['Group system:nodes']),
    binding('all', 'view', ['Group system:authenticated']),
    binding('people', 'view', ['Group system:nodes', 'User jane']),
    binding('none', 'view'),
  ];
  const facts = { ...nothing, bindings: objects.map((object) => ({ source: 'a.yaml', object })) };
  const treatments = new Treatments(itemsIn(facts));
  leaveBindings(facts, treatments, 'unknown');
  expect(toldOf(treatments).filter((one) => one.startsWith('Cluster'))).toEqual([
    `ClusterRoleBinding robots left alone: a service account of Kubernetes (b); ${stays}`,
    `ClusterRoleBinding nodes left alone: a name of Kubernetes itself; ${stays}`,
    `ClusterRoleBinding all not taken: ${everybody}; ${stays}`,
    'ClusterRoleBinding people not taken: unknown; the binding stays as it is',
    'ClusterRoleBinding none not taken: unknown; the binding stays as it is',
  ]);
});
