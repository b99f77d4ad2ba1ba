import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { homeLab } from '../__tests__/config';
import { run } from '../__tests__/run';
import { type ExplainedLog, explainLog } from '../lib/explain/explain-log';
import { linesOf } from '../lib/explain/log-line';
import { badConfigurations } from './explain/bad-configurations';
import { BadIssuers } from './explain/bad-issuers';
import { badTokens, jwtOf } from './explain/bad-tokens';
import { errorTexts } from './explain/error-texts';
import {
  type Apiserver,
  Authority,
  type Etcd,
  Lab,
  startApiserver,
  startControllerManager,
  startEtcd,
  startKustomizeController,
} from './harness';
import { Issuer } from './oidc/issuer';
import { startGitSource } from './source/source';

/** With `KANIFLUX_RECORD=1`, the lines that are provoked here are written to the fixtures of the unit tests. */
const record = process.env.KANIFLUX_RECORD === '1';
const fixtures = join(__dirname, '..', '__tests__', 'fixtures', 'explain');
const recorded = (file: string, lines: readonly string[]) => {
  if (record) writeFileSync(join(fixtures, file), `${lines.join('\n')}\n`);
};
const means = ({ answers }: ExplainedLog) => answers.map((one) => `${one.id}: ${one.means} ${one.fix}`);
const versions = ['1.34', '1.37'] as const;

