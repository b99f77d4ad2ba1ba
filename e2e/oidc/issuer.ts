import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from '../harness';

export interface TokenOptions {
  /** Additional fields of the JOSE header, which has `alg`, `typ` and `kid`. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** The key that signs. @default the issuer's own key, for ES256 */
  readonly key?: KeyObject;
  /** Returns a signature, instead of one by `key`. */
  readonly signature?: (signed: string) => Buffer | string;
}

/**
 * An issuer that signs as Kanidm does: ES256 (RS256 for clients with legacy crypto), with a discovery document for each
 * client at `/oauth2/openid/<client>/.well-known/openid-configuration`. It has no login: a test requests any token from
 * it.
 */
export class Issuer {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private readonly legacyKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  private constructor(
    private readonly server: Server,
    /** The port of 127.0.0.1 on which it listens. */
    readonly port: number,
    /** The part of the issuer URL before `/oauth2/openid/<client>`. */
    readonly origin: string,
  ) {}

  /**
   * Starts an issuer.
   * @param certificate a certificate for the host of `origin`
   * @param origin by default `https://localhost:<port>`. Any other origin needs an `HttpsProxy` that connects to this
   * port
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
          id_token_signing_alg_values_supported: ['ES256', 'RS256'],
          code_challenge_methods_supported: ['S256'],
          scopes_supported: ['email', 'groups', 'openid', 'profile'],
        };
      case 'public_key.jwk':
        return this.jwks;
      default:
        return undefined;
    }
  }

  get publicKey(): KeyObject {
    return this.keys.publicKey;
  }

  /** The JWKS that it serves. */
  get jwks() {
    return {
      keys: [
        { ...this.publicKey.export({ format: 'jwk' }), kid: 'e2e', use: 'sig', alg: 'ES256' },
        { ...this.legacyKeys.publicKey.export({ format: 'jwk' }), kid: 'e2e-legacy', use: 'sig', alg: 'RS256' },
      ],
    };
  }

  /** The key with which {@link token} signs, if no other key is given. */
  get own(): TokenOptions {
    return { key: this.keys.privateKey };
  }

  /** The options that make {@link token} sign with RS256. */
  get legacy(): TokenOptions {
    return { header: { alg: 'RS256', kid: 'e2e-legacy' }, key: this.legacyKeys.privateKey };
  }

  /**
   * Returns a signed token. As in Kanidm, its `iat` is now and its `exp` is in 15 minutes, unless `claims` contains
   * other values.
   */
  token(claims: Readonly<Record<string, unknown>>, { header, key, signature }: TokenOptions = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: 'ES256', typ: 'JWT', kid: 'e2e', ...header },
      { iat: now, exp: now + 900, ...claims },
    ];
    const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const bytes = signature
      ? Buffer.from(signature(signed))
      : sign('sha256', Buffer.from(signed), { key: key ?? this.keys.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${signed}.${bytes.toString('base64url')}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
