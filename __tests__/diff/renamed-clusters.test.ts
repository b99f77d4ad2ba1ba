import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf, homeLab } from '../config';

const edge = { server: 'https://192.0.2.11:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
const config = (name: string, kanidmOn: string) => {
  const clusters: Record<string, unknown> = { ...Object(homeLab().clusters) };
  return configOf({ kanidm: { cluster: kanidmOn }, clusters: { homelab: null, [name]: clusters.homelab, edge } });
};
const said = (...[before, after]: [ReturnType<typeof config>, ReturnType<typeof config>]) =>
  reviewDiff({ before: rendered(before), after: rendered(after) }).statements.map(({ say }) => say('it'));
const renamed = expect.stringContaining('cluster homelab is renamed to cellar');

test('the cluster of Kanidm is no other one if only its name changed', () => {
  expect(said(config('homelab', 'homelab'), config('cellar', 'cellar'))).toEqual([renamed]);
  expect(said(config('homelab', 'edge'), config('cellar', 'edge'))).toEqual([renamed]);
  expect(said(config('homelab', 'homelab'), config('cellar', 'edge'))).toContainEqual(
    expect.stringContaining('changed from cellar to edge'),
  );
});
