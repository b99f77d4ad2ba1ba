import { configOf } from '../__tests__/config';
import { Authorizer } from '../lib/access/authorizer';
import type { ClusterAccess } from '../lib/access/cluster';
import { type AccessRequest, isBinding, isRbac, type RbacObject, type Requester } from '../lib/access/objects';
import type { Principal } from '../lib/access/principals';
import { requestOf } from '../lib/access/resource-request';
import { accessOn, rendered } from '../lib/diff/side';
import { builtinRbac } from '../lib/upstream/builtin-rbac';
import { fluxRbac } from '../lib/upstream/flux-rbac';
import { type Apiserver, Lab, startApiserver, startControllerManager, startEtcd, upToDate } from './harness';
import { type Asker, asker } from './review/ask';
import { asked, controllers, questions } from './review/questions';
import { randomQuestions, randomRbac, requesters } from './review/random-roles';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('review-access');
});
afterAll(() => lab?.close());

const seed = Number(process.env.FAST_CHECK_SEED ?? 1);

/** Returns the fields of an object that matter for access, in a fixed order. */
const essence = (object: object) => {
  const { kind, metadata, roleRef, subjects, aggregationRule, rules } = object as Record<string, unknown>;
  const { name, namespace } = metadata as { name: string; namespace?: string };
  return JSON.stringify(
    { kind, name, namespace, roleRef, subjects, aggregationRule, rules: aggregationRule ? undefined : rules },
    (key, value) =>
      key === 'apiGroup' || value === null
        ? undefined
        : value instanceof Object && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
          : value,
  );
};

