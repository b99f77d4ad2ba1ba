import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeLab, homeLabText } from '../../config';
import { homeLabFolder } from './folder';

const { folder, write, ask } = homeLabFolder();

test('who-can exits 0 where somebody can, in some namespace too, and 1 where nobody of the config can', async () => {
  const grant = (text: string) => write('granted.yaml', homeLabText.replace('clusterRole: cluster-admin', text));
  const secrets = () => ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
  grant('clusterRole: cluster-admin');
  expect(await secrets()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('  datosh (cluster-admin; binding oidc-cluster-admin)\n'),
  });
  grant('clusterRole: view');
  expect(await secrets()).toMatchObject({
    code: 1,
    stdout: 'homelab:\n  group system:masters (cluster-admin; binding cluster-admin)\n',
  });
  grant('clusterRole: edit\n        namespaces: [web]');
  expect(await secrets()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('\n  in namespace web: datosh (edit; binding oidc-cluster-admin)\n'),
  });
  const { stdout } = await ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml', '--format', 'json']);
  expect(JSON.parse(stdout).clusters[0].inNamespaces.web).toMatchObject([{ who: 'datosh', known: true }]);
  expect((await ask(['who-can', 'get'])).code).toBe(2);
});

test('who-can refuses an empty namespace, and the name of an object in place of a subresource', async () => {
  expect(await ask(['who-can', 'get', 'secrets', '-n', ''])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('-n needs the name of a namespace'),
  });
  expect(await ask(['who-can', 'get', 'secrets', '-n', 'Web'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`Web` cannot be the name of a namespace, which consists of lower-case letters'),
  });
  expect(await ask(['who-can', 'get', 'secrets/db'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`who-can` takes a name as `--name db`'),
  });
});

test('clusters with equal access share an answer, and others do not: another last day, another role', async () => {
  const cluster = (change: object) => {
    const grant = { name: 'admins', clusterRole: 'cluster-admin', people: ['datosh'], ...change };
    return {
      server: 'https://192.0.2.9:6443',
      kubernetes: '1.34',
      client: 'k8s',
      grants: [grant],
      controlPlane: 'k3s',
    };
  };
  const clusters = {
    a: cluster({}),
    b: cluster({}),
    c: cluster({ until: '2031-01-31' }),
    d: cluster({ clusterRole: 'view' }),
  };
  write('four.yaml', JSON.stringify(homeLab({ kanidm: { cluster: 'a' }, clusters: { homelab: null, ...clusters } })));
  const { stdout } = await ask(['who-can', 'get', 'secrets', '-c', 'four.yaml']);
  const masters = '  group system:masters (cluster-admin; binding cluster-admin)\n';
  const datosh = '  datosh (cluster-admin; binding admins)\n';
  const ending = '  datosh (cluster-admin; binding admins, until 2031-01-31)\n';
  expect(stdout).toBe(`a:\n${datosh}${masters}b:\n${datosh}${masters}c:\n${ending}${masters}d:\n${masters}`);
});

test('a path has no objects, so --name is refused, and not dropped', async () => {
  const { code, stderr } = await ask(['who-can', 'get', '/metrics', '--name', 'x']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('a path has no objects: remove --name'),
  });
  expect((await ask(['who-can', 'get', '/metrics'])).stderr).not.toContain('--name');
});

