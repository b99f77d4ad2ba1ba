import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boss, grant, type Has, rules, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import { accountFact } from '../../lib/become/fact';
import type { Derivation } from '../../lib/become/reached';
import { fluxRbac } from '../../lib/upstream/flux-rbac';
import {
  type Apiserver,
  Client,
  create,
  Lab,
  Refused,
  type Running,
  startApiserver,
  startControllerManager,
  startEtcd,
  startKustomizeController,
  upToDate,
} from '../harness';
import { capture } from '../parts/exec';
import { ArtifactServer } from '../source/server';
import { announce, type Source, startGitSource } from '../source/source';
import { adminBinding, inside, until } from './scene';

/*
 * kustomize-controller with the rights that `flux install` gives it. The tests take the place of source-controller.
 */

let lab: Lab;
let apiserver: Apiserver;
let admin: Client;
let source: Source;
let served: ArtifactServer;
let controller: Running | undefined;
let kubeconfig: string;

const home = 'flux-system';
const apis = {
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
  GitRepository: 'source.toolkit.fluxcd.io/v1',
};
const pathOf = (kind: keyof typeof apis, namespace: string, name = '') =>
  `/apis/${apis[kind]}/namespaces/${namespace}/${kind === 'Kustomization' ? 'kustomizations' : 'gitrepositories'}/${name}`.replace(
    /\/$/,
    '',
  );
const kustomizations = 'kustomizations.kustomize.toolkit.fluxcd.io';
const repositories = 'gitrepositories.source.toolkit.fluxcd.io';

/** Creates a folder with one object. */
async function folderWith(name: string, object: object): Promise<string> {
  const folder = lab.path(name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'object.yaml'), JSON.stringify(object));
  return folder;
}

/** Does what source-controller does for a repository with one object. */
async function fetched(namespace: string, name: string, object: object): Promise<void> {
  const folder = await folderWith(`${namespace}-${name}`, object);
  const archive = `${folder}.tar.gz`;
  await capture('tar', ['-czf', archive, '-C', folder, '.'], { cwd: lab.folder });
  const content = await readFile(archive);
  const revision = `main@sha1:${Buffer.from(namespace).toString('hex').padEnd(40, '0').slice(0, 40)}`;
  const file = served.serve(`${namespace}-${name}.tar.gz`, content);
  await announce(apiserver, 'GitRepository', revision, file, { namespace, name });
}

beforeAll(async () => {
  lab = await Lab.open('become-flux');
  apiserver = await startApiserver(lab, { etcd: await startEtcd(lab) });
  admin = new Client(apiserver, apiserver.admin);
  served = await ArtifactServer.start();
  await startControllerManager(lab, apiserver);
  const controllers = { apiVersion: 'v1', kind: 'ServiceAccount' };
  await create(admin, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } },
    { ...controllers, metadata: { name: 'kustomize-controller', namespace: home } },
    ...fluxRbac(home),
  ]);
  const token = `/api/v1/namespaces/${home}/serviceaccounts/kustomize-controller/token`;
  kubeconfig = await apiserver.kubeconfigFor('kustomize-controller', {
    token: (await admin.must('POST', token, { spec: {} })).status.token,
  });
  // The CustomResourceDefinitions are installed at the first start.
  await restart();
  source = await startGitSource(lab, apiserver);
  await source.push(await folderWith('access', adminBinding('administrators', 'an-administrator')), 'one', 'access');
});
afterAll(async () => {
  admin?.close();
  await source?.close();
  await served?.close();
  await lab?.close();
});

async function restart(...args: string[]): Promise<void> {
  await controller?.stop();
  controller = await startKustomizeController(lab, apiserver, args, kubeconfig);
}

