import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from '../../../lib/existing/live-cluster';
import { diagnose, RecordedKanidm, shown } from './server';

let kanidm: RecordedKanidm;
beforeAll(async () => {
  kanidm = await RecordedKanidm.start();
});
afterAll(() => kanidm.close());

type Answers = Readonly<Record<string, unknown>>;

/** Returns a kubectl that gives the answers of a test, by resource. All other requests are forbidden. */
const kubectl =
  (answers: Answers): (() => Kubectl) =>
  () =>
  ([verb, what, ...rest]) => {
    if (verb === 'version') return JSON.stringify({ serverVersion: { gitVersion: 'v1.34.4' } });
    if (what === '--raw') return '{}';
    const namespace = rest.find((word) => word.startsWith('--namespace='))?.slice('--namespace='.length);
    const answer = verb === 'logs' ? (answers[`logs ${what}`] ?? answers.logs) : answers[`${namespace ?? ''}/${what}`];
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw new Error(`Error from server (Forbidden): ${what} is forbidden`);
    return typeof answer === 'string' ? answer : JSON.stringify(answer);
  };

const config = () =>
  kanidm.load({ kanidm: { cluster: 'homelab', manifests: { storage: { className: 'local' } }, version: '1.11.1' } });
const say = async (codes: readonly string[], answers: Answers) =>
  shown(await diagnose(config(), codes, { kubectl: kubectl(answers) }));

const ofKanidm = (name: string): Answers => {
  const text = readFileSync(join(__dirname, '../../fixtures/node', `${name}.json`), 'utf8');
  const { pods, events, claims, storageClasses } = JSON.parse(text);
  return {
    'kanidm/pods': pods,
    'kanidm/events': events,
    'kanidm/persistentvolumeclaims': claims,
    '/storageclasses': storageClasses,
  };
};

