import { grant } from '../../__tests__/become/small-world';
import { type Client, upToDate } from '../harness';
import {
  adminBinding,
  everyRule,
  inside,
  mergePatch,
  podOnNode,
  rbac,
  rbacPath,
  type Scenario,
  type Scene,
  tokenOfPod,
  tokenOnNode,
  until,
  wide,
} from './scene';

const authn = 'authentication.k8s.io';
const bindings = `clusterrolebindings.${rbac}`;
const admission = 'admissionregistration.k8s.io';
const policies = `mutatingadmissionpolicies.${admission}`;
const policyBindings = `mutatingadmissionpolicybindings.${admission}`;
const admissionPath = `/apis/${admission}/v1`;

/** Returns the objects that give a user or group every right. */
const powerful = (kind: 'User' | 'Group', name: string): object[] =>
  grant(name, { rules: [everyRule] }).map((object) =>
    'subjects' in object ? { ...object, subjects: [{ kind, name }] } : object,
  );

/** Binds cluster-admin to the actor, by impersonating somebody else. */
const bindAs =
  (user: (scene: Scene) => string, ...groups: string[]): Scenario['take'] =>
  async (scene) => {
    const { actor, name } = scene;
    await actor.as(user(scene), groups).must('POST', `${rbacPath}/clusterrolebindings`, adminBinding(name));
    return actor;
  };

const boss = ({ namespace }: Scene) => `system:serviceaccount:${namespace}:boss`;
const node = 'system:node:control-plane';

/** Returns a policy that adds the actor to the subjects of a new ClusterRoleBinding. */
const policyFor = (name: string) => ({
  metadata: { name },
  spec: {
    matchConstraints: {
      resourceRules: [
        { apiGroups: [rbac], apiVersions: ['v1'], operations: ['CREATE'], resources: ['clusterrolebindings'] },
      ],
    },
    matchConditions: [{ name: 'theirs', expression: `object.metadata.name.startsWith("${name}")` }],
    reinvocationPolicy: 'Never',
    failurePolicy: 'Fail',
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: {
          expression: `[JSONPatch{op: "add", path: "/subjects/-", value: {"apiGroup": "${rbac}", "kind": "User", "name": "${name}"}}]`,
        },
      },
    ],
  },
});

/**
 * Gives cluster-admin to another person, as an administrator. The policy takes effect a moment after it was written.
 * @returns the actor
 */
async function boundByAdministrator({ admin, actor, name, apiserver }: Scene): Promise<Client> {
  const given = adminBinding(name, 'an-administrator');
  await until(async () => {
    const tried = await admin.must('POST', `${rbacPath}/clusterrolebindings?dryRun=All`, given);
    return tried.subjects.some((subject: { name: string }) => subject.name === name) || undefined;
  });
  await admin.must('POST', `${rbacPath}/clusterrolebindings`, given);
  await upToDate(apiserver);
  return actor;
}

/** Steps that exist from Kubernetes 1.36 on. */
export const newerScenarios: readonly Scenario[] = [
  {
    code: 'constrained-impersonation',
    title: 'user',
    objects: () => powerful('User', 'root'),
    open: [wide(`impersonate:user-info users.${authn} root`, `impersonate-on:user-info:create ${bindings}`)],
    closed: [wide(`impersonate:user-info users.${authn} root`)],
    take: bindAs(() => 'root'),
  },
  {
    code: 'constrained-impersonation',
    title: 'group',
    objects: () => powerful('Group', 'roots'),
    open: [
      wide(
        `impersonate:user-info users.${authn} somebody`,
        `impersonate:user-info groups.${authn} roots`,
        `impersonate-on:user-info:create ${bindings}`,
      ),
    ],
    closed: [wide(`impersonate:user-info groups.${authn} roots`, `impersonate-on:user-info:create ${bindings}`)],
    take: bindAs(() => 'somebody', 'roots'),
  },
  {
    code: 'constrained-impersonation',
    title: 'account',
    open: [
      inside('constrained-impersonation-account', `impersonate:serviceaccount serviceaccounts.${authn} boss`),
      wide(`impersonate-on:serviceaccount:create ${bindings}`),
    ],
    // The mode for users does not allow impersonating service accounts.
    closed: [
      inside('constrained-impersonation-account', `impersonate:user-info serviceaccounts.${authn} boss`),
      wide(`impersonate-on:serviceaccount:create ${bindings}`, `impersonate-on:user-info:create ${bindings}`),
    ],
    take: bindAs(boss),
  },
  {
    code: 'impersonate-node',
    title: 'arbitrary',
    open: [
      wide(`impersonate:arbitrary-node nodes.${authn}`, 'impersonate-on:arbitrary-node:create serviceaccounts/token'),
    ],
    closed: [
      wide(`impersonate:arbitrary-node nodes.${authn}`, 'impersonate-on:arbitrary-node:get serviceaccounts/token'),
    ],
    async take(scene) {
      await podOnNode(scene, 'boss');
      return tokenOnNode(scene, scene.actor.as(node));
    },
  },
  {
    code: 'impersonate-node',
    title: 'associated',
    objects: (_name, isOpen) => [
      ...['agent', 'other'].map((name) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: 'impersonate-node-associated' },
      })),
      ...grant(
        `impersonate-node-associated/${isOpen ? 'agent' : 'other'}`,
        wide(
          `impersonate:associated-node nodes.${authn}${isOpen ? '' : ' control-plane'}`,
          'impersonate-on:associated-node:create serviceaccounts/token',
        ),
      ),
    ],
    open: [inside('impersonate-node-associated', 'create serviceaccounts/token agent')],
    closed: [inside('impersonate-node-associated', 'create serviceaccounts/token other')],
    async take(scene) {
      const agent = scene.name.startsWith('open') ? 'agent' : 'other';
      await podOnNode(scene, 'boss');
      await podOnNode(scene, agent);
      const theirs = await tokenOfPod(scene, agent, scene.actor);
      return tokenOnNode(scene, theirs.as(node));
    },
  },
  {
    code: 'mutating-policy',
    open: [wide(`create ${policies}`, `create ${policyBindings}`)],
    closed: [wide(`create ${policyBindings}`)],
    async take(scene) {
      const { actor, name } = scene;
      await actor.must('POST', `${admissionPath}/mutatingadmissionpolicies`, policyFor(name));
      await actor.must('POST', `${admissionPath}/mutatingadmissionpolicybindings`, {
        metadata: { name },
        spec: { policyName: name },
      });
      return boundByAdministrator(scene);
    },
  },
  {
    code: 'mutating-policy',
    title: 'bound',
    open: [wide(`patch ${policies}`)],
    closed: [wide(`create ${policies}`)],
    async take(scene) {
      const { admin, actor, name } = scene;
      const { metadata, spec } = policyFor(name);
      const harmless = { ...spec, matchConditions: [{ name: 'nothing', expression: 'false' }] };
      await admin.must('POST', `${admissionPath}/mutatingadmissionpolicies`, { metadata, spec: harmless });
      await admin.must('POST', `${admissionPath}/mutatingadmissionpolicybindings`, {
        metadata: { name },
        spec: { policyName: name },
      });
      await actor.must('PATCH', `${admissionPath}/mutatingadmissionpolicies/${name}`, { spec }, mergePatch);
      return boundByAdministrator(scene);
    },
  },
];
