import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { homeLabText } from '../config';
import { bound } from '../fixtures/bound';
import { run } from '../run';

const folder = mkdtempSync(join(tmpdir(), 'kaniflux-diff-'));
const diff = (...argv: string[]) => run(['diff', ...argv], { cwd: folder });
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const secret = (value: string) =>
  `---\napiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: web }\nstringData: { password: ${value} }\n`;

beforeAll(() => write('kaniflux.yaml', homeLabText));
afterAll(() => rmSync(folder, { recursive: true }));

describe('two folders of manifests', () => {
  test('are compared beside the config', async () => {
    write('a/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'view'));
    write('b/rbac.yaml', bound('ci', 'ServiceAccount', 'ci', 'edit'));
    const { code, stdout } = await diff('--manifests', 'a', '--manifests', 'b');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /🔴 \+ system:serviceaccount:web:ci may .*create serviceaccounts\/token .* on homelab \(edit\): the binding ci gives edit in place of view/,
    );
    expect(stdout).toContain('~ roleRef.name: view -> edit');
    expect(await diff('--manifests', 'a', '--manifests', 'a')).toMatchObject({ code: 0, stdout: 'No differences.\n' });
    expect(await diff('--manifests', 'a')).toMatchObject({ code: 2 });
  });

  test('are compared as far as they are read: settings of an API server without a kind are named by their place', async () => {
    const settings = (client: string) =>
      `kube-apiserver-arg: [oidc-issuer-url=https://a.example.com, oidc-client-id=${client}]\n`;
    write('k3s-a/config.yaml', settings('a'));
    write('k3s-b/config.yaml', settings('b'));
    const { stdout } = await diff('--manifests', 'k3s-a', '--manifests', 'k3s-b');
    expect(stdout).toContain('~ the document in k3s-b/config.yaml, line 1 is left out of this review');
    const patch = (client: string) =>
      JSON.stringify({
        kind: 'TalosControlPlane',
        apiVersion: 'controlplane.cluster.x-k8s.io/v1alpha3',
        metadata: { name: 'cp' },
        spec: {
          patches: [`cluster: { apiServer: { extraArgs: { oidc-issuer-url: https://a, oidc-client-id: ${client} } } }`],
        },
      });
    for (const client of ['a', 'b']) write(`talos-${client}/config.json`, patch(client));
    const nested = await diff('--manifests', 'talos-a', '--manifests', 'talos-b');
    expect(nested.stdout).toContain(
      '~ the TalosControlPlane cp in talos-b/config.json, line 1 is left out of this review',
    );
  });

  test('show that a Secret is another, and not what is in it', async () => {
    write('a/secret.yaml', secret('one-secret'));
    write('b/secret.yaml', secret('two-secret'));
    for (const format of ['text', 'json', 'markdown']) {
      const { code, stdout } = await diff('--manifests', 'a', '--manifests', 'b', '--format', format);
      expect(code).toBe(1);
      expect(stdout).toContain('stringData.password');
      expect(stdout).not.toMatch(/(one|two)-secret/);
    }
  });
});

describe('--fail-on', () => {
  const changed = homeLabText
    .replace('members: [datosh]', 'members: [datosh]\n    managedBy: idm_admins')
    .replace('192.168.1.16', '192.168.1.17');
  const codeFor = async (kinds: string) => {
    write(
      'after.yaml',
      changed.replace(
        'k8s_users: { members: [datosh]\n    managedBy: idm_admins }',
        'k8s_users: { members: [datosh], managedBy: idm_admins }',
      ),
    );
    return (await diff('kaniflux.yaml', 'after.yaml', '--fail-on', kinds)).code;
  };

  test('exits 1 only where something of the kind changes', async () => {
    expect(await codeFor('trust')).toBe(1);
    expect(await codeFor('kanidm')).toBe(1);
    expect(await codeFor('gain,takeover')).toBe(0);
    expect(await codeFor('gain, trust')).toBe(1);
    expect(await codeFor('nonsense')).toBe(2);
  });

  test('a danger stands for what is worse, too, and a loss is no gain', async () => {
    const view = homeLabText.replace('clusterRole: cluster-admin', 'clusterRole: view');
    write('view.yaml', view);
    const exit = async (kinds: string, ...files: string[]) => (await diff(...files, '--fail-on', kinds)).code;
    for (const kind of ['gain', 'everything', 'takeover', 'secrets', 'read']) {
      expect(await exit(kind, 'view.yaml', 'kaniflux.yaml')).toBe(1);
      expect(await exit(kind, 'kaniflux.yaml', 'view.yaml')).toBe(0);
    }
    expect(await exit('loss', 'kaniflux.yaml', 'view.yaml')).toBe(1);
  });
});
