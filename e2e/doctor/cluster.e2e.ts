import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { run } from '../../__tests__/run';
import { entry } from '../../lib/config/config';
import { tokenClaims } from '../../lib/identity/claims';
import { loadConfig } from '../../lib/load-config';
import { apiserverFlags } from '../flux/rendered';
import { kubeconfigText, startControllerManager, startKustomizeController } from '../harness';
import { Kubeadm, type Pod } from '../kubeadm/kubeadm';
import { type Source, startGitSource } from '../source/source';
import { Stage } from './live-system';

/*
 * kube-apiserver 1.34 with the rendered flags, and kustomize-controller with a Git source. The doctor examines them
 * first while all is well, and then after each of several common mistakes. Nothing runs pods here: the static pod is
 * rendered by the real kubeadm from the merged configuration, and put into the API as the kubelet would.
 */
let stage: Stage;
let source: Source;
/** The owner's kubeadm configuration with ours merged in, and the static pod that kubeadm renders from it. */
let merged: string;
let pod: Pod;
let revision: string;

const kubectl = (...args: string[]) => stage.apiserver.kubectl(args);
const applied = (object: object) => stage.apiserver.kubectl(['apply', '-f', '-'], JSON.stringify(object));
const dist = () => stage.lab.path('dist');

/**
 * Creates the static pod that kubeadm renders from the merged configuration, as the kubelet shows it, with changed
 * flags.
 */
const runsWith = async (change = (flag: string) => flag) => {
  await kubectl('delete', 'pod', 'kube-apiserver-node-1', '-n=kube-system', '--ignore-not-found', '--now');
  const [container, ...others] = pod.spec.containers;
  const containers = [{ ...container, command: container.command.map(change) }, ...others];
  const metadata = { ...(pod.metadata as object), name: 'kube-apiserver-node-1' };
  await applied({ ...pod, metadata, spec: { ...pod.spec, containers } });
};
const kubeadmConfig = (text: string) =>
  applied({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
    data: { ClusterConfiguration: text.split('\n---')[0] },
  });
const status = (kind: string, name: string, namespace: string, value: object) =>
  kubectl(
    'patch',
    kind,
    name,
    `-n=${namespace}`,
    '--subresource=status',
    '--type=merge',
    `-p=${JSON.stringify({ status: value })}`,
  );
const readyIs = (state: string, message: string, more: object = {}) => ({
  ...more,
  conditions: [
    { type: 'Ready', status: state, reason: 'Reported', message, lastTransitionTime: new Date().toISOString() },
  ],
});
const until = async (found: () => Promise<boolean>) => {
  for (const deadline = Date.now() + 90_000; !(await found()); await sleep(300)) {
    if (Date.now() > deadline) throw new Error(`still ${await stage.findings(['--only', 'flux'])}`);
  }
};
const allApplied = () => until(async () => (await stage.findings(['--only', 'flux'])).length === 0);

beforeAll(async () => {
  const change = (caFile: string) => ({
    clusters: { homelab: { authentication: { method: 'flags', groups: {}, ca: { nodePath: caFile } } } },
  });
  stage = await Stage.open('doctor', '1.34', change, (files) => ({ extraArgs: apiserverFlags(files) }));
  const { lab, apiserver } = stage;
  await startControllerManager(lab, apiserver);
  await startKustomizeController(lab, apiserver);
  source = await startGitSource(lab, apiserver);
  revision = await source.push(dist(), 'the home lab');
  await kubectl('apply', '-f', lab.path('dist/flux/homelab.yaml'));
  const own = await readFile(join(__dirname, '../kubeadm/cluster-v1beta4.yaml'), 'utf8');
  merged = (await run(['kubeadm-merge', 'homelab'], { cwd: lab.folder, stdin: async () => own })).stdout;
  pod = await (await Kubeadm.of(lab, '1.34')).pod(merged);
  await runsWith();
  await kubeadmConfig(merged);
  await kubectl('wait', '--for=create', 'helmrelease/kanidm', '-n=kanidm', '--timeout=90s');
  await status('helmrepository', 'kanidm', 'kanidm', readyIs('True', 'stored artifact', { observedGeneration: 1 }));
  const history = [
    { chartName: 'kanidm', chartVersion: '0.1.2', status: 'deployed', version: 1, name: 'kanidm', namespace: 'kanidm' },
  ];
  const times = {
    firstDeployed: new Date().toISOString(),
    lastDeployed: new Date().toISOString(),
    configDigest: 'sha256:0',
    digest: 'sha256:0',
  };
  await status('helmrelease', 'kanidm', 'kanidm', {
    ...readyIs('True', 'Helm install succeeded', { observedGeneration: 1 }),
    history: history.map((one) => ({ ...one, ...times })),
  });
  await allApplied();
});
afterAll(async () => {
  await source?.close();
  await stage?.close();
});

