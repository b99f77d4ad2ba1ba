import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configOf } from '../__tests__/config';
import { isRbac } from '../lib/access/objects';
import { rendered } from '../lib/diff/side';
import { render } from '../lib/render';
import { Authority, KubectlFailed, kubectl, Lab, startApiserver, startEtcd, upToDate } from './harness';
import { Issuer } from './oidc/issuer';

/*
 * The claims of ID tokens that a real Kanidm issued to service accounts, signed by the issuer of the suite. A real API
 * server must give the answers that were recorded with Kanidm itself (__tests__/fixtures/kanidm/service-account).
 */
const folder = join(__dirname, '..', '__tests__', 'fixtures', 'kanidm', 'service-account');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const claims: Record<string, Record<string, unknown>> = JSON.parse(read('claims.json'));
const recorded = [...read('transcript.txt').matchAll(/^(\w+)\$ kubectl auth can-i (.*)\n(yes|no)\n/gm)];

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open('service-account');
});
afterAll(() => lab?.close());

/** Runs `kubectl auth can-i`. If the answer is no, it exits with 1, and prints only warnings to standard error. */
async function canI(kubeconfig: string, request: readonly string[]): Promise<string> {
  try {
    return (await kubectl(kubeconfig, ['auth', 'can-i', ...request])).trim();
  } catch (thrown) {
    if (thrown instanceof KubectlFailed && thrown.code === 1 && /^(Warning: .*\n+)*$/.test(thrown.stderr)) return 'no';
    throw thrown;
  }
}

test('a service account gets exactly its grants', async () => {
  const authority = await Authority.create('the web');
  const issuer = await Issuer.start(await authority.issue({ commonName: 'localhost', hosts: ['localhost'] }));
  try {
    const config = configOf(read('kaniflux.yaml').replace('https://localhost:18961', issuer.origin), {
      'kanidm-ca.crt': authority.cert,
    });
    const file = 'control-planes/homelab/authentication-config.yaml';
    const authenticationConfig = [...render(config)].find(({ path }) => path === file)?.text ?? '';
    const apiserver = await startApiserver(lab, { etcd: await startEtcd(lab), authenticationConfig });
    await apiserver.kubectl(['create', 'namespace', 'app']);
    const items = rendered(config).objects('homelab').filter(isRbac);
    await apiserver.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await upToDate(apiserver);

    for (const name of ['deployer', 'idle']) {
      const { iss: _iss, exp: _exp, iat: _iat, nbf: _nbf, ...own } = claims[name] ?? {};
      const iss = `${issuer.origin}/oauth2/openid/k8s`;
      const kubeconfig = await apiserver.kubeconfigFor(name, { token: issuer.token({ ...own, iss }) });
      const user = JSON.parse(await kubectl(kubeconfig, ['auth', 'whoami', '-o', 'json'])).status.userInfo;
      expect(user.username).toBe(`${iss}#${own.sub}`);
      const asked = recorded.filter(([, who]) => who === name);
      expect(asked.length).toBeGreaterThan(5);
      for (const [, , request = '', answer] of asked) {
        const words = request.replaceAll("'", '').split(' ');
        expect([name, request, await canI(kubeconfig, words)]).toEqual([name, request, answer]);
      }
    }
  } finally {
    await issuer.close();
  }
});
