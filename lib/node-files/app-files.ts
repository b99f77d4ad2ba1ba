import type { App, Cluster, Config } from '../config/config';
import { groupScopes } from '../identity/claims';
import { issuerOf } from '../identity/issuer';
import type { Artifact } from '../output/artifact';
import { toYaml } from '../output/yaml';
import { commands, section, steps } from './control-plane-readme';
import { command } from './shell';

/** Renders the values for the charts of a cluster's applications, and a description of the manual steps. */
export function appArtifacts(config: Config, cluster: Cluster): Artifact[] {
  const [headlamp] = cluster.apps;
  if (!headlamp) return [];
  const folder = `apps/${cluster.name}`;
  return [
    { path: `${folder}/headlamp-values.yaml`, text: headlampValues(config, cluster, headlamp) },
    { path: `${folder}/README.md`, text: readme(config, cluster, headlamp) },
  ];
}

const secret = { name: 'headlamp-oidc', key: 'client-secret' };
const ca = { name: 'kanidm-ca', file: 'ca.crt', folder: '/etc/kanidm' };

/**
 * Returns the values for Headlamp's chart. Headlamp reads each option from its own environment variable with the prefix
 * `HEADLAMP_CONFIG_`, so the Secret needs to contain the client secret and nothing else.
 * @see https://github.com/kubernetes-sigs/headlamp/blob/main/charts/headlamp/values.yaml
 */
function headlampValues(config: Config, { authentication }: Cluster, { client, url }: App): string {
  const { pem } = authentication.ca ?? {};
  const { pathname } = new URL(url);
  const scopes = Object.values(config.clients.get(client)?.scopes ?? {}).flat();
  const form = groupScopes.find((scope) => scopes.includes(scope));
  const option = (name: string, value: object) => ({ name: `HEADLAMP_CONFIG_OIDC_${name}`, ...value });
  return toYaml({
    clusterRoleBinding: { create: false },
    config: {
      ...(pathname === '/' ? {} : { baseURL: pathname }),
      oidc: {
        secret: { create: false },
        clientID: client,
        issuerURL: issuerOf(config.kanidm, client),
        scopes: ['profile', 'email', ...(form ? [form] : [])].join(','),
        callbackURL: `${url}/oidc-callback`,
        usePKCE: true,
      },
    },
    env: [
      option('CLIENT_SECRET', { valueFrom: { secretKeyRef: secret } }),
      ...(pem ? [option('CA_FILE', { value: `${ca.folder}/${ca.file}` })] : []),
    ],
    ...(pem
      ? {
          extraManifests: [
            toYaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: ca.name }, data: { [ca.file]: pem } }),
          ],
          volumes: [{ name: ca.name, configMap: { name: ca.name } }],
          volumeMounts: [{ name: ca.name, mountPath: ca.folder, readOnly: true }],
        }
      : {}),
  });
}

function readme({ kanidm }: Config, { name, authentication }: Cluster, { client, url, namespace }: App): string {
  const create = (...words: readonly string[]) => command('kubectl', 'create', ...words);
  return `${section(
    '# Headlamp',
    `People open ${url}, sign in with Kanidm, and have their own rights: Headlamp sends their tokens to the API server. Whoever runs Headlamp can act as any of its users.`,
    steps(
      `Install the files of \`control-planes/${name}\` as its README says: the API server has to accept the tokens of the client \`${client}\`.`,
      section(
        `Create the client in Kanidm in the same way as the client for kubectl, with the runbook or with migrations. Then copy its secret into the cluster:`,
        commands(
          create('namespace', namespace),
          `export KANIDM_URL=${command(kanidm.origin)} KANIDM_NAME=idm_admin`,
          'kanidm login',
          // If the first command fails, no Secret is created.
          `secret=$(kanidm system oauth2 show-basic-secret ${client}) &&`,
          `  printf %s "$secret" | ${create('secret', 'generic', secret.name, `--namespace=${namespace}`, `--from-file=${secret.key}=/dev/stdin`)}`,
        ),
        authentication.ca
          ? 'A private CA signed the certificate of Kanidm, so first set `KANIDM_CA_PATH` to a file with the certificate of this CA.'
          : '',
      ),
      section(
        'Install the chart with the values in this folder, or put them into your HelmRelease:',
        commands(
          'helm repo add headlamp https://kubernetes-sigs.github.io/headlamp/',
          `helm install headlamp headlamp/headlamp --namespace=${namespace} --values=headlamp-values.yaml`,
        ),
      ),
      `Make the Service \`headlamp\` reachable at ${url}, with an ingress or a Gateway. The address must be exactly this one: Kanidm accepts no other redirect URL.`,
      `Open ${url} and sign in. Where a grant is missing, Headlamp shows "You don't have permissions to view this resource": \`kaniflux who-can\` says who may see what.`,
      `Headlamp asks for the objects of all namespaces at once, so people with grants only in some namespaces see "You don't have permissions to view this resource" too. Headlamp offers them no namespace to choose: they must add their namespaces in Headlamp under Settings, Cluster, Allowed namespaces. The browser stores this setting.`,
    ),
    'The values turn off `clusterRoleBinding`: without that, the chart gives the service account of Headlamp the role `cluster-admin`.',
  )}\n`;
}
