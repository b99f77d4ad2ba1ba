import { boss, grant, type Has, reached, rules, stepsOf, taken, takenByJane } from './small-world';

const rbac = 'rbac.authorization.k8s.io';
const web: readonly object[] = [...boss('web'), ...boss('db')];
const inWeb = (...texts: string[]): Has[] => [{ namespace: 'web', rules: rules(...texts) }];
const everywhere = (...texts: string[]): Has[] => [{ rules: rules(...texts) }];
const bossOfWeb = 'the service account web/boss';

describe('request-token', () => {
  const tokens = (has: readonly Has[]) => taken(reached(has, { objects: web }), 'request-token');
  test('gives the service account', () => {
    expect(tokens(inWeb('create serviceaccounts/token'))).toEqual([bossOfWeb]);
    expect(tokens(inWeb('create serviceaccounts/token boss'))).toEqual([bossOfWeb]);
  });
  test('of that name and namespace only', () => {
    expect(tokens(inWeb('create serviceaccounts/token other'))).toEqual([]);
    expect(tokens(inWeb('create serviceaccounts', 'get serviceaccounts/token'))).toEqual([]);
  });
});

describe('read-token-secret', () => {
  const read = (has: readonly Has[], objects: readonly object[] = []) =>
    stepsOf(reached(has, { objects: [...web, ...objects] }), 'read-token-secret');

  test.each(['get', 'list', 'watch', 'patch', 'delete', 'deletecollection'])(
    '%s assumes that there is such a Secret',
    (verb) => {
      expect(read(inWeb(`${verb} secrets`))).toMatchObject([
        { fact: { words: bossOfWeb }, assumes: ['a Secret holds a token of web/boss'] },
      ]);
    },
  );
  test('create and update do not read, nor does deletecollection by name', () => {
    expect(read(inWeb('create secrets', 'update secrets', 'deletecollection secrets boss'))).toEqual([]);
  });
  test('a Secret that is known is not assumed', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 't', namespace: 'web', annotations: { 'kubernetes.io/service-account.name': 'boss' } },
    };
    const [step] = read(inWeb('get secrets'), [secret]);
    expect(step).toMatchObject({ fact: { words: bossOfWeb } });
    expect(step?.assumes).toBeUndefined();
  });
  test('whoever may create one needs no assumption', () => {
    const found = read(inWeb('create secrets', 'get secrets'));
    expect(found.some(({ assumes, needs }) => assumes === undefined && needs?.length === 1)).toBe(true);
  });
  test('creating alone, or elsewhere, is not enough', () => {
    expect(read(inWeb('create secrets'))).toEqual([]);
    const elsewhere = read([...inWeb('get secrets'), { namespace: 'db', rules: rules('create secrets') }]);
    expect(elsewhere.every(({ assumes }) => assumes?.length === 1)).toBe(true);
  });
});

describe('impersonate', () => {
  const as = (has: readonly Has[], objects: readonly object[] = web) => taken(reached(has, { objects }), 'impersonate');
  const admin = grant('root', { rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] });

  test('a service account, of that name and namespace', () => {
    expect(as(inWeb('impersonate serviceaccounts'))).toContain(bossOfWeb);
    expect(as(inWeb('impersonate serviceaccounts boss'))).toEqual([bossOfWeb]);
    expect(as(inWeb('impersonate serviceaccounts other'))).not.toContain(bossOfWeb);
  });
  test('a user that a binding names', () => {
    expect(as(everywhere('impersonate users'), admin)).toContain('the user root');
    expect(as(everywhere('impersonate users root'), admin)).toEqual(['the user root']);
    expect(as(inWeb('impersonate users'), admin)).toEqual([]);
  });
  test('groups take a user too', () => {
    expect(as(everywhere('impersonate groups'))).toEqual([]);
    expect(as(everywhere('impersonate groups', 'impersonate users'))).toEqual(['a member of system:masters']);
    expect(as(everywhere('impersonate groups ops', 'impersonate users root'))).toEqual(['the user root in ops']);
  });
  test('uids and extra fields give nothing', () => {
    const authn = 'authentication.k8s.io';
    expect(as(everywhere(`impersonate uids.${authn}`, `impersonate userextras/a.${authn}`))).toEqual([]);
  });
  test('nobody impersonates through an impersonated user', () => {
    const middle = grant('middle', { rules: rules('impersonate users root') });
    const found = as(everywhere('impersonate users middle'), [...admin, ...middle]);
    expect(found).toEqual(['the user middle']);
  });
  test('a token got as an impersonated user is a credential', () => {
    const middle = grant('middle', { namespace: 'web', rules: rules('create serviceaccounts/token') });
    const result = reached(everywhere('impersonate users middle'), { objects: [...web, ...middle] });
    expect(taken(result, 'request-token')).toEqual([bossOfWeb]);
  });
});

