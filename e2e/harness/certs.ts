import 'reflect-metadata'; // @peculiar/x509 needs it first
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, both as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** The common name: for Kubernetes, the name of the user. */
  readonly commonName: string;
  /** The organizations: for Kubernetes, the groups of the user. */
  readonly organizations?: readonly string[];
  /** Host names and IP addresses. */
  readonly hosts?: readonly string[];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 24 * 3600 * 1000;

/** A certificate authority for the duration of a test. */
export class Authority {
  private constructor(
    private readonly subject: string,
    private readonly signingKey: webcrypto.CryptoKey,
    /** Its own certificate, PEM. */
    readonly cert: string,
  ) {}

  static async create(name: string): Promise<Authority> {
    const keys = await generate();
    const subject = `CN=${name}`;
    const cert = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: subject,
      keys,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new Authority(subject, keys.privateKey, cert.toString('pem'));
  }

  /** Its private key, PEM. */
  key(): Promise<string> {
    return pem(this.signingKey);
  }

  /** Issues a certificate that is valid for a server (by its hosts) and for a client (by its names). */
  async issue({ commonName, organizations = [], hosts = [] }: CertificateOptions): Promise<KeyPair> {
    const keys = await generate();
    const names = hosts.map((host): x509.JsonGeneralName => ({ type: isIP(host) ? 'ip' : 'dns', value: host }));
    const cert = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: [...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }],
      issuer: this.subject,
      publicKey: keys.publicKey,
      signingKey: this.signingKey,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { cert: cert.toString('pem'), key: await pem(keys.privateKey) };
  }
}

/** Creates a certificate signing request of a client, as PEM in base64 for Kubernetes, and its key. */
export async function requestCertificate({
  commonName,
  organizations = [],
}: CertificateOptions): Promise<{ request: string; key: string }> {
  const keys = await generate();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return { request: Buffer.from(request.toString('pem')).toString('base64'), key: await pem(keys.privateKey) };
}

async function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** Valid from an hour ago, since clocks can differ, until tomorrow. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 3600 * 1000), notAfter: new Date(Date.now() + day) };
}

/** Returns a positive serial number, as RFC 5280 requires. */
function serial(): string {
  return `01${randomBytes(15).toString('hex')}`;
}