describe('a resource without a namespace', () => {
  const role = 'roles: { reader: { rules: [{ resources: [nodes, namespaces, pods], verbs: [get, list] }] } }';
  const inWeb = 'clusterRole: reader\n        namespaces: [web]';
  const asks = async (...words: string[]) => {
    write('nodes.yaml', `${homeLabText.replace('clusterRole: cluster-admin', inWeb)}${role}\n`);
    const { stdout, stderr } = await ask(['who-can', ...words, '-n', 'web', '-c', 'nodes.yaml']);
    return [stdout.includes('datosh'), stderr.includes('has no namespace, so -n is ignored')];
  };

  test.each([
    [
      ['get', 'nodes'],
      [false, true],
    ],
    [
      ['list', 'namespaces'],
      [false, true],
    ],
    [
      ['get', 'namespaces'],
      [true, false],
    ],
    [
      ['get', 'pods'],
      [true, false],
    ],
  ])('%j -n web', async (words, expected) => expect(await asks(...words)).toEqual(expected));

  test.each([
    ['nodes', false],
    ['namespaces', true],
    // A custom resource can have the name of a cluster-wide resource of Kubernetes.
    ['users.example.com', true],
    ['signers.certificates.k8s.io', false],
  ])('get %s without -n counts a role in a namespace: %p', async (resource, isListed) => {
    const custom = role.replace(
      'resources: [',
      'apiGroups: ["", example.com, certificates.k8s.io], resources: [users, signers, ',
    );
    write('nodes.yaml', `${homeLabText.replace('clusterRole: cluster-admin', inWeb)}${custom}\n`);
    const { code, stdout } = await ask(['who-can', 'get', resource, '-c', 'nodes.yaml']);
    expect([code === 0, stdout.includes('  in namespace web: datosh (reader;')]).toEqual([isListed, isListed]);
    const isOpen = stdout.includes(`not known: whether ${resource} is cluster-wide; if it is, a role in a namespace`);
    expect(isOpen).toBe(resource === 'users.example.com');
  });

  test('a role and a CustomResourceDefinition in --manifests tell about a custom resource', async () => {
    const dir = join(folder, 'gizmos');
    mkdirSync(dir);
    const to = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
    const metadata = { name: 'gizmos', labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } };
    const rules = [{ apiGroups: ['example.com'], resources: ['gizmos'], verbs: ['create'] }];
    write('gizmos/role.yaml', JSON.stringify({ ...to, metadata, rules }));
    write(
      'edit.yaml',
      homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: edit\n        namespaces: [web]'),
    );
    const create = () => ask(['who-can', 'create', 'gizmos', '-c', 'edit.yaml', '--manifests', 'gizmos']);
    expect(await create()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('not known: whether gizmos.example.com is cluster-wide'),
      stderr: expect.not.stringContaining('no role has a rule'),
    });
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
    write(
      'gizmos/definition.yaml',
      JSON.stringify({ ...definition, metadata: { name: 'gizmos.example.com' }, spec: { scope: 'Cluster' } }),
    );
    const { code, stdout } = await create();
    expect([code, stdout]).toEqual([1, 'homelab:\n  group system:masters (cluster-admin; binding cluster-admin)\n']);
  });
});

describe('rights to the objects of some names', () => {
  const role =
    'roles: { named: { rules: [{ resources: [secrets], resourceNames: [db], verbs: [get, list, create] }] } }';
  const grant = (text: string) =>
    write('named.yaml', `${homeLabText.replace('clusterRole: cluster-admin', `clusterRole: ${text}`)}${role}\n`);
  const secrets = (verb: string, ...more: string[]) => ask(['who-can', verb, 'secrets', '-c', 'named.yaml', ...more]);

  test('are listed apart, with how to use them, and the exit code is 0', async () => {
    grant('named');
    expect(await secrets('get')).toMatchObject({
      code: 0,
      stdout: `homelab:
  group system:masters (cluster-admin; binding cluster-admin)
  only those named db: datosh (named; binding oidc-cluster-admin)
`,
    });
    expect((await secrets('list')).stdout).toContain(
      'only those named db (with --field-selector metadata.name=NAME): datosh (named;',
    );
    expect((await secrets('create')).stdout).toContain(
      'only those named db (with kubectl apply --server-side): datosh (named;',
    );
    const { clusters } = JSON.parse((await secrets('get', '--format', 'json')).stdout);
    expect(clusters[0].able).toMatchObject([{ who: 'group system:masters' }]);
    expect(clusters[0].byName).toMatchObject([{ who: 'datosh', names: ['db'], known: true }]);
    expect((await secrets('delete')).code).toBe(1);
  });

  test('are ordinary rights with --name', async () => {
    grant('named');
    expect((await secrets('get', '--name', 'db')).stdout).toContain('\n  datosh (named; binding');
    expect((await secrets('get', '--name', 'other')).stdout).not.toContain('datosh');
  });

  test('are listed by namespace, and only for the namespace that is asked about', async () => {
    grant('named\n        namespaces: [web]');
    const line = '  in namespace web, only those named db: datosh (named;';
    expect((await secrets('get')).stdout).toContain(line);
    expect((await secrets('get', '-n', 'web')).stdout).toContain(line);
    expect(await secrets('get', '-n', 'other')).toMatchObject({
      code: 1,
      stdout: expect.not.stringContaining('datosh'),
    });
  });

  test('are not listed for somebody who has the right to all objects there', async () => {
    const more = (role: string, place = '') =>
      `named\n        people: [datosh]\n      - name: more\n        clusterRole: ${role}${place}`;
    grant(more('cluster-admin'));
    expect((await secrets('get')).stdout).not.toContain('only those named');
    grant(more('edit', '\n        namespaces: [web]'));
    expect((await secrets('get')).stdout).toContain('  only those named db: datosh');
    expect((await secrets('get', '-n', 'web')).stdout).not.toContain('only those named');
  });
});

