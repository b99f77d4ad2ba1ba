import { isText, type Json, mapAt } from '../guards';
import { leftOver, type Placed, partName, unreadParts } from './document-paths';
import type { PassedOver } from './facts';

/**
 * Returns the parts of a document that were not read. A part with settings of OpenID Connect is marked as not
 * understood.
 */
export const passedOverIn = (source: string, document: unknown, read: readonly string[]): PassedOver[] =>
  unreadParts(document, read).map((part) => ({
    source,
    what: partName(part),
    ...(isAboutSignIn(part) ? notUnderstood : { why: 'not about sign-in' }),
  }));

const notUnderstood: Pick<PassedOver, 'why' | 'instead'> = {
  why: 'not understood',
  instead:
    'give adopt the sign-in settings as flags of kube-apiserver, such as `--oidc-issuer-url=…`, each on a line of a file',
};

/** Returns why a whole text is not read. */
export const whyTextUnread = (text: string): Pick<PassedOver, 'why' | 'instead'> =>
  isTextAboutSignIn(text) ? notUnderstood : { why: 'not understood' };

export const isTextAboutSignIn = (text: string): boolean => signIn.test(text);

const signIn =
  /\boidc[-_]?(issuer|client|username|groups)|authentication-config\b|AuthenticationConfiguration|\/oauth2\/openid\//i;

const isAboutSignIn = ({ place, value }: Placed): boolean =>
  isTextAboutSignIn(place) || isTextAboutSignIn(JSON.stringify(value) ?? '');

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
  return { source, what, ...(isWhole ? { why: 'not about sign-in' } : whyTextUnread(JSON.stringify(document))) };
}