test('a cluster that is as rendered has no findings', async () => {
  const { code, stdout, stderr } = await stage.doctor(['--only', 'kanidm,cluster,flux']);
  expect(stderr).toBe('');
  expect(stdout).not.toMatch(/^(error|warning)/m);
  const ok = [...stdout.matchAll(/^ok .* \(([a-z-]+)\)$/gm)].map(([, name]) => name);
  const expected = [
    'kubectl-unusable',
    'api-server-unreachable',
    'api-server-clock',
    'kubernetes-version-differs',
    'api-server-settings-differ',
    'kubeadm-config-differs',
    'access-differs',
    'kanidm-objects-differ',
    'flux-missing',
    'flux-not-applied',
    'flux-source-failed',
    'flux-failed',
    'flux-outdated',
    'flux-helm-failed',
  ];
  expect({ code, ok }).toEqual({ code: 0, ok: expect.arrayContaining(expected) });
  expect(stdout).toContain(`Kustomization kaniflux-access has applied ${revision}`);
});

test('the rights in docs/doctor.md are all that the doctor needs', async () => {
  const user = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'reader' };
  const allow = async (namespace: string | undefined, rules: object[]) => {
    const kind = namespace === undefined ? 'ClusterRole' : 'Role';
    const metadata = { name: 'doctor', ...(namespace === undefined ? {} : { namespace }) };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: 'doctor' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await applied({ apiVersion, kind, metadata, rules });
    await applied({ apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects: [user] });
  };
  const read = (apiGroup: string, ...resources: string[]) => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ['get', 'list'],
  });
  await allow(undefined, [
    read('rbac.authorization.k8s.io', 'clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'),
    read('storage.k8s.io', 'storageclasses'),
    { nonResourceURLs: ['/api', '/version', '/metrics'], verbs: ['get'] },
  ]);
  await allow('kube-system', [read('', 'pods', 'pods/log', 'configmaps')]);
  await allow('kanidm', [
    read('', 'namespaces', 'pods', 'pods/log', 'events', 'persistentvolumeclaims', 'configmaps'),
    read('helm.toolkit.fluxcd.io', 'helmreleases'),
    read('source.toolkit.fluxcd.io', 'helmrepositories'),
  ]);
  await allow('flux-system', [
    read('', 'pods'),
    read('apps', 'deployments'),
    read('kustomize.toolkit.fluxcd.io', 'kustomizations'),
    read('source.toolkit.fluxcd.io', 'gitrepositories'),
  ]);
  const certificate = await stage.apiserver.authority.issue({ commonName: 'reader' });
  const KUBECONFIG = await stage.apiserver.kubeconfigFor('reader', certificate);
  const { code, stdout } = await stage.doctor(['--only', 'kanidm,cluster,flux'], { KUBECONFIG });
  expect(stdout).not.toMatch(/Forbidden|^(error|warning)/m);
  expect(code).toBe(0);
});

