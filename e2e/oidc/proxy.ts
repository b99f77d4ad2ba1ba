import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * An HTTPS proxy (CONNECT) that connects some hosts to ports of 127.0.0.1, and refuses all others. A program with this
 * proxy in `HTTPS_PROXY` reaches the addresses of the real config without DNS and without the internet.
 */
export class HttpsProxy {
  private readonly open = new Set<Duplex>();

  private constructor(
    private readonly server: Server,
    /** The value for `HTTPS_PROXY`. */
    readonly url: string,
  ) {}

  /**
   * Starts a proxy.
   * @param ports the port of 127.0.0.1 for each host name, whatever port is requested
   */
  static async start(ports: Readonly<Record<string, number>>): Promise<HttpsProxy> {
    const server = createServer((_, answer) => answer.writeHead(405).end());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    server.unref(); // a failed test must not keep the process alive
    const proxy = new HttpsProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connect', ({ url = '' }, client, head) => {
      const port = ports[url.replace(/:\d+$/, '')];
      if (port === undefined) {
        client.end(`HTTP/1.1 502 ${url} is not led anywhere\r\n\r\n`);
        return;
      }
      const target = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.write(head);
        target.pipe(client).pipe(target);
      });
      proxy.tie(client, target);
    });
    return proxy;
  }

  private tie(client: Duplex, target: Duplex): void {
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      this.open.add(one);
      one.on('error', () => other.destroy()).on('close', () => this.open.delete(one));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
