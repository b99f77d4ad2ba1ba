import { check } from '../../../lib/checks/review/run-review';
import { homeLab, load } from '../../config';

const server = { kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s' };

/** Returns the findings with a code as `path clusters`, for the clusters `lab` and `prod`. */
function told(code: string, flux: object, own: { lab?: object; prod?: object } = {}, ignore: object[] = []) {
  const { config, sources, findings } = load(
    homeLab({
      kanidm: { helm: null, cluster: null, version: '1.11.1' },
      flux,
      clusters: {
        homelab: null,
        lab: { ...server, server: 'https://192.0.2.10:6443', flux: own.lab ?? {} },
        prod: { ...server, server: 'https://192.0.2.11:6443', flux: own.prod ?? {} },
      },
      checks: { ignore: ignore.map((one) => ({ code, reason: 'r', ...one })) },
    }),
  );
  if (!config) throw new Error(findings.map(({ message }) => message).join('\n'));
  return (clusters?: string[]) =>
    check({ config, sources, warnings: findings, ...(clusters ? { clusters } : {}) }).findings.flatMap((one) =>
      one.code === code || one.code === 'unused-ignore'
        ? [`${one.path?.join('.')} ${one.clusters ?? one.cluster}`]
        : [],
    );
}

test('each slow retry is reported where it is written', () => {
  const own = { lab: { interval: '1m' }, prod: { interval: '2m', retryInterval: '30m' } };
  const all = ['clusters.lab.flux.interval lab', 'clusters.prod.flux.retryInterval prod'];
  expect(told('flux-retry', { retryInterval: '5m' }, own)()).toEqual(all);
  expect(told('flux-retry', { retryInterval: '5m' }, own)(['prod'])).toEqual(all.slice(1));
  expect(told('flux-retry', { retryInterval: '5m' }, own, [{ cluster: 'lab' }])()).toEqual(all.slice(1));
});

test('a slow retry that clusters share is reported once, and can be ignored on one of them', () => {
  const slow = { interval: '1m', retryInterval: '5m' };
  expect(told('flux-retry', slow)()).toEqual(['flux.retryInterval lab,prod']);
  expect(told('flux-retry', slow)(['prod'])).toEqual(['flux.retryInterval prod']);
  expect(told('flux-retry', slow, {}, [{ cluster: 'lab' }])()).toEqual(['flux.retryInterval prod']);
  expect(told('flux-retry', slow, {}, [{ path: 'flux' }])()).toEqual([]);
  expect(told('flux-retry', slow, { lab: { retryInterval: '30s' } })()).toEqual(['flux.retryInterval prod']);
});

test('a lockdown is reported where it is written', () => {
  const lockdown = { defaultServiceAccount: 'default' };
  expect(told('flux-lockdown', { lockdown })()).toEqual(['flux.lockdown lab,prod']);
  expect(told('flux-lockdown', { lockdown }, {}, [{ path: 'flux.lockdown' }])()).toEqual([]);
  expect(told('flux-lockdown', {}, { lab: { lockdown } })()).toEqual(['clusters.lab.flux.lockdown lab']);
});
