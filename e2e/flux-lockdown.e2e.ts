import { join } from 'node:path';
import { stringify } from 'yaml';
import { configOf } from '../__tests__/config';
import { Stage } from './flux/stage';
import { startGitSource } from './source/source';

const flux = (change: object) => configOf({ flux: { retryInterval: '1s', ...change } });
const args = ['--no-cross-namespace-refs=true', '--default-service-account=default'];

describe('docs/findings/flux-lockdown.md: a Flux that is locked down', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open('flux-lockdown', flux({}), startGitSource, args);
  });
  afterAll(() => stage?.close());

  const apply = () => stage.apiserver.kubectl(['apply', '-f', join(stage.dist, 'flux', 'homelab.yaml')]);
  const ofAccess = (namespace: string) =>
    stage.apiserver.kubectl([
      'get',
      'kustomization',
      'kaniflux-access',
      `-n=${namespace}`,
      '-o=jsonpath={.status.conditions[?(@.type=="Ready")].message}',
    ]);
  const waitFor = (namespace: string) =>
    stage.apiserver.kubectl([
      'wait',
      'kustomization/kaniflux-access',
      `-n=${namespace}`,
      '--for=condition=Ready=false',
      '--timeout=120s',
    ]);

  test('refuses a source in another namespace', async () => {
    await stage.apiserver.kubectl(['create', 'namespace', 'platform']);
    await stage.push(flux({ namespace: 'platform' }), 'another namespace');
    await apply();
    await waitFor('platform');
    expect(await ofAccess('platform')).toContain('cross-namespace references have been blocked');
  });

  test('applies nothing as a service account without rights', async () => {
    await stage.push(flux({}), 'no service account');
    await apply();
    await waitFor('flux-system');
    expect(await ofAccess('flux-system')).toMatch(/system:serviceaccount:flux-system:default.*cannot/s);
  });

  test('applies everything as a service account that may do so', async () => {
    await stage.apiserver.kubectl(['create', 'serviceaccount', 'kustomize-controller', '-n=flux-system']);
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reconciler' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'kustomize-controller', namespace: 'flux-system' }],
    };
    await stage.apiserver.kubectl(['create', '-f', '-'], stringify(binding));
    const revision = await stage.push(flux({ serviceAccountName: 'kustomize-controller' }), 'a service account');
    await apply();
    await stage.until('kaniflux-access', ({ applied }) => applied === revision);
  });
});
