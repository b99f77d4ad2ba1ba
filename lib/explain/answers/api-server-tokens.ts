import { apiServerToKanidm, because } from '../connection-reasons';
import type { Explanation } from '../explanation';
import { reloaded } from './api-server-start';

const of = 'kube-apiserver';
const see =
  'Read the log of kube-apiserver. On a kubeadm node, run `sudo crictl logs $(sudo crictl ps -q --name kube-apiserver) 2>&1 | grep oidc`. With K3s, run `journalctl -u k3s | grep oidc`.';
const token =
  '`kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -` shows what is in the token.';
const refused = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;
/**
 * A prefix that only kube-apiserver writes. Applications in Go use the same OIDC library, so an error of the library
 * alone does not show which program wrote the line.
 */
const verify = /oidc: verify token: |Unable to authenticate the request/;
const goes = 'the line is in the log of kube-apiserver, or says `oidc: verify token`';

/**
 * Returns the reason from the text after `is not healthy`. Returns an empty string if the text has no reason or only
 * says `is not initialized`.
 */
const reasonIn = (text: string): string =>
  text.startsWith(': ') && !text.includes(' is not initialized') ? text.slice(2) : '';

/** Returns the clients of two issuers, if these are issuers of the same Kanidm. */
export function clientsOf(expected: string, got: string): { readonly want?: string; readonly has?: string } {
  const [want, has] = [expected, got].map(
    (url) => /^(?<origin>.*)\/oauth2\/openid\/(?<client>[^/]+)$/.exec(url)?.groups,
  );
  return want && has && want.origin === has.origin ? { want: want.client, has: has.client } : {};
}

