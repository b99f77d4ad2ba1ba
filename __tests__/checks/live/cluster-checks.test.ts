import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiServerChecks } from '../../../lib/checks/live/api-server-checks';
import { apiServerStart } from '../../../lib/checks/live/api-server-start-check';
import { clockChecks } from '../../../lib/checks/live/clock-checks';
import { fluxChecks, fluxInstalled } from '../../../lib/checks/live/flux-checks';
import { kubectlChecks } from '../../../lib/checks/live/kubectl-checks';
import type { LiveCheck } from '../../../lib/checks/live/live-check';
import { LiveSystem, type Tools } from '../../../lib/checks/live/live-system';
import { login } from '../../../lib/checks/live/login-check';
import { metricsChecks } from '../../../lib/checks/live/metrics-checks';
import { serverAddress } from '../../../lib/checks/live/server-address-check';
import { entry } from '../../../lib/config/config';
import { clusterSettings } from '../../../lib/node-files/control-plane-files';
import { configOf } from '../../config';

const checks: readonly LiveCheck[] = [
  ...apiServerChecks,
  apiServerStart,
  ...Object.values(clockChecks),
  ...fluxChecks,
  fluxInstalled,
  ...Object.values(kubectlChecks),
  login,
  ...metricsChecks,
  serverAddress,
];

/** The answers of kubectl by its arguments: a text, a value that is printed as JSON, or an error. */
type Answers = Readonly<Record<string, unknown>>;

const reached: Answers = {
  version: { serverVersion: { gitVersion: 'v1.32.9' } },
  '/api': '{}',
  config: { clusters: [{ cluster: { server: 'https://192.168.1.16:6443' } }] },
};
const homelab = (authentication: object = {}, kanidm: object = {}) =>
  configOf({ kanidm, clusters: { homelab: { kubernetes: '1.32', authentication } } });

/**
 * Returns the results of a check as text: the state, the text, and the fix. A finding has its severity and its place
 * instead of a state.
 */
async function say(code: string, answers: Answers = {}, tools: Partial<Tools> = {}, config = homelab(), more = {}) {
  const kubectl = () => (args: readonly string[]) => {
    const key = args[0] === 'get' ? args.find((one, i) => i > 0 && one !== '--raw') : args[0];
    const answer = { ...reached, ...answers }[key ?? ''];
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw new Error(`Error from server (Forbidden): ${key} is forbidden`);
    return typeof answer === 'string' ? answer : JSON.stringify(answer);
  };
  const system = new LiveSystem(config, [entry(config.clusters, 'homelab')], { kubectl, ...tools } as Tools);
  Object.assign(system, more);
  const results = (await checks.find((one) => one.code === code)?.run(system)) ?? [];
  return results.map((one) => {
    if (one.state !== 'failed') return `${one.state}: ${one.text}`;
    const { severity = 'as usual', place, message, fix } = one.finding;
    return `${severity}: ${place.path.join('.')}: ${message} (${fix})`;
  });
}
/** Expects a single result that begins with a text and contains the others. */
const expectOne = (results: readonly string[], start: string, ...words: string[]) => {
  expect(results).toEqual([expect.stringContaining(start)]);
  expect(results[0]?.startsWith(start)).toBe(true);
  for (const word of words) expect(results[0]).toContain(word);
};

test.each(
  [...new Set(checks.map(({ code }) => code))].filter((code) =>
    /^(flux|keys|tokens|api-server-s|authentication)/.test(code),
  ),
)('%s is skipped where kubectl does not reach the cluster', async (code) => {
  const said = await say(code, { version: new Error('refused') });
  expectOne(said, 'skipped: ', ' of homelab: kubectl does not reach the cluster (see kubectl-unusable)');
});

