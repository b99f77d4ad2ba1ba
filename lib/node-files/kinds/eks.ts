import type { Cluster } from '../../config/config';
import type { Artifact } from '../../output/artifact';
import type { Settings } from '../api-server-settings';
import type { ControlPlane } from '../control-plane-kind';
import { commands, look, section, steps } from '../control-plane-readme';

/**
 * EKS: an identity provider configuration, which is created through the API of AWS. It has no settings for the signing
 * algorithm and the CA; the rules reject a config that needs them.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_OidcIdentityProviderConfigRequest.html
 */
export const eks: ControlPlane = {
  folder: '/',
  render: (settings, cluster) => ({ files: [request(settings, cluster)], guide: guide(cluster) }),
};

const fields: Readonly<Record<string, string>> = {
  'oidc-issuer-url': 'issuerUrl',
  'oidc-client-id': 'clientId',
  'oidc-username-claim': 'usernameClaim',
  'oidc-username-prefix': 'usernamePrefix',
  'oidc-groups-claim': 'groupsClaim',
  'oidc-groups-prefix': 'groupsPrefix',
};

function request({ args }: Settings, cluster: Cluster): Artifact {
  const { requiredClaims } = cluster.authentication;
  const named = args.flatMap(({ name, value }) => (fields[name] ? [[fields[name], value]] : []));
  const oidc = {
    identityProviderConfigName: 'kanidm',
    ...Object.fromEntries(named),
    ...(Object.keys(requiredClaims).length > 0 ? { requiredClaims } : {}),
  };
  return {
    path: 'associate-identity-provider-config.json',
    text: `${JSON.stringify({ clusterName: cluster.name, oidc }, null, 2)}\n`,
  };
}

const guide = (cluster: Cluster): string =>
  section(
    '`associate-identity-provider-config.json` is a request for AWS. EKS must reach the issuer over the internet, with a certificate of a public CA. You cannot configure the signing algorithm.',
    steps(
      section(
        `If the name of the cluster in EKS is not \`${cluster.name}\`, change \`clusterName\`. Then run:`,
        commands(
          'aws eks associate-identity-provider-config --cli-input-json file://associate-identity-provider-config.json',
        ),
      ),
      section(
        'Wait until the status is ACTIVE, which takes about 15 minutes.',
        commands(
          `aws eks describe-identity-provider-config --cluster-name ${cluster.name} --identity-provider-config type=oidc,name=kanidm`,
        ),
      ),
    ),
    'To go back: `aws eks disassociate-identity-provider-config` with the same names. To change the settings, disassociate the configuration, then associate the new one.',
    '## Afterwards',
    look('an IAM principal with access to the cluster'),
  );
