import { parseAllDocuments } from 'yaml';
import { isBinding, isRbac } from '../access/objects';
import type { ControlPlaneKind } from '../config/config';
import { fromAuthenticationConfiguration } from './authentication-configuration';
import { fromClientText } from './client-text';
import { type ApiServer, at, type Facts, isMap, type Json, type KanidmEntry, listOf, nothing, together } from './facts';
import { oidcFromFlags, parseArguments } from './flags';

/** What a text holds that adopt understands, whatever form it has. `undefined` where it holds nothing of the kind. */
export function factsOf(source: string, text: string): Facts | undefined {
  const words = text.trim().split(/\s+/);
  if (
    words.some((word) => /^--(oidc-issuer-url|authentication-config)(=|$)/.test(word)) &&
    !/^\s*[\w"{[-]+:/m.test(text)
  ) {
    return flagFacts(source, words, {});
  }
  const entries = fromClientText(source, text);
  if (entries) return { ...nothing, entries };
  let documents: unknown[];
  try {
    documents = parseAllDocuments(text, { logLevel: 'error' }).map((document) => {
      if (document.errors[0]) throw document.errors[0];
      return document.toJS();
    });
  } catch {
    return undefined;
  }
  const found = documents.flatMap((document) => fromDocument(source, document) ?? []);
  return found.length > 0 ? together(found) : undefined;
}

/** Facts of one JSON value: a Kubernetes object or a list of them, a program's configuration, entries of Kanidm. */
export function fromDocument(source: string, document: unknown): Facts | undefined {
  if (Array.isArray(document)) {
    const found = document.flatMap((one) => fromDocument(source, one) ?? []);
    return found.length > 0 || document.length === 0 ? together(found) : undefined;
  }
  if (!isMap(document)) return undefined;
  const entry = kanidmEntry(source, document);
  if (entry) return { ...nothing, entries: [entry] };
  if (typeof document.kind === 'string' && document.kind.endsWith('List')) {
    return together(listOf(document.items).flatMap((item) => fromDocument(source, item) ?? []));
  }
  if (isRbac(document)) return isBinding(document) ? { ...nothing, bindings: [{ source, object: document }] } : nothing;
  return fromControlPlane(source, document);
}

/** Kanidm's REST API wraps the attributes in `attrs`, its client prints them bare in lists. */
function kanidmEntry(source: string, document: Json): KanidmEntry | undefined {
  const attributes = isMap(document.attrs) ? document.attrs : document;
  if (!Array.isArray(attributes.uuid) || !Array.isArray(attributes.class)) return undefined;
  return {
    source,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, listOf(value).map(String)]),
    ),
  };
}

function fromControlPlane(source: string, document: Json): Facts | undefined {
  switch (document.kind) {
    case 'AuthenticationConfiguration': {
      const { notes, ...apiServer } = fromAuthenticationConfiguration(source, document);
      return { ...nothing, apiServers: [apiServer], notes };
    }
    case 'ConfigMap': {
      const inner = at(document, 'data').ClusterConfiguration;
      return typeof inner === 'string' ? factsOf(source, inner) : undefined;
    }
    case 'ClusterConfiguration':
      return kubeadm(source, document, 'kubeadm');
    case 'KubeadmControlPlane':
      return kubeadm(source, at(document, 'spec', 'kubeadmConfigSpec', 'clusterConfiguration'), 'cluster-api', {
        kubernetesVersion: at(document, 'spec').version,
      });
    case 'Pod':
      return staticPod(source, document);
  }
  const k3s = document['kube-apiserver-arg'] ?? document['kube-apiserver-arg+'];
  if (k3s !== undefined) {
    const controlPlane = /rke2/i.test(source) ? 'rke2' : 'k3s';
    return flagFacts(source, listOf(k3s).map(String), { controlPlane });
  }
  if (isMap(document.machine) || isMap(document.cluster)) return talos(source, document);
  return undefined;
}

function flagFacts(source: string, words: readonly string[], more: Partial<ApiServer>): Facts {
  const { notes, ...found } = oidcFromFlags(source, parseArguments(words));
  return { ...nothing, apiServers: [{ source, ...found, ...more }], notes };
}

/** The static pod of kubeadm and of others: the command of the container that is the API server. */
function staticPod(source: string, document: Json): Facts | undefined {
  const containers = listOf(at(document, 'spec').containers).map((one) => at(one));
  for (const { command, args, image } of containers) {
    const words = [...listOf(command), ...listOf(args)].map(String);
    if (!words.some((word) => /(^|\/)kube-apiserver$/.test(word))) continue;
    const kubernetes = version(/:(v[^@]+)/.exec(String(image))?.[1]);
    const node = at(document, 'metadata', 'annotations')[
      'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint'
    ];
    const kind: Partial<ApiServer> = {
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(node === undefined ? {} : { controlPlane: 'kubeadm', server: `https://${String(node)}` }),
    };
    return flagFacts(source, words, kind);
  }
  return undefined;
}

/** `extraArgs` is a map up to v1beta3 and a list of name and value from v1beta4. */
function kubeadm(source: string, document: Json, controlPlane: ControlPlaneKind, more: Json = {}): Facts {
  const extra = at(document, 'apiServer').extraArgs;
  const pairs = Array.isArray(extra)
    ? extra.map((one) => [at(one).name, at(one).value])
    : Object.entries(isMap(extra) ? extra : {});
  const kubernetes = version(document.kubernetesVersion ?? more.kubernetesVersion);
  const endpoint = document.controlPlaneEndpoint;
  return flagFacts(
    source,
    pairs.map(([name, value]) => `--${String(name)}=${String(value)}`),
    {
      controlPlane,
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(typeof endpoint === 'string' && endpoint !== '' ? { server: `https://${withPort(endpoint)}` } : {}),
    },
  );
}

/** kubeadm takes a bare name for the port that it binds to. */
const withPort = (endpoint: string) => (/:\d+$/.test(endpoint) ? endpoint : `${endpoint}:6443`);

function talos(source: string, document: Json): Facts {
  const { extraArgs, image } = at(document, 'cluster', 'apiServer');
  const { endpoint } = at(document, 'cluster', 'controlPlane');
  const pairs = Object.entries(isMap(extraArgs) ? extraArgs : {});
  const kubernetes = version(/:(v[^@]+)/.exec(String(image))?.[1]);
  return flagFacts(
    source,
    pairs.flatMap(([name, value]) => listOf(value).map((one) => `--${name}=${String(one)}`)),
    {
      controlPlane: 'talos',
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(typeof endpoint === 'string' ? { server: endpoint } : {}),
    },
  );
}

/** `1.34.4` of `v1.34.4+k3s1`. */
export const version = (text: unknown): string | undefined => /^v?(\d+\.\d+(\.\d+)?)/.exec(String(text))?.[1];
