import { stringify } from 'yaml';
import { certificateAuthorities } from '../upstream/control-planes';
import { stable } from '../upstream/kanidm-versions';
import type { Settings } from './settings';
import { deploysKanidm } from './starts';

const scalar = (value: string) => stringify(value, { version: '1.1', schema: 'yaml-1.1', lineWidth: 0 }).trimEnd();

/** A value, or nothing and a comment that says what belongs there: `check` names an empty field. */
const field = (value: string | undefined, comment: string) =>
  value === undefined ? ` # ${comment}` : ` ${scalar(value)}`;

/**
 * A new `kaniflux.yaml`.
 * @param schema address of the JSON Schema, as the editor finds it from this file
 * @param path where the output folder lies in the Flux source, where that isn't `./dist`
 */
export function configText(settings: Settings, schema: string, path?: string): string {
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# `npx kaniflux check` names what is still to be filled in. Every field: node_modules/kaniflux/docs/config.md',
    'kanidm:',
    `  domain:${field(settings.domain, "Kanidm's domain, for example idm.example.com; it can't be changed later")}`,
    ...kanidm(settings),
    '',
    ...people(settings),
    '',
    'groups:',
    `  k8s_users: { members: [${settings.people.map(scalar).join(', ')}] }`,
    '',
    'clients:',
    '  k8s:',
    '    displayName: Kubernetes',
    '    landingUrl: http://localhost:8000',
    '    redirectUrls: [http://localhost:8000, http://localhost:18000] # where kubelogin listens',
    '    scopes: { k8s_users: [openid, email, profile, groups] }',
    '',
    ...flux(settings, path),
    ...cluster(settings),
    '',
  ].join('\n');
}

function kanidm({ start }: Settings): string[] {
  if (!deploysKanidm(start)) {
    return ['  # version: "1.11" # the Kanidm that runs: `check` then knows its holes and how long it is supported'];
  }
  return [
    `  version: "${stable.text}"`,
    '  provision: migrations # people, groups and clients come from this file, with UUIDs that are known beforehand',
    '  manifests: {} # Kanidm on the cluster. How it is reached from outside is up to you:',
    '  #  certificate: { issuer: letsencrypt-prod } # of cert-manager; without it, the Secret kanidm-tls is yours to create',
    '  #  gateway: { name: public, namespace: gateway } # a TLSRoute; or ingress: { className: … }',
  ];
}

function people({ people, start }: Settings): string[] {
  const id = deploysKanidm(start) ? [] : ['    # id: # the runbook prints it: bindings name people by it'];
  const display = (name: string) => `    displayName: ${scalar(name)} # what people see`;
  const entries = people.flatMap((name) => [`  ${scalar(name)}:`, display(name), ...id]);
  if (entries.length > 0) return ['people:', ...entries];
  return ['people: # by their names in Kanidm:', '#  jane:', '#    displayName: Jane Doe'];
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
    ...(path === undefined ? [] : [`  path: ${scalar(path)} # where dist/ lies in the repository`]),
    '',
  ];
}

function cluster({ cluster, server, kubernetes, controlPlane, breakGlass, people }: Settings): string[] {
  // Without a name the whole entry is a comment: a made-up name would end up in file names.
  const hide = cluster === undefined ? '#' : ' ';
  const ca = certificateAuthorities[controlPlane];
  return [
    cluster === undefined ? 'clusters: # by name:' : 'clusters:',
    `${hide} ${scalar(cluster ?? 'homelab')}:`,
    `${hide}   server:${field(server, 'address of the API server, for example https://192.0.2.10:6443')}`,
    `${hide}   kubernetes:${kubernetes === undefined ? ' # its version in quotes, for example "1.34"' : ` "${kubernetes}"`}`,
    `${hide}   client: k8s`,
    `${hide}   controlPlane: ${controlPlane}`,
    `${hide}   breakGlass:${field(breakGlass, 'how you get in when Kanidm is down, in your words: a certificate kubeconfig, say, and where')}`,
    ...(ca === undefined
      ? []
      : [`${hide}   # kubeconfig: { certificateAuthority: { file: ca.crt } } # ${ca}: kubectl needs it`]),
    `${hide}   grants:`,
    `${hide}     - name: oidc-cluster-admin`,
    `${hide}       clusterRole: cluster-admin`,
    `${hide}       people:${people.length > 0 ? ` [${people.map(scalar).join(', ')}]` : ' # who gets it, for example [jane]'}`,
  ];
}
