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
 * Returns which parts of an issuer contain a variable: its URL, and the settings in `naming`. In an
 * AuthenticationConfiguration, a dollar sign can also be part of an expression, but not of an audience, which is the
 * name of a client of Kanidm.
 */
export const variablesIn = ({ url, settings, entry }: Issuer): string[] => [
  ...(hasVariableInAddress(url) ? ['its URL'] : []),
  ...settings
    .filter(
      ({ name, value }) =>
        naming.has(name) && (entry && name !== 'audience' ? hasVariable(value) : hasVariableInAddress(value)),
    )
    .map(({ place }) => place),
];

export const isWithVariable = (issuer: Issuer): boolean => variablesIn(issuer).length > 0;
