import type { Rule } from './review-rule';

const breakGlass: Rule = {
  code: 'KF401',
  title: 'No way in is known for when Kanidm is down',
  severity: 'warning',
  onCluster: ({ config, cluster }) => {
    if (cluster.breakGlass !== undefined) return [];
    const hosts = config.kanidm.cluster === cluster.name;
    const why = hosts ? ', which runs on it: with Kanidm down nobody can sign in to fix it' : '';
    return [
      {
        path: cluster.path,
        at: 'key',
        cluster: cluster.name,
        message: `people reach ${cluster.name} through Kanidm alone${why}`,
        fix: 'keep a certificate admin kubeconfig, and write in `breakGlass` where it is',
      },
    ];
  },
};

const noGrants: Rule = {
  code: 'KF402',
  title: 'A cluster has no grants',
  severity: 'warning',
  onCluster: ({ cluster }) =>
    cluster.grants.length > 0
      ? []
      : [
          {
            path: cluster.path,
            at: 'key',
            cluster: cluster.name,
            message: `nobody is granted anything on ${cluster.name}: people sign in, and every request is Forbidden`,
            fix: 'add `grants`',
          },
        ],
};

export const operationRules: readonly Rule[] = [breakGlass, noGrants];
