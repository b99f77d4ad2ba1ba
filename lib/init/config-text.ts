import { stringify } from 'yaml';
import type { ControlPlaneKind } from '../config/config';
import { typographic } from '../config/yaml-ambiguous';
import { certificateAuthorities } from '../upstream/control-planes';
import { stable } from '../upstream/kanidm-versions';
import type { ClusterSettings, Settings } from './settings';
import { deploysKanidm } from './starts';

/** Renders a text as YAML, with quotes if a parser would read something else, or if a config needs them. */
export const scalar = (value: string) =>
  typographic.test(value)
    ? JSON.stringify(value)
    : stringify(value, { version: '1.1', schema: 'yaml-1.1', lineWidth: 0 }).trimEnd();

/** Renders a text as {@link scalar} does, for a place between brackets or braces. */
export const flowScalar = (value: string) => (/[[\]{},]/.test(value) ? JSON.stringify(value) : scalar(value));

/**
 * Returns the value of a field. Without a value, returns a comment that describes the field, and `check` reports the
 * field.
 */
const field = (value: string | undefined, comment: string) =>
  value === undefined ? ` # ${comment}` : ` ${scalar(value)}`;

/**
 * Returns the text of a new `kaniflux.yaml`.
 * @param schema path or URL of the JSON Schema, relative to `kaniflux.yaml`
 * @param path path of the output folder in the Flux source. @default './dist'
 */
export function configText(settings: Settings, schema: string, path?: string): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# `npx kaniflux check` reports the fields that are still empty. All fields: node_modules/kaniflux/docs/config.md',
    'kanidm:',
    `  domain:${field(settings.domain, "Kanidm's domain, for example idm.example.com; it can't be changed later")}`,
    ...origin(settings),
    ...kanidm(settings),
    '',
    ...people(settings),
    '',
    'groups:',
    `  k8s_users: { members: [${names(settings)}] }`,
    '',
    'clients:',
    '  k8s:',
    '    displayName: Kubernetes',
    '    landingUrl: http://localhost:8000',
    '    redirectUrls: [http://localhost:8000, http://localhost:18000] # where kubelogin listens',
    '    scopes: { k8s_users: [openid, email, profile, groups] }',
    ...signing(settings),
    '',
    ...flux(settings, path),
    ...clusters(settings),
    '',
  ].join('\n');
}

const origin = ({ origin, domain }: Settings): string[] =>
  origin === undefined || origin === `https://${domain}` ? [] : [`  origin: ${scalar(origin)}`];

/**
 * Returns the field that weakens the signature for EKS. If there is also a cluster of another kind, the stronger
 * signature stays, and `check` explains what to do about EKS.
 */
const signing = ({ clusters }: Settings): string[] =>
  clusters.length > 0 && clusters.every(({ controlPlane }) => controlPlane === 'eks')
    ? ['    legacyCrypto: true # Kanidm signs with RS256, the only algorithm that EKS accepts']
    : [];

const names = ({ people }: Settings) => people.map(({ name }) => scalar(name)).join(', ');

function kanidm({ start, kanidmVersion, clusters: [first, ...others] }: Settings): string[] {
  if (!deploysKanidm(start)) {
    if (kanidmVersion !== undefined) return [`  version: "${kanidmVersion}"`];
    return [
      '  # version: "1.11" # the version of your Kanidm: `check` then reports its vulnerabilities and the end of its support',
    ];
  }
  return [
    `  version: "${stable.text}"`,
    ...(first && others.length > 0 ? [`  cluster: ${scalar(first.name)} # Kanidm runs on this cluster`] : []),
    '  provision: migrations # Kanidm creates people, groups and clients from this file, with UUIDs that Kaniflux computes',
    '  manifests: {} # deploys Kanidm on the cluster. Choose how it is exposed:',
    '  #  certificate: { issuer: letsencrypt-prod } # cert-manager creates the Secret kanidm-tls; without this line, create it yourself',
    '  #  gateway: { name: public, namespace: gateway } # creates a TLSRoute; alternatively ingress: { className: … }',
  ];
}

