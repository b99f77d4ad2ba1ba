import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { checkServerIdentity } from 'node:tls';
import { isText } from '../../guards';

/** The certificate that a server presents. */
export interface Presented {
  /**
   * The reason why its chain is not trusted, as a code of Node.js (`SELF_SIGNED_CERT_IN_CHAIN`); `undefined` if the
   * chain is trusted.
   */
  readonly distrust?: string;
  /** The host names and IP addresses that it is valid for. */
  readonly names: readonly string[];
  /** The name of its issuer. */
  readonly issuer: string;
  readonly from: Date;
  readonly until: Date;
  /** Whether the certificate is valid for a host. */
  isFor(host: string): boolean;
}

/** Reads the certificate of a TLS connection, and closes the connection. */
export function certificateOf(socket: TLSSocket): Presented {
  const certificate = socket.getPeerCertificate(true);
  // According to the types of Node.js this is an Error. At run time it is a code or null.
  const error: unknown = socket.authorizationError;
  const code = error instanceof Error ? error.message : isText(error) ? error : '';
  socket.end();
  const [from, until] = [new Date(certificate.valid_from), new Date(certificate.valid_to)];
  // Other checks report the name and the dates of the certificate itself, but not the dates of a CA.
  const isOwn = isDate(code) && !isWithin(from, until);
  return {
    ...(code !== '' && code !== 'ERR_TLS_CERT_ALTNAME_INVALID' && !isOwn ? { distrust: code } : {}),
    names: namesOf(certificate),
    issuer: String(certificate.issuer?.CN ?? certificate.issuer?.O ?? 'an issuer without a name'),
    from,
    until,
    isFor: (host) => checkServerIdentity(host, certificate) === undefined,
  };
}

/** Whether a code is about the dates of a certificate of the chain. */
export const isDate = (code: string): boolean => code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';

/** Whether a certificate is valid now. Uses the clock of this machine, as Node.js does when it verifies the chain. */
const isWithin = (from: Date, until: Date) => from.getTime() <= Date.now() && Date.now() <= until.getTime();

const namesOf = ({ subjectaltname = '' }: DetailedPeerCertificate): string[] =>
  [...subjectaltname.matchAll(/(?:DNS|IP Address):("[^"]*"|[^,]+)/g)].map(([, name]) => (name ?? '').replace(/"/g, ''));
