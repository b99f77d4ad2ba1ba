import type { Cluster } from '../../config/config';
import { fluxPath } from '../config/flux-rules';
import type { Rule, RuleFinding } from './review-rule';

type Said = Pick<RuleFinding, 'message' | 'fix'>;

/**
 * Returns what the flags of the Flux controllers prevent, if `flux.lockdown` names these flags.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
function prevented({ flux }: Cluster, helmNamespace: string | undefined): Said[] {
  const { lockdown, namespace, source, serviceAccountName } = flux;
  const account = lockdown?.defaultServiceAccount;
  return [
    ...(lockdown?.noCrossNamespaceRefs && namespace !== source.namespace
      ? [
          {
            message: `Flux runs with \`--no-cross-namespace-refs\` and refuses the rendered Kustomizations: they are in the namespace \`${namespace}\`, and their source is in \`${source.namespace}\``,
            fix: `set \`flux.namespace\` to \`${source.namespace}\`, or set \`flux.source\` to a source in the namespace \`${namespace}\``,
          },
        ]
      : []),
    ...(account !== undefined && serviceAccountName === undefined
      ? [
          {
            message: `Flux runs with \`--default-service-account=${account}\`, and applies the rendered folders as the service account \`${account}\` in \`${namespace}\`: without rights of its own, this account can apply nothing`,
            fix: 'set `flux.serviceAccountName` to the service account with which Flux should apply these folders, such as `kustomize-controller`; this service account must be in the same namespace',
          },
        ]
      : []),
    ...(account !== undefined && helmNamespace !== undefined
      ? [
          {
            message: `Flux runs with \`--default-service-account=${account}\`, and installs the chart of Kanidm as the service account \`${account}\` in \`${helmNamespace}\`: without rights of its own, this account can install nothing`,
            fix: `bind this service account to a role that may create the objects of the chart, or write \`kanidm.manifests\` in place of \`kanidm.helm\``,
          },
        ]
      : []),
  ];
}

const lockdown: Rule = {
  code: 'flux-lockdown',
  onCluster: ({ config: { kanidm }, cluster }) =>
    prevented(cluster, kanidm.helm && kanidm.cluster === cluster.name ? kanidm.namespace : undefined).map((said) => ({
      ...said,
      place: { path: fluxPath(cluster, 'lockdown') },
      cluster: cluster.name,
    })),
};

export const lockdownRules: readonly Rule[] = [lockdown];
