import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file on the server, with the fields of a source's `.status.artifact`. */
export interface Served {
  readonly url: string;
  readonly digest: string;
  readonly size: number;
}

/** Takes the place of source-controller's file server: tar.gz archives over HTTP. */
export class ArtifactServer {
  private readonly files = new Map<string, Buffer>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(): Promise<ArtifactServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    server.unref(); // a failed test must not keep the process alive
    const artifacts = new ArtifactServer(server, (server.address() as AddressInfo).port);
    server.on('request', ({ url = '' }, answer) => {
      const file = artifacts.files.get(url);
      answer.writeHead(file ? 200 : 404).end(file);
    });
    return artifacts;
  }

  /** Serves a file from now on. */
  serve(path: string, content: Buffer): Served {
    this.files.set(`/${path}`, content);
    return {
      url: `http://127.0.0.1:${this.port}/${path}`,
      digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
      size: content.length,
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
