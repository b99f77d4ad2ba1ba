import { inside, podOnNode, type Scenario, tokenOnNode, until, wide } from './scene';

const token = (namespace: string) => `/api/v1/namespaces/${namespace}/serviceaccounts/boss/token`;

/** Creates a token Secret and reads it, which requires two rights. */
const readSecret = (code: string, half: string): Scenario => ({
  code,
  open: [inside(code, 'create secrets', 'get secrets')],
  closed: [inside(code, half)],
  async take({ actor, namespace, name, withToken }) {
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    await actor.must('POST', path, {
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': 'boss' } },
      type: 'kubernetes.io/service-account-token',
    });
    const filled = await until<string>(async () => (await actor.must('GET', `${path}/${name}`)).data?.token);
    return withToken(Buffer.from(filled, 'base64').toString());
  },
});

export const identityScenarios: readonly Scenario[] = [
  {
    code: 'request-token',
    open: [inside('request-token', 'create serviceaccounts/token')],
    closed: [inside('request-token', 'create serviceaccounts/token other', 'create serviceaccounts')],
    take: async ({ actor, namespace, withToken }) =>
      withToken((await actor.must('POST', token(namespace), { spec: {} })).status.token),
  },
  readSecret('create-token-secret', 'get secrets'),
  readSecret('read-token-secret', 'create secrets'),
  {
    code: 'impersonate',
    title: 'account',
    open: [inside('impersonate-account', 'impersonate serviceaccounts boss')],
    closed: [inside('impersonate-account', 'impersonate serviceaccounts other')],
    take: async ({ actor, namespace }) => actor.as(`system:serviceaccount:${namespace}:boss`),
  },
  {
    code: 'impersonate',
    title: 'groups',
    open: [wide('impersonate users', 'impersonate groups')],
    closed: [wide('impersonate groups')],
    take: async ({ actor }) => actor.as('anybody', ['system:masters']),
  },
  {
    code: 'impersonate-node',
    title: 'plain',
    open: [wide('impersonate users system:node:control-plane', 'impersonate groups system:nodes')],
    closed: [wide('impersonate users system:node:control-plane', 'impersonate groups other')],
    async take(scene) {
      await podOnNode(scene, 'boss');
      return tokenOnNode(scene, scene.actor.as('system:node:control-plane', ['system:nodes']));
    },
  },
];
