import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { checkServerIdentity } from 'node:tls';

/** A certificate as a server showed it. */
export interface Presented {
  /** What is against its chain, as Node.js calls it: `SELF_SIGNED_CERT_IN_CHAIN`. `undefined` where it is trusted. */
  readonly distrust?: string;
  /** Host names and addresses. */
  readonly names: readonly string[];
  /** Who signed it. */
  readonly issuer: string;
  readonly from: Date;
  readonly until: Date;
  /** Whether it is for a host. */
  isFor(host: string): boolean;
}

/** What a TLS connection shows; ends it. */
export function certificateOf(socket: TLSSocket): Presented {
  const certificate = socket.getPeerCertificate(true);
  const error = socket.authorizationError as unknown as string | Error | null;
  // Its names are judged on their own.
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : error;
  socket.end();
  return {
    ...(code && code !== 'ERR_TLS_CERT_ALTNAME_INVALID' && !isDate(code) ? { distrust: code } : {}),
    names: namesOf(certificate),
    issuer: String(certificate.issuer?.CN ?? certificate.issuer?.O ?? 'nobody that it names'),
    from: new Date(certificate.valid_from),
    until: new Date(certificate.valid_to),
    isFor: (host) => checkServerIdentity(host, certificate) === undefined,
  };
}

/** Its days are judged on their own too. */
const isDate = (code: string) => code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';

const namesOf = ({ subjectaltname = '' }: DetailedPeerCertificate): string[] =>
  [...subjectaltname.matchAll(/(?:DNS|IP Address):("[^"]*"|[^,]+)/g)].map(([, name]) => (name ?? '').replace(/"/g, ''));