describe('kubectl', () => {
  test.each<[string, Answers, string, string[]]>([
    ['reaches it', {}, 'passed: kubectl reaches homelab: Kubernetes v1.32.9', []],
    [
      'is not installed',
      { version: new Error('kubectl is not installed') },
      'as usual: clusters.homelab: kubectl is not',
      ['--only kanidm,machine'],
    ],
    [
      'is refused',
      { version: new Error('connection refused') },
      'as usual: clusters.homelab: connection refused',
      ['admin.conf'],
    ],
    [
      'has no credentials',
      { '/api': new Error('Unauthorized') },
      'as usual: clusters.homelab: Unauthorized',
      ['they have expired', '--context'],
    ],
    ['prints nothing', { version: {} }, 'as usual: clusters.homelab: kubectl prints no server version', []],
    ['has no address', { config: { clusters: null } }, 'skipped: kubectl reaches a cluster with', ['cannot tell']],
    [
      'is elsewhere',
      { config: { clusters: [{ cluster: { server: 'https://192.168.1.17:6443' } }] } },
      'warning: clusters.homelab.server: kubectl connects to https://192.168.1.17:6443, but homelab is at https://192.168.1.16:6443',
      ['--context', 'write the right address as `server`'],
    ],
    [
      'is an address of this machine',
      { config: { clusters: [{ cluster: { server: 'https://127.0.0.1:6443' } }] } },
      'note: clusters.homelab.server: kubectl connects to https://127.0.0.1:6443, an address of this machine',
      ['cannot tell whether this cluster is homelab', '--context'],
    ],
    ...[
      'kubectl version: error: client rate limiter Wait returned an error: context deadline exceeded - error from a previous attempt: EOF',
      'kubectl version: error: client rate limiter Wait returned an error: context deadline exceeded - error from a previous attempt: read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer',
      'kubectl version: Unable to connect to the server: context deadline exceeded',
      'kubectl version: Unable to connect to the server: EOF',
      'kubectl version: Unable to connect to the server: dial tcp 192.0.2.1:6443: connect: network is unreachable',
    ].map((reason): [string, Answers, string, string[]] => [
      reason,
      { version: new Error(reason) },
      `as usual: clusters.homelab: ${reason}`,
      ['admin.conf'],
    ]),
  ])('%s', async (_name, answers, start, words) => {
    const down = { apiServer: async () => ({ reason: 'connect ECONNREFUSED' }) };
    expectOne(await say('kubectl-unusable', answers, {}, undefined, down), start, ...words);
  });

  test.each([
    [
      'the API server answers elsewhere',
      'The connection to the server 192.0.2.9:6443 was refused',
      '(set `server` in the kubeconfig to https://192.168.1.16:6443, because this address answers; or name a context',
    ],
    [
      'there is no kubeconfig',
      'The connection to the server localhost:8080 was refused',
      '(kubectl has no kubeconfig: if the cluster does not exist yet, follow',
    ],
    [
      'the credential plugin is refused by Kanidm',
      'kubectl get: the credential plugin of its context failed: dial tcp 192.0.2.1:443: connect: connection refused',
      '(fix what the message describes, or name a context',
    ],
    [
      'the server itself reports a timeout',
      'kubectl get: Error from server (Timeout): the server was unable to return a response in the time allotted',
      '(fix what the message describes, or name a context',
    ],
    ['kubectl asks for a user name', 'kubectl get: error: EOF', '(fix what the message describes, or name a context'],
  ])('where %s, an API server that runs is not blamed', async (_, reason, fix) => {
    const up = { apiServer: async () => ({ value: { status: 401, text: '' } }) };
    const config = { clusters: [{ cluster: { server: 'https://192.0.2.9:6443' } }] };
    expectOne(
      await say('kubectl-unusable', { version: new Error(reason), config }, {}, undefined, up),
      `as usual: clusters.homelab: ${reason} ${fix}`,
    );
    expect(await say('api-server-down', { version: new Error(reason) }, {}, undefined, up)).toEqual([]);
  });

  test('that gets no answer at the address where doctor gets one is not told to use this address', async () => {
    const server = 'https://192.168.1.16:6443/';
    const up = { apiServer: async () => ({ value: { status: 401, text: '' } }) };
    const answers = {
      version: new Error('The connection to the server 192.168.1.16:6443 was refused'),
      config: { clusters: [{ cluster: { server } }] },
    };
    const said = await say('kubectl-unusable', answers, {}, undefined, up);
    expectOne(said, 'as usual: clusters.homelab: The connection', 'without a proxy: check `proxy-url`');
    expect(said[0]).not.toContain('set `server`');
  });

  test('the version is compared by its minor', async () => {
    expectOne(await say('kubernetes-version-differs'), 'passed: homelab runs Kubernetes 1.32');
    const other = { version: { serverVersion: { gitVersion: 'v1.33.1+k3s1' } } };
    expectOne(
      await say('kubernetes-version-differs', other),
      'as usual: clusters.homelab.kubernetes: homelab runs Kubernetes v1.33.1+k3s1, but the config says 1.32',
      'write `kubernetes: "1.33"`',
    );
  });
});

