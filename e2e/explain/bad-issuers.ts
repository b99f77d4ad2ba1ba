import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { Authority, freePort } from '../harness';

/** An issuer that an API server cannot read, and the expected explanation. */
export interface BadIssuer {
  readonly name: string;
  readonly url: string;
  readonly says: RegExp;
}

/** Servers on this machine that answer as broken setups do. Because of each, an API server cannot read its issuer. */
export class BadIssuers {
  private constructor(
    readonly issuers: readonly BadIssuer[],
    /** The CA that the API server trusts for them. */
    readonly ca: string,
    private readonly servers: readonly Server[],
  ) {}

  static async start(): Promise<BadIssuers> {
    const [known, other] = [await Authority.create('known'), await Authority.create('another')];
    const good = await known.issue({ commonName: 'idm', hosts: ['127.0.0.1'] });
    const elsewhere = await known.issue({ commonName: 'idm', hosts: ['idm.example.com'] });
    const foreign = await other.issue({ commonName: 'idm', hosts: ['127.0.0.1'] });
    const servers: Server[] = [];
    const issuers: BadIssuer[] = [];
    const add = async (name: string, server: Server, says: RegExp, path = '/oauth2/openid/k8s') => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      server.unref();
      servers.push(server);
      issuers.push({ name, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, says });
    };
    const https = (
      certificate: ServerOptions,
      status: number,
      body: (url: string) => string,
      type = 'application/json',
    ) =>
      createHttpsServer(certificate, ({ url = '', headers }, answer) => {
        answer.writeHead(status, { 'content-type': type }).end(body(`https://${headers.host}${url}`));
      });
    const document = (issuer: (url: string) => string) => (url: string) =>
      JSON.stringify({ issuer: issuer(url.replace('/.well-known/openid-configuration', '')) });

    await add(
      'no such page',
      https(good, 404, () => ''),
      /answers 404/,
    );
    await add(
      'a proxy without a server',
      https(good, 503, () => 'upstream'),
      /answers 503/,
    );
    await add(
      'a page that is refused',
      https(good, 403, () => ''),
      /refuses the request with 403/,
    );
    await add(
      'a login page',
      https(good, 200, () => '<html>', 'text/html'),
      /is not JSON/,
    );
    await add(
      'another issuer',
      https(
        good,
        200,
        document((url) => `${url}/`),
      ),
      /Only the slash at the end differs/,
    );
    await add(
      'another name',
      https(elsewhere, 404, () => ''),
      /is valid for|does not include an IP address|certificate/,
    );
    await add(
      'another CA',
      https(foreign, 404, () => ''),
      /CA that the API server does not trust/,
    );
    await add(
      'no TLS',
      createHttpServer((_, answer) => answer.end()),
      /answers with plain HTTP instead of HTTPS/,
    );
    await add(
      'an end without an answer',
      createHttpsServer(good, ({ socket }) => socket.end()),
      /ended without an answer/,
    );
    await add(
      'no handshake',
      createTcpServer((socket) => socket.on('error', () => {})),
      /TLS handshake did not finish/,
    );
    issuers.push({
      name: 'nobody',
      url: `https://127.0.0.1:${await freePort()}/oauth2/openid/k8s`,
      says: /Nothing listens/,
    });
    issuers.push({
      name: 'no name',
      url: 'https://idm.invalid/oauth2/openid/k8s',
      says: /cannot look up the host name|did not answer the query for/,
    });
    return new BadIssuers(issuers, known.cert, servers);
  }

  close(): void {
    for (const server of this.servers) server.close();
  }
}
