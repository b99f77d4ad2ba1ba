import { keyAt } from '../../findings/finding';
import type { Rule } from './review-rule';

const breakGlass: Rule = {
  code: 'no-break-glass',
  onCluster: ({ config, cluster }) => {
    if (cluster.breakGlass !== undefined) return [];
    const hosts = config.kanidm.cluster === cluster.name;
    const why = hosts ? ', which runs on this cluster: while Kanidm is down, nobody can sign in to repair it' : '';
    return [
      {
        place: keyAt(cluster.path),
        cluster: cluster.name,
        message: `the config names no access to ${cluster.name} without Kanidm${why}`,
        fix: 'keep a kubeconfig with an admin certificate, and write its location in `breakGlass`',
      },
    ];
  },
};

const noGrants: Rule = {
  code: 'no-grants',
  onCluster: ({ cluster }) =>
    cluster.grants.length > 0
      ? []
      : [
          {
            place: keyAt(cluster.path),
            cluster: cluster.name,
            message: `there are no grants on ${cluster.name}: people can sign in, and every request is Forbidden`,
            fix: 'add `grants`',
          },
        ],
};

export const operationRules: readonly Rule[] = [breakGlass, noGrants];
