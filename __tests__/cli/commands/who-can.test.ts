import { homeLabText } from '../../config';
import { homeLabRepository } from './repository';

const { write, ask } = homeLabRepository();

test('who-can exits 0 where somebody can, in some namespace too, and 1 where nobody of the config can', async () => {
  const grant = (text: string) => write('granted.yaml', homeLabText.replace('clusterRole: cluster-admin', text));
  const secrets = () => ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
  grant('clusterRole: cluster-admin');
  expect(await secrets()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('  datosh (cluster-admin; binding oidc-cluster-admin)\n'),
  });
  grant('clusterRole: view');
  expect(await secrets()).toMatchObject({
    code: 1,
    stdout: 'homelab:\n  group system:masters (cluster-admin; binding cluster-admin)\n',
  });
  grant('clusterRole: edit\n        namespaces: [web]');
  expect(await secrets()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('\n  in namespace web: datosh (edit; binding oidc-cluster-admin)\n'),
  });
  const { stdout } = await ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml', '--format', 'json']);
  expect(JSON.parse(stdout).clusters[0].inNamespaces.web).toMatchObject([{ who: 'datosh', known: true }]);
  expect((await ask(['who-can', 'get'])).code).toBe(2);
});

test('who-can takes what kubectl takes, and refuses what it would answer with less than the truth', async () => {
  const plural = await ask(['who-can', 'get', 'secrets', '-c', 'granted.yaml']);
  expect(await ask(['who-can', 'get', 'secret', '-c', 'granted.yaml'])).toEqual(plural);
  expect(await ask(['who-can', 'get', 'secrt'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('there is no resource `secrt`: write `secrets`'),
  });
  expect((await ask(['who-can', 'get', 'deployments.app'])).stderr).toContain('no role names');
  for (const what of ['pods', 'pods/exec', 'deployments', '*.*', '/metrics', 'leases.coordination.k8s.io']) {
    expect((await ask(['who-can', 'get', what])).stderr).not.toContain('no role names');
  }
});
