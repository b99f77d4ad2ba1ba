import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:https';
import { ensurePart } from '../parts/build';
import { Authority, type KeyPair } from './certs';
import type { Etcd } from './etcd';
import { kubeconfigText, type User } from './kubeconfig';
import { kubectl } from './kubectl';
import type { Lab } from './lab';
import { freePort } from './port';
import type { Running } from './process';

export interface ApiserverOptions {
  readonly etcd: Etcd;
  /** @default '1.34' */
  readonly version?: '1.34' | '1.37';
  /** @default 'RBAC' */
  readonly authorizationMode?: string;
  /** Flags in addition to those that every API server has here. */
  readonly extraArgs?: readonly string[];
  /** An AuthenticationConfiguration, as YAML. It is written to {@link Apiserver.authenticationConfig}. */
  readonly authenticationConfig?: string;
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long to wait until it is ready, in seconds. @default 180 */
  readonly timeout?: number;
}

/** A kube-apiserver that is ready, with its own certificate authority. */
export interface Apiserver {
  readonly process: Running;
  readonly url: string;
  /** The certificate authority that signs its certificate and those of clients. */
  readonly authority: Authority;
  /** The administrator's certificate (group `system:masters`). */
  readonly admin: KeyPair;
  /** Path of a kubeconfig with the administrator's certificate. */
  readonly kubeconfig: string;
  /** Path of the key that signs service account tokens. */
  readonly serviceAccountKey: string;
  /** Path of the certificate authority's certificate. */
  readonly caFile: string;
  /** Path of the AuthenticationConfiguration. Replace it by a rename, as tools on a node should do. */
  readonly authenticationConfig?: string;
  /** Runs kubectl as the administrator. Rejects with `KubectlFailed`. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Writes a kubeconfig for another user and returns its path. */
  kubeconfigFor(name: string, user: User): Promise<string>;
}

/**
 * Starts a kube-apiserver and waits until it is ready.
 *
 * Rejects with `ProcessEnded` if it exits instead, for example because it refuses flags or a file.
 */
export async function startApiserver(lab: Lab, options: ApiserverOptions): Promise<Apiserver> {
  const { etcd, version = '1.34', authorizationMode = 'RBAC', extraArgs = [], env, timeout = 180 } = options;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const folder = `apiserver-${port}`;
  const authority = await Authority.create('kaniflux-e2e');
  const serving = await authority.issue({
    commonName: 'kube-apiserver',
    hosts: ['127.0.0.1', 'localhost', '10.0.0.1'],
  });
  const admin = await authority.issue({ commonName: 'admin', organizations: ['system:masters'] });
  const kubeconfigFor = (name: string, user: User): Promise<string> =>
    lab.write(`${folder}/${name}.kubeconfig`, kubeconfigText(url, authority.cert, user));

  const caFile = await lab.write(`${folder}/ca.crt`, authority.cert);
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serviceAccountKey = await lab.write(
    `${folder}/service-account.key`,
    signing.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const serviceAccountPub = await lab.write(
    `${folder}/service-account.pub`,
    signing.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  const authenticationConfig =
    options.authenticationConfig && (await lab.write(`${folder}/auth/config.yaml`, options.authenticationConfig));
  const process = await lab.start({
    name: `kube-apiserver-${version}`,
    command: await ensurePart(`kube-apiserver-${version}`),
    env,
    args: [
      `--etcd-servers=${etcd.url}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${lab.path(folder)}`,
      `--tls-cert-file=${await lab.write(`${folder}/serving.crt`, serving.cert)}`,
      `--tls-private-key-file=${await lab.write(`${folder}/serving.key`, serving.key)}`,
      `--client-ca-file=${caFile}`,
      `--service-account-key-file=${serviceAccountPub}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.0.0.0/24',
      `--authorization-mode=${authorizationMode}`,
      // No pods run here. Without this plugin, their service accounts need not exist.
      '--disable-admission-plugins=ServiceAccount',
      '--endpoint-reconciler-type=none',
      ...(authenticationConfig ? [`--authentication-config=${authenticationConfig}`] : []),
      ...extraArgs,
    ],
  });
  await process.ready(() => isReady(url, authority.cert, admin), timeout);
  const kubeconfig = await kubeconfigFor('admin', admin);
  return {
    process,
    url,
    authority,
    admin,
    kubeconfig,
    serviceAccountKey,
    caFile,
    authenticationConfig,
    kubectl: (args, input) => kubectl(kubeconfig, args, input),
    kubeconfigFor,
  };
}

/** Requests /readyz as the administrator, because an AuthenticationConfiguration may refuse anonymous requests. */
function isReady(url: string, ca: string, { cert, key }: KeyPair): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const ask = request(`${url}/readyz`, { ca, cert, key, agent: false, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ask.once('timeout', () => ask.destroy(new Error('no answer in 2 s')));
    ask.once('error', reject).end();
  });
}