describe('constrained-impersonation', () => {
  const authn = 'authentication.k8s.io';
  const on = (kubernetes: string, has: readonly Has[]) =>
    reached(has, { objects: web, config: { clusters: { homelab: { kubernetes } } } });
  const may = [
    ...inWeb(`impersonate:serviceaccount serviceaccounts.${authn}`),
    ...everywhere('impersonate-on:serviceaccount:create clusterrolebindings.rbac.authorization.k8s.io'),
  ];

  test('gives the requests of the second right, and what they lead to', () => {
    const result = on('1.36', may);
    expect(taken(result, 'constrained-impersonation')).toContain(`${bossOfWeb}, for some requests`);
    expect(taken(result, 'share')).toContain('ClusterRole web-boss-everywhere');
  });
  test('not before 1.36, and not without the second right', () => {
    expect(taken(on('1.35', may), 'constrained-impersonation')).toEqual([]);
    expect(taken(on('1.36', may.slice(0, 1)), 'constrained-impersonation')).toEqual([]);
  });
  test('never in system:masters, which the API server refuses in this mode', () => {
    const others = grant('root', { rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }).map((object) =>
      JSON.parse(JSON.stringify(object).replace('"User","name":"root"', '"Group","name":"roots"')),
    );
    const as = (groups: string) => {
      const has = everywhere(
        `impersonate:user-info users.${authn} somebody`,
        `impersonate:user-info groups.${authn}${groups}`,
        'impersonate-on:user-info:delete secrets',
      );
      const config = { clusters: { homelab: { kubernetes: '1.36' } } };
      return stepsOf(reached(has, { objects: others, config }), 'constrained-impersonation').flatMap(({ fact }) =>
        fact.kind === 'identity' ? fact.who.groups : [],
      );
    };
    expect(as('')).toContain('roots');
    expect(as('')).not.toContain('system:masters');
    expect(as(' system:masters')).toEqual([]);
    expect(as(' roots')).toEqual(['roots']);
  });
  test('reading alone leads nowhere', () => {
    const reads = [...may.slice(0, 1), ...everywhere('impersonate-on:serviceaccount:get pods')];
    const codes = [...on('1.36', reads).derivations.values()].flat().map(({ step }) => step.code);
    expect([...new Set(codes)]).toEqual(['constrained-impersonation']);
  });
});

describe('impersonate-node', () => {
  const authn = 'authentication.k8s.io';
  const node = `impersonate:arbitrary-node nodes.${authn}`;
  const on = (kubernetes: string, ...texts: string[]) =>
    taken(
      reached(everywhere(...texts), { objects: web, config: { clusters: { homelab: { kubernetes } } } }),
      'impersonate-node',
    );
  test('gives the service accounts of pods on a node', () => {
    const token = 'impersonate-on:arbitrary-node:create serviceaccounts/token';
    expect(on('1.36', node, token)).toContain(bossOfWeb);
    expect(on('1.36', node, 'impersonate-on:arbitrary-node:get nodes')).toEqual([]);
    expect(on('1.35', node, token)).toEqual([]);
  });
  test('its own node, for a service account alone, with a right to all nodes', () => {
    const own = (who: string, nodes: string) =>
      stepsOf(
        reached(inWeb('create serviceaccounts/token agent'), {
          objects: [
            ...web,
            ...grant(who, {
              rules: rules(
                `impersonate:associated-node nodes.${authn}${nodes}`,
                'impersonate-on:associated-node:create serviceaccounts/token',
              ),
            }),
          ],
          config: { clusters: { homelab: { kubernetes: '1.36' } } },
        }),
        'impersonate-node',
      ).filter(({ fact }) => fact.words === bossOfWeb);
    expect(own('web/agent', '')).toMatchObject([{ assumes: { length: 2 } }]);
    expect(own('web/agent', ' *')).toHaveLength(1);
    expect(own('web/agent', ' node-1')).toEqual([]);
    expect(own('jane', '')).toEqual([]);
  });
});

