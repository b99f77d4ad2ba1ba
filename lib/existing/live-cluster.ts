import { isMap, listOf, mapAt } from '../guards';
import { type Facts, nothing, together } from './facts';
import { fromDocument, version } from './read-documents';

/** Runs kubectl with these arguments and standard input, and gives its standard output. Throws where it fails. */
export type Kubectl = (args: readonly string[], input?: string) => string;

/** Reads bindings and the API server's settings from a cluster; changes nothing. */
export function fromCluster(kubectl: Kubectl): Facts {
  const json = (args: readonly string[]): unknown => JSON.parse(kubectl([...args, '--output=json']));
  const source = (args: readonly string[]) => `kubectl ${args.join(' ')}`;
  const bindings = ['get', 'clusterrolebindings,rolebindings', '--all-namespaces'];
  const pods = ['get', 'pods', '--namespace=kube-system', '--selector=component=kube-apiserver'];
  const kubeadm = ['get', 'configmap', 'kubeadm-config', '--namespace=kube-system', '--ignore-not-found'];
  const parts = [
    fromDocument(source(bindings), json(bindings)) ?? nothing,
    fromDocument(source(pods), json(pods)) ?? nothing,
    optional(() => fromDocument(source(kubeadm), JSON.parse(kubectl([...kubeadm, '--output=json']) || '{}'))),
    connection(json),
  ];
  return together(parts);
}

/** A cluster without kubeadm has no such ConfigMap, and not everybody may read it. */
function optional(read: () => Facts | undefined): Facts {
  try {
    return read() ?? nothing;
  } catch {
    return nothing;
  }
}

function connection(json: (args: readonly string[]) => unknown): Facts {
  const source = 'kubectl config view';
  const view = json(['config', 'view', '--minify', '--raw']);
  const server = mapAt(mapAt(listOf(mapAt(view).clusters)[0]), 'cluster');
  const git = String(mapAt(json(['version']), 'serverVersion').gitVersion);
  const kubernetes = version(git);
  const kind = /\+(k3s|rke2)/.exec(git)?.[1] as 'k3s' | 'rke2' | undefined;
  const ca = server['certificate-authority-data'];
  return {
    ...nothing,
    apiServers: [
      {
        source,
        issuers: [],
        ...(kubernetes === undefined ? {} : { kubernetes }),
        ...(kind ? { controlPlane: kind } : {}),
        ...(typeof server.server === 'string' ? { server: server.server } : {}),
      },
    ],
    ...(typeof ca === 'string' ? { serverCa: Buffer.from(ca, 'base64').toString('utf8') } : {}),
    notes:
      isMap(server) && server['certificate-authority'] !== undefined
        ? [
            {
              source,
              text: `name the CA file ${String(server['certificate-authority'])} in kubeconfig.certificateAuthority`,
            },
          ]
        : [],
  };
}
