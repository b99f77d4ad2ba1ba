import { type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import * as tls from 'node:tls';

export interface Question {
  /** The CAs to trust, as PEM. @default those of Node.js and of this machine */
  readonly ca?: string;
  /** The time limit for the whole answer, in milliseconds. */
  readonly timeout: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The size limit of an answer, in bytes. @default 1 MiB */
  readonly limit?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The time at which the headers arrived, in milliseconds since 1970. */
  readonly at: number;
}

/** The error if a request gets no answer. The message is one line for a person; `code` is the code of Node.js. */
export class NoAnswer extends Error {
  constructor(
    message: string,
    readonly code = '',
  ) {
    super(message);
  }

  /**
   * Whether the request failed because of the certificate of the server. Codes of OpenSSL do not count, even if they
   * contain `CERTIFICATE`: with `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED`, the server wants a client certificate.
   */
  get isCertificate(): boolean {
    return !this.code.startsWith('ERR_SSL_') && /CERT|SIGNATURE|ISSUER|^INVALID_|^PATH_LENGTH/.test(this.code);
  }
}

/**
 * Sends a GET request to one address. Redirects are returned, not followed, and the connection is closed afterwards.
 * @throws NoAnswer
 */
export function get(address: string | URL, { ca, timeout, headers, limit = 2 ** 20 }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { headers: { ...headers }, ca: ca ?? trusted(), agent: false };
    const ask = request(address, options, (answer) => {
      const at = Date.now();
      const parts: Buffer[] = [];
      let size = 0;
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size > limit) stop(`the answer is larger than ${limit} bytes`);
        else parts.push(part);
      });
      answer.on('error', fail);
      answer.on('end', () => {
        clearTimeout(timer);
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, at });
      });
    });
    const timer = setTimeout(() => stop(`no answer in ${timeout / 1000} s`), timeout);
    const fail = (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new NoAnswer(plain(error), error.code));
    };
    // Rejects the promise first. A destroyed request can still emit `end` or another error, which would settle the
    // promise without the reason.
    const stop = (why: string) => {
      fail(new Error(why));
      ask.destroy();
    };
    ask.once('error', fail).end();
  });
}

/**
 * Opens a TLS connection without requiring a valid certificate. `authorizationError` has the fault of the certificate.
 * @throws NoAnswer
 */
export function handshake(url: URL, { ca, timeout }: Question): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const socket = tls.connect({
      host,
      port: Number(url.port || 443),
      // A client must not send an IP address as the server name (RFC 6066).
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

/**
 * Returns the CAs of this machine, which Go programs trust, together with those of Node.js. `undefined` if this version
 * of Node.js cannot list them.
 */
function trusted(): string[] | undefined {
  if (!('getCACertificates' in tls) || typeof tls.getCACertificates !== 'function') return undefined;
  const { getCACertificates: list } = tls;
  return ['default', 'system'].flatMap((type) => list(type));
}

/**
 * Returns the message of an error. If a host name has several addresses, Node.js throws an error whose message is
 * empty, and whose `errors` contains an error for each address. The message of an error of OpenSSL contains names of
 * its source files.
 */
function plain(error: NodeJS.ErrnoException & { errors?: readonly Error[] }): string {
  const [, reason] = /:SSL routines:[^:]*:([^:]+):/.exec(error.message) ?? [];
  if (reason === undefined) return error.errors?.map(({ message }) => message).join(', ') || error.message;
  return /^(wrong version number|http request|packet length too long)$/.test(reason)
    ? 'the server does not use TLS on this port, but probably plain HTTP'
    : `TLS: ${reason}`;
}
