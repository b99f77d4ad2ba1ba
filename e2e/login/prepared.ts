import { parse, stringify } from 'yaml';
import { configOf, homeLab } from '../../__tests__/config';
import { type Cluster, type Config, entry } from '../../lib/config/config';
import { clusterFolders, renderCluster } from '../../lib/render';
import { apiserverFlags } from '../flux/rendered';
import type { Method, Row } from './rows';

/** What is rendered for a row's config. */
export interface Prepared {
  readonly row: Row;
  readonly method: Method;
  /** The text of the config. */
  readonly text: string;
  readonly config: Config;
  readonly cluster: Cluster;
  /** The rendered arguments of kube-apiserver. */
  readonly flags: readonly string[];
  /** The rendered files for {@link nodeFolder}, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The objects that Flux applies, and their namespaces. */
  readonly objects: readonly object[];
}

/** The folder of the files on a real node. */
export const nodeFolder = '/etc/kubernetes/kaniflux/';

/** Returns the namespace in which a row's person may read ConfigMaps, or the one in which a group may. */
export const namespaceOf = ({ row: { name }, method }: Pick<Prepared, 'row' | 'method'>, whose: 'own' | 'group') =>
  `${method}-${name}-${whose}`;

/**
 * Renders a row for a version of Kubernetes.
 * @param ca the certificate authority of the origins, for rows whose config contains it
 */
export function prepare(row: Row, method: Method, kubernetes: string, ca: string): Prepared {
  // With flags, rows share a server, and so a client. With an AuthenticationConfiguration, they share a file, and each
  // row is a separate issuer.
  const client = method === 'flags' || row.real ? 'k8s' : `k8s-${row.name}`;
  const text = stringify(homeLab(change(row, method, kubernetes, client)));
  const config = configOf(text, { 'ca.crt': ca });
  const cluster = entry(config.clusters, 'homelab');
  const rendered = new Map([...renderCluster(config, cluster)].map((artifact) => [artifact.path, artifact.text]));
  const folder = 'control-planes/homelab/';
  const files = Object.fromEntries(
    [...rendered]
      .filter(([path]) => path.startsWith(folder))
      .map(([path, content]) => [path.slice(folder.length), content])
      .filter(([path]) => path === 'authentication-config.yaml' || path === 'oidc-ca.crt'),
  );
  const objects = clusterFolders(config, cluster)
    .filter(({ name }) => name !== 'kanidm')
    .flatMap((one) => one.objects);
  const namespaces = (['own', 'group'] as const).map((whose) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespaceOf({ row, method }, whose) },
  }));
  return {
    row,
    method,
    text,
    config,
    cluster,
    flags: apiserverFlags(rendered),
    files,
    objects: [...namespaces, ...objects],
  };
}

function change(row: Row, method: Method, kubernetes: string, client: string): Record<string, unknown> {
  const own = homeLab({ clients: { k8s: row.client ?? {} } }).clients?.k8s;
  const reader = { clusterRole: 'configmap-reader' };
  const at = (whose: 'own' | 'group') => [namespaceOf({ row, method }, whose)];
  const grants = [
    { name: `${row.name}-own`, ...reader, namespaces: at('own'), people: ['datosh'] },
    ...(row.authentication.groups
      ? [{ name: `${row.name}-group`, ...reader, namespaces: at('group'), groups: ['k8s_users'] }]
      : []),
  ];
  return {
    ...row.change,
    clients: { ...(row.change?.clients as object | undefined), k8s: null, [client]: own },
    roles: { 'configmap-reader': { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }] } },
    clusters: {
      homelab: {
        kubernetes,
        client,
        ...(row.trust ? { trust: row.trust } : {}),
        authentication: { ...row.authentication, method, ...(row.ca ? { ca: { file: 'ca.crt' } } : {}) },
        grants,
      },
    },
  };
}

/** Returns the arguments that `controlPlane: flags` renders for the same config. */
export function plainFlags({ text }: Prepared, ca: string): string[] {
  const input = parse(text);
  input.clusters.homelab.controlPlane = 'flags';
  const config = configOf(stringify(input), { 'ca.crt': ca });
  const [file] = [...renderCluster(config, entry(config.clusters, 'homelab'))].filter(({ path }) =>
    path.endsWith('/kube-apiserver.flags'),
  );
  return file?.text.trimEnd().split('\n') ?? [];
}

/** Returns one AuthenticationConfiguration that trusts the issuers of all rows. Equal entries are merged. */
export function together(all: readonly Prepared[]): string {
  const documents = all.map(({ files }) => parse(files['authentication-config.yaml'] ?? ''));
  const [{ apiVersion, kind }] = documents;
  const entries = new Map(documents.flatMap(({ jwt }) => jwt).map((one) => [JSON.stringify(one), one]));
  return stringify({ apiVersion, kind, jwt: [...entries.values()] }, { aliasDuplicateObjects: false });
}