describe('kanidm-not-running', () => {
  const pod = (answers: Answers) => say(['kanidm-not-running'], answers);

  test.each([
    [
      'no-storage-class',
      'the claim db-kanidm-0 asks for the StorageClass local, which the cluster does not have: the cluster has none',
    ],
    ['no-secret', 'the secret kanidm-tls does not exist'],
    [
      'bad-image',
      'the image node.example.com/missing:1.11.1 cannot be pulled: failed to pull and unpack image "node.example.com/missing:1.11.1": failed to resolve reference "node.example.com/missing:1.11.1": failed to do request: Head "https://node.example.com/v2/missing/manifests/1.11.1": dial tcp: lookup node.example.com on 192.0.2.1:53: read udp 192.0.2.10:43721->192.0.2.1:53: i/o timeout',
    ],
  ])('%s', async (name, message) => {
    expect(await pod(ofKanidm(name))).toEqual([
      `error kanidm-not-running pod kanidm/kanidm-0 does not run: ${message}`,
    ]);
  });

  test('what may not be read is said if the pod does not show the cause', async () => {
    const { 'kanidm/events': events, ...rest } = ofKanidm('no-secret');
    expect(events).toBeDefined();
    const unread = '; doctor could not read events (Error from server (Forbidden): events is forbidden)';
    expect(await pod(rest)).toEqual([expect.stringMatching(/^error .* does not run: /)]);
    expect((await pod(rest))[0]?.endsWith(unread)).toBe(true);
    expect((await pod({ ...rest, 'kanidm/pods': { items: [] } }))[0]?.endsWith(unread)).toBe(true);
    const { 'kanidm/events': _, ...image } = ofKanidm('bad-image');
    expect((await pod(image))[0]).not.toContain('doctor could not read');
  });

  describe('the fix', () => {
    const waiting = (name: string, image: string, reason: string, message?: string) => ({
      metadata: { name: 'kanidm-0', ownerReferences: [{ kind: 'StatefulSet', name: 'kanidm' }] },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name, image, state: { waiting: { reason, ...(message ? { message } : {}) } } }],
      },
    });
    const fixOf = async (loaded: ReturnType<typeof config>, item: object) => {
      const answers = { ...ofKanidm('ready'), 'kanidm/pods': { items: [item] } };
      return (await diagnose(loaded, ['kanidm-not-running'], { kubectl: kubectl(answers) })).findings[0]?.fix;
    };
    const limit = '429 Too Many Requests - Server message: toomanyrequests';
    const chart = () =>
      kanidm.load({
        kanidm: {
          cluster: 'homelab',
          helm: { repository: 'https://charts.example.com', chart: 'kanidm', version: '1.2.3' },
        },
      });

    test.each([
      ['docker.io/library/busybox:1.37.0', 'correct `kanidm.manifests.reloaderImage`, run'],
      ['docker.io/kanidm/server:1.11.1', 'correct `kanidm.version` or `kanidm.manifests.image`, run'],
    ])('for the image %s names its field', async (image, words) => {
      const fix = await fixOf(config(), waiting('a', image, 'ImagePullBackOff', limit));
      expect(fix).toBe(
        `fix what the message describes; if the image does not exist, ${words} \`kaniflux synth\`, commit and push`,
      );
    });

    test('for the image of a chart does not name a field of manifests', async () => {
      const fix = await fixOf(chart(), waiting('a', 'kanidm/server:1.4.5', 'ErrImagePull', limit));
      expect(fix).toContain('correct `kanidm.version` or the values of the chart,');
    });

    test.each([
      ['kube-root-ca.crt', /^check that kube-controller-manager runs/, /^check that kube-controller-manager runs/],
      ['kanidm-migrations', /^run `kaniflux synth`/, /^run `kaniflux synth`/],
      ['kanidm-config', /^run `kaniflux synth`/, /^`kubectl -n kanidm describe helmrelease kanidm`/],
    ])('for the ConfigMap %s names who creates it', async (name, manifests, helm) => {
      const item = waiting('kanidm', 'a', 'CreateContainerConfigError', `configmap "${name}" not found`);
      expect(await fixOf(config(), item)).toMatch(manifests);
      expect(await fixOf(chart(), item)).toMatch(helm);
    });

    test('for the Secret with the backup to restore is not about a certificate', async () => {
      const restore = { file: 'backup.json.gz', secretName: 'kanidm-restore' };
      const loaded = kanidm.load({
        kanidm: {
          cluster: 'homelab',
          backup: { restore },
          manifests: { storage: { className: 'local' } },
          version: '1.11.1',
        },
      });
      const missing = (name: string) =>
        waiting('kanidm', 'a', 'CreateContainerConfigError', `secret "${name}" not found`);
      expect(await fixOf(loaded, missing('kanidm-restore'))).toContain(
        'create secret generic kanidm-restore --from-file=backup.json.gz',
      );
      expect(await fixOf(loaded, missing('kanidm-tls'))).toContain('create secret tls kanidm-tls');
    });
  });

  test('a pod that is ready is well', async () => {
    expect(await pod(ofKanidm('ready'))).toEqual(['ok kanidm-not-running pod kanidm/kanidm-0 is ready']);
  });

  test('pods that may not be read are skipped, with the reason', async () => {
    expect(await pod({})).toEqual([expect.stringMatching(/^skipped kanidm-not-running .*Forbidden/)]);
  });

  test('a pod that cannot be created is told with the reason', async () => {
    const event = (kind: string, message: string, lastTimestamp: string, more = {}) => ({
      reason: 'FailedCreate',
      type: 'Warning',
      involvedObject: { kind, name: kind === 'ReplicaSet' ? 'kanidm-6c9f' : 'kanidm' },
      message,
      lastTimestamp,
      ...more,
    });
    const message =
      'create Pod kanidm-0 in StatefulSet kanidm failed error: pods "kanidm-0" is forbidden: exceeded quota: none';
    const none = (...items: readonly object[]) =>
      pod({ ...ofKanidm('ready'), 'kanidm/pods': { items: [] }, 'kanidm/events': { items } });
    expect(
      await none(
        event('StatefulSet', 'older', '2026-11-27T22:08:00Z'),
        event('StatefulSet', message, '2026-11-27T22:09:00Z'),
        event('Job', 'of a Job', '2026-11-27T22:10:00Z'),
      ),
    ).toEqual([`error kanidm-not-running Kanidm in homelab has no pod, because creating the pod failed: ${message}`]);
    const claim = 'create Claim data-kanidm-0 Pod kanidm-0 in StatefulSet kanidm success';
    expect(
      await none(
        event('StatefulSet', message, '2026-11-27T22:09:00Z'),
        event('StatefulSet', claim, '2026-11-27T22:09:01Z', { reason: 'SuccessfulCreate' }),
      ),
    ).toEqual([expect.stringContaining(message)]);
    const later = event('StatefulSet', 'delete Pod kanidm-0', '2026-11-27T22:10:00Z', { reason: 'SuccessfulDelete' });
    expect(await none(event('StatefulSet', message, '2026-11-27T22:09:00Z'), later)).toEqual([
      expect.stringContaining('skipped kanidm-not-running'),
    ]);
    expect(await none(event('ReplicaSet', 'x', '', { involvedObject: { kind: 'ReplicaSet', name: 'web-1' } }))).toEqual(
      [expect.stringContaining('skipped kanidm-not-running')],
    );
  });

  test('no pod at all is for another check', async () => {
    expect(await pod({ ...ofKanidm('ready'), 'kanidm/pods': { items: [] } })).toEqual([
      expect.stringContaining('see kanidm-objects-differ'),
    ]);
  });
});

