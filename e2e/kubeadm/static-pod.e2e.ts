import { mkdir, readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { stringify } from 'yaml';
import { homeLab } from '../../__tests__/config';
import { filesOf } from '../../__tests__/node-files/cluster';
import { run } from '../../__tests__/run';
import { freePort, Lab, ProcessEnded, type Running, startEtcd } from '../harness';
import { ensurePart } from '../parts/build';
import versions from '../parts/versions.json';
import { Kubeadm } from './kubeadm';

type Version = '1.34' | '1.37';

const folder = '/etc/kubernetes/kaniflux';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('static-pod');
});
afterAll(() => lab.close());

interface Cluster {
  readonly text: string;
  readonly pki: string;
  readonly port: number;
}

/** Returns an owner's cluster on this machine, with certificates that kubeadm created. */
async function cluster(kubeadm: Kubeadm, version: Version): Promise<Cluster> {
  const port = await freePort();
  const pki = lab.path(`pki-${port}`);
  const api = 'kubeadm.k8s.io/v1beta4';
  const local = { name: 'bind-address', value: '127.0.0.1' };
  const documents = [
    {
      apiVersion: api,
      kind: 'ClusterConfiguration',
      kubernetesVersion: versions.parts[`kubernetes-${version}`],
      certificatesDir: pki,
      etcd: { external: { endpoints: [(await startEtcd(lab)).url] } },
      apiServer: { certSANs: ['127.0.0.1'], extraArgs: [local] },
    },
    {
      apiVersion: api,
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: '192.0.2.10', bindPort: port },
      nodeRegistration: { name: 'node-1' },
    },
  ];
  const text = documents.map((document) => stringify(document)).join('---\n');
  await kubeadm.certificates(text);
  return { text, pki, port };
}

/**
 * Runs the command of the static pod as the kubelet would. The folder on the node is replaced by one in which this test
 * may write.
 */
async function start(kubeadm: Kubeadm, version: Version, text: string): Promise<Running> {
  const [{ command }] = (await kubeadm.pod(text)).spec.containers;
  const [, ...args] = command.map((argument) => argument.replace(folder, lab.path('node')));
  return lab.start({
    name: `kube-apiserver-${version}`,
    command: await ensurePart(`kube-apiserver-${version}`),
    args,
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' }, // the issuer is asleep, and nobody outside is asked
  });
}

/** Whether /readyz returns ok to a request with a certificate of the cluster's own CA. */
async function isReady({ pki, port }: Cluster): Promise<boolean> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'apiserver-kubelet-client.crt', 'apiserver-kubelet-client.key'].map((name) =>
      readFile(`${pki}/${name}`),
    ),
  );
  return new Promise((resolve, reject) => {
    const options = { ca, cert, key, agent: false, timeout: 2000 };
    const asked = request(`https://127.0.0.1:${port}/readyz`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer in 2 s')));
    asked.once('error', reject).end();
  });
}

/**
 * Returns the configuration with the rendered settings of a method merged in. If the settings include a file, it is
 * copied to the node.
 */
async function merged(text: string, kubernetes: Version, authentication: object): Promise<string> {
  const homelab = { kubernetes, authentication };
  await lab.write('kaniflux.yaml', stringify(homeLab({ clusters: { homelab } })));
  await mkdir(lab.path('node'), { recursive: true });
  const file = filesOf(homelab)['authentication-config.yaml'];
  if (file !== undefined) await lab.write('node/authentication-config.yaml', file);
  const { code, stdout } = await run(['kubeadm-merge'], { cwd: lab.folder, stdin: async () => text });
  expect(code).toBe(0);
  return stdout;
}

describe.each(['1.34', '1.37'] as const)(
  'the static pod that kubeadm %s makes of a merged configuration',
  (version) => {
    let kubeadm: Kubeadm;
    let own: Cluster;

    beforeAll(async () => {
      kubeadm = await Kubeadm.of(lab, version);
      own = await cluster(kubeadm, version);
    });

    test.each([
      ['flags', { groups: {}, requiredClaims: { azp: 'k8s', name: 'ops' } }],
      ['structured', { method: 'structured', groups: {} }],
    ])('%s: its command starts a real API server', async (_, authentication) => {
      const apiserver = await start(kubeadm, version, await merged(own.text, version, authentication));
      await apiserver.ready(() => isReady(own), 90);
      await apiserver.stop();
    });

    test('both ways at once: kubeadm lets it through, and the API server ends', async () => {
      const flags = await merged(own.text, version, {});
      const argument = `    - name: authentication-config\n      value: ${folder}/authentication-config.yaml\n`;
      const both = flags.replace(/^ {2}extraArgs:\n/m, (line) => `${line}${argument}`);
      await merged(own.text, version, { method: 'structured' }); // the file
      expect(await kubeadm.validate(both)).toBe('ok\n');
      const apiserver = await start(kubeadm, version, both);
      await expect(apiserver.ready(() => isReady(own), 90)).rejects.toThrow(ProcessEnded);
      expect(await apiserver.output()).toContain('authentication-config file and oidc-* flags are mutually exclusive');
      const refused = await run(['kubeadm-merge'], { cwd: lab.folder, stdin: async () => both });
      expect(refused).toMatchObject({ code: 2, stdout: '' });
    });
  },
);
