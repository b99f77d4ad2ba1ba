import type { Finding, Path } from '../findings/finding';
import type { Reader } from './reader';
import { readingFinding } from './reading-codes';

interface CertificateReading {
  readonly reader: Reader;
  readonly problems: Finding[];
}

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';
const wrapped = new RegExp(`^${begin}\\n(?:[A-Za-z0-9+/=]*\\n)+${end}$`);

const bodyOf = (pem: string): string => pem.slice(begin.length, -end.length).replaceAll(/\s/g, '');

/**
 * Returns the certificates in a PEM text, without carriage returns, and without blanks at the beginning and end of each
 * line: programs in Go cannot read indented PEM. They cannot read a certificate in a single line either, so its lines
 * are restored. Private keys and comments are left out.
 */
export const certificatesIn = (text: string): string[] =>
  (text.match(new RegExp(`${begin}[^-]+${end}`, 'g')) ?? []).map((one) => {
    const pem = one.replaceAll('\r', '').replaceAll(/^[ \t]+|[ \t]+$/gm, '');
    const body = bodyOf(pem);
    if (wrapped.test(pem) || !isBase64(body)) return pem;
    return [begin, ...(body.match(/.{1,64}/g) ?? []), end].join('\n');
  });

/** Whether the body of a certificate consists of Base64, and not of a placeholder such as `…`. */
const isBase64 = (body: string): boolean => /^[A-Za-z0-9+/=]+$/.test(body);

/** Whether a certificate has another length than its first bytes say, for example because a line is missing. */
function isIncomplete(body: string): boolean {
  const digits = body.replaceAll('=', '');
  const [tag = 0, first = 0, second = 0, third = 0] = [...atob(digits.slice(0, 8))].map((byte) => byte.charCodeAt(0));
  const sizes: Readonly<Record<number, number>> = { 129: 3 + second, 130: 4 + second * 256 + third };
  // A text that is this short is no certificate either, but it may be an example.
  return digits.length >= 8 && (tag !== 0x30 || Math.floor((digits.length * 3) / 4) !== (sizes[first] ?? 2 + first));
}

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
    report('ca-not-pem', `${what} holds no PEM certificate`, conversion(text.trim()));
  } else {
    const bodies = certificates.map(bodyOf);
    const fault = !bodies.every(isBase64) ? 'not Base64' : bodies.some(isIncomplete) ? 'incomplete' : undefined;
    const message = `${what} holds a certificate that is ${fault}: the API server would not start`;
    if (fault) report('ca-not-pem', message, 'copy the whole certificate: `openssl x509 -in …` prints it');
  }
  return certificates.map((certificate) => `${certificate}\n`).join('');
}

function conversion(text: string): string {
  if (text === '') return `write the certificate, which begins with \`${begin}\``;
  // `LS0t` is `---` in Base64. The certificates in a kubeconfig have this form.
  return `convert it: ${text.startsWith('LS0t') ? '`base64 -d …`' : '`openssl x509 -inform der -in …`'}`;
}
