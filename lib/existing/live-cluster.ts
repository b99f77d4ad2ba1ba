import { firstLineOf, isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import type { Arguments } from './api-server-arguments';
import { type Facts, type Note, nothing, together } from './facts';
import { apiServerArguments, versionIn } from './read-carrier';
import { fromDocument } from './read-documents';

/** Runs kubectl with arguments and standard input, and returns its standard output. Throws if kubectl fails. */
export type Kubectl = (args: readonly string[], input?: string) => string;

/**
 * Reads bindings, the settings of the API server and the resources of Kanidm from a cluster. Changes nothing.
 * @throws Error with a one-line message if the bindings or the address of the cluster cannot be read
 */
export function fromCluster(kubectl: Kubectl): Facts {
  const json = (args: readonly string[]): unknown => JSON.parse(kubectl([...args, '--output=json']) || '{}');
  const bindings = ['get', 'clusterrolebindings,rolebindings', '--all-namespaces'];
  const kubeadm = ['get', 'configmap', 'kubeadm-config', '--namespace=kube-system', '--ignore-not-found'];
  return together([
    fromDocument(source(bindings), json(bindings)),
    optional(source(labelled), () => apiServersIn(json)),
    optional(source(kubeadm), () => aboutApiServer(fromDocument(source(kubeadm), json(kubeadm)))),
    kanidmIn(json),
    connection(json),
  ]);
}

const source = (args: readonly string[]) => `kubectl ${args.join(' ')}`;
const pods = ['get', 'pods', '--namespace=kube-system'];
const labelled = [...pods, '--selector=component=kube-apiserver'];

/** Reads the settings of the API servers that run in pods. With kOps, for example, the pods do not have the label. */
function apiServersIn(json: (args: readonly string[]) => unknown): Facts {
  const found = listOf(mapAt(json(labelled)).items);
  const args = found.length > 0 ? labelled : pods;
  const items = found.length > 0 ? found : listOf(mapAt(json(pods)).items).filter(serverArguments);
  const facts = fromDocument(source(args), { apiVersion: 'v1', kind: 'List', items });
  return { ...facts, notes: [...facts.notes, ...unlike(source(args), items)] };
}

const serverArguments = (pod: unknown): Arguments | undefined =>
  isMap(pod) ? apiServerArguments({ ...pod, kind: 'Pod' }) : undefined;

const isSignIn = (flag: string) => /^oidc-|^authentication-config$/.test(flag);

/** Says which settings differ between the API servers of a cluster, because a config has the same settings for all. */
function unlike(source: string, pods: readonly unknown[]): Note[] {
  const servers = pods.flatMap((pod): { name: string; flags: Arguments }[] => {
    const flags = serverArguments(pod);
    return flags ? [{ name: scalarText(mapAt(pod, 'metadata').name), flags }] : [];
  });
  const names = new Set(servers.flatMap(({ flags }) => [...flags.keys()].filter(isSignIn)));
  const texts = new Map<string, string[]>();
  for (const flag of names) {
    const byValue = new Map<string, string[]>();
    for (const { name, flags } of servers) {
      const value = flags.get(flag)?.join(', ') ?? '';
      byValue.set(value, [...(byValue.get(value) ?? []), name]);
    }
    if (byValue.size < 2) continue;
    const missing = byValue.has('') ? [`not set in ${byValue.get('')?.join(', ')}`] : [];
    const set = [...byValue].filter(([value]) => value !== '');
    // If all API servers that set a flag set the same value, the text omits the value. Flags with the same text then
    // share one note. Flags often have the same text, because an API server usually has all of these flags or none.
    const where = set.map(([value, pods]) => `${set.length > 1 ? `\`${value}\`` : 'set'} in ${pods.join(', ')}`);
    const text = [...where, ...missing].join('; ');
    texts.set(text, [...(texts.get(text) ?? []), `\`--${flag}\``]);
  }
  return [...texts].map(([where, flags]) => ({
    source,
    text: `the API servers differ in ${flags.join(', ')}: ${where}. A config has the same settings for all API servers of a cluster`,
  }));
}