/** Waits until Flux has tried to apply a Kustomization. Returns the error, if there was one. */
const tried = (namespace: string, name: string, revision?: string): Promise<string> =>
  until(async () => {
    const { metadata, status = {} } = await admin.must('GET', pathOf('Kustomization', namespace, name));
    const ready = status.conditions?.find(({ type }: { type: string }) => type === 'Ready');
    if (!ready || ready.status === 'Unknown' || ready.observedGeneration !== metadata.generation) return undefined;
    if (revision !== undefined && status.lastAttemptedRevision !== revision) return undefined;
    return ready.status === 'True' ? 'applied' : `${ready.message}`;
  });

type Lockdown = { readonly noCrossNamespaceRefs?: boolean; readonly defaultServiceAccount?: string };

interface Case {
  readonly title: string;
  readonly namespace: string;
  readonly has: readonly Has[];
  /** A role of Kubernetes that the person holds in the namespace. */
  readonly role?: string;
  /** Whether the person creates a source in the namespace. If not, they change the objects of the main source. */
  readonly ownSource?: true;
  /** Whether the person changes an existing Kustomization. */
  readonly change?: true;
  /** Set if the namespace has a service account with every right. */
  readonly boss?: true;
  /** The error of Flux or the API server; `applied` if the person becomes cluster-admin. */
  readonly ends: string;
}

const objectsOf = ({ namespace, has, role, ...one }: Case): object[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...has.flatMap((part) => grant(namespace, part)),
  ...(role === undefined
    ? []
    : [
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: role, namespace },
          roleRef: { kind: 'ClusterRole', name: role },
          subjects: [{ kind: 'User', name: namespace }],
        },
      ]),
  ...(one.boss
    ? [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'boss', namespace } }, ...boss(namespace)]
    : []),
];

/** The existing Kustomization before it is changed. It is suspended. */
const kustomizationOf = (namespace: string, spec: object) => ({
  apiVersion: apis.Kustomization,
  kind: 'Kustomization',
  metadata: { name: 'theirs', namespace },
  spec: { interval: '1h', prune: true, path: './', ...spec },
});
const mainSource = { kind: 'GitRepository', name: 'flux-system', namespace: home };

/** Returns the steps with a code that have no assumptions and give every right. */
function predicted(one: Case, lockdown: Lockdown, code: string): Derivation[] {
  const there = one.change ? [kustomizationOf(one.namespace, { sourceRef: mainSource })] : [];
  const result = closure(
    world({ flux: true, config: { flux: { lockdown } }, objects: [...objectsOf(one), ...there] }),
    [user(one.namespace)],
  );
  return [...result.derivations.values()]
    .flat()
    .filter(
      ({ step, fact, from, assumes = [] }) =>
        step.code === code &&
        from.key === user(one.namespace).key &&
        assumes.length === 0 &&
        result.ownRightsOf(fact).whole,
    );
}

/** Makes Flux bind cluster-admin to the person. Returns the result. */
async function attempt(one: Case): Promise<string> {
  const { namespace } = one;
  await create(admin, objectsOf(one));
  if (one.change) {
    const there = kustomizationOf(namespace, { sourceRef: mainSource, suspend: true });
    await admin.must('POST', pathOf('Kustomization', namespace), there);
  }
  const actor = new Client(apiserver, await apiserver.authority.issue({ commonName: namespace }));
  try {
    expect(await actor.may('*', '*', '*')).toBe(false);
    if (one.ownSource) {
      await actor.must('POST', pathOf('GitRepository', namespace), {
        apiVersion: apis.GitRepository,
        kind: 'GitRepository',
        metadata: { name: 'theirs', namespace },
        spec: { interval: '1h', url: 'https://git.example.org/theirs.git' },
      });
      await fetched(namespace, 'theirs', adminBinding(namespace));
    }
    const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: namespace };
    const spec = {
      ...(one.ownSource
        ? { sourceRef: { kind: 'GitRepository', name: 'theirs' } }
        : {
            sourceRef: mainSource,
            path: './access',
            namePrefix: `${namespace}-`,
            patches: [
              {
                target: { kind: 'ClusterRoleBinding' },
                patch: JSON.stringify([{ op: 'add', path: '/subjects/-', value: subject }]),
              },
            ],
          }),
      ...(one.boss ? { serviceAccountName: 'boss' } : {}),
    };
    if (one.change)
      await actor.merge(pathOf('Kustomization', namespace, 'theirs'), { spec: { ...spec, suspend: false } });
    else await actor.must('POST', pathOf('Kustomization', namespace), kustomizationOf(namespace, spec));
    const outcome = await tried(namespace, 'theirs');
    await upToDate(apiserver);
    expect(await actor.may('*', '*', '*')).toBe(outcome === 'applied');
    return outcome;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  } finally {
    actor.close();
    await admin.send('DELETE', pathOf('Kustomization', namespace, 'theirs'));
  }
}