describe('kanidm-objects-differ', () => {
  const route = { gateway: { name: 'web', namespace: 'kanidm' } };
  const find = async (isKnown: boolean) => {
    const loaded = kanidm.load({
      kanidm: { cluster: 'homelab', manifests: { storage: { className: 'local' }, ...route }, version: '1.11.1' },
    });
    const answer: Kubectl = (args, input) => {
      if (input === undefined) return kubectl({})()(args);
      const { items } = JSON.parse(input);
      if (items[0].kind !== 'TLSRoute') return input;
      if (isKnown) return '';
      throw new Error('error: no matches for kind "TLSRoute" in version "gateway.networking.k8s.io/v1"');
    };
    return (await diagnose(loaded, ['kanidm-objects-differ'], { kubectl: () => answer })).findings
      .filter(({ message }) => message.startsWith('TLSRoute'))
      .map(({ message, fix }) => `${message} (${fix})`);
  };

  test('an object of a kind that the cluster does not know is not made by a commit', async () => {
    const missing = 'TLSRoute.gateway.networking.k8s.io kanidm/kanidm is missing in homelab';
    expect(await find(false)).toEqual([
      `${missing}, because the cluster does not know the kind TLSRoute in the version gateway.networking.k8s.io/v1 (install this version of the CustomResourceDefinition in the cluster; or set \`kanidm.manifests.gateway.apiVersion\` to a version that it has)`,
    ]);
    expect(await find(true)).toEqual([expect.stringContaining(`${missing} (\`kaniflux synth\`, commit and push`)]);
  });
});

describe('flux-controller-down', () => {
  const deployment = (name: string, replicas: number, availableReplicas?: number) => ({
    metadata: { name },
    spec: { replicas },
    status: availableReplicas === undefined ? {} : { availableReplicas },
  });
  const controllers = (...items: object[]) =>
    say(['flux-controller-down'], { 'flux-system/deployments.apps': { items }, 'flux-system/pods': { items: [] } });

  test('is said of one that is scaled to 0, and of one without a pod; not of one that runs', async () => {
    expect(await controllers(deployment('source-controller', 1, 1), deployment('kustomize-controller', 0))).toEqual([
      'ok flux-controller-down source-controller runs',
      'error flux-controller-down kustomize-controller of homelab is scaled to 0: Flux applies nothing',
    ]);
    expect(await controllers(deployment('kustomize-controller', 1))).toContain(
      'error flux-controller-down kustomize-controller of homelab is not running: no pod is available',
    );
  });

  test('is explained by the first container of its own pods that waits', async () => {
    const pod = (name: string, waiting: object) => ({
      metadata: { name },
      status: { containerStatuses: [{ state: { running: {} } }, { state: { waiting } }] },
    });
    const down = (...pods: object[]) =>
      diagnose(config(), ['flux-controller-down'], {
        kubectl: kubectl({
          'flux-system/deployments.apps': { items: [deployment('kustomize-controller', 1)] },
          'flux-system/pods': { items: pods },
        }),
      });
    const result = await down(
      pod('my-kustomize-controller-', { message: 'of another controller' }),
      pod('kustomize-controller-5d8-x', { reason: 'ImagePullBackOff' }),
      pod('kustomize-controller-5d8-y', { message: 'the image does not exist', reason: 'ErrImagePull' }),
    );
    expect(shown(result)).toContain(
      'error flux-controller-down kustomize-controller of homelab is not running: ImagePullBackOff',
    );
    expect(result.findings).toEqual([
      expect.objectContaining({
        cluster: 'homelab',
        fix: '`kubectl -n flux-system describe pods` shows the reason; `flux install` restores changed objects',
      }),
    ]);
    expect(shown(await down(pod('kustomize-controller-5d8-y', { message: 'no such image', reason: 'x' })))).toContain(
      'error flux-controller-down kustomize-controller of homelab is not running: no such image',
    );
    expect(shown(await down(pod('my-kustomize-controller-', { reason: 'x' })))).toContain(
      'error flux-controller-down kustomize-controller of homelab is not running: no pod is available',
    );
  });

  test('one that is scaled to 0 is scaled up again', async () => {
    const { findings } = await diagnose(config(), ['flux-controller-down'], {
      kubectl: kubectl({
        'flux-system/deployments.apps': { items: [deployment('source-controller', 0)] },
        'flux-system/pods': { items: [] },
      }),
    });
    expect(findings).toEqual([
      expect.objectContaining({
        cluster: 'homelab',
        fix: '`kubectl -n flux-system scale deployment source-controller --replicas=1`',
      }),
    ]);
  });

  test('messages of Flux need another one', async () => {
    const answers = { 'flux-system/deployments.apps': { items: [deployment('notification-controller', 0)] } };
    const alerting = kanidm.load({ flux: { alerts: { type: 'slack', secretName: 'chat' } } });
    const result = await diagnose(alerting, ['flux-controller-down'], { kubectl: kubectl(answers) });
    expect(shown(result)).toContain(
      'error flux-controller-down notification-controller of homelab is scaled to 0: Flux sends no messages',
    );
  });

  test('one that is not there may run elsewhere', async () => {
    expect(await controllers()).toEqual([
      expect.stringMatching(/^skipped .*no Deployment flux-system\/source-controller$/),
      expect.stringMatching(/^skipped .*no Deployment flux-system\/kustomize-controller$/),
    ]);
  });
});

