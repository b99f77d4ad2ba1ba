import { parseAllDocuments } from 'yaml';
import { isBinding, isRbac } from '../access/objects';
import type { ControlPlaneKind } from '../config/config';
import { isMap, type Json, listOf, mapAt } from '../guards';
import { type Arguments, apiServerArguments, apiServerContainer, parseArguments } from './api-server-arguments';
import { fromClientText } from './client-text';
import { type ApiServer, type Facts, type KanidmEntry, nothing, together } from './facts';
import { fromAuthenticationConfiguration } from './read-authentication';
import { oidcFromFlags } from './read-flags';

/** What a text holds that adopt understands, whatever form it has. `undefined` where it holds nothing of the kind. */
export function factsOf(source: string, text: string): Facts | undefined {
  const words = text.trim().split(/\s+/);
  if (
    words.some((word) => /^--(oidc-issuer-url|authentication-config)(=|$)/.test(word)) &&
    !/^\s*[\w"{[-]+:/m.test(text)
  ) {
    return argumentFacts(source, parseArguments(words), {});
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
    case 'KubeAuthenticationConfig': {
      const inner = { ...mapAt(document, 'configuration'), kind: 'AuthenticationConfiguration' };
      const { apiServers, ...rest } = fromControlPlane(source, inner) ?? nothing;
      return { ...rest, apiServers: apiServers.map((one) => ({ ...one, controlPlane: 'talos' })) };
    }
    case 'ConfigMap': {
      const inner = mapAt(document, 'data').ClusterConfiguration;
      return typeof inner === 'string' ? factsOf(source, inner) : undefined;
    }
  }
  const args = apiServerArguments(document);
  return args && argumentFacts(source, args, aboutApiServer(source, document));
}

function argumentFacts(source: string, args: Arguments, more: Partial<ApiServer>): Facts {
  const { notes, ...found } = oidcFromFlags(source, args);
  return { ...nothing, apiServers: [{ source, ...found, ...more }], notes };
}

/** What else a document that configures an API server says of it. */
function aboutApiServer(source: string, document: Json): Partial<ApiServer> {
  switch (document.kind) {
    case 'Pod':
      return ofStaticPod(document);
    case 'ClusterConfiguration':
      return ofKubeadm(document, document.kubernetesVersion, 'kubeadm');
    case 'KubeadmControlPlane': {
      const inner = mapAt(document, 'spec', 'kubeadmConfigSpec', 'clusterConfiguration');
      return ofKubeadm(inner, inner.kubernetesVersion ?? mapAt(document, 'spec').version, 'cluster-api');
    }
  }
  if (!isMap(document.machine) && !isMap(document.cluster)) {
    return { controlPlane: /rke2/i.test(source) ? 'rke2' : 'k3s' };
  }
  const { endpoint } = mapAt(document, 'cluster', 'controlPlane');
  return {
    controlPlane: 'talos',
    ...kubernetesOf(imageTag(mapAt(document, 'cluster', 'apiServer').image)),
    ...(typeof endpoint === 'string' ? { server: endpoint } : {}),
  };
}

function ofStaticPod(pod: Json): Partial<ApiServer> {
  const node = mapAt(pod, 'metadata', 'annotations')['kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint'];
  return {
    ...kubernetesOf(imageTag(apiServerContainer(pod)?.image)),
    ...(node === undefined ? {} : { controlPlane: 'kubeadm', server: `https://${String(node)}` }),
  };
}

function ofKubeadm({ controlPlaneEndpoint }: Json, version: unknown, controlPlane: ControlPlaneKind) {
  return {
    controlPlane,
    ...kubernetesOf(version),
    ...(typeof controlPlaneEndpoint === 'string' && controlPlaneEndpoint !== ''
      ? { server: `https://${withPort(controlPlaneEndpoint)}` }
      : {}),
  };
}

/** kubeadm takes a bare name for the port that it binds to. */
const withPort = (endpoint: string) => (/:\d+$/.test(endpoint) ? endpoint : `${endpoint}:6443`);

const imageTag = (image: unknown) => /:(v[^@]+)/.exec(String(image))?.[1];

function kubernetesOf(text: unknown): Partial<ApiServer> {
  const kubernetes = version(text);
  return kubernetes === undefined ? {} : { kubernetes };
}

/** `1.34.4` of `v1.34.4+k3s1`. */
export const version = (text: unknown): string | undefined => /^v?(\d+\.\d+(\.\d+)?)/.exec(String(text))?.[1];
