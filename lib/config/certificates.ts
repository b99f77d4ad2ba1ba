import type { Finding, Path } from '../findings/finding';
import type { Reader } from './reader';
import { readingFinding } from './reading-codes';

interface CertificateReading {
  readonly reader: Reader;
  readonly problems: Finding[];
}

/**
 * Returns the certificates in a PEM text, without carriage returns, and without blanks at the beginning and end of each
 * line: programs in Go cannot read indented PEM. Private keys and comments are left out.
 */
export const certificatesIn = (text: string): string[] =>
  (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((one) =>
    one.replaceAll('\r', '').replaceAll(/^[ \t]+|[ \t]+$/gm, ''),
  );

/** Whether a certificate in PEM consists of Base64, and not of a placeholder such as `…`. */
const isBase64 = (pem: string): boolean => /^[A-Za-z0-9+/=\s]+$/.test(pem.replaceAll(/-----[A-Z ]+-----/g, ''));

/** Returns the certificates in a file, or in a text of the config. */
export function readCertificates(
  ca: { readonly file?: string; readonly pem?: string },
  path: Path,
  { reader, problems }: CertificateReading,
): string {
  const report = (code: 'ca-unreadable' | 'ca-holds-key' | 'ca-not-pem', message: string, fix: string) =>
    problems.push(readingFinding(code, [...path, ca.file === undefined ? 'pem' : 'file'], message, fix));
  let text = ca.pem ?? '';
  try {
    if (ca.file !== undefined) text = new TextDecoder().decode(reader.read(ca.file));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^(\w+): ([^,]*).*$/, '$2') : String(thrown);
    report(
      'ca-unreadable',
      `\`${ca.file}\` can't be read: ${why}`,
      'write a path relative to the folder of `kaniflux.yaml`',
    );
    return '';
  }
  const what = ca.file === undefined ? 'the text' : `\`${ca.file}\``;
  const certificates = certificatesIn(text);
  if (/PRIVATE KEY/.test(text)) {
    const fix = ca.file === undefined ? 'write only certificates' : 'name a file that holds only certificates';
    report('ca-holds-key', `${what} holds a private key`, fix);
  } else if (certificates.length === 0) {
    report('ca-not-pem', `${what} holds no PEM certificate`, 'convert it: `openssl x509 -inform der -in …`');
  } else if (!certificates.every(isBase64)) {
    const message = `${what} holds a certificate that is not Base64: the API server would not start`;
    report('ca-not-pem', message, 'copy the whole certificate: `openssl x509 -in …` prints it');
  }
  return certificates.map((certificate) => `${certificate}\n`).join('');
}
