import { Client, type KeyPair, requestCertificate } from '../harness';
import { Ignored, podOnNode, type Scenario, type Scene, tokenOnNode, until, wide } from './scene';

const group = 'certificates.k8s.io';
const path = `/apis/${group}/v1/certificatesigningrequests`;
const csr = `certificatesigningrequests.${group}`;
const approve = (signer: string) => `approve signers.${group} kubernetes.io/${signer}`;
const [client, kubelet] = ['kube-apiserver-client', 'kube-apiserver-client-kubelet'];

interface Asked {
  readonly signer: string;
  readonly subject: Parameters<typeof requestCertificate>[0];
  /** The name of the request. */
  readonly name: string;
}

/** Requests a certificate. Returns its key. */
async function ask(who: Client, { signer, subject, name }: Asked): Promise<string> {
  const { request, key } = await requestCertificate(subject);
  const usages = ['digital signature', 'client auth'];
  await who.must('POST', path, {
    metadata: { name },
    spec: { request, signerName: `kubernetes.io/${signer}`, usages },
  });
  return key;
}

const approveRequest = (who: Client, name: string) =>
  who.merge(`${path}/${name}/approval`, {
    status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Theirs' }] },
  });

/** Waits until kube-controller-manager has signed an approved request. */
async function signed(admin: Client, name: string, key: string): Promise<KeyPair> {
  const text = await until<string>(async () => (await admin.must('GET', `${path}/${name}`)).status.certificate);
  return { cert: Buffer.from(text, 'base64').toString(), key };
}

const nodeSubject = { commonName: 'system:node:control-plane', organizations: ['system:nodes'] };

async function asNode(scene: Scene, pair: KeyPair): Promise<Client> {
  await podOnNode(scene, 'boss');
  const node = new Client(scene.apiserver, pair);
  try {
    return await tokenOnNode(scene, node);
  } finally {
    node.close();
  }
}

export const certificateScenarios: readonly Scenario[] = [
  {
    code: 'request-certificate',
    open: [wide(`create ${csr}`)],
    closed: [wide(`get ${csr}`, `patch ${csr}/approval`, approve(client))],
    async take({ actor, name }) {
      await ask(actor, { signer: client, subject: { commonName: name }, name });
      return undefined;
    },
  },
  ...[['none'], ['other', approve('kubelet-serving'), approve(kubelet)]].map(
    ([title, ...others]): Scenario => ({
      code: 'approve-certificate',
      title,
      open: [wide(`create ${csr}`, `patch ${csr}/approval`, approve(client))],
      closed: [wide(`create ${csr}`, `patch ${csr}/approval`, ...others)],
      async take({ admin, actor, apiserver, name, namespace }) {
        const subject = { commonName: `system:serviceaccount:${namespace}:boss` };
        const key = await ask(actor, { signer: client, subject, name });
        await approveRequest(actor, name);
        return new Client(apiserver, await signed(admin, name, key));
      },
    }),
  ),
  {
    code: 'approve-node',
    title: 'approve',
    open: [wide(`create ${csr}`, `update ${csr}/approval`, `patch ${csr}/approval`, approve(kubelet))],
    closed: [wide(`create ${csr}`, `patch ${csr}/approval`, approve('kubelet-serving'))],
    async take(scene) {
      const { admin, actor, name } = scene;
      const key = await ask(actor, { signer: kubelet, subject: nodeSubject, name });
      await approveRequest(actor, name);
      return asNode(scene, await signed(admin, name, key));
    },
  },
  {
    code: 'approve-node',
    title: 'automatic',
    open: [wide(`create ${csr}`, `create ${csr}/nodeclient`)],
    closed: [wide(`create ${csr}`, `create ${csr}/selfnodeclient`)],
    async take(scene) {
      const { admin, actor, name } = scene;
      const key = await ask(actor, { signer: kubelet, subject: nodeSubject, name });
      if (name.startsWith('open')) return asNode(scene, await signed(admin, name, key));
      // kube-controller-manager does not deny the request, but leaves it without a condition. To see this, the test
      // waits until a later request is approved.
      const later = `${name}-later`;
      await signed(admin, later, await ask(admin, { signer: kubelet, subject: nodeSubject, name: later }));
      if (!(await admin.must('GET', `${path}/${name}`)).status.conditions) throw new Ignored(name);
      return undefined;
    },
  },
];
