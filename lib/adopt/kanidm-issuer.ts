import type { Issuer, SettingName } from '../existing/api-server-issuers';
import { hasVariable, hasVariableInAddress } from '../existing/variables';

/**
 * An issuer that the API server trusts. `items` are the ids of the facts about the issuer: first the id of the issuer
 * itself, then the ids of its settings.
 */
export interface AdoptedIssuer {
  readonly issuer: Issuer;
  readonly items: readonly string[];
}

export interface KanidmIssuer extends AdoptedIssuer {
  readonly origin: string;
  readonly client: string;
}

const form = /^(https:\/\/[A-Za-z0-9.-]+(?::\d+)?)\/oauth2\/openid\/([^/]+)\/?$/;

/**
 * Returns the origin and the client of an issuer URL of Kanidm; `undefined` for the URL of another provider, and for a
 * URL with a variable.
 */
export function kanidmUrl(url: string): Pick<KanidmIssuer, 'origin' | 'client'> | undefined {
  const [, origin, client] = hasVariableInAddress(url) ? [] : (form.exec(url) ?? []);
  return origin === undefined || client === undefined || !URL.canParse(origin) ? undefined : { origin, client };
}

/**
 * The settings that decide which tokens the API server accepts, and which user and group names it derives from a token.
 */
const naming: ReadonlySet<SettingName> = new Set<SettingName>(['audience', 'username', 'groups', 'required']);

/**
 * Whether the URL of an issuer, or one of its settings in `naming`, contains a variable. In an
 * AuthenticationConfiguration, a dollar sign can also be part of an expression, but not of an audience, which is the
 * name of a client of Kanidm.
 */
export const isWithVariable = ({ url, settings, entry }: Issuer): boolean =>
  hasVariableInAddress(url) ||
  settings.some(
    ({ name, value }) =>
      naming.has(name) && (entry && name !== 'audience' ? hasVariable(value) : hasVariableInAddress(value)),
  );
