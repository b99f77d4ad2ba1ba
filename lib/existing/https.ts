import { type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import * as tls from 'node:tls';

export interface Question {
  /** PEM of the CAs to trust. @default those of Node.js and of this machine */
  readonly ca?: string;
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The most that is read of an answer, in bytes. @default 1 MiB */
  readonly limit?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** No answer; the message is a line for a person, and `code` that of Node.js. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly code = '',
  ) {
    super(message);
  }

  /** Whether the server's certificate is what stands in the way. */
  get isCertificate(): boolean {
    return /CERT|SIGNATURE|ISSUER/.test(this.code);
  }
}

/**
 * Asks one address, and only that: a redirect is an answer, never followed, and no connection is kept.
 * @throws NoAnswer
 */
export function get(address: string | URL, { ca, timeout, headers, limit = 2 ** 20 }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { headers: { ...headers }, ca: ca ?? trusted(), agent: false };
    const ask = request(address, options, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > limit) ask.destroy(new Error(`the answer is larger than ${limit} bytes`));
        else parts.push(part);
      });
      answer.on('error', fail);
      answer.on('end', () => {
        clearTimeout(timer);
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    const timer = setTimeout(() => ask.destroy(new Error(`no answer in ${timeout / 1000} s`)), timeout);
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoAnswer(plain(error), error.code));
    };
    ask.once('error', fail).end();
  });
}

/**
 * A TLS connection to look at, whoever signed the certificate: `authorizationError` says what is against it.
 * @throws NoAnswer
 */
export function handshake(url: URL, { ca, timeout }: Question): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const socket = tls.connect({
      host,
      port: Number(url.port || 443),
      // An IP address is no name that a client may send (RFC 6066).
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ca: ca ?? trusted(),
      rejectUnauthorized: false,
    });
    const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${timeout / 1000} s`)), timeout);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoAnswer(plain(error), error.code));
    });
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

/** Go's programs trust what the machine trusts, and Node.js has a list of its own: both, where this Node.js can. */
function trusted(): string[] | undefined {
  const list = (tls as { getCACertificates?: (type: string) => string[] }).getCACertificates;
  return list && [...list('default'), ...list('system')];
}

/** Where a name has several addresses, Node.js gives several errors and no message. */
const plain = (error: Error & { errors?: readonly Error[] }): string =>
  error.errors?.map(({ message }) => message).join(', ') || error.message;