const creates = (namespace: string) => inside(namespace, `create ${kustomizations}`);
const createsBoth = (namespace: string) => inside(namespace, `create ${kustomizations}`, `create ${repositories}`);

function cases(args: readonly string[], lockdown: Lockdown, list: readonly Case[]): void {
  beforeAll(() => restart(...args));
  test.each(list.map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const ways = predicted(one, lockdown, 'flux-kustomization');
    expect(ways.length > 0).toBe(one.ends === 'applied');
    expect(await attempt(one)).toContain(one.ends);
  });
}

describe('Flux as it is installed', () => {
  cases([], {}, [
    {
      title: 'a Kustomization of the source that is there',
      namespace: 'i-create',
      has: [creates('i-create')],
      ends: 'applied',
    },
    {
      title: 'a Kustomization that is there',
      namespace: 'i-patch',
      has: [inside('i-patch', `patch ${kustomizations}`)],
      change: true,
      ends: 'applied',
    },
    { title: '`edit` in one namespace', namespace: 'i-edit', has: [], role: 'edit', ownSource: true, ends: 'applied' },
    {
      title: 'closed: `view`',
      namespace: 'i-view',
      has: [inside('i-view', `create ${repositories}`)],
      role: 'view',
      ownSource: true,
      ends: 'kustomizations.kustomize.toolkit.fluxcd.io is forbidden',
    },
  ]);

  /** Makes Flux apply the main source. */
  async function mainKustomization(spec: object = {}): Promise<void> {
    const object = {
      ...kustomizationOf(home, { sourceRef: mainSource, path: './access', prune: false, ...spec }),
      metadata: { name: 'main', namespace: home },
    };
    // The earlier Kustomization exists until its controller has removed its finalizer.
    await until(async () => {
      const { status, body } = await admin.send('POST', pathOf('Kustomization', home), object);
      if (status !== 409 && status >= 300) throw new Refused({ status, body });
      return status !== 409 || undefined;
    });
    await tried(home, 'main');
  }
  afterEach(() => admin.send('DELETE', pathOf('Kustomization', home, 'main')));

  test('flux-source: another URL for the main source', async () => {
    const has = (name: string): Case => ({
      title: '',
      namespace: name,
      has: [{ namespace: home, rules: rules(`patch ${repositories} ${name === 'i-source' ? home : 'other'}`) }],
      ends: '',
    });
    await mainKustomization({ path: './' });
    const url = { spec: { url: 'https://git.example.org/theirs.git' } };
    const clientOf = async (name: string) =>
      new Client(apiserver, await apiserver.authority.issue({ commonName: name }));

    const closed = has('i-source-closed');
    expect(predicted(closed, {}, 'flux-source')).toEqual([]);
    await create(admin, objectsOf(closed));
    const refused = await clientOf(closed.namespace);
    await expect(refused.merge(pathOf('GitRepository', home, home), url)).rejects.toThrow(Refused);
    refused.close();

    const open = has('i-source');
    expect(predicted(open, {}, 'flux-source')).toHaveLength(1);
    await create(admin, objectsOf(open));
    const actor = await clientOf(open.namespace);
    expect((await actor.merge(pathOf('GitRepository', home, home), url)).spec.url).toBe(url.spec.url);
    await fetched(home, home, adminBinding(open.namespace));
    await until(async () => {
      const { status } = await admin.must('GET', pathOf('Kustomization', home, 'main'));
      return status.lastAppliedRevision?.startsWith('main@sha1:666c75782d') || undefined; // "flux-" in hexadecimal
    });
    await upToDate(apiserver);
    expect(await actor.may('*', '*', '*')).toBe(true);
    actor.close();
  });

  test('push-to-source: a commit', async () => {
    await mainKustomization();
    const folder = await folderWith('pushed', adminBinding('i-push'));
    const flux = (more: object) => ({ flux: { writers: { people: ['datosh'] }, ...more } });
    expect(pushes(flux({}))).toBe(true);
    const revision = await source.push(folder, 'theirs', 'access');
    expect(await tried(home, 'main', revision)).toBe('applied');
    await upToDate(apiserver);
    const actor = new Client(apiserver, await apiserver.authority.issue({ commonName: 'i-push' }));
    expect(await actor.may('*', '*', '*')).toBe(true);
    actor.close();
  });

  test('push-to-source: closed by the service account of the Kustomization', async () => {
    await create(admin, [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'limited', namespace: home } }]);
    await mainKustomization({ serviceAccountName: 'limited' });
    const writers = { people: ['datosh'] };
    expect(pushes({ flux: { writers, serviceAccountName: 'limited' } })).toBe(false);
    const revision = await source.push(await folderWith('limited', adminBinding('i-limited')), 'theirs', 'access');
    expect(await tried(home, 'main', revision)).toContain('cannot');
  });

  test('push-to-source: closed by a Git host that refuses the push', async () => {
    expect(pushes({})).toBe(false);
    const hook = lab.path('repository.git', 'hooks', 'pre-receive');
    await writeFile(hook, '#!/bin/sh\necho "main is protected"\nexit 1\n');
    await chmod(hook, 0o755);
    const push = source.push(await folderWith('protected', adminBinding('i-protected')), 'theirs', 'access');
    await expect(push).rejects.toThrow('main is protected');
  });
});

