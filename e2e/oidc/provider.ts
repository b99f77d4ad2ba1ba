import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type Provider from 'oidc-provider';
import type { Config } from '../../lib/config/config';
import { spn } from '../../lib/identity/issuer';
import { uuidOf } from '../../lib/identity/uuid';
import type { KeyPair } from '../harness';
import { providerOf } from './client-provider';

export interface ProviderOptions {
  /** The lifetime of an ID token in seconds. @default 900, as in Kanidm */
  readonly idTokenSeconds?: number;
}

/**
 * A real OpenID provider that issues the tokens that Kanidm would issue for a config. It has one issuer for each
 * client, all on one HTTPS server. Its sign-in page asks for a name, and trusts it.
 */
export class OidcProvider {
  private readonly providers = new Map<string, Provider>();

  private constructor(
    private readonly config: Config,
    private readonly server: Server,
    /** The port of 127.0.0.1 on which it listens. Make the host of Kanidm's origin point to it. */
    readonly port: number,
  ) {}

  /**
   * Starts a provider.
   * @param certificate a certificate for the host of Kanidm's origin
   */
  static async start(config: Config, certificate: KeyPair, { idTokenSeconds = 900 }: ProviderOptions = {}) {
    const server = createServer(certificate);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    server.unref(); // a failed test must not keep the process alive
    const provider = new OidcProvider(config, server, (server.address() as AddressInfo).port);
    const key = (type: 'ES256' | 'RS256') => {
      const { privateKey } =
        type === 'ES256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('rsa', { modulusLength: 2048 });
      return { ...privateKey.export({ format: 'jwk' }), alg: type, use: 'sig', kid: `e2e-${type}` };
    };
    for (const client of config.clients.values()) {
      const alg = client.legacyCrypto ? 'RS256' : 'ES256';
      provider.providers.set(client.name, providerOf({ config, client, alg, key: key(alg), idTokenSeconds }));
    }
    server.on('request', (request, response) => {
      provider.answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    return provider;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '' } = request;
    const [, mount = '', name = '', path = ''] = /^(\/oauth2\/openid\/([^/]+))(\/.*)$/.exec(url) ?? [];
    const provider = this.providers.get(name);
    if (!provider) {
      response.writeHead(404).end('no such client');
      return;
    }
    if (path.startsWith('/sign-in/')) await this.signIn(provider, request, response);
    // Mounted as in a web framework: `url` is the rest of the path, `originalUrl` the whole path.
    else provider.callback()(Object.assign(request, { originalUrl: url, url: url.slice(mount.length) }), response);
  }

  private async signIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = new URLSearchParams(request.method === 'POST' ? await text(request) : '').get('name') ?? '';
    const person = this.config.people.get(name.replace(`@${this.config.kanidm.domain}`, ''));
    if (person) {
      const accountId = uuidOf(this.config, 'person', person);
      if (!accountId) throw new Error(`the config doesn't know the UUID of ${person.name}`);
      await provider.interactionFinished(request, response, { login: { accountId } });
      return;
    }
    response.writeHead(name ? 401 : 200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Sign in</title>
      <form method="post"><label>Name <input name="name" placeholder="${spn(this.config.kanidm, 'name')}"></label>
      <button>Sign in</button></form>`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
