import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { entry } from '../../lib/config/config';
import { tokenClaims } from '../../lib/identity/claims';
import { loadConfig } from '../../lib/load-config';
import { Stage } from './live-system';

/*
 * kube-apiserver 1.37 with the rendered AuthenticationConfiguration. From its metrics the doctor learns the SHA-256 of
 * the file, when it last refused a file, and when it last fetched the issuer's keys.
 */
let stage: Stage;
let text: string;

beforeAll(async () => {
  const authentication = { method: 'structured', groups: {}, ca: { file: 'kanidm-ca.crt' } };
  const change = () => ({ clusters: { homelab: { authentication } } });
  stage = await Stage.open('doctor-structured', '1.37', change, (files) => {
    text = files.get('control-planes/homelab/authentication-config.yaml') ?? '';
    return { authenticationConfig: text };
  });
});
afterAll(() => stage?.close());

/** Replaces the file by a rename, so that it is never incomplete, as tools on a node should do. */
async function replace(content: string): Promise<void> {
  const { authenticationConfig } = stage.apiserver;
  const next = await stage.lab.write('next.yaml', content);
  await rename(next, authenticationConfig as string);
}
const found = async () =>
  (await stage.findings(['--only', 'cluster'])).filter((line) =>
    /^(authentication-config-differs|tokens-refused|keys-not-fetched) /.test(line),
  );
async function until(wanted: (lines: readonly string[]) => boolean): Promise<readonly string[]> {
  for (const deadline = Date.now() + 120_000; ; await sleep(1000)) {
    const lines = await found();
    if (wanted(lines)) return lines;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(lines)}`);
  }
}

/** Sends a token of datosh to the API server, so that it fetches the keys. */
async function judge(header?: Record<string, unknown>): Promise<boolean> {
  const config = loadConfig(stage.lab.path('kaniflux.yaml'));
  const claims = tokenClaims(config, entry(config.people, 'datosh'), entry(config.clients, 'k8s'));
  const token = stage.issuer.token(claims, header ? { header } : {});
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const answer = await stage.apiserver.kubectl(['create', '-f', '-', '-o=json'], JSON.stringify(review));
  return JSON.parse(answer).status.authenticated === true;
}

test('the rendered file and the keys of Kanidm are known to have been taken', async () => {
  for (const deadline = Date.now() + 60_000; !(await judge()) && Date.now() < deadline; ) await sleep(1000);
  await until((lines) => lines.length === 0);
  const { stdout } = await stage.doctor(['--only', 'cluster']);
  expect(stdout).toContain('ok      the API server of homelab uses the rendered AuthenticationConfiguration');
  expect(stdout).toContain(
    'ok      the API server of homelab fetched the keys for tokens of client k8s (keys-not-fetched)',
  );
  expect(stdout).toMatch(/^skipped .*API server of homelab.* \(api-server-settings-differ\)$/m);
});

test('another file than the rendered one is told by its hash', async () => {
  await replace(text.replace(/audiences:\n( +)- k8s/, 'audiences:\n$1- grafana'));
  expect(await until((lines) => lines.length > 0)).toEqual([
    'authentication-config-differs the API server of homelab does not have the rendered AuthenticationConfiguration',
  ]);
});

test('a file that the API server refuses is found before the restart that it would not survive', async () => {
  await replace(text.replace('claimMappings', 'claimMapping'));
  expect((await until((lines) => lines.some((line) => line.includes('could not load its'))))[0]).toMatch(
    /^authentication-config-differs the API server of homelab could not load its AuthenticationConfiguration on 20.*Z, and still uses the previous one/,
  );
  await replace(text);
  await until((lines) => lines.length === 0);
});

test('a file that was missing for a moment is not called invalid', async () => {
  const { authenticationConfig } = stage.apiserver;
  await rm(authenticationConfig as string);
  await until((lines) => lines.length > 0);
  await replace(text);
  expect(await found()).toEqual([
    expect.stringMatching(
      /^authentication-config-differs the API server of homelab uses the rendered AuthenticationConfiguration, but could not load its file on 20/,
    ),
  ]);
  await replace(`${text}# another file\n`);
  await until((lines) => lines.some((line) => line.includes('does not have the rendered')));
  await replace(text);
  await until((lines) => lines.length === 0);
});

test('keys that can not be fetched any more are found, once a new one is asked for', async () => {
  expect(await judge()).toBe(true);
  await stage.issuer.close();
  expect(await judge({ alg: 'ES256', kid: 'a-new-key' })).toBe(false);
  expect(await found()).toEqual([
    expect.stringMatching(
      /^keys-not-fetched the API server of homelab could not fetch the keys for tokens of client k8s on 20/,
    ),
  ]);
});
