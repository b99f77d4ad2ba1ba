import { stringify } from 'yaml';

const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const uuid = (at: number) => `00000000-0000-4000-8000-${(0x10_0000 + at).toString(16).padStart(12, '0')}`;
const redirects = ['http://localhost:8000', 'http://localhost:18000'];
const client = (scopes: Record<string, string[]>) => ({
  k8s: { landingUrl: redirects[0], redirectUrls: redirects, scopes },
});
const cluster = (at: number) => ({
  server: `https://192.0.2.${10 + at}:6443`,
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
  authentication: { method: 'structured', groups: { claim: 'groups', prefix: 'kanidm:' } },
});

/** Two clusters with nested groups: all kinds of paths, but still small. The picture in the README shows this fleet. */
export const smallFleet = stringify({
  kanidm: { domain: 'idm.example.com', version: '1.11.1' },
  people: Object.fromEntries(
    ['admin-1', 'admin-2', 'operator-1', 'developer-1', 'developer-2', 'viewer-1', 'auditor-1'].map((name, at) => [
      name,
      { displayName: name, id: uuid(at) },
    ]),
  ),
  groups: {
    k8s_users: { members: ['admins', 'platform', 'developers', 'viewers'] },
    admins: { members: ['admin-1', 'admin-2'] },
    platform: { members: ['admin-1', 'operator-1'] },
    developers: { members: ['developer-1', 'developer-2'] },
    viewers: { members: ['viewer-1', 'auditor-1'] },
  },
  clients: client({ k8s_users: ['openid', 'email', 'profile', 'groups'] }),
  roles: { restart: { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'patch'] }] } },
  clusters: { homelab: { ...cluster(0), breakGlass: 'the certificate kubeconfig in the safe' }, edge: cluster(1) },
  grants: [
    { name: 'admins', clusterRole: 'cluster-admin', groups: ['admins'], clusters: '*' },
    { name: 'platform', clusterRole: 'admin', groups: ['platform'], clusters: ['edge'] },
    {
      name: 'developers',
      clusterRole: 'edit',
      groups: ['developers'],
      namespaces: ['shop', 'web'],
      clusters: ['homelab'],
    },
    { name: 'everybody', clusterRole: 'view', groups: ['k8s_users'], clusters: '*' },
    { name: 'restart', clusterRole: 'restart', people: ['operator-1'], clusters: '*' },
  ],
});

/** Returns a fleet as large as the report must handle quickly: 2,000 people in 100 groups on ten clusters. */
export const largeFleet = (people = 2000): string => {
  const groups = 100;
  const roles = ['view', 'edit', 'admin', 'view', 'view'];
  return stringify({
    kanidm: { domain: 'idm.example.com', version: '1.11.1' },
    people: Object.fromEntries(many(people, (at) => [`user-${at}`, { displayName: `user-${at}`, id: uuid(at) }])),
    groups: {
      k8s_users: { members: many(groups, (at) => `team-${at}`) },
      ...Object.fromEntries(
        many(groups, (at) => [
          `team-${at}`,
          {
            members: many(people, (one) => one)
              .filter((one) => one % groups === at || one % 97 === at)
              .map((one) => `user-${one}`),
          },
        ]),
      ),
    },
    clients: client({ k8s_users: ['openid', 'groups'] }),
    clusters: Object.fromEntries(many(10, (at) => [`cluster-${at}`, cluster(at)])),
    grants: [
      { name: 'everybody', clusterRole: 'view', groups: ['k8s_users'], namespaces: ['docs'], clusters: '*' },
      { name: 'admins', clusterRole: 'cluster-admin', people: ['user-0', 'user-1'], clusters: '*' },
      ...many(groups, (at) => ({
        name: `team-${at}`,
        clusterRole: roles[at % roles.length],
        groups: [`team-${at}`],
        namespaces: [`team-${at}`],
        clusters: [`cluster-${at % 10}`, `cluster-${(at + 3) % 10}`].sort(),
      })),
    ],
  });
};