test('the texts that the unit test explains are those of the sources', async () => {
  const texts = await errorTexts();
  const file = join(fixtures, 'error-texts.json');
  if (record) writeFileSync(file, `${JSON.stringify(texts, null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(texts);
});

describe.each(versions)('kube-apiserver %s', (version) => {
  let lab: Lab;
  let etcd: Etcd;
  beforeAll(async () => {
    lab = await Lab.open(`explain-${version}`);
    etcd = await startEtcd(lab);
  });
  afterAll(() => lab?.close());

  test('says why it cannot read an issuer, for each in its own way', async () => {
    const bad = await BadIssuers.start();
    try {
      const jwt = bad.issuers.map(({ url }) => ({
        issuer: { url, audiences: ['k8s'], certificateAuthority: bad.ca },
        claimMappings: { username: { claim: 'sub', prefix: '' } },
      }));
      const authenticationConfig = stringify({
        apiVersion: 'apiserver.config.k8s.io/v1beta1',
        kind: 'AuthenticationConfiguration',
        jwt,
      });
      const apiserver = await startApiserver(lab, { etcd, version, authenticationConfig });
      const lines = async () =>
        linesOf(await apiserver.process.output()).filter((line) => line.includes('initializing plugin'));
      const saysAll = async () => {
        const texts = means(explainLog((await lines()).join('\n')));
        return bad.issuers.every(({ says }) => texts.some((text) => says.test(text)));
      };
      // The handshake that never ends takes ten seconds. Lines that are still missing afterwards are reported below.
      await apiserver.process.ready(saysAll, 90).catch(() => undefined);
      const all = await lines();
      const answers = means(explainLog(all.join('\n')));
      for (const { name, says } of bad.issuers) {
        expect({ name, answers }).toEqual({ name, answers: expect.arrayContaining([expect.stringMatching(says)]) });
      }
      expect(answers.every((answer) => answer.startsWith('initializing-plugin: '))).toBe(true);
      expect(answers.join('\n')).not.toMatch(/The program reports/);
      recorded(`issuers-${version}.log`, oneOfEach(all));
      await apiserver.process.stop(0);
    } finally {
      bad.close();
    }
  });

  test('says why it refuses a token, for each in its own way', async () => {
    const authority = await Authority.create('authority');
    const issuer = await Issuer.start(await authority.issue({ commonName: 'idm', hosts: ['localhost'] }));
    try {
      const jwt = jwtOf(issuer, authority.cert);
      const authenticationConfig = stringify({
        apiVersion: 'apiserver.config.k8s.io/v1beta1',
        kind: 'AuthenticationConfiguration',
        jwt,
      });
      const apiserver = await startApiserver(lab, { etcd, version, authenticationConfig });
      const send = async (token: string) => {
        const kubeconfig = await apiserver.kubeconfigFor('bearer', { token });
        return apiserver.kubectl([`--kubeconfig=${kubeconfig}`, 'auth', 'whoami']).catch(() => 'refused');
      };
      const good = (client: string) => ({ iss: `${issuer.origin}/oauth2/openid/${client}`, aud: client, sub: 'jane' });
      const isRead = async () => (await send(issuer.token(good('k8s')))) !== 'refused';
      await apiserver.process.ready(isRead, 60);

      const provoked: string[] = [];
      for (const { name, client, claims, options, id, says } of badTokens) {
        const before = linesOf(await apiserver.process.output()).length;
        const token = issuer.token({ ...good(client), ...claims?.(Math.floor(Date.now() / 1000)) }, options);
        expect({ name, answer: await send(token) }).toEqual({ name, answer: 'refused' });
        const lines = linesOf(await apiserver.process.output()).slice(before);
        const line = lines.find((one) => /Unable to authenticate/.test(one)) ?? '';
        const [first] = means(explainLog(line));
        expect({ name, line, first }).toEqual({ name, line, first: expect.stringMatching(says) });
        expect({ name, first }).toEqual({ name, first: expect.stringMatching(`^${id}: `) });
        provoked.push(`# ${id}`, line);
      }
      recorded(`tokens-${version}.log`, provoked);

      const flags = [
        `--oidc-issuer-url=${issuer.origin}/oauth2/openid/k8s`,
        '--oidc-client-id=k8s',
        `--oidc-ca-file=${await lab.write('oidc-ca.crt', authority.cert)}`,
      ];
      const withFlags = await startApiserver(lab, { etcd, version, extraArgs: flags });
      const kubeconfig = await withFlags.kubeconfigFor('bearer', { token: issuer.token(good('k8s')) });
      await withFlags.process.ready(async () => {
        await withFlags.kubectl([`--kubeconfig=${kubeconfig}`, 'auth', 'whoami']).catch(() => undefined);
        return /unsupported algorithm/.test(await withFlags.process.output());
      }, 60);
      const line = linesOf(await withFlags.process.output()).find((one) => /unsupported algorithm/.test(one)) ?? '';
      expect(means(explainLog(line))).toEqual([
        expect.stringMatching(/^signing-algorithm: .*RS256.*--oidc-signing-algs=ES256/),
      ]);
      await withFlags.process.stop(0);
    } finally {
      await issuer.close();
    }
  });

  test('says that it refuses a certificate and a token, and that it does not reach the issuer of a changed file', async () => {
    const authority = await Authority.create('authority');
    const issuer = await Issuer.start(await authority.issue({ commonName: 'idm', hosts: ['localhost', '127.0.0.1'] }));
    try {
      const configOf = (url: string) =>
        stringify({
          apiVersion: 'apiserver.config.k8s.io/v1beta1',
          kind: 'AuthenticationConfiguration',
          jwt: [
            {
              issuer: { url, audiences: ['k8s'], certificateAuthority: authority.cert },
              claimMappings: { username: { claim: 'sub', prefix: '' } },
            },
          ],
        });
      const url = `${issuer.origin}/oauth2/openid/k8s`;
      const apiserver = await startApiserver(lab, { etcd, version, authenticationConfig: configOf(url) });
      const { cert, key } = await authority.issue({ commonName: 'jane' });
      const base64 = (text: string) => Buffer.from(text).toString('base64');
      const both = await apiserver.kubeconfigFor('both', {
        token: issuer.token({ iss: url, aud: 'other', sub: 'jane' }),
        'client-certificate-data': base64(cert),
        'client-key-data': base64(key),
      });
      const lineWith = async (text: string) => {
        await apiserver.process.ready(async () => {
          await apiserver.kubectl([`--kubeconfig=${both}`, 'auth', 'whoami']).catch(() => undefined);
          return (await apiserver.process.output()).includes(text);
        }, 120);
        return linesOf(await apiserver.process.output()).find((one) => one.includes(text)) ?? '';
      };
      expect(means(explainLog(await lineWith('oidc: verify token: oidc: expected audience')))).toEqual([
        expect.stringMatching(/^client-certificate: /),
        expect.stringMatching(/^token-audience: .*issued for other/),
      ]);

      const file = apiserver.authenticationConfig as string;
      await writeFile(`${file}.new`, configOf('https://127.0.0.1:9/oauth2/openid/k8s'));
      await rename(`${file}.new`, file);
      expect(means(explainLog(await lineWith('failed to update authentication config')))).toEqual([
        expect.stringMatching(/^authentication-configuration-waits: .*openid\/k8s: Nothing listens/),
      ]);
      await writeFile(`${file}.new`, configOf(url).concat('# changed\n'));
      await rename(`${file}.new`, file);
      await lineWith('reloaded authentication config');
      const { answers } = explainLog(await apiserver.process.output());
      const ended = answers.filter(({ endedBy }) => endedBy !== undefined).map(({ id }) => id);
      expect(ended).toEqual(expect.arrayContaining(['initializing-plugin', 'authentication-configuration-waits']));
      await apiserver.process.stop(0);
    } finally {
      await issuer.close();
    }
  });

  test('says why it does not start, for each configuration that is broken', async () => {
    const provoked: string[] = [];
    for (const { name, text, says } of badConfigurations) {
      const file = await lab.write('bad.yaml', text);
      const error = await startApiserver(lab, { etcd, version, extraArgs: [`--authentication-config=${file}`] }).then(
        () => new Error('it started'),
        (thrown: Error) => thrown,
      );
      expect({ name, message: error.message }).toEqual({ name, message: expect.stringMatching(/ended with 1 before/) });
      const line = linesOf(error.message).find((one) => /command failed/.test(one)) ?? '';
      const [first] = means(explainLog(line));
      expect({ name, line, first }).toEqual({ name, line, first: expect.stringMatching(says) });
      expect(first).toMatch(/^authentication-configuration-(?:rule|file): /);
      provoked.push(line.replaceAll(lab.folder, '/etc/kubernetes'));
    }
    recorded(`configurations-${version}.log`, provoked);
  });

  test('says which flags it does not know or take', async () => {
    const flags: readonly [readonly string[], RegExp][] = [
      [['--oidc-client-secret=x'], /^unknown-oidc-flag: .*no flag --oidc-client-secret/],
      [['--oidc-user-claim=x'], /^unknown-oidc-flag: .*--oidc-username-claim/],
      [['--oidc-issuer-url=https://idm.example.com'], /^client-id-missing: /],
      [
        [
          '--oidc-issuer-url=https://idm.example.com',
          '--oidc-client-id=k8s',
          `--oidc-ca-file=${lab.path('missing-oidc-ca.crt')}`,
        ],
        /^file-not-mounted: .*oidc-ca\.crt/,
      ],
      [
        ['--oidc-issuer-url=https://idm.example.com', '--oidc-client-id=k8s', '--oidc-signing-algs=HS256'],
        /^unknown-signing-algorithm: .*HS256/,
      ],
    ];
    for (const [extraArgs, says] of flags) {
      const error = await startApiserver(lab, { etcd, version, extraArgs }).then(
        () => new Error('it started'),
        (thrown: Error) => thrown,
      );
      // The log of a container contains only lines of kube-apiserver. But here the lines come from its standard error
      // and name no program, so the name is added.
      const log = linesOf(error.message).map((line) => `kube-apiserver[1]: ${line}`);
      expect(means(explainLog(log.join('\n')))).toEqual([expect.stringMatching(says)]);
    }
  });
});

