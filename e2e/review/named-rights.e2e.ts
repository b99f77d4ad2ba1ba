import { namesAllowed } from '../../lib/access/named-rights';
import { type Apiserver, KubectlFailed, Lab, startApiserver, startEtcd, upToDate } from '../harness';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('named-rights');
});
afterAll(() => lab?.close());

const path = '/api/v1/namespaces/web/configmaps';
const one = `${path}/settings`;
const selected = `${path}?fieldSelector=metadata.name%3Dsettings`;
const settings = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'web' },
});

/** Each verb, a request with it for one named object, and the same request without the name. */
const requests = [
  { verb: 'get', named: ['get', '--raw', one], unnamed: ['get', '--raw', `${path}/other`] },
  { verb: 'list', named: ['get', '--raw', selected], unnamed: ['get', '--raw', path] },
  {
    verb: 'watch',
    named: ['get', '--raw', `${selected}&watch=true&timeoutSeconds=1`],
    unnamed: ['get', '--raw', `${path}?watch=true&timeoutSeconds=1`],
  },
  // A server-side apply names the object that it creates. It needs `patch` too.
  {
    verb: 'create',
    named: ['apply', '--server-side', '--validate=false', '-f', '-'],
    unnamed: ['create', '--validate=false', '-f', '-'],
  },
  { verb: 'deletecollection', named: ['delete', '--raw', selected], unnamed: ['delete', '--raw', path] },
] as const;

describe.each(['1.34', '1.37'] as const)(
  'Kubernetes %s, with a rule that is limited to the name of an object',
  (version) => {
    let apiserver: Apiserver;

    beforeAll(async () => {
      apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), version });
      await apiserver.kubectl(['create', 'namespace', 'web']);
    });

    const allowed = async (args: readonly string[]) => {
      try {
        await apiserver.kubectl(['--as=sam', ...args], args.includes('-') ? settings : '');
        return true;
      } catch (error) {
        if (error instanceof KubectlFailed && error.message.includes('orbidden')) return false;
        throw error;
      }
    };

    test.each(requests)('$verb is allowed as `who-can` lists it', async ({ verb, named, unnamed }) => {
      const rule = {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['settings'],
        verbs: verb === 'create' ? ['patch', 'create'] : [verb],
      };
      const names = namesAllowed([rule], { verb, group: '', resource: 'configmaps' });
      const meta = { name: 'named', namespace: 'web' };
      const apiVersion = 'rbac.authorization.k8s.io/v1';
      const items = [
        { apiVersion, kind: 'Role', metadata: meta, rules: [rule] },
        {
          apiVersion,
          kind: 'RoleBinding',
          metadata: meta,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'named' },
          subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'sam' }],
        },
      ];
      await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      if (verb === 'create')
        await apiserver.kubectl(['delete', 'configmap', 'settings', '-n', 'web', '--ignore-not-found']);
      else await apiserver.kubectl(['apply', '-f', '-'], settings);
      await upToDate(apiserver);
      expect(await allowed(unnamed)).toBe(false);
      expect(await allowed(named)).toBe(names.includes('settings'));
      expect(names).toEqual(verb === 'deletecollection' ? [] : ['settings']);
    });
  },
);