/** Whether the model predicts, without an assumption, that the owner of the home lab can become cluster-admin. */
function pushes(config: Record<string, unknown>): boolean {
  const result = closure(world({ flux: true, config }), [accountFact({ kind: 'person', name: 'datosh' })]);
  return [...result.derivations.values()]
    .flat()
    .some(
      ({ step, fact, assumes = [] }) =>
        step.code === 'push-to-source' && assumes.length === 0 && result.ownRightsOf(fact).whole,
    );
}

describe('with --no-cross-namespace-refs', () => {
  cases(['--no-cross-namespace-refs'], { noCrossNamespaceRefs: true }, [
    {
      title: 'a source of their own',
      namespace: 'n-own',
      has: [createsBoth('n-own')],
      ownSource: true,
      ends: 'applied',
    },
    {
      title: 'closed: the source that is there',
      namespace: 'n-main',
      has: [creates('n-main')],
      ends: 'cross-namespace references have been blocked',
    },
  ]);
});

describe('with --no-cross-namespace-refs and --default-service-account', () => {
  cases(
    ['--no-cross-namespace-refs', '--default-service-account=default'],
    { noCrossNamespaceRefs: true, defaultServiceAccount: 'default' },
    [
      {
        title: 'a service account of the namespace',
        namespace: 'd-boss',
        has: [createsBoth('d-boss')],
        ownSource: true,
        boss: true,
        ends: 'applied',
      },
      {
        title: 'closed: no service account with rights',
        namespace: 'd-none',
        has: [createsBoth('d-none')],
        ownSource: true,
        ends: 'User "system:serviceaccount:d-none:default" cannot',
      },
      {
        title: 'closed: `edit`',
        namespace: 'd-edit',
        has: [],
        role: 'edit',
        ownSource: true,
        ends: 'User "system:serviceaccount:d-edit:default" cannot',
      },
    ],
  );
});
