import type { Issuer, SettingName } from '../existing/api-server-issuers';
import { hasVariable, hasVariableInAddress } from '../existing/variables';

/**
 * An issuer that the API server trusts. `items` are the ids of the facts about it: that of the issuer itself first,
 * then those of its settings.
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
 * Returns the origin and the client of an issuer URL of Kanidm; `undefined` for the issuer of another provider, and for
 * one with a variable.
 */
export function kanidmUrl(url: string): Pick<KanidmIssuer, 'origin' | 'client'> | undefined {
  const [, origin, client] = hasVariableInAddress(url) ? [] : (form.exec(url) ?? []);
  return origin === undefined || client === undefined || !URL.canParse(origin) ? undefined : { origin, client };
}

/** The settings that decide whom a token names. */
const naming: ReadonlySet<SettingName> = new Set<SettingName>(['audience', 'username', 'groups', 'required']);

/**
 * Whether the URL of an issuer, or a setting that decides whom a token names, contains a variable. An expression in an
 * AuthenticationConfiguration can contain a dollar sign of its own; the name of a client of Kanidm cannot.
 */
export const isWithVariable = ({ url, settings, entry }: Issuer): boolean =>
  hasVariableInAddress(url) ||
  settings.some(
    ({ name, value }) =>
      naming.has(name) && (entry && name !== 'audience' ? hasVariable(value) : hasVariableInAddress(value)),
  );
