import type { Client, Config } from '../../config/config';
import { error, type Path, type Problem, warning } from '../../config/problem';
import { groupScope } from '../../identity/claims';
import { imageType } from '../../node-files/kanidm-commands';
import { kanidmClaims } from '../../upstream/kanidm-claims';

/** What Kanidm, or the API server behind it, would refuse of a client. */
export function clientRules(config: Config): Problem[] {
  return [...config.clients.values()]
    .filter(({ absent }) => !absent)
    .flatMap((client) => [...urls(client), ...scopes(client), ...claims(client), ...kind(client), ...image(client)]);
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Kanidm matches redirect URLs whole, and the landing URL is one of them. */
function urls(client: Client): Problem[] {
  const all: [string, Path][] = [
    [client.landingUrl, [...client.path, 'landingUrl']],
    ...(client.redirectUrls ?? []).map((url, i): [string, Path] => [url, [...client.path, 'redirectUrls', i]]),
  ];
  return all.flatMap(([text, path]) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || /^(javascript|data|vbscript|file):/i.test(text)) {
      return [
        error(
          'redirect-form',
          path,
          `\`${text}\` is no address that a browser could be sent to`,
          'write it whole, such as `https://app.example.com/callback`',
        ),
      ];
    }
    if (url.hash || text.endsWith('#')) {
      return [
        error(
          'redirect-fragment',
          path,
          `\`${text}\` has a fragment, which no redirect keeps`,
          `write \`${text.slice(0, text.indexOf('#'))}\``,
        ),
      ];
    }
    if (url.protocol !== 'http:' || loopback.test(url.hostname)) return [];
    const message = `\`${text}\` would carry the code over the network in the clear`;
    return [
      error(
        'redirect-http',
        path,
        message,
        `write \`https://${text.slice('http://'.length)}\`; http is for loopback addresses only`,
      ),
    ];
  });
}

function scopes(client: Client): Problem[] {
  return Object.entries(client.scopes ?? {}).flatMap(([group, list]) => {
    if (list.includes('openid')) return [];
    const message = `members of ${group} would get no ID token: \`openid\` is not among their scopes`;
    return [error('scope-without-openid', [...client.path, 'scopes', group], message, 'add `openid`')];
  });
}

function claims(client: Client): Problem[] {
  return Object.keys(client.claims ?? {}).flatMap((claim): Problem[] => {
    const path = [...client.path, 'claims', claim];
    if (kanidmClaims.has(claim)) {
      return [error('claim-reserved', path, `Kanidm fills \`${claim}\` itself`, 'choose another name', 'key')];
    }
    if (claim !== 'groups' || !groupScope(client)) return [];
    const message = `the scope \`${groupScope(client)}\` fills \`groups\` too, and Kanidm then leaves this out`;
    return [
      warning('claim-beaten', path, message, 'take the scope out of the scope map, or choose another name', 'key'),
    ];
  });
}

function kind({ type, path, localhostRedirects, consentPrompt }: Client): Problem[] {
  const problems: Problem[] = [];
  if (type === 'basic' && localhostRedirects) {
    const message = 'Kanidm allows any loopback redirect for public clients only';
    problems.push(
      error('localhost-basic', [...path, 'localhostRedirects'], message, 'take it out, or write `type: public`'),
    );
  }
  if (type === 'public' && consentPrompt === false) {
    const message = 'Kanidm asks for consent of a public client all the same';
    problems.push(warning('consent-public', [...path, 'consentPrompt'], message, 'take it out'));
  }
  return problems;
}

function image({ image, path }: Client): Problem[] {
  if (image === undefined || imageType(image) !== undefined) return [];
  const message = `Kanidm takes no image of the kind of \`${image}\``;
  return [error('image-type', [...path, 'image'], message, 'give a png, jpg, gif, svg or webp file')];
}
