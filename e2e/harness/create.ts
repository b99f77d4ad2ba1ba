import { type Client, Refused } from './client';
import { upToDate } from './up-to-date';

const resources: Readonly<Record<string, string>> = {
  Namespace: 'api/v1/namespaces',
  ServiceAccount: 'api/v1/NS/serviceaccounts',
  Secret: 'api/v1/NS/secrets',
  Pod: 'api/v1/NS/pods',
  Node: 'api/v1/nodes',
  ClusterRole: 'apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: 'apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  Role: 'apis/rbac.authorization.k8s.io/v1/NS/roles',
  RoleBinding: 'apis/rbac.authorization.k8s.io/v1/NS/rolebindings',
};

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

/** Returns the API path of the objects of a kind. */
export const pathOf = ({ kind = '', metadata }: Named): string =>
  `/${resources[kind]?.replace('NS', `namespaces/${metadata?.namespace}`)}`;

/** Creates the objects that do not exist yet, and waits until the API server decides by them. */
export async function create(admin: Client, objects: readonly object[]): Promise<void> {
  for (const object of objects) {
    const { status, body } = await admin.send('POST', pathOf(object), complete(object));
    if (status !== 409 && status >= 300) throw new Refused({ status, body });
  }
  await upToDate(admin.apiserver);
}

const rbac = 'rbac.authorization.k8s.io';

function complete(object: object): object {
  const { roleRef, subjects } = object as { roleRef?: object; subjects?: readonly { kind: string }[] };
  if (!roleRef) return object;
  return {
    ...object,
    roleRef: { apiGroup: rbac, ...roleRef },
    subjects: subjects?.map((one) => (one.kind === 'ServiceAccount' ? one : { ...one, apiGroup: rbac })),
  };
}
