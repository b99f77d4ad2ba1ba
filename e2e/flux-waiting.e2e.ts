import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configOf } from '../__tests__/config';
import { Stage } from './flux/stage';
import { startGitSource } from './source/source';

const issuer = (clusterIssuer: string) => configOf({ kanidm: { helm: { values: { ingress: { clusterIssuer } } } } });

/** There is no helm-controller here, so Kanidm never becomes ready. */
describe('docs/flux.md: while Kanidm is not ready', () => {
  let stage: Stage;
  afterEach(() => stage?.close());

  async function repaired(name: string, args: readonly string[]): Promise<() => Promise<string>> {
    stage = await Stage.open(name, issuer('broken'), startGitSource, args);
    await stage.push(issuer('broken'), 'broken');
    await stage.apiserver.kubectl(['apply', '-f', join(stage.dist, 'flux', 'homelab.yaml')]);
    await stage.apiserver.kubectl(['wait', '--for=create', 'helmrelease/kanidm', '-n=kanidm', '--timeout=120s']);
    const revision = await stage.push(issuer('repaired'), 'repaired');
    await stage.until('kaniflux-access', ({ applied }) => applied === revision);
    const value = '-o=jsonpath={.spec.values.ingress.clusterIssuer}';
    return () => stage.apiserver.kubectl(['get', 'helmrelease', 'kanidm', '-n=kanidm', value]);
  }

  test('a fix waits for the end of the health check', async () => {
    const value = await repaired('flux-waiting', []);
    await sleep(10_000);
    expect(await value()).toBe('broken');
    expect(await stage.outcome('kaniflux-kanidm')).toMatchObject({ ready: 'Unknown' });
  });

  test('with CancelHealthCheckOnNewRevision it is applied at once', async () => {
    const value = await repaired('flux-cancelling', ['--feature-gates=CancelHealthCheckOnNewRevision=true']);
    for (let i = 0; i < 300 && (await value()) === 'broken'; i++) await sleep(200);
    expect(await value()).toBe('repaired');
  });
});