describe('the API server', () => {
  afterAll(() => runsWith());

  test.each([
    ['a slash after the issuer', /(openid\/k8s)$/, '$1/', '`--oidc-issuer-url` is'],
    [
      'another audience',
      /(client-id=)k8s$/,
      '$1kubernetes',
      '`--oidc-client-id` is `kubernetes`, but `k8s` is rendered',
    ],
    ['RS256', /ES256$/, 'RS256', '`--oidc-signing-algs` is `RS256`, but `ES256` is rendered'],
    ['another prefix', /(groups-prefix=).*$/, '$1x:', '`--oidc-groups-prefix` is `x:`'],
  ])('with %s is found by its flags', async (_, from, to, message) => {
    await runsWith((flag) => flag.replace(from, to));
    const found = await stage.findings(['--only', 'cluster']);
    expect(found).toEqual([expect.stringContaining('api-server-settings-differ kube-apiserver-node-1: ')]);
    expect(found[0]).toContain(message);
  });

  test('whose settings kubeadm does not know loses them at the next upgrade', async () => {
    await runsWith();
    await kubeadmConfig(await readFile(join(__dirname, '../kubeadm/cluster-v1beta4.yaml'), 'utf8'));
    expect(await stage.findings(['--only', 'cluster'])).toEqual([
      expect.stringContaining('kubeadm-config-differs kubeadm-config of homelab: `--oidc-issuer-url` is missing'),
    ]);
    await kubeadmConfig(merged);
  });

  test('that refused every token says so in its metrics', async () => {
    const config = loadConfig(stage.lab.path('kaniflux.yaml'));
    const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
    const review = (token: string) =>
      stage.apiserver.kubectl(
        ['create', '-f', '-', '-o=json'],
        JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } }),
      );
    expect(parse(await review(stage.issuer.token({ ...claims, aud: 'grafana' }))).status.authenticated).toBeUndefined();
    expect(await stage.findings(['--only', 'cluster'])).toEqual([
      'tokens-refused the API server of homelab has refused all tokens of client k8s since it started: 1',
    ]);
    expect(parse(await review(stage.issuer.token(claims))).status.authenticated).toBe(true);
    const { code, stdout } = await stage.doctor(['--only', 'cluster']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('has accepted 1 and refused 1 tokens'),
    });
  });

  test('of another version, at another address, or behind a CA that the kubeconfig lacks', async () => {
    const server = stage.apiserver.url.replace('127.0.0.1', 'localhost');
    const other = {
      kubernetes: '1.37',
      server,
      kubeconfig: { user: 'oidc', certificateAuthority: { file: 'kanidm-ca.crt' } },
    };
    await stage.write({ clusters: { homelab: other } }, 'other.yaml');
    const found = await stage.findings(['--only', 'cluster', '-c', 'other.yaml']);
    expect(found).toContainEqual(
      expect.stringContaining('kubernetes-version-differs homelab runs Kubernetes v1.34.4, but the config says 1.37'),
    );
    expect(found).toContainEqual(
      expect.stringContaining(
        `kubectl-unusable kubectl connects to ${stage.apiserver.url}, but homelab is at ${server}`,
      ),
    );
    expect(found).toContainEqual(
      expect.stringContaining(
        'api-server-unreachable the API server of homelab presents a certificate that its kubeconfig does not trust',
      ),
    );
  });
});