describe('the address of the API server', () => {
  test.each<[unknown, string, string]>([
    [
      { value: { status: 200, text: '{"gitVersion": "v1.34.4"}' } },
      'passed: the API server of homelab answers at https://192.168.1.16:6443',
      '',
    ],
    [
      { value: { status: 401, text: '{"kind": "Status"}' } },
      'passed: the API server of homelab answers at https://192.168.1.16:6443',
      '',
    ],
    [{ value: { status: 401, text: 'Unauthorized' } }, 'passed: https://192.168.1.16:6443 answers, and requires', ''],
    [
      { value: { status: 503, text: '<html>' } },
      'as usual: clusters.homelab.server: https://192.168.1.16:6443 answers the request for the version of homelab with status 503:',
      'load balancer',
    ],
    [
      { value: { status: 200, text: '<html>' } },
      'as usual: clusters.homelab.server: https://192.168.1.16:6443 answers',
      'with status 200 and no version',
    ],
    [
      { reason: 'certificate has expired' },
      'as usual: clusters.homelab.server: the certificate of the API server of homelab, or of its CA, has expired or is not valid yet',
      'renew',
    ],
    [
      { reason: 'connect ECONNREFUSED' },
      'as usual: clusters.homelab.server: the API server of homelab does not answer',
      'ECONNREFUSED',
    ],
    [
      { reason: 'self-signed certificate' },
      'as usual: clusters.homelab.kubeconfig.certificateAuthority: ',
      'does not trust',
    ],
    [
      { reason: 'TLS: tlsv13 alert certificate required' },
      'as usual: clusters.homelab.server: https://192.168.1.16:6443 refuses a connection without a client certificate',
      'set `server` to the address of the API server',
    ],
    [
      { reason: 'TLS: ssl/tls alert handshake failure' },
      'as usual: clusters.homelab.server: the API server of homelab does not answer',
      'handshake failure',
    ],
    [
      { reason: "does not match certificate's altnames" },
      'as usual: clusters.homelab.server: the certificate of the API server of homelab is for other names',
      '',
    ],
  ])('%j', async (answer, start, words) => {
    expectOne(await say('api-server-unreachable', {}, {}, undefined, { apiServer: async () => answer }), start, words);
  });

  test.each([
    ['/home/jane/certificate.pem', 'ENOENT /home/jane/certificate.pem'],
    ['ca.crt', 'ca.crt is relative to the folder of the kubeconfig, which doctor does not know'],
  ])('is not asked without the CA in the file %s', async (file, reason) => {
    const kubeconfig = { certificateAuthority: { file, inline: false } };
    const config = configOf({ clusters: { homelab: { kubernetes: '1.32', kubeconfig } } });
    const read = (path: string) => {
      throw new Error(`ENOENT ${path}`);
    };
    const said = await say('api-server-unreachable', {}, { read }, config);
    expect(said).toEqual([`skipped: the address of the API server of homelab: ${reason}`]);
  });
});

