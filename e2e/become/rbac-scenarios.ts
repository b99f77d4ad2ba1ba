import { grant, rule } from '../../__tests__/become/small-world';
import { upToDate } from '../harness';
import { everyRule, inside, rbac, rbacPath, type Scenario, until, wide } from './scene';

export const rbacScenarios: readonly Scenario[] = [
  {
    code: 'bind',
    open: [wide(`bind clusterroles.${rbac} cluster-admin`, `create clusterrolebindings.${rbac}`)],
    closed: [wide(`create clusterrolebindings.${rbac}`)],
    async take({ actor, name }) {
      await actor.must('POST', `${rbacPath}/clusterrolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: rbac, kind: 'User', name }],
      });
      return actor;
    },
  },
  {
    code: 'escalate',
    title: 'role',
    open: [inside('escalate-role', `escalate roles.${rbac}`, `patch roles.${rbac}`)],
    closed: [inside('escalate-role', `patch roles.${rbac}`)],
    ends: ['delete', '', 'secrets', true],
    async take({ actor, name, namespace }) {
      await actor.merge(`${rbacPath}/namespaces/${namespace}/roles/${name}-${namespace}`, {
        rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      });
      return actor;
    },
  },
  {
    code: 'escalate',
    title: 'everybody',
    open: [wide(`escalate clusterroles.${rbac}`, `patch clusterroles.${rbac}`)],
    closed: [wide(`patch clusterroles.${rbac}`)],
    async take({ apiserver, actor, admin }) {
      // Every signed-in user has this role.
      const path = `${rbacPath}/clusterroles/system:public-info-viewer`;
      const { rules: before } = await admin.must('GET', path);
      await actor.merge(path, { rules: [rule('* *.*')] });
      await upToDate(apiserver);
      const isGiven = await actor.may('*', '*', '*');
      await admin.merge(path, { rules: before });
      if (!isGiven) throw new Error('the role gave nothing');
      return undefined;
    },
  },
  {
    code: 'escalate',
    title: 'aggregate',
    // Aggregates to `view`, which the actor holds in a namespace.
    objects: (name) => [
      {
        apiVersion: `${rbac}/v1`,
        kind: 'RoleBinding',
        metadata: { name: `${name}-view`, namespace: 'escalate-aggregate' },
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'User', name }],
      },
    ],
    open: [wide(`escalate clusterroles.${rbac}`, `create clusterroles.${rbac}`)],
    closed: [wide(`create clusterroles.${rbac}`)],
    ends: ['delete', '', 'secrets', true],
    async take({ actor, admin, name }) {
      const path = `${rbacPath}/clusterroles`;
      // The role has only few rights, because the users of other tests also get them through `view`.
      await actor.must('POST', path, {
        metadata: { name, labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
        rules: [rule('delete secrets')],
      });
      // Waits until kube-controller-manager has aggregated the role.
      await until(async () => JSON.stringify(await admin.must('GET', `${path}/view`)).includes('delete') || undefined);
      return actor;
    },
  },
  {
    code: 'write-role',
    // A role that somebody else holds.
    objects: () => grant('write-role/other', inside('write-role', 'get pods')),
    open: [inside('write-role', `escalate roles.${rbac}`, `patch roles.${rbac} write-role-other-write-role`)],
    closed: [inside('write-role', `patch roles.${rbac}`)],
    ends: ['delete', '', 'secrets', true],
    async take({ actor, admin, namespace }) {
      await actor.merge(`${rbacPath}/namespaces/${namespace}/roles/write-role-other-write-role`, {
        rules: [everyRule],
      });
      return admin.as(`system:serviceaccount:${namespace}:other`);
    },
  },
  {
    code: 'bind-written-role',
    open: [
      inside(
        'bind-written-role',
        `escalate roles.${rbac}`,
        `create roles.${rbac}`,
        `bind roles.${rbac}`,
        `create rolebindings.${rbac}`,
      ),
    ],
    closed: [inside('bind-written-role', `create roles.${rbac}`, `bind roles.${rbac}`, `create rolebindings.${rbac}`)],
    ends: ['delete', '', 'secrets', true],
    async take({ actor, name, namespace }) {
      const path = `${rbacPath}/namespaces/${namespace}`;
      await actor.must('POST', `${path}/roles`, { metadata: { name: 'new' }, rules: [everyRule] });
      await actor.must('POST', `${path}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: 'Role', name: 'new' },
        subjects: [{ apiGroup: rbac, kind: 'User', name }],
      });
      return actor;
    },
  },
  {
    code: 'share',
    open: [inside('share', 'create serviceaccounts/token clerk')],
    closed: [inside('share', 'create serviceaccounts/token clerk')],
    objects: (_name, isOpen) => [
      ...grant('share/clerk', inside('share', 'delete secrets')),
      // The right to create bindings is in a separate role, so that the role that is bound does not include it.
      ...(isOpen ? grant('share/clerk', wide(`create rolebindings.${rbac}`)) : []),
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'clerk', namespace: 'share' } },
    ],
    ends: ['delete', '', 'secrets', true],
    async take({ admin, actor, name, namespace, withToken }) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/clerk/token`;
      const clerk = withToken((await actor.must('POST', path, { spec: {} })).status.token);
      const isOpen = name.startsWith('open');
      // The tests with the same code share its objects.
      if (!isOpen) {
        await admin.send('DELETE', `${rbacPath}/clusterrolebindings/share-clerk-everywhere`);
        await upToDate(actor.apiserver);
      }
      await clerk.must('POST', `${rbacPath}/namespaces/${namespace}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: 'Role', name: 'share-clerk-share' },
        subjects: [{ apiGroup: rbac, kind: 'User', name }],
      });
      return actor;
    },
  },
];