/** The kinds of resources that can describe or deploy Kanidm. A cluster may lack some of them. */
const kinds = [
  ...['helmrepositories.source.toolkit.fluxcd.io', 'ocirepositories.source.toolkit.fluxcd.io'],
  'helmreleases.helm.toolkit.fluxcd.io',
  ...['kanidms', 'kanidmpersonaccounts', 'kanidmgroups', 'kanidmserviceaccounts', 'kanidmoauth2clients'].map(
    (name) => `${name}.kaniop.rs`,
  ),
  ...['statefulsets.apps', 'deployments.apps', 'services'],
];

/** Reads the objects of a cluster that are about Kanidm. All other objects are ignored without a note. */
function kanidmIn(json: (args: readonly string[]) => unknown): Facts {
  const repositories: Json[] = [];
  return together(
    kinds.map((kind) => {
      const args = ['get', kind, '--all-namespaces'];
      const source = `kubectl ${args.join(' ')}`;
      const facts = optional(source, () => {
        const items = listOf(mapAt(json(args)).items).filter(isMap);
        repositories.push(...items.filter((item) => /Repository$/.test(scalarText(item.kind))));
        return together(items.map((item) => fromDocument(source, item, repositories)).filter(isAboutKanidm));
      });
      const isUnknown = facts.notes.some(({ text }) => text.includes("the server doesn't have a resource type"));
      return isUnknown ? nothing : facts;
    }),
  );
}

const isAboutKanidm = ({ releases, entries, servers, passedOver }: Facts): boolean =>
  releases.length + entries.length + servers.length > 0 || passedOver.some(({ why }) => why === 'runs Kanidm');

/**
 * Drops the reports about unread parts of the ConfigMap `kubeadm-config` if it contains no settings of an API server.
 */
const aboutApiServer = (facts: Facts): Facts => ({
  ...facts,
  passedOver: facts.apiServers.length > 0 ? facts.passedOver : [],
});

/** Reads a source to which access may be denied. A failure becomes a note, since settings may then be missing. */
function optional(source: string, read: () => Facts): Facts {
  try {
    return read();
  } catch (thrown) {
    const reason = firstLineOf(thrown);
    return { ...nothing, notes: [{ source, text: `can't be read: ${reason}` }] };
  }
}

function connection(json: (args: readonly string[]) => unknown): Facts {
  const source = 'kubectl config view';
  // With --flatten, kubectl prints the content of the CA file.
  const view = json(['config', 'view', '--minify', '--raw', '--flatten']);
  const server = mapAt(listOf(mapAt(view).clusters)[0], 'cluster');
  const git = scalarText(mapAt(json(['version']), 'serverVersion').gitVersion);
  const kubernetes = versionIn(git);
  const distribution = /\+(k3s|rke2)|-(eks)-/.exec(git);
  const kind = distribution?.[1] ?? distribution?.[2];
  const { 'certificate-authority-data': ca, 'certificate-authority': caFile } = server;
  const { 'insecure-skip-tls-verify': isInsecure, 'tls-server-name': tlsName, 'proxy-url': proxy } = server;
  const dropped = [
    ...(tlsName === undefined ? [] : ['tls-server-name']),
    ...(proxy === undefined ? [] : ['proxy-url']),
  ].map((field) => `rendered kubeconfigs do not contain \`${field}\`, which the kubeconfig of this cluster has`);
  const unverified =
    'kubectl does not verify the certificate of the API server (`insecure-skip-tls-verify`), but rendered kubeconfigs do: write its CA in `kubeconfig.certificateAuthority`';
  const text = `the CA of the API server is in ${scalarText(caFile)}: copy this file next to the config, and write the name of the copy in \`kubeconfig.certificateAuthority.file\``;
  return {
    ...nothing,
    apiServers: [
      {
        source,
        carrier: 'the cluster',
        issuers: [],
        ...(kubernetes === undefined ? {} : { kubernetes }),
        ...(kind === 'k3s' || kind === 'rke2' || kind === 'eks' ? { controlPlane: kind } : {}),
        ...(isText(server.server) ? { server: server.server } : {}),
      },
    ],
    ...(isText(ca) ? { serverCa: Buffer.from(ca, 'base64').toString('utf8') } : {}),
    notes: [...(caFile === undefined ? [] : [text]), ...dropped, ...(isInsecure === true ? [unverified] : [])].map(
      (text) => ({ source, text }),
    ),
  };
}
