import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { rbac, rbacPath, type Scenario, type Scene, until, wide } from './scene';

/** Runs a webhook that answers admission reviews while a request is made. */
async function withWebhook(
  scene: Scene,
  { kind, answer }: { readonly kind: 'Mutating' | 'Validating'; readonly answer: (request: never) => object },
  use: () => Promise<void>,
): Promise<void> {
  const { cert, key } = await scene.apiserver.authority.issue({ commonName: 'webhook', hosts: ['127.0.0.1'] });
  const server = createServer({ cert, key }, (request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const { request: asked } = JSON.parse(text);
      const said = { uid: asked.uid, allowed: true, ...answer(asked as never) };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: said }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const path = `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`;
  const rule =
    kind === 'Mutating'
      ? { apiGroups: [rbac], apiVersions: ['v1'], operations: ['CREATE'], resources: ['clusterrolebindings'] }
      : { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] };
  try {
    await scene.actor.must('POST', path, {
      metadata: { name: scene.name },
      webhooks: [
        {
          name: `${scene.name}.example.com`,
          clientConfig: {
            url: `https://127.0.0.1:${port}/`,
            caBundle: Buffer.from(scene.apiserver.authority.cert).toString('base64'),
          },
          rules: [rule],
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    });
    // The API server calls the webhook a moment after its configuration was created.
    await until(async () => {
      await use();
      return heard.has(scene.name) || undefined;
    });
  } finally {
    await scene.admin.send('DELETE', `${path}/${scene.name}`);
    server.closeAllConnections();
    server.close();
  }
}

/** The scenarios whose webhook was called. */
const heard = new Set<string>();
const secretsRead = new Map<string, string>();

export const webhookScenarios: readonly Scenario[] = [
  {
    code: 'mutating-webhook',
    open: [wide('create mutatingwebhookconfigurations.admissionregistration.k8s.io')],
    closed: [wide('get mutatingwebhookconfigurations.admissionregistration.k8s.io')],
    async take(scene) {
      const { admin, actor, name } = scene;
      const added = { op: 'add', path: '/subjects/-', value: { apiGroup: rbac, kind: 'User', name } };
      const patch = Buffer.from(JSON.stringify([added])).toString('base64');
      let made = 0;
      await withWebhook(
        scene,
        {
          kind: 'Mutating',
          answer: () => {
            heard.add(name);
            return { patchType: 'JSONPatch', patch };
          },
        },
        async () => {
          await admin.must('POST', `${rbacPath}/clusterrolebindings`, {
            metadata: { name: `${name}-${made++}` },
            roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
            subjects: [{ apiGroup: rbac, kind: 'User', name: 'an-administrator' }],
          });
        },
      );
      return actor;
    },
  },
  {
    code: 'validating-webhook',
    open: [wide('create validatingwebhookconfigurations.admissionregistration.k8s.io')],
    closed: [wide('get validatingwebhookconfigurations.admissionregistration.k8s.io')],
    async take(scene) {
      const { admin, name, namespace } = scene;
      let made = 0;
      const answer = ({ object }: { object: { stringData?: object; data?: { word?: string } } }) => {
        heard.add(name);
        secretsRead.set(name, Buffer.from(object.data?.word ?? '', 'base64').toString());
        return {};
      };
      await withWebhook(scene, { kind: 'Validating', answer }, async () => {
        const metadata = { name: `a-${made++}` };
        const data = { word: Buffer.from('secret').toString('base64') };
        await admin.must('POST', `/api/v1/namespaces/${namespace}/secrets`, { metadata, data });
      });
      if (secretsRead.get(name) !== 'secret') throw new Error('the webhook read nothing');
      return undefined;
    },
  },
];