/** Messages of kube-apiserver when it refuses a token, from k8s.io/apiserver 0.34 and 0.37 and from go-oidc 2.5. */
export const tokenAnswers: readonly Explanation[] = [
  {
    id: 'signing-algorithm',
    title: 'The API server does not accept the algorithm of the token',
    of,
    pattern:
      /id token signed with unsupported algorithm, expected (?<expected>\[[^[\]]*\]|"[^"]*") got (?<got>\[[^[\]]*\]|"[^"]*")/,
    shared: { sure: verify, tell: goes },
    means: ({ expected = '', got = '' }) =>
      `The API server accepts tokens that are signed with ${list(expected)}, but this token ${/none/.test(got) ? 'has no signature (algorithm `none`)' : `is signed with ${list(got)}`}.${
        /ES256/.test(got) && /RS256/.test(expected)
          ? ' Kanidm signs with ES256, and without --oidc-signing-algs the API server accepts only RS256.'
          : ''
      }`,
    fix: ({ got = '' }) =>
      /RS256/.test(got)
        ? 'Remove `legacyCrypto` from the client (`kanidm system oauth2 disable-legacy-crypto`), or render the settings of the API server again and apply them.'
        : !/(?:RS|ES|PS)(?:256|384|512)/.test(got)
          ? `Kanidm never signs with this algorithm: check where the token comes from. ${token}`
          : /ES256/.test(got)
            ? 'Give the API server `--oidc-signing-algs=ES256`, as in the files that `kaniflux synth` renders under control-planes/. An AuthenticationConfiguration accepts every algorithm that this flag can have. EKS accepts only RS256: there, set `legacyCrypto: true` for the client instead.'
            : `Kanidm never signs with this algorithm, so the token is from another identity provider. If the API server should accept its tokens, give the API server \`--oidc-signing-algs=${list(got)}\`. An AuthenticationConfiguration accepts every algorithm that this flag can have.`,
    see,
    example: [
      refused(
        String.raw`oidc: verify token: oidc: id token signed with unsupported algorithm, expected [\"RS256\"] got \"ES256\"`,
      ),
    ],
    beside: 'algorithm',
  },
  {
    id: 'token-signature',
    title: 'The API server finds no key that signed the token',
    of,
    // “fetching keys” is another error. A line that is cut off before or within these words can be about this error.
    pattern: /failed to verify signature: (?![f….[])\S|failed to verify id token signature/,
    shared: { sure: verify, tell: goes },
    means:
      'None of the keys that the issuer publishes signed the token. Either the token was changed, or it comes from another issuer, or the issuer has replaced its keys after it issued the token.',
    fix: 'Get a new token (`kubectl oidc-login clean`, then sign in again), and check that `kanidm.origin` leads to the right Kanidm. `kaniflux explain --token - --fetch-jwks` checks the signature with the keys that Kanidm publishes now.',
    see,
    example: [refused('oidc: verify token: failed to verify signature: failed to verify id token signature')],
  },
  {
    id: 'fetching-keys',
    title: 'The API server cannot fetch the keys of Kanidm',
    of,
    pattern: /failed to verify signature: fetching keys (?<reason>.*)$/,
    shared: { sure: verify, tell: goes },
    means: ({ reason = '' }) => {
      const key = unreadable(reason);
      return key === undefined
        ? `The API server read the discovery document of the issuer, but it cannot fetch the keys to check the signature. ${because(reason, apiServerToKanidm).why}`
        : `The API server fetched the keys of the issuer, but cannot read one of them: “${key}”. It then uses none of the keys, and refuses every token of the issuer.`;
    },
    fix: ({ reason = '' }) =>
      unreadable(reason) === undefined
        ? because(reason, apiServerToKanidm).fix
        : 'Remove this key from the keys that the issuer publishes. Kanidm publishes no such keys: check which server answers.',
    see,
    example: [
      refused(
        String.raw`oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed Get \"https://idm.example.com/oauth2/openid/k8s/public_key.jwk\": dial tcp 192.0.2.7:443: connect: connection refused`,
      ),
      refused(
        String.raw`oidc: verify token: failed to verify signature: fetching keys oidc: failed to decode keys: got Content-Type = application/json, but could not unmarshal as JSON: go-jose/go-jose: unknown json web key type 'AKP' {\"keys\":[{\"kty\":\"AKP\"}]}`,
      ),
    ],
    beside: 'ca',
  },
  {
    id: 'token-audience',
    title: 'The token was issued for another client',
    of,
    pattern: /oidc: expected audience (?:in )?(?<expected>\[[^[\]]*\]|"[^"]*") got (?<got>\[[^[\]]*\]|"[^"]*")/,
    shared: { sure: verify, tell: goes },
    means: ({ expected = '', got = '' }) =>
      list(got) === 'nothing'
        ? `The API server accepts tokens for the client ${list(expected)}, but this token has no audience at all.`
        : `The API server accepts tokens for the client ${list(expected)}, but this token was issued for ${list(got)}.`,
    fix: ({ expected = '', got = '' }) =>
      /kubernetes\.default|kube-apiserver/.test(got)
        ? `This token belongs to a service account, and its audience is the API server itself. Create a token with the expected audience (\`kubectl create token <account> --audience=${list(expected)}\`), or send the token to the cluster that issued it.`
        : list(got) === 'nothing'
          ? `An ID token of Kanidm always names its client, so this is another kind of token. ${token}`
          : areNoClients(got)
            ? `No client of Kanidm can have this name, so the token comes from another issuer, such as a CI system. Request the token with the audience ${list(expected, ' or ')}. Only if that is not possible, add ${list(got)} to \`audiences\` of this issuer in \`clusters.<name>.issuers\`.`
            : `If the kubeconfig has the client ${list(got)} by mistake, set \`clusters.<name>.client\` to the right client and render again: the settings of the API server and the kubeconfig then have the same client id. If an application such as Headlamp sends its own tokens to the API server, add its client to \`clusters.<name>.trust\`, which requires \`authentication.method: structured\`, or let the application use the client of the cluster.`,
    see,
    example: [refused(String.raw`oidc: verify token: oidc: expected audience \"kubernetes\" got [\"headlamp\"]`)],
    beside: 'audience',
  },
  {
    id: 'token-not-yet-valid',
    title: 'The token is not valid yet',
    of,
    pattern: /before the nbf \(not before\) time: (?<from>\S{1,30})/,
    shared: { sure: verify, tell: goes },
    means: 'The token is not valid yet: the clock of the API server is more than a minute behind that of the issuer.',
    fix: 'Set the clocks of both machines by NTP.',
    see: 'Compare `date -u` on the control-plane node and on the machine of the issuer (Kanidm, or another identity provider).',
    example: [
      refused(
        'oidc: verify token: oidc: current time 2026-11-24 23:34:58.01 +0000 UTC m=+9.63 before the nbf (not before) time: 2026-11-24 23:36:27 +0000 UTC',
      ),
    ],
  },
  {
    id: 'token-without-expiry',
    title: 'The token has no expiry time',
    of,
    // go-oidc prints the zero time for a token without `exp`.
    pattern: /oidc: token is expired \(Token Expiry: 0001-01-01 00:00:00 \+0000 UTC\)/,
    shared: { sure: verify, tell: goes },
    means:
      'The token has no `exp` claim, so the API server refuses it as expired. ID tokens of Kanidm always have `exp`, so this is another kind of token, or a token of another provider.',
    fix: 'Send the ID token that kubelogin got from Kanidm. If the token comes from another provider, let that provider issue tokens that expire.',
    see: token,
    example: [refused('oidc: verify token: oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)')],
  },
  {
    id: 'token-expired',
    title: 'The token has expired',
    of,
    pattern: /oidc: token is expired(?! \(Token Expiry: 0001-01-01 )/,
    shared: { sure: verify, tell: goes },
    means:
      'The token has expired. Tokens of Kanidm are valid for 15 minutes. If a new token is refused with this error, the clocks of the issuer and of the API server differ.',
    fix: 'Get a new token: with kubelogin, run `kubectl oidc-login clean`, and sign in again. Check the clocks of the issuer (Kanidm, or another identity provider) and of the API server.',
    see: token,
    example: [refused('oidc: verify token: oidc: token is expired (Token Expiry: 2026-11-24 22:34:57 +0000 UTC)')],
  },
  {
    id: 'token-issuer',
    title: 'The token comes from another issuer',
    of,
    pattern: /oidc: id token issued by a different provider, expected "(?<expected>[^"]*)" got "(?<got>[^"]*)"/,
    shared: { sure: verify, tell: goes },
    means: ({ expected = '', got = '' }) =>
      `The API server trusts the issuer ${expected}, but the token comes from ${got}. The API server compares issuers byte for byte.`,
    fix: ({ expected = '', got = '' }) => {
      const { want, has } = clientsOf(expected, got);
      if (want !== has)
        return `The token is for the client ${has}. Sign in with the client ${want}, or add ${has} to \`clusters.<name>.trust\`, which needs \`method: structured\`.`;
      return expected.includes('/oauth2/openid/') && !got.includes('/oauth2/openid/')
        ? 'The token does not come from Kanidm. Sign in with the kubeconfig that `kaniflux synth` renders, or add the other issuer to `clusters.<name>.issuers` if the cluster should accept the tokens of that issuer.'
        : 'Write the issuer as `<origin>/oauth2/openid/<client>`, without a slash at the end. `<origin>` is the value of `kanidm.origin`.';
    },
    see: token,
    example: [
      refused(
        String.raw`oidc: verify token: oidc: id token issued by a different provider, expected \"https://idm.example.com/oauth2/openid/k8s\" got \"https://idm.example.com/oauth2/openid/k8s/\"`,
      ),
    ],
    beside: 'issuer',
  },
  {
    id: 'issuer-not-ready',
    title: 'The API server has not read the issuer yet',
    of,
    pattern:
      /oidc: authenticator not initialized|oidc: authenticator for issuer "(?<issuer>[^"]*)" is not (?:initialized|healthy)(?<reason>.*)$|verifier not initialized for issuer: "(?<other>[^"]*)"|async token verifier for issuer: "(?<third>[^"]*)"/,
    means: ({ issuer = '', other = '', third = '', reason: text = '' }) => {
      const reason = reasonIn(text);
      const name = issuer || other || third || 'the issuer';
      const what = /fetching keys|keys failed|decode keys/.test(reason)
        ? 'fetch the keys'
        : 'read the discovery document';
      const why = reason === '' ? '' : ` ${because(reason, apiServerToKanidm).why}`;
      return `The API server could not ${what} of ${name} yet, so it refuses every token of that issuer.${why}`;
    },
    fix: ({ reason = '' }) =>
      reasonIn(reason) === ''
        ? 'Read the line `oidc authenticator: initializing plugin` in the same log: that line has the reason. The API server retries by itself.'
        : `${because(reasonIn(reason), apiServerToKanidm).fix} The API server retries by itself.`,
    see,
    example: [
      refused('oidc: authenticator not initialized'),
      refused(
        String.raw`oidc: authenticator for issuer \"https://idm.example.com/oauth2/openid/k8s\" is not healthy: fetching keys oidc: get keys failed Get \"https://idm.example.com/oauth2/openid/k8s/public_key.jwk\": dial tcp 192.0.2.7:443: connect: connection refused`,
      ),
    ],
    consequenceOf: ['initializing-plugin'],
    beside: 'issuer',
    endedBy: reloaded,
  },
  {
    id: 'token-malformed',
    title: 'The token is damaged, or is not an ID token',
    of,
    pattern:
      /oidc: (?:verify token: (?:oidc: )?(?:malformed jwt|id token not signed|multiple signatures)|parse claims: |verify token: (?:oidc: )?failed to unmarshal claims)(?:: json: cannot unmarshal (?<type>\w+) into Go struct field idToken\.(?<claim>\w+))?/,
    means: ({ type = '', claim = '' }) =>
      claim === ''
        ? 'The API server cannot decode the token. Either the token is damaged, or it is not an ID token.'
        : `The API server cannot decode the token, because the claim \`${claim}\` has the wrong type (${type}).`,
    fix: ({ claim = '' }) =>
      claim === ''
        ? `Get a new token (\`kubectl oidc-login clean\`, then sign in again). ${token}`
        : `If a claim map of the client has the name \`${claim}\`, give the claim map another name. Otherwise correct the claim at the issuer of the token.`,
    see: token,
    example: [
      refused('oidc: verify token: oidc: malformed jwt: square/go-jose: compact JWS format must have three parts'),
      refused(
        'oidc: verify token: oidc: failed to unmarshal claims: json: cannot unmarshal array into Go struct field idToken.nonce of type string',
      ),
    ],
  },
  {
    id: 'token-refused',
    title: 'The API server refuses the token for an uncommon reason',
    of,
    pattern: /oidc: (?<first>verify token|could not|error|invalid|parse|required|unsupported)\b(?<reason>.*)$/,
    shared: { sure: /Unable to authenticate the request|oidc: verify token: /, tell: goes },
    means: ({ first = '', reason = '' }) => {
      const whole = `${first}${reason}`.replace(/^verify token:? ?/, '').replace(/\]$/, '');
      return `The API server refuses the token. ${endsBeforeReason.test(reason) ? 'The line ends before the reason' : `It reports: “${whole.slice(0, 300)}”`}.`;
    },
    fix: `Check the token. ${token}`,
    see,
    example: [refused('oidc: verify token: oidc: failed to obtain source from claim name')],
  },
];

/** Matches what remains of a reason if the line was cut off before it, or before the reason of a failed signature. */
const endsBeforeReason = /^:? ?(?:failed to verify signature:? ?)?(?:…|\.{2,3}|\[[\w ]{1,20}\]?)?\]?$/;

/**
 * Returns why go-jose cannot read a key; `undefined` if the error is another one, such as an answer that is not JSON.
 */
const unreadable = (reason: string): string | undefined =>
  /could not unmarshal as JSON: (?:go-jose\/go-jose: |square\/go-jose: |json: )(?<key>[^{]{1,200}?)'? \{/.exec(reason)
    ?.groups?.key;

const namesIn = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, name = '']) => name);

/** Whether Kanidm accepts none of these names for a client (INAME_RE in its server/lib/src/value.rs). */
const areNoClients = (text: string) => namesIn(text).every((name) => !/^[a-z][a-z0-9._-]{0,63}$/.test(name));

/** Formats `["RS256"]` or `"RS256"` as plain text: RS256. */
const list = (text: string, between = ', ') => namesIn(text).join(between) || 'nothing';