/** Kaniflux assumes that Flux is installed, so the roles of Flux are on the server too. */
const flux = fluxRbac('flux-system')
  .filter((object) => !isBinding(object))
  .map((object) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', ...object }));

const plain = (rules: readonly object[] | null) =>
  [...new Set((rules ?? []).map((rule) => JSON.stringify(Object.entries(rule).sort())))].sort();

// kube-controller-manager 1.34 aggregates for both versions, since it needs only labels and rules.
describe.each(['1.34', '1.37'] as const)('Kubernetes %s', (version) => {
  const minor = Number(version.slice(2));
  let apiserver: Apiserver;
  let server: Asker;
  let access: ClusterAccess;

  beforeAll(async () => {
    apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
    await startControllerManager(lab, apiserver);
    server = await asker(apiserver);
    const config = configOf({ ...asked, clusters: { homelab: { ...asked.clusters.homelab, kubernetes: version } } });
    const side = rendered(config);
    access = accessOn(side, 'homelab') as ClusterAccess;
    for (const namespace of ['web', 'db']) await apiserver.kubectl(['create', 'namespace', namespace]);
    await apply([...side.objects('homelab').filter(isRbac), ...flux]);
    await aggregated('view', 'widgets');
    for (const role of ['view', 'edit', 'admin']) await aggregated(role, 'toolkit.fluxcd.io');
  });

  afterAll(() => server?.close());

  const apply = async (items: readonly object[]) => {
    await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await upToDate(apiserver);
  };

  const rulesOf = async (name: string) =>
    JSON.parse(await apiserver.kubectl(['get', 'clusterrole', name, '-o', 'json'])).rules as object[] | null;

  /** Waits until the controller has aggregated what was applied. */
  async function aggregated(name: string, word: string): Promise<void> {
    for (let i = 0; i < 100; i++) if (JSON.stringify(await rulesOf(name)).includes(word)) return;
    throw new Error(`${name} never got ${word}`);
  }

  test('the built-in roles and bindings are those that the server makes', async () => {
    const kinds = 'clusterroles,clusterrolebindings,roles,rolebindings';
    const found = JSON.parse(await apiserver.kubectl(['get', kinds, '-A', '-o', 'json'])).items as object[];
    const bootstrapped = found.filter((object) => {
      const { labels } = (object as { metadata: { labels?: Record<string, string> } }).metadata;
      return labels?.['kubernetes.io/bootstrapping'] === 'rbac-defaults';
    });
    expect(bootstrapped.length).toBeGreaterThan(100);
    expect(bootstrapped.map(essence).sort()).toEqual(builtinRbac({ major: 1, minor }).map(essence).sort());
  });

  test.each(['view', 'edit', 'admin'])('%s has the rules that kube-controller-manager aggregates', async (name) => {
    expect(plain(access.authorizer.roles.rules({ kind: 'ClusterRole', name }))).toEqual(plain(await rulesOf(name)));
  });

  /**
   * Returns the questions to which the evaluation and the server give different answers, and how often the server said
   * yes.
   */
  async function compared(
    authorizer: Authorizer,
    people: readonly Requester[],
    about: readonly AccessRequest[],
  ): Promise<{ asked: number; allowed: number; different: object[] }> {
    const all = people.flatMap((who) => about.map((request) => ({ who, request })));
    const real = await server.ask(all);
    const different = all
      .map((one, i) => ({ ...one, real: real[i] }))
      .filter(({ who, request, real: answer }) => authorizer.can(who, request).allowed !== answer);
    return { asked: all.length, allowed: real.filter(Boolean).length, different };
  }

  test('who may do what agrees with the server, for the people of a config and the parts of Kubernetes', async () => {
    const people = [...access.principals, ...controllers];
    const { asked: count, allowed, different } = await compared(access.authorizer, people, questions);
    expect(different.slice(0, 20)).toEqual([]);
    expect(count).toBeGreaterThan(3000);
    expect(allowed).toBeGreaterThan(500);
    expect(allowed).toBeLessThan(count - 500);
  });

  test('and for roles that nobody would write', async () => {
    const objects = randomRbac(seed);
    await apply(objects);
    const authorizer = new Authorizer([...builtinRbac({ major: 1, minor }), ...(objects as RbacObject[])]);
    const roles = objects.filter(({ kind }) => kind === 'ClusterRole').map(({ metadata }) => metadata.name);
    const differing = async () => {
      const found: object[] = [];
      for (const name of roles) {
        const [ours, real] = [plain(authorizer.roles.rules({ kind: 'ClusterRole', name })), plain(await rulesOf(name))];
        if (JSON.stringify(ours) !== JSON.stringify(real)) found.push({ name, ours, real });
      }
      return found;
    };
    let different = await differing();
    for (let i = 0; i < 10 && different.length > 0; i++) different = await differing();
    expect(different).toEqual([]);
    const found = await compared(authorizer, requesters, randomQuestions);
    expect(found.different.slice(0, 20)).toEqual([]);
    expect(found.asked).toBeGreaterThan(1000);
    // Other seeds, as in `npm run soak`, can give fewer.
    expect(found.allowed).toBeGreaterThan(seed === 1 ? 100 : 0);
    expect(found.allowed).toBeLessThan(found.asked - 100);
  });

  test.each<[string, string, string, string]>([
    ['p-viewer', 'get', 'pods', ''],
    ['p-viewer', 'get', 'secrets', ''],
    ['p-viewer', 'list', 'deployments.apps', 'web'],
    ['p-viewer', 'get', 'pods/log', ''],
    ['p-editor', 'create', 'pods/exec', 'web'],
    ['p-editor', 'create', 'pods/exec', ''],
    ['p-editor', 'impersonate', 'serviceaccounts', 'db'],
    ['p-admin', 'create', 'rolebindings.rbac.authorization.k8s.io', 'web'],
    ['p-admin', 'create', 'rolebindings.rbac.authorization.k8s.io', 'db'],
    ['p-own', 'update', 'deployments.apps/scale', ''],
    ['p-own', 'get', '/metrics', ''],
    ['p-nobody', 'get', '/metrics', ''],
    ['p-nobody', 'get', '/version', ''],
    ['p-nobody', 'get', 'pods', ''],
    ['datosh', '*', '*.*', ''],
  ])('kubectl auth can-i --as %s %s %s %s agrees', async (name, verb, what, namespace) => {
    const who = access.principals.find((one) => one.name === name) as Principal;
    const as = [`--as=${who.user}`, ...who.groups.map((group) => `--as-group=${group}`)];
    const path = what.startsWith('/');
    const [resource = '', subresource] = path ? [what] : what.split('/');
    const question = [verb, resource === '*.*' ? '*' : resource];
    if (subresource) question.push(`--subresource=${subresource}`);
    const where = namespace !== '' ? ['-n', namespace] : path ? [] : ['-A'];
    const answer = await apiserver
      .kubectl(['auth', 'can-i', ...question, ...where, ...as])
      .catch((error: { code?: number; message: string }) => {
        if (error.code === 1) return 'no';
        throw error;
      });
    expect(answer.trim()).toBe(
      access.authorizer.can(who, requestOf(verb, what, namespace === '' ? {} : { namespace })).allowed ? 'yes' : 'no',
    );
  });
});