/** What to do with a key that has no value. `check` shows this line. */
const uncomment = 'remove the # from the lines below, and write your own values.';

function people({ people, start }: Settings): string[] {
  const id = deploysKanidm(start)
    ? []
    : ['    # id: # the UUID in Kanidm: the runbook prints it, and bindings contain it'];
  const shown = deploysKanidm(start) ? '' : '; the runbook writes it into Kanidm';
  const display = (text: string | undefined) =>
    text === undefined
      ? `    displayName: # the name that people see${shown}`
      : `    displayName: ${scalar(text)} # what people see${shown}`;
  const entries = people.flatMap(({ name, displayName }) => [`  ${scalar(name)}:`, display(displayName), ...id]);
  if (entries.length > 0) return ['people:', ...entries];
  return [
    `people: # ${uncomment} The key is the name in Kanidm.`,
    '#  jane:',
    '#    displayName: Jane Doe',
    ...id.map((line) => `#${line}`),
  ];
}

function flux({ fluxSource: source }: Settings, path: string | undefined): string[] {
  const named =
    source !== undefined &&
    (source.kind !== 'GitRepository' || source.name !== 'flux-system' || source.namespace !== 'flux-system');
  if (!named && path === undefined) return [];
  return [
    'flux:',
    ...(named
      ? [`  source: { kind: ${source.kind}, name: ${scalar(source.name)}, namespace: ${scalar(source.namespace)} }`]
      : []),
    ...(path === undefined ? [] : [`  path: ${scalar(path)} # the path of dist/ in the repository`]),
    '',
  ];
}

function clusters(settings: Settings): string[] {
  if (settings.clusters.length > 0) {
    return ['clusters:', ...settings.clusters.flatMap(({ name, ...rest }) => cluster(name, rest, settings))];
  }
  // Without a name, the whole entry is commented out, since a placeholder name would end up in file names.
  const lines = cluster('homelab', settings.unnamed, settings);
  return [`clusters: # ${uncomment} The key is the name of the cluster.`, ...lines.map((line) => `#${line}`)];
}

function cluster(name: string, values: ClusterSettings, settings: Settings): string[] {
  const { server, kubernetes, controlPlane, serverCa, breakGlass } = values;
  const { kanidmCa } = settings;
  const administrators = names(settings);
  return [
    `  ${scalar(name)}:`,
    `    server:${field(server, 'address of the API server, for example https://192.0.2.10:6443')}`,
    `    kubernetes:${kubernetes === undefined ? ' # its version in quotes, for example "1.34"' : ` "${kubernetes}"`}`,
    '    client: k8s',
    `    controlPlane: ${controlPlane}`,
    ...(kanidmCa === undefined ? [] : [`    authentication: { ca: { file: ${flowScalar(kanidmCa)} } }`]),
    `    breakGlass:${field(breakGlass, 'how you get access while Kanidm is down, for example a kubeconfig with a client certificate, and the place where you keep it')}`,
    ...kubeconfig(controlPlane, serverCa),
    '    # The first grant to a group changes the settings of the API server and the kubeconfigs. If you want grants to groups, add the first of them now.',
    '    grants:',
    '      - name: oidc-cluster-admin',
    '        clusterRole: cluster-admin',
    `        people:${administrators === '' ? ' # who gets this role, for example [jane]' : ` [${administrators}]`}`,
  ];
}

function kubeconfig(controlPlane: ControlPlaneKind, serverCa: string | undefined): string[] {
  if (serverCa !== undefined) return [`    kubeconfig: { certificateAuthority: { file: ${flowScalar(serverCa)} } }`];
  const ca = certificateAuthorities[controlPlane];
  if (ca === undefined) return [];
  return [
    '    # kubectl needs the CA of the API server: save it as ca.crt next to this file, and remove the # from the next line.',
    `    # kubeconfig: { certificateAuthority: { file: ca.crt } } # ${ca}`,
  ];
}