test('the keys of Kanidm are fetched when that is asked for, and a token is accepted by them alone', async () => {
  const lab = await Lab.open('explain-keys');
  const authority = await Authority.create('authority');
  const issuer = await Issuer.start(await authority.issue({ commonName: 'idm', hosts: ['localhost'] }));
  try {
    const kanidm = { domain: 'localhost', origin: issuer.origin, helm: null, cluster: null, version: '1.11.1' };
    const clusters = { homelab: { kubernetes: '1.34', authentication: { ca: { file: 'ca.crt' } } } };
    await lab.write('ca.crt', authority.cert);
    await lab.write('kaniflux.yaml', stringify(homeLab({ kanidm, clusters })));
    const explain = async (token: string, ...args: string[]) => {
      const argv = ['explain', '--token', '-', '--format', 'json', ...args];
      const { code, stdout } = await run(argv, { cwd: lab.folder, stdin: async () => token });
      const [{ accepted, refused, unchecked }] = JSON.parse(stdout);
      return { code, accepted, refused, unchecked };
    };
    const claims = { iss: `${issuer.origin}/oauth2/openid/k8s`, aud: 'k8s', sub: 'jane' };
    const good = issuer.token(claims);
    const signature = [expect.stringMatching(/^the signature/)];
    expect(await explain(good)).toEqual({ code: 0, accepted: null, refused: [], unchecked: signature });
    expect(await explain(good, '--fetch-jwks')).toEqual({ code: 0, accepted: true, refused: [], unchecked: [] });
    const foreign = issuer.token(claims, { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey });
    const none = [expect.stringMatching(/^none of the keys of https:\/\/localhost/)];
    expect(await explain(foreign, '--fetch-jwks')).toEqual({ code: 1, accepted: false, refused: none, unchecked: [] });
    await issuer.close();
    const unreachable = [expect.stringMatching(/^the signature: https:\/\/localhost.*openid-configuration: /)];
    expect(await explain(good, '--fetch-jwks')).toEqual({
      code: 0,
      accepted: null,
      refused: [],
      unchecked: unreachable,
    });
  } finally {
    await lab.close();
  }
});

