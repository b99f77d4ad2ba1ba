import { configOf } from '../../__tests__/config';
import type { PolicyRule, RoleObject } from '../../lib/access/objects';
import { accessOn, rendered } from '../../lib/diff/side';
import { type Etcd, Lab, startApiserver, startControllerManager, startEtcd } from '../harness';

let lab: Lab;
let etcd: Etcd;
beforeAll(async () => {
  lab = await Lab.open('built-in-roles');
  etcd = await startEtcd(lab);
});
afterAll(() => lab?.close());

const role = (name: string, metadata: object = {}): RoleObject & { readonly apiVersion: string } => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, ...metadata },
  rules: [{ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['get'] }],
});
const autoupdate = { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } };
const roles = [
  role('view'),
  role('admin', autoupdate),
  role('system:basic-user'),
  role('system:discovery', autoupdate),
  role('system:aggregate-to-view'),
];
const names = [...roles.map(({ metadata }) => metadata.name), 'edit'];

/** Returns the rules divided into single rights, because the API server divides the rules that it adds. */
const plain = (rules: readonly PolicyRule[] | null | undefined): string[] => {
  const rights = (rules ?? []).flatMap(({ verbs, apiGroups = [], resources = [], nonResourceURLs = [] }) =>
    verbs.flatMap((verb) => [
      ...nonResourceURLs.map((url) => `${verb} ${url}`),
      ...apiGroups.flatMap((group) => resources.map((resource) => `${verb} ${resource}.${group}`)),
    ]),
  );
  // Kaniflux assumes that Flux is installed, and Flux is not on this server.
  return [...new Set(rights)].filter((right) => !right.includes('.fluxcd.io')).sort();
};

test('a role that is applied under the name of a built-in role has the rules of both, after the API server restarted', async () => {
  const first = await startApiserver(lab, { etcd });
  await startControllerManager(lab, first);
  // Flux applies in this way.
  const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller', '-f', '-'];
  await first.kubectl(args, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: roles }));
  const second = await startApiserver(lab, { etcd });
  await startControllerManager(lab, second);
  const access = accessOn(
    rendered(configOf({ clusters: { homelab: { kubernetes: '1.34' } } }), () => roles),
    'homelab',
  );
  const ours = names.map((name) => [name, plain(access?.authorizer.roles.rules({ kind: 'ClusterRole', name }))]);
  const real = async () =>
    Promise.all(
      names.map(async (name) => {
        const found: RoleObject = JSON.parse(await second.kubectl(['get', 'clusterrole', name, '-o', 'json']));
        return [name, plain(found.rules)] as const;
      }),
    );
  let theirs = await real();
  for (let i = 0; i < 20 && JSON.stringify(theirs) !== JSON.stringify(ours); i++) theirs = await real();
  expect(ours).toEqual(theirs);
});
