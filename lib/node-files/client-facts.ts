import type { Client, Config } from '../config/config';
import { joinChars } from '../identity/claims';
import { spn } from '../identity/issuer';
import { kanidm, lack, leave, only, want, written } from './fact-lines';
import { command } from './shell';

const oauth2 = (verb: string, name: string, ...values: readonly string[]) =>
  kanidm(['system', 'oauth2', verb], name, ...values);

/** Returns a URL as Kanidm prints it. */
const address = (url: string) => new URL(url).href;

/** Returns the lines of the runbook for the attributes of a client. */
export function clientFacts(config: Config, client: Client): string[] {
  const { name, displayName, description, landingUrl, redirectUrls, claims } = client;
  return [
    command('typed', name, client.type === 'basic' ? 'public' : 'basic'),
    want(`displayname: ${displayName}`, oauth2('set-displayname', name, displayName)),
    ...written('description', description),
    want(`oauth2_rs_origin_landing: ${address(landingUrl)}`, oauth2('set-landing-url', name, landingUrl)),
    ...(redirectUrls ?? []).map((url) =>
      want(`oauth2_rs_origin: ${address(url)}`, oauth2('add-redirect-url', name, url)),
    ),
    ...(redirectUrls ? [only('oauth2_rs_origin', redirectUrls.map(address), oauth2('remove-redirect-url', name))] : []),
    ...scopeFacts(config, client, 'scope-map', client.scopes),
    ...scopeFacts(config, client, 'sup-scope-map', client.supplementaryScopes),
    ...claimFacts(config, client),
    ...flag('oauth2_prefer_short_username', client.preferShortUsername ?? false, [
      oauth2('prefer-short-username', name),
      oauth2('prefer-spn-username', name),
    ]),
    ...flag('oauth2_jwt_legacy_crypto_enable', client.legacyCrypto ?? false, [
      oauth2('warning-enable-legacy-crypto', name),
      oauth2('disable-legacy-crypto', name),
    ]),
    ...(client.consentPrompt === undefined
      ? []
      : client.consentPrompt
        ? [lack('oauth2_consent_prompt_enable: false', oauth2('enable-consent-prompt', name))]
        : [want('oauth2_consent_prompt_enable: false', oauth2('disable-consent-prompt', name))]),
    ...(client.type === 'basic'
      ? flag('oauth2_allow_insecure_client_disable_pkce', client.disablePkce ?? false, [
          oauth2('warning-insecure-client-disable-pkce', name),
          oauth2('enable-pkce', name),
        ])
      : []),
    ...leave([
      description === undefined && 'description',
      redirectUrls === undefined && 'oauth2_rs_origin',
      client.scopes === undefined && 'oauth2_rs_scope_map',
      client.supplementaryScopes === undefined && 'oauth2_rs_sup_scope_map',
      claims === undefined && 'oauth2_rs_claim_map',
    ]),
  ];
}

function flag(attribute: string, on: boolean | undefined, [enable, disable]: [string[], string[]]): string[] {
  if (on === undefined) return [];
  return on ? [want(`${attribute}: true`, enable)] : [lack(`${attribute}: true`, disable)];
}

function scopeFacts(
  { kanidm }: Config,
  { name }: Client,
  map: 'scope-map' | 'sup-scope-map',
  scopes: Client['scopes'],
) {
  if (!scopes) return [];
  const attribute = `oauth2_rs_${map.replaceAll('-', '_')}`;
  return [
    ...Object.entries(scopes).map(([group, list]) => {
      const held = [...new Set(list)].sort().map((scope) => `"${scope}"`);
      return want(
        `${attribute}: ${spn(kanidm, group)}: {${held.join(', ')}}`,
        oauth2(`update-${map}`, name, group, ...list),
      );
    }),
    only(
      attribute,
      Object.keys(scopes).map((group) => spn(kanidm, group)),
      oauth2(`delete-${map}`, name),
    ),
  ];
}

function claimFacts({ kanidm }: Config, { name, claims }: Client): string[] {
  if (!claims) return [];
  const maps = Object.entries(claims).flatMap(([claim, { join = 'array', values }]) =>
    Object.entries(values).map(([group, list]) => ({ claim, join, group, list })),
  );
  return [
    ...maps.flatMap(({ claim, join, group, list }) => {
      const line = `oauth2_rs_claim_map: ${claim}:${spn(kanidm, group)}:${joinChars[join]}:"${[...new Set(list)].sort().join(',')}"`;
      return [
        want(line, oauth2('update-claim-map', name, claim, group, ...list)),
        want(line, oauth2('update-claim-map-join', name, claim, join)),
      ];
    }),
    only(
      'oauth2_rs_claim_map',
      maps.map(({ claim, group }) => `${claim} ${spn(kanidm, group)}`),
      oauth2('delete-claim-map', name),
    ),
  ];
}

/**
 * Returns the lines of the runbook for the attributes of a client that no migration can set: the flag for loopback
 * redirects, and the logo image.
 */
export function clientExtras({ name, type, localhostRedirects, image }: Client): string[] {
  return [
    ...(type === 'public'
      ? flag('oauth2_allow_localhost_redirect', localhostRedirects, [
          oauth2('enable-localhost-redirects', name),
          oauth2('disable-localhost-redirects', name),
        ])
      : []),
    ...imageFacts(name, image),
  ];
}

function imageFacts(name: string, image: Client['image']): string[] {
  if (image === undefined) return [];
  const path = typeof image === 'string' ? image : new URL(image.url).pathname;
  const type = imageType(path) ?? '';
  const number = String(imageTypes.indexOf(type));
  if (typeof image === 'string') return [command('image', name, imagePath(image), type, number)];
  return [command('downloaded', name, image.url, image.sha256, type, number)];
}

/** Returns a path that no command treats as an option. */
export const imagePath = (path: string): string => (/^(\.{0,2}\/)/.test(path) ? path : `./${path}`);

/**
 * The types of images, in the order in which Kanidm numbers them.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/proto/src/internal/mod.rs
 */
const imageTypes = ['png', 'jpg', 'gif', 'svg', 'webp'];

/** Returns the name that Kanidm has for the type of an image file; `undefined` if Kanidm does not accept the type. */
export function imageType(path: string): string | undefined {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return imageTypes.find((type) => type === (ending === 'jpeg' ? 'jpg' : ending));
}

export const createClient = ({ name, displayName, type, landingUrl }: Client): string[] =>
  oauth2(type === 'public' ? 'create-public' : 'create', name, displayName, landingUrl);
