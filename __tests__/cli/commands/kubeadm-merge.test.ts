import { parse } from 'yaml';
import { run } from '../../run';

const kubeadm = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: mine\n';
const merge = (argv: readonly string[], text = kubeadm) => run(['kubeadm-merge', ...argv], { stdin: async () => text });

test.each([[[]], [['homelab']]])('%j: what was there and the settings of the cluster are printed', async (argv) => {
  const { code, stdout } = await merge(argv);
  expect(code).toBe(0);
  const { clusterName, apiServer } = parse(stdout);
  expect(clusterName).toBe('mine');
  expect(apiServer.extraArgs).toContainEqual({ name: 'oidc-client-id', value: 'k8s' });
});

test('arguments of another issuer are an error, and taken out on request', async () => {
  const other = `${kubeadm}apiServer:\n  extraArgs:\n    - { name: oidc-issuer-url, value: https://other.example.com }\n`;
  expect(await merge([], other)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--replace') });
  const { code, stdout } = await merge(['--replace'], other);
  expect(code).toBe(0);
  expect(stdout).not.toContain('other.example.com');
});

test.each([
  [['homelabs'], 'did you mean `homelab`?'],
  [['homelab', 'b'], 'kubeadm-merge takes one cluster'],
  [['-c', '-'], 'name the config with -c'],
  [['-c', 'absent.yaml'], 'absent.yaml'],
])('%j is refused', async (argv, message) => {
  expect(await merge(argv)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
