import { renamedClusters } from '../../../lib/checks/base/renamed-clusters';
import { configOf } from '../../config';

const lab = (name: string, server: string) =>
  configOf({
    kanidm: { helm: null, cluster: null, version: '1.11.1' },
    clusters: { homelab: null, [name]: { server, kubernetes: '1.34', client: 'k8s', controlPlane: 'k3s' } },
  });

test.each([
  ['https://192.0.2.10:6443/', [['old', 'new']]],
  ['https://192.0.2.10:6443/other', []],
])('a cluster that gets another name, and the address %s', (server, renamed) => {
  expect([...renamedClusters(lab('old', 'https://192.0.2.10:6443'), lab('new', server))]).toEqual(renamed);
});
