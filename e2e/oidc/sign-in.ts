import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import * as client from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { parse } from 'yaml';

/** The settings that a kubeconfig has for kubelogin, read from the arguments of its exec plugin. */
export interface Told {
  readonly issuer: string;
  readonly clientId: string;
  /** `openid` and the additional scopes, as kubelogin requests them. */
  readonly scopes: readonly string[];
  /** The addresses to listen on, as `host:port`, tried in order. */
  readonly listen: readonly string[];
  /** The redirect URL. @default `http://localhost:<port>` with the port of the address that was free */
  readonly redirectUrl?: string;
  readonly pkceMethod?: string;
  /** The grant type. @default `authcode`, with the browser of this machine */
  readonly grantType?: string;
}

/** Reads the arguments of a kubeconfig's current user. Throws for an argument that is not supported here. */
export function toldBy(kubeconfig: string): Told {
  const { users, contexts, ...config } = parse(kubeconfig);
  const { context } = contexts.find(({ name }: { name: string }) => name === config['current-context']);
  const { exec } = users.find(({ name }: { name: string }) => name === context.user).user;
  const args: string[] = exec.args.slice(exec.args.indexOf('get-token') + 1);
  const values = new Map<string, string[]>();
  for (const arg of args) {
    const [, name = '', value = ''] = /^--([a-z0-9-]+)=(.*)$/.exec(arg) ?? [];
    if (!known.has(name)) throw new Error(`the kubeconfig tells kubelogin ${arg}, and nothing here reads that`);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const last = (name: string) => values.get(name)?.at(-1);
  return {
    issuer: last('oidc-issuer-url') ?? '',
    clientId: last('oidc-client-id') ?? '',
    scopes: ['openid', ...(values.get('oidc-extra-scope') ?? [])],
    listen: values.get('listen-address') ?? ['127.0.0.1:8000', '127.0.0.1:18000'],
    redirectUrl: last('oidc-redirect-url'),
    pkceMethod: last('oidc-pkce-method'),
    grantType: last('grant-type'),
  };
}

const known = new Set([
  'oidc-issuer-url',
  'oidc-client-id',
  'oidc-extra-scope',
  'oidc-pkce-method',
  'oidc-redirect-url',
  'listen-address',
  'grant-type',
  'token-cache-storage',
  'certificate-authority-data',
]);

export interface SignInOptions {
  readonly browser: Browser;
  /** The port of 127.0.0.1 on which the provider listens. */
  readonly port: number;
  /** The CA of the provider, as PEM. */
  readonly ca: string;
  /** The name to type into the sign-in page. */
  readonly name: string;
}

/**
 * Signs in as kubelogin does: listens, opens the issuer in the browser, and exchanges the code that comes back for
 * tokens. `authcode-keyboard` does not listen: the code is read from the address of the browser.
 * @returns the ID token
 * @throws Error with the text of the page, if the browser is not sent back; `client.AuthorizationResponseError` if it
 * comes back with an error
 */
export async function signIn(told: Told, { browser, port, ca, name }: SignInOptions): Promise<string> {
  const listening = told.grantType === 'authcode-keyboard' ? undefined : await listen(told.listen);
  const redirect = new URL(told.redirectUrl ?? `http://localhost:${listening?.port}`);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    const issuer = await client.discovery(new URL(told.issuer), told.clientId, undefined, client.None(), {
      [client.customFetch]: fetchAt(port, ca),
    });
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const page = await context.newPage();
    let back: URL | undefined;
    page.on('request', (asked) => {
      if (new URL(asked.url()).origin === redirect.origin && asked.isNavigationRequest()) back = new URL(asked.url());
    });
    const address = client.buildAuthorizationUrl(issuer, {
      redirect_uri: redirect.href,
      scope: told.scopes.join(' '),
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: told.pkceMethod ?? 'S256',
    });
    await visit(page, address.href, name);
    if (!back) throw new Error(`${new URL(page.url()).origin} said: ${await page.textContent('body')}`);
    if (listening && (await page.title()) !== 'Signed in') throw new Error(`nobody listens at ${redirect.href}`);
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const { id_token } = await client.authorizationCodeGrant(issuer, back, checks);
    if (!id_token) throw new Error('no ID token came');
    return id_token;
  } finally {
    await context.close();
    listening?.server.closeAllConnections();
    await new Promise((resolve) => (listening ? listening.server.close(resolve) : resolve(undefined)));
  }
}

/**
 * Opens an address of the provider, types the name into its sign-in page if there is one, and follows the redirects.
 */
export async function visit(page: Page, address: string, name: string): Promise<void> {
  await page.goto(address).catch(ignoreRefused);
  if ((await page.title()) !== 'Sign in') return;
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.includes('/sign-in/')).catch(ignoreRefused);
}

/** Ignores the error for an address where nothing listens. The test only needs the request of the browser. */
function ignoreRefused(error: Error): void {
  if (!error.message.includes('ERR_CONNECTION_REFUSED')) throw error;
}

async function listen(addresses: readonly string[]): Promise<{ server: Server; port: number }> {
  for (const address of addresses) {
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    const server = createServer((_, answer) =>
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<title>Signed in</title>'),
    );
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(Number(port), host, () => resolve(true));
    });
    if (free) return { server, port: Number(port) };
  }
  throw new Error(`none of ${addresses.join(', ')} is free`);
}

/** Returns a `fetch` that connects to a port of this machine for every host, and trusts one authority. */
function fetchAt(port: number, ca: string): client.CustomFetch {
  return (address, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      const options = {
        host: '127.0.0.1',
        port,
        servername: url.hostname,
        path: url.pathname + url.search,
        method,
        headers: { ...headers, host: url.host },
        ca,
        agent: false as const,
      };
      const ask = request(options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.once('end', () =>
          resolve(
            new Response(Buffer.concat(parts), {
              status: answer.statusCode,
              headers: { 'content-type': answer.headers['content-type'] ?? '' },
            }),
          ),
        );
      });
      ask.once('error', reject).end(body?.toString());
    });
}
