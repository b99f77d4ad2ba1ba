import type { Client } from '../config/config';
import { kubeloginPorts } from '../upstream/kubelogin';

/** The addresses on which kubelogin listens for the browser, and the redirect URL that it sends to Kanidm. */
export interface Redirect {
  /** Addresses as `host:port`, tried in order. */
  readonly listen: readonly string[];
  /** Set if the redirect URL is not `http://localhost:<port>`, which kubelogin derives from the listen address. */
  readonly url?: string;
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL points to the machine of the person who opens it. */
export const isLoopback = (url: string): boolean => URL.canParse(url) && loopback.test(new URL(url).hostname);

/** Returns the redirect URLs of a client that point to the local machine, including the landing URL. */
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

/** Whether a text is a host and a port without a scheme. To `URL`, `localhost:8000` is a path with the scheme `localhost`. */
export const lacksScheme = (url: string): boolean => /^[\w.-]+:\d+(\/|$)/.test(url);

/**
 * Returns where kubelogin listens: on the loopback redirect URLs of the client, in their order, and with
 * `localhostRedirects` also on the default ports of kubelogin. `undefined` if the client allows no redirect to
 * localhost. kubelogin derives `http://localhost:<port>` from each listen address. A redirect URL with another host or
 * a path must be set explicitly, and then only one address is possible.
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