describe('bind', () => {
  const bound = (has: readonly Has[]) => taken(reached(has), 'bind');
  test('gives the role where the binding is', () => {
    expect(bound(everywhere(`bind clusterroles.${rbac}`, `create clusterrolebindings.${rbac}`))).toContain(
      'ClusterRole cluster-admin',
    );
    expect(bound(inWeb(`bind clusterroles.${rbac} edit`, `create rolebindings.${rbac}`))).toEqual([
      'ClusterRole edit in namespace web',
    ]);
  });
  test('not without bind, and not in another place', () => {
    expect(bound(everywhere(`create clusterrolebindings.${rbac}`))).toEqual([]);
    expect(bound([...inWeb(`bind clusterroles.${rbac}`), ...everywhere(`create clusterrolebindings.${rbac}`)])).toEqual(
      [],
    );
    expect(bound(everywhere(`bind clusterroles.${rbac} not-there`, `create clusterrolebindings.${rbac}`))).toEqual([]);
  });
  test('to change a binding, its role counts', () => {
    const change = (name: string) =>
      bound(everywhere(`bind clusterroles.${rbac}`, `patch clusterrolebindings.${rbac} ${name}`));
    expect(change('cluster-admin')).toEqual(['ClusterRole cluster-admin']);
    expect(change('system:discovery')).toEqual(['ClusterRole system:discovery']);
    expect(change('not-there')).toEqual([]);
  });
});

describe('write-role and escalate', () => {
  const every = (has: readonly Has[]) => taken(reached(has), 'escalate');
  test('a role that one has can be given every right', () => {
    expect(every(inWeb(`escalate roles.${rbac}`, `patch roles.${rbac}`))).toContain('every right in namespace web');
    // Every signed-in user has a ClusterRole.
    expect(every(everywhere(`escalate clusterroles.${rbac}`, `update clusterroles.${rbac}`))).toContain('every right');
  });
  test('not without escalate, nor a role that one does not hold', () => {
    expect(every(inWeb(`patch roles.${rbac}`))).toEqual([]);
    expect(every(everywhere(`escalate clusterroles.${rbac} edit`, `patch clusterroles.${rbac} edit`))).toEqual([]);
    expect(
      every([...inWeb(`escalate roles.${rbac}`), { namespace: 'db', rules: rules(`patch roles.${rbac}`) }]),
    ).toEqual([]);
  });
  test('a new role is aggregated by its label to a role that one has', () => {
    const rights = [`escalate clusterroles.${rbac}`, `create clusterroles.${rbac}`];
    const edit = {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'edit', namespace: 'web' },
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'User', name: 'jane' }],
    };
    expect(taken(reached(everywhere(...rights), { objects: [edit] }), 'escalate')).toContain(
      'every right in namespace web',
    );
    expect(taken(reached(everywhere(...rights)), 'escalate')).toEqual([]);
    expect(taken(reached(everywhere(rights[1] ?? ''), { objects: [edit] }), 'escalate')).toEqual([]);
  });
});