describe('flux-not-applied', () => {
  const flux = { alerts: { type: 'slack', secretName: 'chat' } };
  const applied = (answers: Answers) =>
    diagnose(kanidm.load({ flux }), ['flux-not-applied'], { kubectl: kubectl(answers) }).then(shown);
  const list = (group: string) => `flux-system/${group}.toolkit.fluxcd.io`;
  const provider = { metadata: { name: 'kaniflux' }, spec: { type: 'discord', secretRef: { name: 'chat' } } };

  test('is said of the Provider and Alert too', async () => {
    const lines = await applied({
      [list('kustomizations.kustomize')]: { items: [] },
      [list('providers.notification')]: { items: [provider] },
      [list('alerts.notification')]: { items: [] },
    });
    expect(lines).toEqual([
      'error flux-not-applied homelab has no Kustomization kaniflux-access',
      'error flux-not-applied homelab has no Kustomization kaniflux-access-in-namespaces',
      'error flux-not-applied Provider kaniflux of homelab differs in spec.type from the rendered object',
      'error flux-not-applied homelab has no Alert kaniflux',
    ]);
  });

  test('nothing is claimed of those that may not be read', async () => {
    expect(await applied({ [list('kustomizations.kustomize')]: { items: [] } })).toEqual([
      expect.stringContaining('no Kustomization kaniflux-access'),
      expect.stringContaining('no Kustomization kaniflux-access-in-namespaces'),
      expect.stringMatching(/^skipped flux-not-applied Provider kaniflux: .*Forbidden/),
      expect.stringMatching(/^skipped flux-not-applied Alert kaniflux: .*Forbidden/),
    ]);
  });
});