test('a binding that somebody took away, and one that stayed, are found', async () => {
  await kubectl(
    'annotate',
    'clusterrolebinding',
    'oidc-cluster-admin',
    'kustomize.toolkit.fluxcd.io/reconcile=disabled',
  );
  await kubectl(
    'patch',
    'clusterrolebinding',
    'oidc-cluster-admin',
    '--type=json',
    '-p=[{"op":"remove","path":"/subjects"}]',
  );
  const labels = {
    'kustomize.toolkit.fluxcd.io/name': 'kaniflux-access',
    'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
  };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  await applied({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'old', labels },
    roleRef,
  });
  expect(await stage.findings(['--only', 'cluster'])).toEqual([
    expect.stringMatching(/^access-differs ClusterRoleBinding.* oidc-cluster-admin differs in homelab in subjects/),
    expect.stringMatching(/^access-differs ClusterRoleBinding.* old is left over from an earlier config in homelab/),
  ]);
  await kubectl('delete', 'clusterrolebinding', 'old', 'oidc-cluster-admin');
  await kubectl(
    'annotate',
    '--overwrite',
    'kustomization',
    'kaniflux-access',
    '-n=flux-system',
    `reconcile.fluxcd.io/requestedAt=${Date.now()}`,
  );
  await until(async () => (await stage.findings(['--only', 'cluster'])).length === 0);
});

describe('Flux', () => {
  const suspend = (yes: boolean) =>
    kubectl(
      'patch',
      'kustomization',
      'kaniflux-access',
      '-n=flux-system',
      '--type=merge',
      `-p={"spec":{"suspend":${yes}}}`,
    );

  test('that is suspended stays at its revision', async () => {
    await suspend(true);
    const old = revision;
    revision = await source.push(dist(), 'again');
    await until(async () => (await stage.findings(['--only', 'flux'])).length === 2);
    expect(await stage.findings(['--only', 'flux'])).toEqual([
      'flux-failed Kustomization kaniflux-access of homelab is suspended',
      `flux-outdated Kustomization kaniflux-access of homelab has applied ${old}, but the newest revision of its source is ${revision}`,
    ]);
    await suspend(false);
    await allApplied();
  });

  test('that fails says why, in its own words', async () => {
    const file = `${dist()}/clusters/homelab/access/kustomization.yaml`;
    await writeFile(
      file,
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [missing.yaml]\n',
    );
    revision = await source.push(dist(), 'broken');
    await until(async () => (await stage.findings(['--only', 'flux'])).some((line) => /missing\.yaml/.test(line)));
    expect((await stage.doctor(['--only', 'flux'])).stdout).toMatch(
      /^error {3}Kustomization kaniflux-access of homelab is not ready: .*missing\.yaml.* \(flux-failed\)$/m,
    );
    await writeFile(
      file,
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [access.k8s.yaml]\n',
    );
    revision = await source.push(dist(), 'whole');
    await allApplied();
  });

  test('whose Kustomization was never applied, or is an old one', async () => {
    await kubectl(
      'patch',
      'kustomization',
      'kaniflux-access',
      '-n=flux-system',
      '--type=merge',
      '-p={"spec":{"interval":"1h"}}',
    );
    await kubectl('delete', 'kustomization', 'kaniflux-access-in-namespaces', '-n=flux-system');
    expect(await stage.findings(['--only', 'flux'])).toEqual(
      expect.arrayContaining([
        'flux-not-applied Kustomization kaniflux-access of homelab differs in spec.interval from the rendered object',
        'flux-not-applied homelab has no Kustomization kaniflux-access-in-namespaces',
      ]),
    );
    await kubectl('apply', '-f', stage.lab.path('dist/flux/homelab.yaml'));
    await allApplied();
  });

  test('whose source, repository or release failed gives their messages', async () => {
    await status('helmrelease', 'kanidm', 'kanidm', readyIs('False', 'timed out waiting for the condition'));
    expect(await stage.findings(['--only', 'flux'])).toContainEqual(
      'flux-helm-failed HelmRelease kanidm/kanidm is not ready: timed out waiting for the condition',
    );
    await status('helmrepository', 'kanidm', 'kanidm', readyIs('False', 'failed to fetch index: 404'));
    expect(await stage.findings(['--only', 'flux'])).toContainEqual(
      'flux-helm-failed HelmRepository kanidm/kanidm is not ready: failed to fetch index: 404',
    );
    await status('gitrepository', 'flux-system', 'flux-system', readyIs('False', 'authentication required'));
    expect(await stage.findings(['--only', 'flux'])).toContainEqual(
      'flux-source-failed GitRepository flux-system/flux-system is not ready: authentication required',
    );
  });
});