describe('bind-written-role', () => {
  /** Leaves out the steps that need a right which was gained in another way. */
  const every = (...texts: string[]) => {
    const steps = stepsOf(reached(inWeb(...texts), { objects: other }), 'bind-written-role');
    const own = steps.filter(({ uses }) => uses.every(({ from }) => from === undefined));
    return [...new Set(own.map(({ fact }) => fact.words))];
  };
  const other = [
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name: 'small', namespace: 'web' }, rules: [] },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name: 'big', namespace: 'web' }, rules: rules('get nodes') },
  ];
  const write = [`escalate roles.${rbac}`, `patch roles.${rbac}`];
  test('a role whose rights one has is bound first, and changed then', () => {
    expect(every(...write, `create rolebindings.${rbac}`)).toEqual(['every right in namespace web']);
    expect(every(...write)).toEqual([]);
    expect(every(`patch roles.${rbac}`, `create rolebindings.${rbac}`)).toEqual([]);
    expect(every(`escalate roles.${rbac} big`, `patch roles.${rbac} big`, `create rolebindings.${rbac}`)).toEqual([]);
  });
  test('a new role takes `bind`', () => {
    const make = [`escalate roles.${rbac}`, `create roles.${rbac}`, `create rolebindings.${rbac}`];
    expect(every(...make, `bind roles.${rbac}`)).toEqual(['every right in namespace web']);
    expect(every(...make)).toEqual([]);
  });
});

describe('share', () => {
  test('only roles that an identity holds, not rights that an earlier step gives', () => {
    const result = reached(inWeb('create pods', `create rolebindings.${rbac}`), {
      objects: grant('web/reader', { namespace: 'web', rules: rules('get configmaps') }),
    });
    expect(taken(result, 'mount-secret')).toEqual(['the Secrets of namespace web']);
    expect(taken(result, 'share')).toContain('Role web-reader-web in namespace web');
    expect(taken(result, 'share').filter((words) => words.includes('Secrets'))).toEqual([]);
  });
  test('the rights of one identity reach another, which needs them together', () => {
    const approver = grant('web/approver', {
      rules: rules('approve signers.certificates.k8s.io', `create clusterrolebindings.${rbac}`),
    });
    const has = [
      ...inWeb('create serviceaccounts/token'),
      ...everywhere(
        'create certificatesigningrequests.certificates.k8s.io',
        'patch certificatesigningrequests.certificates.k8s.io/approval',
      ),
    ];
    expect(taken(reached(has, { objects: approver }), 'approve-certificate')).not.toEqual([]);
    const without = grant('web/approver', { rules: rules('approve signers.certificates.k8s.io') });
    expect(taken(reached(has, { objects: without }), 'approve-certificate')).toEqual([]);
  });
});

describe('approve-certificate', () => {
  const csr = 'certificatesigningrequests.certificates.k8s.io';
  const [create, patch] = [`create ${csr}`, `patch ${csr}/approval`];
  const gives = (...texts: string[]) => taken(reached(everywhere(...texts)), 'approve-certificate');
  const client = 'approve signers.certificates.k8s.io kubernetes.io/kube-apiserver-client';

  test('gives every group but system:masters', () => {
    const result = reached(everywhere(create, patch, client));
    expect(taken(result, 'approve-certificate')).toContain('a user in every group but system:masters');
    for (const fact of result.facts.values()) {
      if (fact.kind === 'identity') expect(fact.who.groups).not.toContain('system:masters');
    }
    expect(gives(create, patch, 'approve signers.certificates.k8s.io kubernetes.io/*')).not.toEqual([]);
  });
  test('takes all three rights', () => {
    expect(gives(patch, client)).toEqual([]);
    expect(gives(create, client)).toEqual([]);
    expect(gives(create, patch)).toEqual([]);
    expect(gives(create, patch, 'approve signers.certificates.k8s.io kubernetes.io/kubelet-serving')).toEqual([]);
  });
  test('that of a node gives the service accounts of its pods', () => {
    const node = (...texts: string[]) => takenByJane(reached(everywhere(...texts), { objects: web }), 'approve-node');
    const kubelet = `${client}-kubelet`;
    expect(node(create, patch, kubelet)).toContain(bossOfWeb);
    expect(node(create, `create ${csr}/nodeclient`)).toContain(bossOfWeb);
    expect(node(create, patch, client)).toEqual([]);
  });
});
