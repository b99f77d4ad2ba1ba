import { isText, type Json, listOf } from '../guards';

/** A JSON Web Token in a longer text. */
interface Occurrence {
  readonly token: string;
  /** Whether the text before the token calls it an ID token. */
  readonly isIdToken: boolean;
  /** Whether the token was encoded in base64 once more, as in a Secret. */
  readonly encoded: boolean;
}

/**
 * Matches a JSON Web Token, or a token that was encoded in base64 once more. A token begins with `eyJ`, which is `{"`
 * in base64. An encoded token begins with `ZXlK`, which is `eyJ` in base64. The lookbehind keeps the search linear. If
 * padding or further characters of base64 follow a token that was not encoded once more, the token is damaged, and no
 * part of it is matched. If a program wrote a text such as `<SIGNATURE_REMOVED>` in place of the signature, no part of
 * the token is matched either.
 */
const tokens =
  /(?<![\w.-])eyJ[\w-]*\.(?!\.\.|[\w-]*\.\.\.)[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?(?!\.?[\w=+/-])(?!(?<=\.)[<[{(*…])|(?<![\w-])ZXlK[\w+/-]{20,}={0,2}/g;
const idToken = /\bid[-_]?token(?:_hint)?\W{0,6}$/i;

/** Returns the different tokens in a text, in their order. */
export function tokensIn(text: string): Occurrence[] {
  // `base64` writes lines of 76 characters, and `openssl base64` of 64. Other lines are several tokens.
  const isWrapped = /^ZXlK/.test(text) && /^(?:[\w+/-]{64}\s+|[\w+/-]{76}\s+)+[\w+/-]{1,76}={0,2}\s*$/.test(text);
  return tokensAsWritten(isWrapped ? text.replace(/\s/g, '') : text);
}

function tokensAsWritten(text: string): Occurrence[] {
  // A space, a quote and `=` in a URL are %20, %22 and %3D.
  const plain = text.replace(/%(?:20|22|3D)/gi, ' ');
  const all = [...plain.matchAll(tokens)].flatMap((match): Occurrence[] => {
    const encoded = match[0].startsWith('ZXlK');
    const token = encoded ? Buffer.from(match[0], 'base64').toString('latin1') : match[0];
    if (encoded && !/^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(token)) return [];
    return [{ token, encoded, isIdToken: idToken.test(plain.slice(Math.max(0, match.index - 30), match.index)) }];
  });
  return all.filter(({ token }, i) => all.findIndex((one) => one.token === token) === i);
}

/** Tokens that are not JSON Web Tokens, by their first characters. */
const others: readonly (readonly [RegExp, string])[] = [
  [/^(?:gh[pousr]_|github_pat_)\w+$/, 'a token of GitHub'],
  [/^gl(?:pat|dt|rt|cbt)-[\w.-]+$/, 'a token of GitLab'],
  [/^ya29\.[\w.-]+$/, 'an access token of Google'],
  [/^k8s-aws-v1\.[\w.-]+$/, 'a token of AWS for a cluster of EKS, which only that cluster accepts'],
  [/^sha256~[\w-]+$/, 'a token of OpenShift'],
  [/^(?:kubeconfig|token)-[\w-]+:\w+$/, 'a token of Rancher'],
  [/^(?:hvs|hvb)\.[\w-]+$|^s\.\w{24}$/, 'a token of Vault'],
  [/^[a-z0-9]{6}\.[a-z0-9]{16}$/, 'a bootstrap token of kubeadm, with which nodes join a cluster'],
  [/^K10[0-9a-f]+::\S+$/, 'the token with which nodes join a cluster of K3s or RKE2'],
  [/^\{\s*"/, 'JSON with an error, for example because its end is missing'],
  [/^<(?:!doctype|html|\?xml)/i, 'a web page'],
  [/^-----BEGIN /, 'a certificate or a key'],
  [/^eyJ[\w-]*(?:\.[\w-]*)?$/, 'an incomplete JSON Web Token: a part of it was cut off, such as the signature'],
  [/^eyJ[\w.-]*(?:\.\.\.|…|\[|<|\*)/, 'a shortened JSON Web Token'],
  [
    /(?:bearer|token)\W{1,8}(?:<?(?:masked|redacted)>?|<\w{0,40}removed>|\*{3})/i,
    'a text in which a program hides the token, as kubectl does in its log and in `kubectl config view`. `kubectl config view --raw` prints the token of a kubeconfig',
  ],
  [
    /\w:\/\/\S{1,2000}[?&]code=/,
    'a URL with a code, which only the program that started the sign-in can exchange for a token',
  ],
  [
    /^(?:error|unable to|unauthorized|forbidden)\b/i,
    'an error message. `kaniflux explain --log -` explains lines of a log',
  ],
];

/** Says what a text without a JSON Web Token is; returns `undefined` if the kind of text is not known. */
export const otherText = (text: string): string | undefined =>
  others.find(([pattern]) => pattern.test(text.trim()))?.[1];

/** Describes a JSON object that people mistake for a token; returns `undefined` for any other object. */
export function otherObject(value: Json): string | undefined {
  if (isText(value.error))
    return `an answer with the error ${/^\w{1,40}$/.test(value.error) ? value.error : ''}`.trim();
  if (isText(value.authorization_endpoint)) return 'a discovery document';
  if (Array.isArray(value.keys)) return 'the keys of an issuer (JWKS), which --jwks takes';
  if (listOf(value.clusters).length > 0 && value.kind === 'Config') return 'a kubeconfig without a token';
  return undefined;
}
