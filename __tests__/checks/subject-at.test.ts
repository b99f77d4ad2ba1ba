import { subjectAt } from '../../lib/checks/subject-at';
import { entry } from '../../lib/config/config';
import { configOf } from '../config';

const shared = { name: 'look', clusterRole: 'view', people: ['datosh'], groups: ['k8s_users'], clusters: '*' };

test('the cluster, grant and group of a path', () => {
  const config = configOf({ grants: [shared] });
  expect(subjectAt(config, ['clusters', 'homelab', 'grants', 0, 'people', 0])).toEqual({
    cluster: 'homelab',
    grant: 'oidc-cluster-admin',
  });
  expect(subjectAt(config, ['grants', 0, 'groups', 0])).toEqual({ grant: 'look', group: 'k8s_users' });
  expect(subjectAt(config, ['clusters', 'homelab', 'grants', 7])).toEqual({ cluster: 'homelab' });
  expect(subjectAt(config, ['groups', 'k8s_users', 'members'])).toEqual({ group: 'k8s_users' });
});

test('the grants of a config are read once, however many findings there are', () => {
  const config = configOf({ grants: [shared] });
  const homelab = entry(config.clusters, 'homelab');
  let reads = 0;
  const counted = {
    ...homelab,
    get grants() {
      reads++;
      return homelab.grants;
    },
  };
  const fleet = { ...config, clusters: new Map([['homelab', counted]]) };
  for (let i = 0; i < 100; i++) subjectAt(fleet, ['grants', 0, 'people', 0]);
  expect(reads).toBe(1);
});
