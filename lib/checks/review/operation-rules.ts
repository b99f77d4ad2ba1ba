import { keyAt } from '../../findings/finding';
import type { Rule } from './review-rule';

const breakGlass: Rule = {
  code: 'no-break-glass',
  onCluster: ({ config, cluster }) => {
    if (cluster.breakGlass !== undefined) return [];
    const hosts = config.kanidm.cluster === cluster.name;
    const why = hosts ? ', which runs on it: with Kanidm down nobody can sign in to fix it' : '';
    return [
      {
        place: keyAt(cluster.path),
        cluster: cluster.name,
        message: `people reach ${cluster.name} through Kanidm alone${why}`,
        fix: 'keep a certificate admin kubeconfig, and write in `breakGlass` where it is',
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
            message: `nobody is granted anything on ${cluster.name}: people sign in, and every request is Forbidden`,
            fix: 'add `grants`',
          },
        ],
};

export const operationRules: readonly Rule[] = [breakGlass, noGrants];