describe('the log of the API server', () => {
  const codes = ['issuer-unresolved', 'issuer-untrusted', 'issuer-not-read'];
  const from = (issuer: string, reason: string) =>
    `E1126 07:20:22.519662       1 oidc.go:419] oidc authenticator: initializing plugin: Get "${issuer}/.well-known/openid-configuration": ${reason}\n`;
  const issuer = () => `${kanidm.origin}/oauth2/openid/k8s`;
  const line = (reason: string) => from(issuer(), reason);
  const items = [
    { metadata: { name: 'kube-apiserver-node' }, spec: { containers: [{ command: ['kube-apiserver', '--v=2'] }] } },
  ];
  const log = (text: string) => say(codes, { 'kube-system/pods': { items }, logs: text });
  const nothing = codes.map((code) => expect.stringMatching(`^ok ${code} `));
  const unknownAuthority = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

  test('a name that it cannot resolve', async () => {
    const timeout =
      'dial tcp: lookup idm.example.com on 192.0.2.1:53: read udp 192.0.2.10:56617->192.0.2.1:53: i/o timeout';
    for (const reason of [timeout, 'dial tcp: lookup idm.example.com: no such host']) {
      expect(await log(line(reason))).toEqual([
        'error issuer-unresolved kube-apiserver-node cannot resolve localhost: every login fails with Unauthorized',
        'skipped issuer-untrusted the certificate of Kanidm, as seen by kube-apiserver-node',
        'skipped issuer-not-read the discovery document of Kanidm, as seen by kube-apiserver-node',
      ]);
    }
  });

  test('a log that cannot be read does not hide the others', async () => {
    const pods = ['cp1', 'cp2'].map((node) => ({ ...items[0], metadata: { name: `kube-apiserver-${node}` } }));
    const reason = 'Error from server: dial tcp 192.0.2.12:10250: connect: no route to host';
    const said = await say(['issuer-untrusted'], {
      'kube-system/pods': { items: pods },
      'logs kube-apiserver-cp1': line(unknownAuthority),
      'logs kube-apiserver-cp2': new Error(reason),
    });
    expect(said).toEqual([
      expect.stringMatching(/^error issuer-untrusted kube-apiserver-cp1 does not trust/),
      `skipped issuer-untrusted the log of kube-apiserver-cp2: ${reason}`,
    ]);
  });

  test.each([
    ['talos', '`machine.network.extraHostEntries`', '>> /etc/hosts'],
    ['cluster-api', '`preKubeadmCommands`', '>> /etc/hosts'],
    ['kubeadm', '>> /etc/hosts', 'extraHostEntries'],
  ])('the fix for a name on %s', async (controlPlane, words, others) => {
    const cluster = {
      controlPlane,
      kubernetes: '1.34',
      ...(controlPlane === 'talos' ? { controlPlaneVersion: '1.14' } : {}),
    };
    const loaded = kanidm.load({ clusters: { homelab: cluster } });
    const answers = { 'kube-system/pods': { items }, logs: line('dial tcp: lookup idm.example.com: no such host') };
    const { findings } = await diagnose(loaded, ['issuer-unresolved'], { kubectl: kubectl(answers) });
    expect(findings[0]?.fix).toMatch(/^add the name to the DNS of the control-plane nodes; or /);
    expect(findings[0]?.fix).toContain(words);
    expect(findings[0]?.fix).not.toContain(others);
  });

  test('a certificate that it does not trust', async () => {
    expect(await log(line(unknownAuthority))).toEqual([
      'skipped issuer-unresolved the name of Kanidm, as seen by kube-apiserver-node',
      'error issuer-untrusted kube-apiserver-node does not trust the certificate of localhost: x509: certificate signed by unknown authority',
      'skipped issuer-not-read the discovery document of Kanidm, as seen by kube-apiserver-node',
    ]);
  });

  test('of several clients, the certificate in the latest line counts', async () => {
    const other = from(`${kanidm.origin}/oauth2/openid/other`, unknownAuthority);
    const expired = line('x509: certificate has expired');
    const message = (text: string) =>
      `error issuer-untrusted kube-apiserver-node does not trust the certificate of localhost: x509: certificate ${text}`;
    expect(await log(line(unknownAuthority) + other + expired)).toContain(message('has expired'));
    expect(await log(expired + other)).toContain(message('signed by unknown authority'));
  });

  test('the fix for a certificate depends on what is wrong with it', async () => {
    const fixOf = async (reason: string) => {
      const answers = { 'kube-system/pods': { items }, logs: line(reason) };
      const { results } = await diagnose(config(), ['issuer-untrusted'], { kubectl: kubectl(answers) });
      return results.map((one) => (one.state === 'failed' ? one.finding.fix : one.state));
    };
    expect(await fixOf(unknownAuthority)).toEqual([expect.stringMatching(/^write the CA file of Kanidm/)]);
    expect(await fixOf('x509: certificate is valid for a.example.com, not idm.example.com')).toEqual([
      expect.stringMatching(/^use one of the names that the certificate has/),
    ]);
    expect(await fixOf('x509: certificate has expired or is not yet valid: current time 2026')).toEqual([
      'renew the certificate of Kanidm, or correct the clock',
    ]);
  });

  test.each([
    'dial tcp 192.0.2.7:443: connect: connection refused',
    'proxyconnect tcp: dial tcp: lookup proxy.example.com: no such host',
    'proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ])('a document that it cannot read: %s', async (reason) => {
    expect(await log(line(reason))).toEqual([
      'skipped issuer-unresolved the name of Kanidm, as seen by kube-apiserver-node',
      'skipped issuer-untrusted the certificate of Kanidm, as seen by kube-apiserver-node',
      `error issuer-not-read kube-apiserver-node cannot read the discovery document or the keys of ${issuer()}: Get "${issuer()}/.well-known/openid-configuration": ${reason}`,
    ]);
  });

  test('the bracket at the end of a list of errors is left out, but not that of an address', async () => {
    const refused = 'connect: connection refused';
    expect((await log(line(`${refused}]`)))[2]).toMatch(/: connect: connection refused$/);
    expect((await log(line('lookup idm on [::1]')))[2]).toMatch(/ on \[::1\]$/);
  });

  test('a line without an address, or with another issuer of Kanidm', async () => {
    const plain = 'E1126 07:20:22.519662       1 oidc.go:419] oidc authenticator: initializing plugin: ';
    const without = 'E1126 07:20:22.519662       1 oidc.go:449] provider did not return JWKS URL\n';
    expect((await log(without))[2]).toMatch(/^error issuer-not-read .* of localhost: provider did not return/);
    expect((await log(`${plain}404 Not Found: \n`))[2]).toMatch(/^error issuer-not-read .* of localhost: 404/);
    const mismatch = `oidc: issuer did not match the issuer returned by provider, expected "${issuer()}/" got "${issuer()}"`;
    expect((await log(`${plain}${mismatch}\n`))[2]).toContain(`the keys of ${issuer()}: oidc`);
  });

  test('a line without an address is not said to be about Kanidm, nor about another issuer, if both are trusted', async () => {
    const ci = { url: 'https://ci.example.com', audiences: ['a'], claim: 'sub' };
    const entry = {
      issuer: { url: ci.url, audiences: ci.audiences },
      claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
    };
    for (const trusted of [{ issuers: { ci } }, { jwt: [entry] }]) {
      const cluster = { kubernetes: '1.34', authentication: { method: 'structured' }, ...trusted };
      const logs =
        'E1126 07:20:22.519662       1 oidc.go:419] oidc authenticator: initializing plugin: 404 Not Found: \n';
      const answers = { 'kube-system/pods': { items }, logs };
      const both = kanidm.load({ clusters: { homelab: cluster } });
      expect(shown(await diagnose(both, codes, { kubectl: kubectl(answers) }))).toEqual([
        nothing[0],
        nothing[1],
        expect.stringMatching(/^skipped issuer-not-read \S+ cannot read an issuer that its log does not name: 404/),
        'skipped issuer-not-read the discovery document of Kanidm, as seen by kube-apiserver-node',
      ]);
    }
  });

  test('an issuer that is not Kanidm is named, and nothing is said about Kanidm', async () => {
    const reason = 'dial tcp: lookup ci.example.com: no such host';
    const other = from('https://ci.example.com', reason);
    const said = await log(other);
    expect(said.slice(0, 2)).toEqual(nothing.slice(0, 2));
    expect(said.slice(2)).toEqual([
      `skipped issuer-not-read kube-apiserver-node cannot read ci.example.com, which is not the host of \`kanidm.origin\`: Get "https://ci.example.com/.well-known/openid-configuration": ${reason}`,
      nothing[2],
    ]);
    expect((await log(line(unknownAuthority) + other))[1]).toMatch(/^error issuer-untrusted/);
  });

  test('the last line counts; a token of one person, or no line, is nothing', async () => {
    const token =
      'E1126 07:20:22.519662 1 authentication.go:75] "Unable to authenticate the request" err="oidc: verify token: oidc: token is expired"\n';
    expect(await log('')).toEqual(nothing);
    expect(await log(token)).toEqual(nothing);
    const [unresolved, untrusted] = ['dial tcp: lookup idm.example.com: no such host', unknownAuthority].map(line);
    expect((await log(`${unresolved}${untrusted}`))[1]).toMatch(/^error issuer-untrusted/);
    expect((await log(`${unresolved}${untrusted}${unresolved}`))[0]).toMatch(/^error issuer-unresolved/);
  });
});