describe('the clock', () => {
  const now = Date.parse('2026-11-26T12:00:00Z');
  const at = (seconds: number) => {
    const date = new Date(now + seconds * 1000).toUTCString();
    const answer = async () => ({ value: { headers: { date }, at: now } });
    return { apiServer: answer, anyAnswer: answer };
  };
  test.each<[number, string]>([
    [29, 'passed: '],
    [-29, 'passed: '],
    [30, 'warning: PLACE: the clock of WHO is 30 s ahead of'],
    [-30, 'warning: PLACE: the clock of WHO is 30 s behind'],
    [59, 'warning: PLACE: the clock of WHO is 59 s ahead of'],
    [60, 'as usual: PLACE: the clock of WHO is 60 s ahead of'],
    [-3600, 'as usual: PLACE: the clock of WHO is 3600 s behind'],
  ])('that is off by %d s', async (seconds, start) => {
    const of = (place: string, who: string) => start.replace('PLACE', place).replace('WHO', who);
    // Other checks can take a minute after the answer.
    const tools = { now: () => now + 60_000 };
    expectOne(
      await say('kanidm-clock', {}, tools, undefined, at(seconds)),
      of('kanidm', 'the server at https://sso.kammel.dev'),
    );
    const expected = of('clusters.homelab', 'the API server of homelab');
    expectOne(await say('api-server-clock', {}, tools, undefined, at(seconds)), expected);
  });

  test('that is not told is not compared', async () => {
    const more = { anyAnswer: async () => ({ value: { headers: {} } }) };
    expectOne(
      await say('kanidm-clock', {}, { now: () => now }, undefined, more),
      'skipped: the server at https://sso.kammel.dev: the response has no',
    );
    const cached = { anyAnswer: async () => ({ value: { headers: { age: '400', date: new Date(0).toUTCString() } } }) };
    expectOne(
      await say('kanidm-clock', {}, { now: () => now }, undefined, cached),
      'skipped: the server at https://sso.kammel.dev: the response is from a cache',
    );
  });
});