test('who-can says which roles it does not know, where they could allow the request', async () => {
  const grant = (text: string) => write('unknown.yaml', homeLabText.replace('clusterRole: cluster-admin', text));
  const notKnown = 'not known: the rights that the binding oidc-cluster-admin';
  const pods = (...more: string[]) => ask(['who-can', 'get', 'pods', '-c', 'unknown.yaml', ...more]);
  grant('clusterRole: viewer');
  expect((await pods()).stdout).toContain(notKnown);
  grant('clusterRole: viewer\n        namespaces: [web]');
  expect((await pods('-n', 'web')).stdout).toContain(notKnown);
  expect((await pods('-n', 'other')).stdout).not.toContain(notKnown);
  for (const what of ['/metrics', 'nodes']) {
    expect((await ask(['who-can', 'get', what, '-c', 'unknown.yaml'])).stdout).not.toContain(notKnown);
  }
  grant('clusterRole: view');
  expect((await pods()).stdout).not.toContain('not known');
});

test('who-can takes what kubectl takes, and refuses what it would answer with less than the truth', async () => {
  const plural = await ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
  expect(await ask(['who-can', 'get', 'secret', '-c', 'granted.yaml'])).toEqual(plural);
  expect(await ask(['who-can', 'get', 'secrt'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('there is no resource `secrt`: write `secrets`'),
  });
  expect((await ask(['who-can', 'get', 'deployments.app'])).stderr).toContain('no role has a rule for');
  for (const what of ['pods', 'pods/exec', 'deployments', '*.*', '/metrics', 'leases.coordination.k8s.io']) {
    expect((await ask(['who-can', 'get', what])).stderr).not.toContain('no role has a rule for');
  }
});

test('who-can become lists the ways, with rule and source, and what is not modelled', async () => {
  write(
    'become.yaml',
    homeLabText
      .replace('groups:\n', 'groups:\n  devs: { members: [datosh] }\n')
      .replace(
        'clusterRole: cluster-admin\n        people: [datosh]',
        'clusterRole: edit\n        namespaces: [web]\n        people: [datosh]',
      ),
  );
  const { code, stdout } = await ask(['who-can', 'become', 'cluster-admin', '-c', 'become.yaml']);
  expect(code).toBe(0);
  expect(stdout).toContain('  datosh: ');
  expect(stdout).toContain(
    `1. create a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller
         allowed by: create kustomizations.kustomize.toolkit.fluxcd.io in namespace web (edit; binding oidc-cluster-admin)
         why: https://fluxcd.io/`,
  );
  expect(stdout).toContain('Not modelled:\n  admission policies');
  const json = await ask([
    'who-can',
    'become',
    'delete secrets in prod',
    '-c',
    'become.yaml',
    '--format',
    'json',
    '--ways=1',
  ]);
  const { goal, clusters } = JSON.parse(json.stdout);
  expect(goal).toEqual({ verb: 'delete', group: '', resource: 'secrets', namespace: 'prod' });
  const datosh = clusters[0].becomers.find(({ name }: { name: string }) => name === 'datosh');
  expect(datosh.ways).toMatchObject([{ steps: [{ code: expect.any(String), source: expect.any(String) }] }]);
});

test('who-can become says which roles it does not know, because they can give a way', async () => {
  write('theirs.yaml', homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: theirs'));
  const theirs = ['who-can', 'become', 'cluster-admin', '-c', 'theirs.yaml'];
  const unknown =
    'the rights that the binding oidc-cluster-admin gives; its ClusterRole theirs is neither built in nor in the config';
  expect((await ask(theirs)).stdout).toContain(`\n  not known: ${unknown}\nNot modelled:`);
  const json = await ask([...theirs, '--format', 'json']);
  expect(JSON.parse(json.stdout).clusters[0].notKnown).toEqual([unknown]);
  expect((await ask(['who-can', 'become', 'cluster-admin'])).stdout).not.toContain('not known');
});

test('who-can become prints the last day of the right on each cluster, and none if several bindings give it', async () => {
  const grants = (...all: object[]) => ({
    server: 'https://192.0.2.9:6443',
    kubernetes: '1.34',
    client: 'k8s',
    controlPlane: 'k3s',
    grants: all,
  });
  const short = (until?: string) => ({ name: 'short', clusterRole: 'edit', people: ['datosh'], until });
  const long = { name: 'wide', clusterRole: 'admin', people: ['datosh'] };
  const clusters = {
    one: grants(short('2031-01-31')),
    two: grants(short('2031-12-31')),
    both: grants(short('2031-01-31'), long),
  };
  write('ends.yaml', JSON.stringify(homeLab({ kanidm: { cluster: 'one' }, clusters: { homelab: null, ...clusters } })));
  const by = (end: string) => `  datosh: may do it now (edit; binding short${end})\n`;
  for (const ways of ['1', '10']) {
    const { stdout } = await ask(['who-can', 'become', 'get secrets', '-c', 'ends.yaml', '--ways', ways]);
    expect(stdout).toContain(`one:\n${by(', until 2031-01-31')}`);
    expect(stdout).toContain(`two:\n${by(', until 2031-12-31')}`);
    expect(stdout).toContain(`both:\n${by('')}`);
  }
});

test('who-can become says when an account is valid, and when a grant ends', async () => {
  const expires = '2027-01-01T00:00:00Z';
  const limited = homeLabText
    .replace('clusterRole: cluster-admin', 'clusterRole: cluster-admin\n        until: 2026-12-31')
    .replace('displayName: Fabian Kammel', `displayName: Fabian Kammel\n    expires: "${expires}"`);
  write('limited.yaml', limited);
  const question = ['who-can', 'become', 'cluster-admin', '-c', 'limited.yaml'];
  const valid = `the account is valid until ${expires}`;
  expect((await ask(question)).stdout).toContain(
    `  datosh: may do it now (cluster-admin; binding oidc-cluster-admin, until 2026-12-31; ${valid})\n`,
  );
  const json = JSON.parse((await ask([...question, '--format', 'json'])).stdout);
  const one = json.clusters[0].becomers.find(({ name }: { name: string }) => name === 'datosh');
  expect(one).toMatchObject({ expires });
  expect(one).not.toHaveProperty('validFrom');
  write('limited.yaml', limited.replace('clusterRole: cluster-admin', 'clusterRole: edit'));
  expect((await ask(question)).stdout).toContain(`  datosh: the shortest 10 ways; ${valid}\n`);
  expect((await ask(['who-can', 'become', 'cluster-admin'])).stdout).toContain(
    '  datosh: may do it now (cluster-admin; binding oidc-cluster-admin)\n',
  );
});

test('who-can become knows the lockdown of Flux, Pod Security and hand-written manifests', async () => {
  const text = homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: edit\n        namespaces: [web]');
  const flux = 'flux: { lockdown: { noCrossNamespaceRefs: true, defaultServiceAccount: default } }\n';
  const pods = '    podSecurity: { default: baseline }\n';
  write('closed.yaml', `${text}${pods}${flux}`);
  const closed = await ask(['who-can', 'become', 'cluster-admin', '-c', 'closed.yaml']);
  expect(closed.stdout).not.toContain('datosh:');
  mkdirSync(join(folder, 'by-hand'));
  write(
    'by-hand/account.yaml',
    `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: deployer }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, namespace: web, name: deployer }]
`,
  );
  const opened = await ask(['who-can', 'become', 'cluster-admin', '-c', 'closed.yaml', '--manifests', 'by-hand']);
  expect(opened.stdout).toContain('datosh: ');
  expect(opened.stdout).toContain('1. run a pod as the service account web/deployer');
});

test('who-can become takes a namespace to exist that only the question names', async () => {
  write('binder.yaml', homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: binder'));
  mkdirSync(join(folder, 'binder'));
  write(
    'binder/role.yaml',
    `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: binder }
rules:
  - { apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create] }
  - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind] }
`,
  );
  const said = async (right: string) =>
    (await ask(['who-can', 'become', right, '-c', 'binder.yaml', '--manifests', 'binder'])).stdout;
  expect(await said('list configmaps in quiet')).toContain('bind ClusterRole view in namespace quiet to themselves');
  expect(await said('get /healthz')).not.toContain('ClusterRole view');
  expect(await said('cluster-admin')).not.toContain('namespace quiet');
});

test('who-can become refuses what is no right', async () => {
  const said = async (...args: string[]) => (await ask(['who-can', 'become', ...args])).stderr;
  expect(await said()).toContain('who-can become needs one right');
  expect(await said('delete secrets')).toBe('');
  expect(await said('delete secrets from prod')).toContain('is not a right: write `cluster-admin`');
  expect(await said('delete secrt in prod')).toContain('there is no resource `secrt`');
  expect(await said('cluster-admin', '-n', 'web')).toContain('takes the namespace as a part of the right');
  expect(await said('cluster-admin', '--ways', '0')).toContain('--ways needs a number');
});

describe("the rights that Flux's installation adds to `edit` and `admin`", () => {
  const asked = async (role: string, what: readonly string[]) => {
    write(
      'flux.yaml',
      homeLabText.replace('clusterRole: cluster-admin', `clusterRole: ${role}\n        namespaces: [web]`),
    );
    return ask(['who-can', ...what, '-c', 'flux.yaml']);
  };
  const kustomizations = ['create', 'kustomizations.kustomize.toolkit.fluxcd.io'];

  test.each(['edit', 'admin'])('count for %s, and as in `who-can become`', async (role) => {
    expect(await asked(role, kustomizations)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`in namespace web: datosh (${role}; binding oidc-cluster-admin)`),
    });
    const become = await asked(role, ['become', 'create kustomizations.kustomize.toolkit.fluxcd.io in web']);
    expect(become.stdout).toContain(`datosh: may do it now (${role}; binding oidc-cluster-admin)`);
  });

  test('do not count for view, which only reads', async () => {
    expect((await asked('view', kustomizations)).stdout).not.toContain('datosh');
    expect((await asked('view', ['get', kustomizations[1] ?? ''])).stdout).toContain('in namespace web: datosh (view');
  });

  test("do not count where --manifests has Flux's installation without them", async () => {
    mkdirSync(join(folder, 'flux-by-hand'), { recursive: true });
    write(
      'flux-by-hand/rbac.yaml',
      `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: cluster-reconciler }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: kustomize-controller, namespace: flux-system }]
`,
    );
    const { stdout } = await asked('edit', [...kustomizations, '--manifests', 'flux-by-hand']);
    expect(stdout).not.toContain('datosh');
    // A controller that a binding names counts as a result.
    expect(stdout).toContain('system:serviceaccount:flux-system:kustomize-controller');
  });
});
