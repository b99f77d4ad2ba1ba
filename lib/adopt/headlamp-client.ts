import { listOf, mapAt, scalarText } from '../guards';

/** Returns the address of the Headlamp that a redirect URL belongs to. */
export const headlampUrl = (redirectUrl: unknown): string | undefined =>
  /^(https?:\/\/.+)\/oidc-callback$/.exec(scalarText(redirectUrl))?.[1];

const isNamedHeadlamp = (...names: readonly unknown[]): boolean =>
  names.some((name) => /headlamp/i.test(scalarText(name)));

/** Whether a client belongs to a Headlamp, judged by its redirect URLs or its name. */
export function isHeadlamp(name: string, client: object | undefined): boolean {
  const { displayName, redirectUrls } = mapAt({ client }, 'client');
  return isNamedHeadlamp(name, displayName) || listOf(redirectUrls).some((url) => headlampUrl(url) !== undefined);
}