describe('Flux', () => {
  const names = ['kaniflux-kanidm', 'kaniflux-access', 'kaniflux-access-in-namespaces'];
  const kustomizations = 'kustomizations.kustomize.toolkit.fluxcd.io';
  const ready = (status: string, message = 'as it should') => ({
    conditions: [
      { type: 'Other', status: 'False', message: 'no' },
      { type: 'Ready', status, message },
    ],
  });
  const source = {
    metadata: { name: 'flux-system' },
    spec: {},
    status: { ...ready('True'), artifact: { revision: 'main@sha1:1' } },
  };
  interface Change {
    readonly generation?: number;
    readonly deletionTimestamp?: string;
  }
  const all = ({ generation, deletionTimestamp, ...one }: Change & object, fluxSource: object | null = source) => ({
    [kustomizations]: {
      items: names.map((name) => ({ metadata: { name, generation, deletionTimestamp }, spec: {}, ...one })),
    },
    'gitrepositories.source.toolkit.fluxcd.io': {
      items: fluxSource ? [{ metadata: { name: 'other' } }, fluxSource] : [],
    },
  });

  test.each<[string, Answers, string, string]>([
    ['is there', { [kustomizations]: { items: [] } }, 'passed: homelab has the resource definitions of Flux', ''],
    [
      'is not',
      { [kustomizations]: new Error('the server doesn\'t have a resource type "kustomizations"') },
      'as usual: clusters.homelab.flux: homelab has no Flux',
      'flux bootstrap',
    ],
    ['may not be read', {}, 'skipped: the Kustomizations of homelab: Error from server (Forbidden)', ''],
  ])('%s', async (_name, answers, start, words) => {
    expectOne(await say('flux-missing', answers), start, words);
  });

  test.each(['flux-not-applied', 'flux-failed', 'flux-outdated'])(
    '%s is skipped where it may not be read',
    async (code) => {
      const reason = 'the Kustomizations cannot be read (see flux-missing)';
      const said = await say(code);
      for (const name of names) expect(said).toContain(`skipped: Kustomization ${name}: ${reason}`);
    },
  );

  test.each<[string, object, string, string]>([
    ['ready', { status: ready('True') }, 'passed: Kustomization NAME is ready', ''],
    [
      'failed',
      { status: ready('False', 'no such path') },
      'error: clusters.homelab.flux: Kustomization NAME of homelab is not ready: no such path',
      'flux reconcile kustomization NAME -n flux-system --with-source',
    ],
    [
      'at work',
      { status: ready('Unknown', 'busy') },
      'warning: clusters.homelab.flux: Kustomization NAME of homelab is not ready: busy',
      '',
    ],
    [
      'new',
      {},
      'error: clusters.homelab.flux: Kustomization NAME of homelab is not ready: no controller has reconciled it',
      '',
    ],
    [
      'ready with an earlier spec',
      { generation: 3, status: { ...ready('True'), observedGeneration: 2 } },
      'warning: clusters.homelab.flux: Kustomization NAME of homelab is not ready: its controller has not reconciled',
      '',
    ],
    [
      'failed with a changed spec',
      {
        generation: 3,
        status: {
          conditions: [{ type: 'Ready', status: 'False', message: 'no such path', observedGeneration: 3 }],
          observedGeneration: 2,
        },
      },
      'error: clusters.homelab.flux: Kustomization NAME of homelab is not ready: no such path',
      '',
    ],
    [
      'failed with an earlier spec',
      {
        generation: 3,
        status: {
          conditions: [{ type: 'Ready', status: 'False', message: 'no such path', observedGeneration: 2 }],
          observedGeneration: -1,
        },
      },
      'warning: clusters.homelab.flux: Kustomization NAME of homelab is not ready: its controller has not reconciled',
      '',
    ],
    [
      'being deleted',
      { deletionTimestamp: '2026-11-28T09:00:00Z', status: ready('True') },
      'as usual: clusters.homelab.flux: Kustomization NAME of homelab is being deleted',
      'kubectl apply -f dist/flux/homelab.yaml',
    ],
    [
      'ready with its spec',
      { generation: 3, status: { ...ready('True'), observedGeneration: 3 } },
      'passed: Kustomization NAME is ready',
      '',
    ],
    [
      'suspended',
      { spec: { suspend: true }, status: ready('True') },
      'warning: clusters.homelab.flux: Kustomization NAME of homelab is suspended',
      'flux resume kustomization NAME -n flux-system',
    ],
  ])('a Kustomization that is %s', async (_name, one, start, words) => {
    const said = await say('flux-failed', all(one));
    expect(said).toHaveLength(3);
    for (const [i, name] of names.entries())
      expectOne(said.slice(i, i + 1), start.replace('NAME', name), words.replace('NAME', name));
  });

  test.each<[string, object, object | null, string]>([
    ...[{ name: 'other' }, { kind: 'Bucket' }, { namespace: 'other' }].map(
      (other): [string, object, object, string] => [
        `with another source (${Object.keys(other)})`,
        {
          spec: { sourceRef: { kind: 'GitRepository', name: 'flux-system', ...other } },
          status: { lastAppliedRevision: 'main@sha1:9' },
        },
        source,
        'skipped: the revision of NAME: the source of this Kustomization differs from the rendered one (see flux-not-applied)',
      ],
    ),
    [
      'as new as its source, which it names',
      {
        spec: { sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
        status: { lastAppliedRevision: 'main@sha1:1' },
      },
      source,
      'passed: Kustomization NAME has applied main@sha1:1',
    ],
    [
      'as new as its source',
      { status: { lastAppliedRevision: 'main@sha1:1' } },
      source,
      'passed: Kustomization NAME has applied main@sha1:1',
    ],
    [
      'older',
      { status: { lastAppliedRevision: 'main@sha1:0' } },
      source,
      'as usual: clusters.homelab.flux: Kustomization NAME of homelab has applied main@sha1:0, but the newest revision of its source is main@sha1:1',
    ],
    ['new', {}, source, 'as usual: clusters.homelab.flux: Kustomization NAME of homelab has applied nothing yet'],
    ['without a source', {}, null, 'skipped: the revision of NAME: the source has no revision yet'],
  ])('a Kustomization that is %s', async (_name, one, fluxSource, start) => {
    const said = await say('flux-outdated', all(one, fluxSource));
    for (const [i, name] of names.entries()) expectOne(said.slice(i, i + 1), start.replace('NAME', name));
  });

  test('the revision of a source that may not be read is not known', async () => {
    const answers = all({}, null);
    const said = await say('flux-outdated', { [kustomizations]: answers[kustomizations] });
    expect(said).toEqual(
      names.map((name) => expect.stringMatching(`^skipped: the revision of ${name}: Error from server .Forbidden`)),
    );
  });

  test.each<[string, object | null, string, string]>([
    ['ready', source, 'passed: GitRepository flux-system/flux-system is at main@sha1:1', ''],
    [
      'ready and empty',
      { ...source, status: ready('True') },
      'passed: GitRepository flux-system/flux-system is at no revision',
      '',
    ],
    [
      'missing',
      null,
      'as usual: clusters.homelab.flux.source: homelab has no GitRepository flux-system/flux-system',
      'existing source',
    ],
    [
      'failed',
      { ...source, status: ready('False', 'no access') },
      'as usual: clusters.homelab.flux.source: GitRepository flux-system/flux-system is not ready: no access',
      'flux reconcile source git flux-system -n flux-system',
    ],
    [
      'suspended',
      { ...source, spec: { suspend: true } },
      'as usual: clusters.homelab.flux.source: GitRepository flux-system/flux-system is suspended',
      'flux resume source git',
    ],
  ])('a source that is %s', async (_name, fluxSource, start, words) => {
    expectOne(await say('flux-source-failed', all({}, fluxSource)), start, words);
  });

  test('Kustomizations that are missing, or changed by hand, are named with the file to apply', async () => {
    const byHand = { spec: { prune: false } };
    const [first, ...others] = await say('flux-not-applied', all(byHand));
    expect(first).toContain('as usual: clusters.homelab.flux: Kustomization kaniflux-kanidm of homelab differs in ');
    expect(first).toContain('kubectl apply -f dist/flux/homelab.yaml');
    expect(others).toHaveLength(2);
    const none = await say('flux-not-applied', { [kustomizations]: { items: [] } });
    expect(none).toEqual(names.map((name) => expect.stringContaining(`homelab has no Kustomization ${name}`)));
  });

  const release = (one: object, repository: object = { status: ready('True') }) => ({
    'helmrepositories.source.toolkit.fluxcd.io': { items: [{ metadata: { name: 'kanidm' }, ...repository }] },
    'helmreleases.helm.toolkit.fluxcd.io': { items: [{ metadata: { name: 'kanidm' }, spec: {}, ...one }] },
  });
  const status = (state: string, chartVersion?: string) => ({
    status: { ...ready(state, 'why'), ...(chartVersion ? { history: [{ chartVersion }] } : {}) },
  });
  test.each<[string, Answers, string]>([
    ['ready', release(status('True', '0.1.2+1')), 'passed: HelmRelease kanidm/kanidm is ready, with chart 0.1.2'],
    ['without a history', release(status('True')), 'passed: HelmRelease kanidm/kanidm is ready'],
    [
      'of another chart',
      release(status('True', '0.1.1')),
      'as usual: kanidm.helm.version: chart version 0.1.1 is installed, but the config says 0.1.2',
    ],
    ['failed', release(status('False')), 'error: kanidm.helm: HelmRelease kanidm/kanidm is not ready: why'],
    ['at work', release(status('Unknown')), 'warning: kanidm.helm: HelmRelease kanidm/kanidm is not ready: why'],
    [
      'suspended',
      release({ spec: { suspend: true } }),
      'as usual: kanidm.helm: HelmRelease kanidm/kanidm is suspended',
    ],
    [
      'without a repository',
      release({}, { status: ready('False', 'gone') }),
      'as usual: kanidm.helm.repository: HelmRepository kanidm/kanidm is not ready: gone',
    ],
  ])('a HelmRelease that is %s', async (_name, answers, start) => {
    expectOne(await say('flux-helm-failed', answers), start);
  });

  const untrusted = () => {
    const recorded = readFileSync(join(__dirname, '../../fixtures/flux/node.txt'), 'utf8');
    const [message = ''] = /^failed to fetch Helm repository index: .*x509.*$/m.exec(recorded) ?? [];
    return release({}, { status: ready('False', message) });
  };
  test.each([
    ['', untrusted(), 'write `certSecretRef: chart-ca` into `kanidm.helm`'],
    ['chart-ca', untrusted(), 'put the CA of the repository into the Secret kanidm/chart-ca'],
    ['', release({}, { status: ready('False', 'gone') }), 'fix what the message describes, then `flux reconcile'],
  ])('a repository with a private CA is trusted by a Secret (%s)', async (certSecretRef, answers, fix) => {
    const config = homelab({}, { helm: { ...(certSecretRef ? { certSecretRef } : {}) } });
    const [only, ...others] = await say('flux-helm-failed', answers, {}, config);
    expect(only).toContain(fix);
    expect(others).toEqual([]);
  });

  test('the HelmRelease is looked for on the cluster that runs Kanidm', async () => {
    expect(await say('flux-helm-failed', {}, {}, homelab({}, { cluster: null, helm: null }))).toEqual([]);
  });
});

describe('the metrics of the API server', () => {
  const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
  const hash = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const count = (result: string, value: number, of = issuer) =>
    `apiserver_authentication_jwt_authenticator_latency_seconds_count{jwt_issuer_hash="${hash(of)}",result="${result}"} ${value}\n`;
  const fetched = (result: string, value: number) =>
    `apiserver_authentication_jwt_authenticator_jwks_fetch_last_timestamp_seconds{jwt_issuer_hash="${hash(issuer)}",result="${result}"} ${value}\n`;

  test.each<[string, string, string, string]>([
    ['tokens-refused', '', 'skipped: the metrics of the API server of homelab show no tokens of client k8s', ''],
    [
      'tokens-refused',
      count('success', 3) + count('failure', 2),
      'passed: the API server of homelab has accepted 3 and refused 2',
      '',
    ],
    ['tokens-refused', count('success', 1), 'passed: the API server of homelab has accepted 1 and refused 0', ''],
    [
      'tokens-refused',
      count('failure', 2),
      'as usual: clusters.homelab.authentication: the API server of homelab has refused all tokens of client k8s since it started: 2',
      'explain --log -',
    ],
    ['tokens-refused', count('failure', 2, 'https://other.example'), 'skipped: ', ''],
    ['keys-not-fetched', '', 'skipped: the API server of homelab has no metric', ''],
    [
      'keys-not-fetched',
      fetched('success', 10) + fetched('failure', 10),
      'passed: the API server of homelab fetched the keys',
      '',
    ],
    [
      'keys-not-fetched',
      fetched('success', 9) + fetched('failure', 10),
      'as usual: clusters.homelab.authentication: the API server of homelab could not fetch the keys for tokens of client k8s on 1970-01-01T00:00:10.000Z',
      issuer,
    ],
    ['keys-not-fetched', fetched('failure', 10), 'as usual: ', ''],
  ])('%s', async (code, metrics, start, words) => {
    expectOne(await say(code, { '/metrics': metrics }), start, words);
  });

  const config = homelab({ method: 'structured' });
  const text = clusterSettings(config, entry(config.clusters, 'homelab')).files[0]?.text ?? '';
  const info = (of: string) => `apiserver_authentication_config_controller_last_config_info{hash="${hash(of)}"} 1\n`;
  const reload = (status: string, value: number) =>
    `apiserver_authentication_config_controller_automatic_reload_last_timestamp_seconds{status="${status}"} ${value}\n`;
  test.each<[string, string, string]>([
    ['as rendered', info(text), 'passed: the API server of homelab uses the rendered AuthenticationConfiguration'],
    [
      'another',
      info('x'),
      'as usual: clusters.homelab.authentication: the API server of homelab does not have the rendered',
    ],
    [
      'refused',
      info('x') + reload('success', 5) + reload('failure', 6),
      'as usual: clusters.homelab.authentication: the API server of homelab could not load its AuthenticationConfiguration on 1970-01-01T00:00:06.000Z, and still uses the previous one',
    ],
    [
      'missing for a moment, or refused after the rendered one',
      info(text) + reload('failure', 6),
      'warning: clusters.homelab.authentication: the API server of homelab uses the rendered AuthenticationConfiguration, but could not load its file on 1970-01-01T00:00:06.000Z',
    ],
    ['refused before', info(text) + reload('success', 6) + reload('failure', 6), 'passed: '],
    ['not measured', '', 'skipped: the API server of homelab has no metric'],
  ])('an AuthenticationConfiguration that is %s', async (_name, metrics, start) => {
    expectOne(await say('authentication-config-differs', { '/metrics': metrics }, {}, config), start);
    expect(await say('authentication-config-differs', { '/metrics': metrics })).toEqual([]);
  });
});

describe('the settings of the API server', () => {
  const args = clusterSettings(homelab(), entry(homelab().clusters, 'homelab')).args;
  const command = ['kube-apiserver', ...args.map(({ name, value }) => `--${name}=${value}`)];
  const pods = (words: readonly string[]) => ({
    pods: {
      items: [
        {
          metadata: { name: 'kube-apiserver-a', labels: { component: 'kube-apiserver' } },
          spec: { containers: [{ name: 'kube-apiserver', command: words }] },
        },
      ],
    },
  });

  test('are compared in its pods', async () => {
    expectOne(
      await say('api-server-settings-differ', pods(command)),
      'passed: kube-apiserver-a has the rendered settings',
    );
    const other = command.map((word) => word.replace('oidc-client-id=k8s', 'oidc-client-id=other'));
    expectOne(
      await say('api-server-settings-differ', pods(other)),
      'as usual: clusters.homelab.authentication: kube-apiserver-a: ',
      'oidc-client-id',
      'dist/control-planes/homelab/README.md',
    );
    expectOne(
      await say('api-server-settings-differ', { pods: { items: [] } }),
      'skipped: kubectl shows no pod of the API server of homelab in kube-system',
    );
  });

  const kubeadm = (extraArgs: Record<string, string>) => ({
    configmap: {
      data: {
        ClusterConfiguration: JSON.stringify({
          kind: 'ClusterConfiguration',
          apiVersion: 'kubeadm.k8s.io/v1beta3',
          apiServer: { extraArgs },
        }),
      },
    },
  });
  test('are compared in the ConfigMap of kubeadm', async () => {
    const rendered = Object.fromEntries(args.map(({ name, value }) => [name, value]));
    expectOne(
      await say('kubeadm-config-differs', kubeadm(rendered)),
      'passed: kubeadm-config of homelab has the rendered settings',
    );
    expectOne(
      await say('kubeadm-config-differs', kubeadm({ ...rendered, 'oidc-client-id': 'other' })),
      'as usual: clusters.homelab.authentication: kubeadm-config of homelab: ',
      'kaniflux kubeadm-merge homelab',
    );
    expectOne(
      await say('kubeadm-config-differs', { configmap: '' }),
      'skipped: homelab has no ConfigMap kubeadm-config',
    );
  });
});

describe('a sign-in', () => {
  const user = 'https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
  const review = (username: unknown, groups?: readonly string[]) => ({
    whoami: async () => JSON.stringify({ status: { userInfo: { username, groups } } }),
  });
  const grouped = homelab({ groups: { prefix: 'kanidm:' } });

  test.each<[string, Partial<Tools>, string, string]>([
    ['not asked for', {}, 'skipped: signing in opens a browser and needs --login', ''],
    [
      'known',
      review(user, ['kanidm:k8s_users@sso.kammel.dev', 'system:authenticated']),
      `passed: homelab identifies you as datosh (${user}), with all expected groups`,
      '',
    ],
    [
      'without the group',
      review(user, ['system:authenticated']),
      'as usual: clusters.homelab.authentication: homelab identifies you as datosh, but not as a member of ',
      'from the claim `groups`',
    ],
    [
      'without groups',
      review(user),
      'as usual: clusters.homelab.authentication: homelab identifies you as datosh, but not',
      '',
    ],
    [
      'unknown',
      review('somebody'),
      'warning: clusters.homelab.authentication: homelab identifies you as somebody, but no user',
      'add the person',
    ],
    [
      'failed',
      { whoami: async () => Promise.reject(new Error('401\nmore')) },
      'as usual: clusters.homelab.kubeconfig: signing in to homelab: 401 (',
      'explain --log -',
    ],
    ['something else', review(7), 'skipped: signing in: kubectl auth whoami printed something other', ''],
    ['no JSON', { whoami: async () => 'x' }, 'skipped: signing in: kubectl auth whoami printed something other', ''],
  ])('%s', async (_name, tools, start, words) => {
    expectOne(await say('login-failed', {}, tools, grouped), start, words);
  });

  test.each<[string, readonly string[], string]>([
    ['in a group whose members only Kanidm knows', ['kanidm:visitors@sso.kammel.dev'], 'note: clusters.homelab'],
    ['in another group', ['kanidm:others@sso.kammel.dev'], 'warning: clusters.homelab'],
    ['in no group', [], 'warning: clusters.homelab'],
  ])('of somebody who is not in the config, %s', async (_name, groups, start) => {
    const config = configOf({
      groups: { visitors: {} },
      clusters: { homelab: { kubernetes: '1.32', authentication: { groups: { prefix: 'kanidm:' } } } },
    });
    expectOne(await say('login-failed', {}, review('somebody', groups), config), start, '');
  });
});