test('ordinary logs of kube-apiserver, etcd, the controller manager and Flux are not explained', async () => {
  const lab = await Lab.open('explain-ordinary');
  try {
    const etcd = await startEtcd(lab);
    const apiserver = await startApiserver(lab, { etcd, version: '1.34', extraArgs: ['--v=2'] });
    const manager = await startControllerManager(lab, apiserver);
    const flux = await startKustomizeController(lab, apiserver);
    await apiserver.kubectl(['create', 'namespace', 'web']);
    await apiserver.kubectl(['-n', 'web', 'create', 'configmap', 'a', '--from-literal=a=b']);
    await apiserver.kubectl(['delete', 'namespace', 'web']);
    await reconcile(lab, apiserver);
    for (const [name, { process }] of Object.entries({
      'kube-apiserver': apiserver,
      manager: { process: manager },
      flux: { process: flux },
    })) {
      const lines = linesOf(await process.output());
      expect(lines.length).toBeGreaterThan(10);
      const { answers, open } = explainLog(lines.join('\n'));
      expect({ name, explained: [...answers, ...open].flatMap((one) => one.lines) }).toEqual({ name, explained: [] });
      const plain = oneOfEach(lines).map((line) => line.replaceAll(lab.folder, '/tmp/lab'));
      recorded(`ordinary-${name}.log`, plain.slice(0, 220));
    }
  } finally {
    await lab.close();
  }
});

/** Makes Flux apply a folder, then a change of it, and prune what was removed. */
async function reconcile(lab: Lab, apiserver: Apiserver): Promise<void> {
  const source = await startGitSource(lab, apiserver);
  try {
    const object = (name: string) =>
      stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } });
    await lab.write('folder/one.yaml', object('one'));
    await lab.write('folder/two.yaml', object('two'));
    await source.push(lab.path('folder'), 'first');
    const kustomization = {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'web', namespace: 'flux-system' },
      spec: {
        interval: '1m',
        path: './dist',
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      },
    };
    await apiserver.kubectl(['create', '-f', '-'], JSON.stringify(kustomization));
    const ready = ['wait', 'kustomization/web', '-n', 'flux-system', '--for=condition=Ready', '--timeout=120s'];
    await apiserver.kubectl(ready);
    await rm(lab.path('folder', 'two.yaml'));
    await source.push(lab.path('folder'), 'second');
    await apiserver.kubectl(['wait', 'configmap/two', '--for=delete', '--timeout=120s']);
  } finally {
    await source.close();
  }
}

/** Removes lines that differ from others only in times and numbers. */
function oneOfEach(lines: readonly string[]): string[] {
  const seen = new Map(lines.map((line) => [line.replace(/\d+/g, '0'), line]));
  return [...seen.values()];
}
