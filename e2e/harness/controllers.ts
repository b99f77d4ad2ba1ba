import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePart } from '../parts/build';
import type { Apiserver } from './apiserver';
import type { Lab } from './lab';
import { freePort } from './port';
import type { Running } from './process';

/** The controllers that tests need. Without the others, it starts sooner and uses less CPU. */
const wanted = [
  'clusterrole-aggregation-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'root-ca-certificate-publisher-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
];

/**
 * Starts kube-controller-manager 1.34 and waits until it has aggregated the rules of `view`, `edit` and `admin`. It
 * also finishes the deletion of namespaces.
 *
 * @param controllers further controllers to run. Those of certificates sign with the API server's own authority
 */
export async function startControllerManager(
  lab: Lab,
  apiserver: Apiserver,
  { controllers = [] }: { readonly controllers?: readonly string[] } = {},
): Promise<Running> {
  const process = await lab.start({
    name: 'kube-controller-manager',
    command: await ensurePart('kube-controller-manager-1.34'),
    args: [
      `--kubeconfig=${apiserver.kubeconfig}`,
      `--service-account-private-key-file=${apiserver.serviceAccountKey}`,
      `--root-ca-file=${apiserver.caFile}`,
      `--cluster-signing-cert-file=${apiserver.caFile}`,
      `--cluster-signing-key-file=${await lab.write('kube-controller-manager/ca.key', await apiserver.authority.key())}`,
      `--controllers=${[...wanted, ...controllers].join(',')}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${await freePort()}`,
      `--cert-dir=${lab.path('kube-controller-manager')}`,
    ],
  });
  const rules = [
    'get',
    'clusterrole',
    'view',
    'edit',
    'admin',
    '-o',
    'jsonpath={range .items[*]}{.rules[0].verbs}{"\\n"}{end}',
  ];
  await process.ready(async () => (await apiserver.kubectl(rules)).match(/get/g)?.length === 3);
  return process;
}

/**
 * Applies Flux's CRDs (`crds/`), creates the namespace `flux-system`, starts kustomize-controller and waits until it is
 * ready. There is no source-controller: serve an archive over HTTP and write its address to the status of a source.
 *
 * @param kubeconfig the kubeconfig with its identity. @default that of the administrator
 */
export async function startKustomizeController(
  lab: Lab,
  apiserver: Apiserver,
  extraArgs: readonly string[] = [],
  kubeconfig = apiserver.kubeconfig,
): Promise<Running> {
  const folder = join(__dirname, '..', '..', 'crds');
  const crds = (await readdir(folder)).map((file) => `--filename=${join(folder, file)}`);
  await apiserver.kubectl(['apply', '--server-side', ...crds]);
  await apiserver.kubectl(['wait', '--for=condition=Established', '--timeout=180s', ...crds]);
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } };
  await apiserver.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(namespace));
  const port = await freePort();
  const health = `127.0.0.1:${port}`;
  // Each controller has its own temporary folder, because a controller that starts removes the build folders of others
  // as leftovers.
  const temporary = lab.path(`kustomize-controller-${port}`);
  await mkdir(temporary, { recursive: true });
  const process = await lab.start({
    name: 'kustomize-controller',
    command: await ensurePart('kustomize-controller'),
    args: [
      '--watch-all-namespaces',
      '--enable-leader-election=false',
      `--metrics-addr=127.0.0.1:${await freePort()}`,
      `--health-addr=${health}`,
      ...extraArgs,
    ],
    env: { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: 'flux-system', TMPDIR: temporary },
  });
  await process.ready(async () => (await fetch(`http://${health}/readyz`)).ok);
  return process;
}
