import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from '../harness';

export interface TokenOptions {
  /** The JOSE header beside `kid`. @default `{ alg: 'ES256', typ: 'JWT' }` */
  readonly header?: Readonly<Record<string, unknown>>;
  /** What signs. @default the issuer's own key */
  readonly key?: KeyObject;
}

/**
 * An issuer that signs as Kanidm does: ES256, and a discovery document for each client at
 * `/oauth2/openid/<client>/.well-known/openid-configuration`. It has no login: a test asks it for the token it wants.
 */
export class Issuer {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  private constructor(
    private readonly server: Server,
    /** Where it listens on 127.0.0.1. */
    readonly port: number,
    /** What stands before `/oauth2/openid/<client>` in the issuer's name. */
    readonly origin: string,
  ) {}

  /**
   * @param certificate for the host of `origin`
   * @param origin by default `https://localhost:<port>`; another one needs a `HttpsProxy` that leads here
   */
  static async start(certificate: KeyPair, origin?: string): Promise<Issuer> {
    const server = createServer(certificate);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    server.unref(); // a failed test must not keep the process alive
    const { port } = server.address() as AddressInfo;
    const issuer = new Issuer(server, port, origin ?? `https://localhost:${port}`);
    server.on('request', ({ url = '' }, answer) => {
      const body = issuer.answer(url);
      answer.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    });
    return issuer;
  }

  private answer(url: string): object | undefined {
    const [, client, document] = /^\/oauth2\/openid\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const name = `${this.origin}/oauth2/openid/${client}`;
    switch (document) {
      case '.well-known/openid-configuration':
        return {
          issuer: name,
          jwks_uri: `${name}/public_key.jwk`,
          authorization_endpoint: `${this.origin}/ui/oauth2`,
          token_endpoint: `${this.origin}/oauth2/token`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        };
      case 'public_key.jwk':
        return { keys: [{ ...this.publicKey.export({ format: 'jwk' }), kid: 'e2e', use: 'sig', alg: 'ES256' }] };
      default:
        return undefined;
    }
  }

  get publicKey(): KeyObject {
    return this.keys.publicKey;
  }

  /** A signed token: `claims` over an `iat` of now and an `exp` of 15 minutes from now, as in Kanidm's. */
  token(claims: Readonly<Record<string, unknown>>, { header, key }: TokenOptions = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { kid: 'e2e', ...(header ?? { alg: 'ES256', typ: 'JWT' }) },
      { iat: now, exp: now + 900, ...claims },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const signature = sign('sha256', Buffer.from(signed), {
      key: key ?? this.keys.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
