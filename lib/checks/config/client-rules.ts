import type { Client, Config } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { groupScope } from '../../identity/claims';
import { isLoopback, lacksScheme } from '../../identity/redirects';
import { imageType } from '../../node-files/client-facts';
import { kanidmClaims } from '../../upstream/kanidm-claims';
import { configFinding } from './config-codes';

/** Reports client settings that Kanidm or an API server would reject or ignore, or that are not safe. */
export function clientRules(config: Config): Finding[] {
  const trusted = new Set([...config.clusters.values()].flatMap(({ client, trust }) => [client, ...trust]));
  return [...config.clients.values()]
    .filter(({ absent }) => !absent)
    .flatMap((client) => [
      ...urls(client),
      ...(trusted.has(client.name) ? openid(client) : []),
      ...claims(client),
      ...kind(client),
      ...image(client),
    ]);
}

/** Checks the redirect URLs, and the landing URL, which Kanidm also accepts as a redirect URL. */
function urls(client: Client): Finding[] {
  const all: [string, Path][] = [
    [client.landingUrl, [...client.path, 'landingUrl']],
    ...(client.redirectUrls ?? []).map((url, i): [string, Path] => [url, [...client.path, 'redirectUrls', i]]),
  ];
  return all.flatMap(([text, path]) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || /^(javascript|data|vbscript|file):/i.test(text)) {
      return [
        configFinding(
          'redirect-form',
          path,
          `\`${text}\` is not a URL that a browser can be redirected to`,
          'write the whole URL, such as `https://app.example.com/callback`',
        ),
      ];
    }
    if (lacksScheme(text)) {
      const whole = `${isLoopback(`http://${text}`) ? 'http' : 'https'}://${text}`;
      const message = `\`${text}\` is not a URL that a browser can be redirected to`;
      return [configFinding('redirect-form', path, message, `write \`${whole}\``)];
    }
    if (url.hash || text.endsWith('#')) {
      return [
        configFinding(
          'redirect-fragment',
          path,
          `\`${text}\` has a fragment, which OAuth2 does not allow in a redirect URL`,
          `write \`${text.slice(0, text.indexOf('#'))}\``,
        ),
      ];
    }
    if (text.includes('*')) {
      const message = `\`${text}\` has a \`*\`, but Kanidm compares the whole URL: no application sends this one`;
      return [configFinding('redirect-form', path, message, 'write each callback URL of the application')];
    }
    if (url.protocol !== 'http:' || isLoopback(text)) return [];
    const message = `\`${text}\` would send the authorization code over the network unencrypted`;
    return [
      configFinding(
        'redirect-http',
        path,
        message,
        `write \`https://${text.slice('http://'.length)}\`; http is allowed for loopback addresses only`,
      ),
    ];
  });
}

/**
 * Reports a client of an API server whose scopes lack `openid`. One group with `openid` is enough, because Kanidm gives
 * each person the scopes of all their groups.
 */
function openid({ name, path, scopes }: Client): Finding[] {
  const lists = Object.values(scopes ?? {});
  if (lists.length === 0 || lists.some((list) => list.includes('openid'))) return [];
  const message = `nobody gets an ID token for client ${name}: no group in its scope map has the scope \`openid\``;
  const fix = 'add `openid` to the scopes of each group whose members may sign in';
  return [configFinding('scope-without-openid', keyAt([...path, 'scopes']), message, fix)];
}

function claims(client: Client): Finding[] {
  return Object.keys(client.claims ?? {}).flatMap((claim): Finding[] => {
    const path = [...client.path, 'claims', claim];
    if (kanidmClaims.has(claim)) {
      return [
        configFinding(
          'claim-reserved',
          keyAt(path),
          `Kanidm sets the claim \`${claim}\` itself`,
          'choose another name',
        ),
      ];
    }
    if (claim !== 'groups' || !groupScope(client)) return [];
    const message = `the scope \`${groupScope(client)}\` also sets the claim \`groups\`, so Kanidm ignores this claim map`;
    return [
      configFinding(
        'claim-overwritten',
        keyAt(path),
        message,
        'remove the scope from the scope map, or choose another name for the claim',
      ),
    ];
  });
}

function kind({ type, path, localhostRedirects, consentPrompt }: Client): Finding[] {
  const problems: Finding[] = [];
  if (type === 'basic' && localhostRedirects) {
    const message =
      '`localhostRedirects` allows redirects to any loopback address, but Kanidm allows such redirects only for public clients';
    problems.push(
      configFinding(
        'localhost-basic',
        [...path, 'localhostRedirects'],
        message,
        'remove `localhostRedirects`, or write `type: public`',
      ),
    );
  }
  if (type === 'public' && consentPrompt === false) {
    const message = 'Kanidm always shows the consent prompt for a public client';
    problems.push(configFinding('consent-public', [...path, 'consentPrompt'], message, 'remove `consentPrompt`'));
  }
  return problems;
}

function image({ image, path }: Client): Finding[] {
  if (image === undefined) return [];
  const name = typeof image === 'string' ? image : new URL(image.url).pathname;
  if (imageType(name) !== undefined) return [];
  const message = `Kanidm does not accept the file type of the logo image \`${name}\``;
  return [configFinding('image-type', [...path, 'image'], message, 'use a png, jpg, gif, svg or webp file')];
}
