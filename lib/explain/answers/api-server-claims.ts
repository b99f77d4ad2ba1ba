import type { Explanation } from '../explanation';

const of = 'kube-apiserver';
const token =
  '`kubectl oidc-login get-token … | jq -r .status.token | kaniflux explain --token -` shows what is in the token.';
const refused = (why: string) =>
  `E1124 23:34:58.019437   14833 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, ${why}]"`;

/** Messages of kube-apiserver when it refuses a token because of its claims, from k8s.io/apiserver 0.34 and 0.37. */
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
      'The user name comes from `email`, and `email_verified` in the token is not `true`. A token without `email_verified` would be accepted.',
    fix: 'Kanidm itself sends only `email_verified: true`, or no such claim. If `iss` in the token is not Kanidm, use a token of Kanidm, or let that issuer verify the mail address. If the client in Kanidm has a claim map `email_verified`, remove it. Or set `authentication.claim: sub`: this claim stays the same when a mail address changes.',
    see: token,
    example: [
      'E0614 00:29:57.960378       1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, oidc: email not verified]"',
    ],
    beside: 'claim',
  },
  {
    id: 'username-claim',
    title: 'The token lacks the claim for the user name',
    of,
    pattern: /oidc: parse username claims? "(?<claim>[^"]*)": (?<reason>.*)$/,
    means: ({ claim = '', reason = '' }) =>
      /not present/.test(reason)
        ? `The token lacks the claim \`${claim}\`, which the API server uses as the user name.`
        : `The API server uses the claim \`${claim}\` as the user name, but its value is not a string: “${reason.replace(/\]$/, '')}”.`,
    fix: ({ claim = '' }) =>
      claim === 'email'
        ? 'Add the scope `email` to the scope map of the client, and give the person a mail address in Kanidm.'
        : claim === 'preferred_username'
          ? 'Every ID token of Kanidm has this claim, so the token is an access token, or another issuer issued it. Use the ID token.'
          : `Add \`${claim}\` to the token with a scope or a claim map in Kanidm, or set \`authentication.claim\` to a claim that the token has. Every token has \`sub\`.`,
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
        ? `The API server requires a certain value of the claim \`${other}\` (--oidc-required-claim), but the token has a value that is not a string.`
        : want === ''
          ? `The token lacks the claim \`${claim}\`, which the API server requires.`
          : `The API server requires the value “${want}” for the claim \`${claim}\`, but the token has “${got}”.`,
    fix: 'If the token is from Kanidm: in the claim map of the client, assign the value that the API server requires to a group that the person is in. Set `join: csv` or `join: ssv`, so that the claim is a string. Or remove the claim from `authentication.requiredClaims`. If the token is from another issuer, such as a CI system, and the cluster should accept it, correct `requiredClaims` of this issuer in `clusters.<name>.issuers`.',
    see: token,
    example: [
      refused('oidc: required claim team not present in ID token'),
      refused('oidc: required claim unit value does not match. Got = a, want = a,b'),
    ],
    beside: 'required-claim',
  },
  {
    id: 'groups-claim',
    title: 'The claim for the groups cannot be read',
    of,
    pattern: /oidc: parse groups claim "(?<claim>[^"]*)"/,
    means: ({ claim = '' }) =>
      `The API server reads the groups from the claim \`${claim}\`, but its value is neither a string nor a list of strings.`,
    fix: 'Set `authentication.groups.claim` to a claim that is a list of group names. In tokens of Kanidm, `groups` is such a list if the client has the scope `groups`, `groups_spn` or `groups_name`. If another issuer writes the groups as objects, read their names with `groups.expression`, for example `dyn(claims.groups).map(g, g.name)`.',
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
    means: ({ reason = '' }) => `A rule of \`claimValidationRules\` refuses the token. ${rule(reason)}`,
    fix: 'Compare the rule in the AuthenticationConfiguration with the claim in the token. If a claim can be absent, read it with `claims.?name.orValue(…)`.',
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
      `A rule of \`userValidationRules\` refuses the user. ${rule(reason)} The rules that Kaniflux renders refuse names that begin with \`system:\`, which Kubernetes reserves for its own components.`,
    fix: 'If a name begins with `system:`, rename the group or change the value in the claim map, or set a prefix (`authentication.groups.prefix`). For a rule of your own, compare the rule with the claims in the token.',
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
      /oidc: error evaluating (?<what>username|group|uid|extra) claim expression: (?<reason>.*)$|Unable to authenticate the request.{0,40}[ ["](?<extra>expression '.{1,500}' resulted in error: .*)$|oidc: parse uid claim "(?<uid>[^"]*)"|empty username via CEL expression is not allowed/,
    // Only the error for an extra attribute begins with the expression itself.
    means: ({ extra = '', what: named = '', reason = '', uid = '' }) => {
      const what = extra === '' ? named : 'extra';
      return uid !== ''
        ? `The API server uses the claim \`${uid}\` as the UID, but the token lacks this claim, or its value is not a string.`
        : what === ''
          ? 'The expression for the user name returns an empty string for this token.'
          : `The expression for the ${{ username: 'user name', group: 'groups', uid: 'UID', extra: 'extra attributes' }[what] ?? what} fails for this token: “${(reason || extra).replace(/\]$/, '').slice(0, 300)}”.`;
    },
    fix: ({ uid = '' }) =>
      uid !== ''
        ? `Add \`${uid}\` to the token with a scope or a claim map in Kanidm, or set \`claimMappings.uid\` to a claim that the token has. Every token has \`sub\`.`
        : 'Compare the expression in the AuthenticationConfiguration with the claims in the token. Often a claim is absent, or a claim is a list although the expression expects a string. Read a claim that can be absent with `claims.?name.orValue(…)`. If a claim is a list and Kaniflux rendered the expression, Kanidm probably has another `join` for the claim map than kaniflux.yaml: `join` decides whether the claim is a list or a string. Write the `join` of Kanidm into kaniflux.yaml, and render the settings again.',
    see: token,
    example: [
      refused(
        String.raw`oidc: error evaluating group claim expression: expression '\"teams\" in claims ? claims[\"teams\"].split(\",\") : []' resulted in error: no such overload`,
      ),
      refused("expression 'claims.email' resulted in error: no such key: email"),
    ],
  },
  {
    id: 'distributed-claims',
    title: 'The token refers to groups that it does not contain',
    of,
    pattern: /oidc: could not expand distributed claims: (?<reason>.*)$/,
    means: ({ reason = '' }) =>
      `The token does not contain the groups: it says that the API server has to fetch them from an address (distributed claims). The API server cannot do this: “${reason.replace(/\]$/, '').slice(0, 300)}”. Kanidm does not issue such tokens.`,
    fix: 'Check which issuer the token comes from.',
    see: token,
    example: [refused('oidc: could not expand distributed claims: oidc: no claim sources')],
  },
];

/** Returns a sentence with the message of a validation rule, or with its expression if it has no message. */
function rule(reason: string): string {
  const plain = reason.replace(/\]$/, '');
  const { expression = '', message = plain } =
    /^(?:validation expression '(?<expression>.*)' )?.*?failed: (?<message>.*)$/.exec(plain)?.groups ?? {};
  return message === '' && expression !== ''
    ? `The expression “${expression.slice(0, 300)}” is not true.`
    : `The API server reports: “${message.slice(0, 300)}”.`;
}
