import type { Client } from '../config/config';
import { kubeloginPorts } from '../upstream/kubelogin';

/** Where kubelogin listens for the browser to come back, and what it tells Kanidm. */
export interface Redirect {
  /** `host:port`, tried in order. */
  readonly listen: readonly string[];
  /** Set where it isn't `http://localhost:<port>`, which kubelogin makes of a listen address by itself. */
  readonly url?: string;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The redirect URLs of a client that point at the machine of whoever signs in; the landing URL counts as one. */
export function loopbackUrls(client: Client): URL[] {
  const urls = [...(client.redirectUrls ?? []), client.landingUrl]
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text));
  const seen = new Set<string>();
  return urls.filter((url) => {
    if (url.protocol !== 'http:' || !loopback.test(url.hostname) || seen.has(url.href)) return false;
    seen.add(url.href);
    return true;
  });
}

/**
 * The one place that says where kubelogin listens: on the loopback redirect URLs of the client, in their order.
 * `undefined` where the client has none.
 *
 * kubelogin makes `http://localhost:<port>` of each listen address. Another host or a path has to be told, and then
 * there is one address only.
 */
export function redirectOf(client: Client): Redirect | undefined {
  const urls = loopbackUrls(client);
  const ports = urls.filter(isPlain).map(portOf);
  if (client.type === 'public' && client.localhostRedirects) ports.push(...kubeloginPorts);
  if (ports.length > 0) return { listen: [...new Set(ports)].map((port) => `127.0.0.1:${port}`) };
  const [first] = urls;
  if (!first) return undefined;
  const host = first.hostname === 'localhost' ? '127.0.0.1' : first.hostname;
  return { listen: [`${host}:${portOf(first)}`], url: first.href.replace(/^(https?:\/\/[^/]+)\/$/, '$1') };
}

const isPlain = (url: URL): boolean => url.hostname === 'localhost' && url.pathname === '/' && url.search === '';
const portOf = (url: URL): number => Number(url.port || 80);
