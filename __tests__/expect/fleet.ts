import { stringify } from 'yaml';

const cluster = (at: number, grants: object[]) => ({
  server: `https://192.0.2.${at}:6443`,
  kubernetes: '1.34',
  client: 'k8s',
  controlPlane: 'kubeadm',
  breakGlass: 'the safe',
  grants,
});

/** Two clusters: `lab` has everything that can go wrong, `edge` has less. */
export const fleet = (expect: object[], change: { readonly lab?: object[] } = {}): string =>
  stringify(
    {
      kanidm: { domain: 'idm.example.com', version: '1.11.1', provision: 'migrations' },
      people: Object.fromEntries(['jane', 'ann', 'bob', 'eve', 'out'].map((name) => [name, { displayName: name }])),
      serviceAccounts: { ci: { displayName: 'CI' } },
      groups: {
        users: { members: ['jane', 'ann', 'bob', 'eve', 'ci'] },
        sre: { members: ['jane'] },
        devs: { members: ['ann', 'sub'] },
        sub: { members: ['bob'] },
        empty: { members: [] },
        kept: {},
        everybody: { members: ['idm_all_persons'] },
      },
      clients: {
        k8s: {
          landingUrl: 'http://localhost:8000',
          redirectUrls: ['http://localhost:8000'],
          scopes: { users: ['openid', 'groups'], kept: ['openid', 'groups'] },
        },
      },
      roles: {
        approver: { rules: [{ resources: ['pods'], verbs: ['get'] }] },
        deployer: { rules: [{ resources: ['pods'], verbs: ['create'] }] },
        one: { rules: [{ resources: ['secrets'], resourceNames: ['db'], verbs: ['get', 'deletecollection'] }] },
      },
      clusters: {
        lab: cluster(10, [
          { name: 'admins', clusterRole: 'cluster-admin', people: ['jane'] },
          { name: 'dev', clusterRole: 'edit', groups: ['devs'], namespaces: ['prod'] },
          { name: 'approve', clusterRole: 'approver', people: ['eve'] },
          { name: 'deploy', clusterRole: 'deployer', people: ['eve'], namespaces: ['prod'] },
          ...(change.lab ?? []),
        ]),
        edge: cluster(11, [{ name: 'dev', clusterRole: 'edit', groups: ['devs'], namespaces: ['prod'] }]),
      },
      expect,
    },
    { aliasDuplicateObjects: false },
  );
