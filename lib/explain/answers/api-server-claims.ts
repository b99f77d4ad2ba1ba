import type { Explanation } from '../explanation';

const of = 'kube-apiserver';
const token =
  '`kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -` shows what is in the token.';
const refused = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;

/** Why kube-apiserver refuses a token for its claims. The words are those of k8s.io/apiserver 0.34 and 0.37. */
export const claimAnswers: readonly Explanation[] = [
  {
    id: 'email-not-verified',
    title: 'The mail address in the token is not verified',
    of,
    pattern: /oidc: email not verified|oidc: parse 'email_verified' claim/,
    shared: {
      sure: /Unable to authenticate the request|authentication\.go/,
      tell: 'the line is in the log of kube-apiserver',
    },
    means:
      'The user name is made of `email`, and the token does not say that the address is verified (`email_verified: true`).',
    fix: 'Kanidm says `email_verified: true` with the scope `email`, for everybody who has a mail address: look at the token. Or set `authentication.claim: sub`, which lasts when an address changes.',
    see: token,
    example: [
      'E0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"',
    ],
    beside: 'claim',
  },
  {
    id: 'username-claim',
    title: 'The token lacks the claim that the user name is made of',
    of,
    pattern: /oidc: parse username claims? "(?<claim>[^"]*)": (?<reason>.*)$/,
    means: ({ claim = '', reason = '' }) =>
      /not present/.test(reason)
        ? `The token lacks the claim \`${claim}\`, of which the user name is made.`
        : `The claim \`${claim}\`, of which the user name is made, is not a text: “${reason.replace(/\]$/, '')}”.`,
    fix: ({ claim = '' }) =>
      claim === 'email'
        ? 'Add the scope `email` to the scope map of the client, and give the person a mail address in Kanidm.'
        : claim === 'preferred_username'
          ? 'Add the scope `profile` to the scope map of the client, and let kubelogin ask for it.'
          : `Let Kanidm put \`${claim}\` into the token, by a scope or a claim map, or set \`authentication.claim\` to one that is there: \`sub\` always is.`,
    see: token,
    example: [refused(String.raw`oidc: parse username claims \"email\": claim not present`)],
    beside: 'claim',
  },
  {
    id: 'required-claim',
    title: 'A required claim is missing or has another value',
    of,
    pattern:
      /oidc: (?:required claim (?<claim>\S{1,200}) (?:not present in ID token|value does not match\. Got = (?<got>[^,]{0,200}), want = (?<want>[^\]"]{0,200}))|parse claim (?<other>[^\s:]{1,200}): )/,
    means: ({ claim = '', got = '', want = '', other = '' }) =>
      other !== ''
        ? `The claim \`${other}\` has to have a certain value (--oidc-required-claim), and in the token it is not a text.`
        : want === ''
          ? `The token lacks the claim \`${claim}\`, which the API server requires.`
          : `The API server requires the claim \`${claim}\` to be “${want}”, and in the token it is “${got}”.`,
    fix: 'Give the group that value in the claim map of the client, with `join: csv` or `ssv` so that it is a text, or take the claim out of `authentication.requiredClaims`.',
    see: token,
    example: [
      refused('oidc: required claim team not present in ID token'),
      refused('oidc: required claim unit value does not match. Got = a, want = a,b'),
    ],
    beside: 'required-claim',
  },
  {
    id: 'groups-claim',
    title: 'The claim of the groups cannot be read',
    of,
    pattern: /oidc: parse groups claim "(?<claim>[^"]*)"/,
    means: ({ claim = '' }) =>
      `The claim \`${claim}\`, from which groups are read, is neither a text nor a list of texts.`,
    fix: 'Set `authentication.groups.claim` to `groups`, or make the claim map an array (`join: array`).',
    see: token,
    example: [
      refused(
        String.raw`oidc: parse groups claim \"groups\": json: cannot unmarshal object into Go value of type string`,
      ),
    ],
  },
  {
    id: 'claim-validation-rule',
    title: 'A rule about claims refuses the token',
    of,
    pattern: /oidc: error evaluating claim validation expression: (?<reason>.*)$/,
    means: ({ reason = '' }) => `A rule of \`claimValidationRules\` refuses the token: ${rule(reason)}`,
    fix: 'Look at the rule in the AuthenticationConfiguration and at the claim in the token. A claim that may be absent is read with `claims.?name.orValue(…)`.',
    see: token,
    example: [
      refused(
        'oidc: error evaluating claim validation expression: validation expression \'claims.hd == \\"example.com\\"\' failed: another domain',
      ),
    ],
  },
  {
    id: 'user-validation-rule',
    title: 'A rule about the user refuses the token',
    of,
    pattern: /oidc: error evaluating user info validation rule: (?<reason>.*)$/,
    means: ({ reason = '' }) =>
      `A rule of \`userValidationRules\` refuses the user: ${rule(reason)} What Kaniflux renders refuses names that begin with \`system:\`, which would pass for a part of Kubernetes.`,
    fix: 'Rename the group or the value of the claim map, or set a prefix (`authentication.groups.prefix`).',
    see: token,
    example: [
      refused(
        "oidc: error evaluating user info validation rule: validation expression 'user.groups.all(group, !group.startsWith('system:'))' failed: a group name must not begin with system:",
      ),
    ],
  },
  {
    id: 'claim-expression',
    title: 'An expression over the claims fails for this token',
    of,
    pattern:
      /oidc: error evaluating (?<what>username|group|uid|extra) claim expression: (?<reason>.*)$|oidc: parse uid claim|empty username via CEL expression is not allowed/,
    means: ({ what = '', reason = '' }) =>
      what === ''
        ? 'The expression that makes the user name gives an empty one for this token.'
        : `The expression that makes the ${{ username: 'user name', group: 'groups', uid: 'UID', extra: 'extra attributes' }[what] ?? what} fails for this token: ${rule(reason)}`,
    fix: 'Look at the expression in the AuthenticationConfiguration and at the claims in the token: often a claim is absent, or a list where a text is expected. Where Kaniflux rendered it, render the settings again, and let `join` of the claim map be what Kanidm has.',
    see: token,
    example: [
      refused(
        String.raw`oidc: error evaluating group claim expression: expression '\"teams\" in claims ? claims[\"teams\"].split(\",\") : []' resulted in error: no such overload`,
      ),
    ],
  },
  {
    id: 'distributed-claims',
    title: 'Groups would have to be fetched from another address',
    of,
    pattern: /oidc: could not expand distributed claims: (?<reason>.*)$/,
    means: ({ reason = '' }) =>
      `The token names another address for its groups (distributed claims), and that does not work: “${reason.replace(/\]$/, '').slice(0, 300)}”. Kanidm makes no such tokens.`,
    fix: 'Look which issuer the token is from.',
    see: token,
    example: [refused('oidc: could not expand distributed claims: oidc: no claim sources')],
  },
];

/** What a rule says, without the brackets that the log puts around it. */
function rule(reason: string): string {
  const own = /failed: (?<message>.*)$/.exec(reason)?.groups?.message;
  const plain = (own ?? reason).replace(/\]$/, '').slice(0, 300);
  return `“${plain}”.`;
}