describe('signing in with the rendered kubeconfig', () => {
  test('gives the person of the config, somebody else, or the reason why not', async () => {
    const config = loadConfig(stage.lab.path('kaniflux.yaml'));
    const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
    await stage.kubelogin(stage.issuer.token(claims));
    const { stdout, code } = await stage.doctor(['--only', 'login', '--login']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('homelab identifies you as datosh ('),
    });
    await stage.kubelogin(stage.issuer.token({ ...claims, groups: [] }));
    expect(await stage.findings(['--login', '--only', 'login'])).toEqual([
      expect.stringMatching(
        /^login-failed homelab identifies you as datosh, but not as a member of .*k8s_users@localhost/,
      ),
    ]);
    await stage.kubelogin(stage.issuer.token({ ...claims, sub: '0d9d6a52-7f6b-5c1b-9d4a-3d0f1c6c8a10' }));
    expect(await stage.findings(['--login', '--only', 'login'])).toEqual([
      expect.stringMatching(
        /^login-failed homelab identifies you as .*8a10, but no user of client k8s has this name according to the config/,
      ),
    ]);
    const secret = stage.issuer.token({ ...claims, aud: 'grafana' });
    await stage.kubelogin(secret);
    const refused = await stage.doctor(['--login', '--only', 'login']);
    expect(refused.stdout).toMatch(/error {3}signing in to homelab: .*(Unauthorized|logged in)/);
    expect(refused.stdout + refused.stderr).not.toContain(secret);
  });

  test('is not done unless it was asked for', async () => {
    const { stdout } = await stage.doctor(['--only', 'login']);
    expect(stdout).toContain('skipped signing in opens a browser and needs --login (login-failed)');
  });
});

test('of several clusters each is reached by the context whose server it is', async () => {
  const [homelab] = Object.values(stage.input.clusters as object);
  const clusters = { homelab, other: { ...homelab, server: 'https://127.0.0.1:1' } };
  await stage.write({ clusters }, 'two.yaml');
  const { stdout } = await stage.doctor(['-c', 'two.yaml', '--only', 'flux']);
  expect(stdout).toContain('ok      kubectl reaches homelab: Kubernetes v1.34.4');
  expect(stdout).toContain(
    'no context of kubectl has the server https://127.0.0.1:1: choose a context with --cluster other --context',
  );
  expect(
    (await stage.findings(['-c', 'two.yaml', '--only', 'flux', '--cluster', 'other', '--context', 'e2e']))[0],
  ).toBe(
    `kubectl-unusable kubectl connects to ${stage.apiserver.url}, but other is at https://127.0.0.1:1: this may be another cluster, so the other findings about other may be wrong`,
  );
});

test.each([
  ['does not answer', () => 'https://127.0.0.1:1', /refused/],
  ['does not know who asks', () => stage.apiserver.url, /Unauthorized|logged in/],
])('a cluster that %s is one finding, and the rest goes on', async (_, server, reason) => {
  const text = kubeconfigText(server(), stage.apiserver.authority.cert, { token: 'of-nobody' });
  const KUBECONFIG = await stage.lab.write('nobody.kubeconfig', text);
  const { stdout, code } = await stage.doctor(['--only', 'kanidm,cluster,flux'], { KUBECONFIG });
  expect(code).toBe(1);
  expect(stdout.match(/^(error|warning).*/gm)).toEqual([expect.stringContaining('kubectl-unusable')]);
  expect(stdout).toMatch(reason);
  expect(stdout).toMatch(/^ok .* \(kanidm-issuer\)$/m);
  expect(stdout).toMatch(
    /^skipped kubectl does not reach the cluster \(see kubectl-unusable\) \(.*flux-helm-failed, kanidm-not-running, backup-not-made, issuer-unresolved, issuer-untrusted, issuer-not-read\)$/m,
  );
});
