import { keyAt } from '../../findings/finding';
import { addressOf } from '../server-address';
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
        message: `the config does not say how to access ${cluster.name} without Kanidm${why}`,
        fix: 'keep a kubeconfig with an administrator certificate, and write its location in `breakGlass`',
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
            message: `there are no grants on ${cluster.name}: people can sign in, but every request is Forbidden`,
            fix: 'add `grants`',
          },
        ],
};

/** Reports clusters with the same address, which is usually the result of copying a cluster. */
const sharedServer: Rule = {
  code: 'server-shared',
  onConfig: ({ config }) => {
    const first = new Map<string, string>();
    return [...config.clusters.values()].flatMap(({ name, server, path }) => {
      const address = addressOf(server);
      const other = first.get(address);
      if (other === undefined) {
        first.set(address, name);
        return [];
      }
      return [
        {
          place: { path: [...path, 'server'] },
          cluster: name,
          message: `${name} and ${other} have the same address of the API server, ${server}: the kubeconfigs of both clusters lead to the same API server`,
          fix: `write the address of the API server of ${name}, or remove one of the two clusters`,
        },
      ];
    });
  },
};

export const operationRules: readonly Rule[] = [breakGlass, noGrants, sharedServer];
