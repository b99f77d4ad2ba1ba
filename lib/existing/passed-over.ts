import { isText, type Json, mapAt, scalarText } from '../guards';
import { leftOver, type Placed, partName, unreadParts } from './document-paths';
import type { PassedOver } from './facts';
import { customSubject } from './nested-rbac';
import { linesOf, readElsewhere } from './read-elsewhere';

/**
 * Returns the parts of a document that were not read. A part with settings of OpenID Connect is marked as not
 * understood.
 */
export const passedOverIn = (source: string, document: unknown, read: readonly string[]): PassedOver[] =>
  unreadParts(document, read).map((part) => ({ source, what: partName(part), ...whyPartUnread(part) }));

function whyPartUnread(part: Placed): Pick<PassedOver, 'why' | 'instead'> {
  const instead = readElsewhere(linesOf(part.value));
  if (instead !== undefined) return { why: 'not understood', instead };
  // A list of addresses in Talos.
  if (/(^|\.)extraManifests(\.|$)/.test(part.place))
    return {
      why: 'not understood',
      instead: 'adopt does not fetch manifests: if they contain bindings, run adopt with them too',
    };
  const [file] = isText(part.value)
    ? []
    : (/\/etc\/rancher\/(k3s|rke2)\/config\.yaml[\w./-]*/.exec(linesOf(part.value)) ?? []);
  if (file !== undefined)
    return { why: 'not understood', instead: `adopt did not read the content of ${file}: run adopt with it too` };
  return isAboutSignIn(part) ? notUnderstood : { why: 'not about sign-in' };
}

const notUnderstood: Pick<PassedOver, 'why' | 'instead'> = {
  why: 'not understood',
  instead:
    'if it has the sign-in settings of the API server, write these settings into a file as flags of kube-apiserver, such as `--oidc-issuer-url=…`, one flag on each line, and run adopt with this file',
};

/** Matches a value that SOPS encrypted, other than the checksum of the file. */
export const encrypted = /(?<!(?:\b|_)mac["']?\s*[:=]\s*["']?)ENC\[\w+,data:/;

/** Returns why a whole text is not read. */
export function whyTextUnread(text: string): Pick<PassedOver, 'why' | 'instead'> {
  const why = 'not understood';
  if (encrypted.test(text)) return { why, instead: decrypt };
  const instead = readElsewhere(text);
  if (instead !== undefined) return { why, instead };
  return isTextAboutSignIn(text) ? notUnderstood : { why };
}

/** Returns what to give in place of a template. */
export const whyTemplateUnread = (text: string): Pick<PassedOver, 'instead'> =>
  /\{\{|\{%/.test(text)
    ? {
        instead:
          'if the file is a template, run adopt with the finished file, for example the output of `helm template`',
      }
    : {};

const decrypt =
  'SOPS encrypted some of the values: run adopt with the decrypted file, for example with `sops --decrypt FILE | kaniflux adopt -`';

export const isTextAboutSignIn = (text: string): boolean => signIn.test(text);

const signIn =
  /\boidc[-_]?(issuer|client|username|groups|required|signing|ca[-_]?file)|authentication-config\b|authentication_config(?![a-z])|AuthenticationConfiguration|\/oauth2\/openid\//i;

const isAboutSignIn = ({ place, value }: Placed): boolean => {
  const json = JSON.stringify(value) ?? '';
  return /(^|\.)oidc(\.|$)/i.test(place) || /"oidc":/i.test(json) || [place, json].some(isTextAboutSignIn);
};

/**
 * What to give `adopt` in place of a document from which a program makes manifests, by the API group of the document.
 */
const rendered: readonly (readonly [RegExp, string])[] = [
  [
    /^kustomize\.config\.k8s\.io\//,
    'adopt reads manifests as they are: if this file changes bindings, run adopt with the output of `kubectl kustomize` in place of the manifests',
  ],
  [
    /^kustomize\.toolkit\.fluxcd\.io\//,
    'adopt reads manifests as they are: if this Kustomization changes bindings, run adopt with the output of `flux build kustomization` in place of the manifests',
  ],
  [/^helm\.toolkit\.fluxcd\.io\//, 'if the chart creates bindings, run adopt with the output of `helm template`'],
];

/** Returns the API version of a document. That of a `kustomization.yaml` has a default. */
const groupOf = (source: string, { apiVersion }: Json): string =>
  apiVersion === undefined && /(^|\/)kustomization(\.ya?ml)?$/i.test(source)
    ? 'kustomize.config.k8s.io/v1beta1'
    : scalarText(apiVersion);

/** Returns the report about a document of which no part was read. */
export function wholeDocument(source: string, document: Json): PassedOver {
  const { name, namespace } = mapAt(document, 'metadata');
  const kind = isText(document.kind) ? document.kind : undefined;
  const title = [kind, isText(name) ? (isText(namespace) ? `${namespace}/${name}` : name) : undefined]
    .filter(Boolean)
    .join(' ');
  const isKnown =
    kind !== undefined &&
    /^(ClusterRole|Role|(Helm|OCI|Git)Repository|Namespace|ServiceAccount|InitConfiguration|JoinConfiguration|Kube(let|Proxy)Configuration)$/.test(
      kind,
    );
  // All Talos documents that can have sign-in settings are read before this function is called.
  const isTalos = document.apiVersion === 'v1alpha1' && kind !== undefined;
  const isWhole = (isKnown && document.apiVersion !== undefined) || isTalos;
  const what =
    title === ''
      ? `a map with ${leftOver(document, []).slice(0, 5).join(', ')}`
      : `${title} (${leftOver(document, []).length})`;
  if (isWhole) return { source, what, why: 'not about sign-in' };
  const subject = customSubject(document);
  const [, render] =
    subject === undefined
      ? (rendered.find(([group]) => group.test(groupOf(source, document))) ?? [])
      : [
          '',
          `it names ${subject}: an operator may create bindings from it, so run adopt with these bindings, or use --live`,
        ];
  const text = linesOf(document);
  const found = whyTextUnread(text);
  if (render === undefined || encrypted.test(text)) return { source, what, ...found };
  return { source, what, ...found, instead: [found.instead, render].filter(isText).join('; ') };
}
