import { type Placed, partName, unreadParts } from './document-paths';
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
  signIn.test(text) ? notUnderstood : { why: 'not understood' };

const signIn =
  /\boidc[-_]?(issuer|client|username|groups)|authentication-config\b|AuthenticationConfiguration|\/oauth2\/openid\//i;

const isAboutSignIn = ({ place, value }: Placed): boolean =>
  signIn.test(place) || signIn.test(JSON.stringify(value) ?? '');
