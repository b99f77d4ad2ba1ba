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
    why: isAboutSignIn(part) ? 'not understood' : 'not about sign-in',
  }));

const signIn =
  /\boidc[-_]?(issuer|client|username|groups)|authentication-config\b|AuthenticationConfiguration|\/oauth2\/openid\//i;

const isAboutSignIn = ({ place, value }: Placed): boolean =>
  signIn.test(place) || signIn.test(JSON.stringify(value) ?? '');
