import { fromBase64 } from '../../output/bytes';

const types =
  /^(ssh-ed25519|ssh-rsa|ssh-dss|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/**
 * Returns the error in an OpenSSH public key; `undefined` if the key is valid. The bytes of a key are a sequence of
 * strings with their lengths, so a truncated line is detected.
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6
 */
export function sshKeyFault(line: string): string | undefined {
  const [type = '', body = '', ...comment] = line.trim().split(' ');
  if (line.includes('PRIVATE KEY')) return 'this is a private key, but a public key is expected';
  if (!types.test(type)) return `\`${type.slice(0, 40)}\` is not a type of SSH public key`;
  if (/\p{Cc}/u.test(line)) return `a public key is one line${comment.length > 0 ? ', including its comment' : ''}`;
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(body) ? fromBase64(body) : new Uint8Array();
  if (bytes.length < 8) return 'the part after the type is not base64';
  const innerType = String.fromCharCode(...bytes.subarray(4, 4 + Math.min(lengthAt(bytes, 0), 100)));
  if (innerType !== type)
    return `the line begins with \`${type}\`, but the key is of another type; check that the line is complete`;
  return isComplete(bytes) ? undefined : 'the key is truncated; check that the line is complete';
}

/** Whether the bytes of a key are complete: a sequence of strings, each preceded by its length. */
function isComplete(bytes: Uint8Array): boolean {
  let at = 0;
  while (at + 4 <= bytes.length) at += 4 + lengthAt(bytes, at);
  return at === bytes.length;
}

const lengthAt = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer).getUint32(at);
