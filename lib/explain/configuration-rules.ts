/*
 * Explains the errors that the API server reports for a field of an AuthenticationConfiguration. Source: validation.go
 * and compile.go of k8s.io/apiserver 0.34 and 0.37.
 */
interface Rule {
  readonly pattern: RegExp;
  readonly means: string;
  readonly fix: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /prefix is required when claim is set/,
    means: '`claim` is set without a prefix',
    fix: 'Write `prefix: ""` for no prefix.',
  },
  {
    pattern: /URL scheme must be https/,
    means: 'the address is not https',
    fix: 'Set `kanidm.origin` to an https address.',
  },
  {
    pattern: /URL must not contain a (?:username or password|query|fragment)/,
    means: 'the address contains a user name, a query or a fragment',
    fix: 'Write only the address: `<origin>/oauth2/openid/<client>`.',
  },
  {
    pattern: /URL must not overlap with disallowed issuers/,
    means: 'the issuer is that of the service accounts (`--service-account-issuer`)',
    fix: 'Use the issuer of Kanidm.',
  },
  {
    pattern: /discoveryURL must be different from URL/,
    means: '`discoveryURL` is the same as `url`',
    fix: 'Leave `discoveryURL` out.',
  },
  {
    pattern: /at least one (?:\S{1,80} )?is required|"at least one/,
    means: 'the list is empty',
    fix: 'Add at least one entry; in `audiences`, the client id.',
  },
  {
    pattern: /audienceMatchPolicy must be (?:MatchAny for multiple|empty or MatchAny for single)/,
    means:
      '`audienceMatchPolicy` has to be MatchAny if there are several audiences; with one audience it may also be absent',
    fix: 'Write `audienceMatchPolicy: MatchAny`.',
  },
  {
    pattern: /claim and expression can't both be set/,
    means: '`claim` and `expression` exclude each other',
    fix: 'Keep one of the two fields.',
  },
  {
    pattern: /claim or expression is required/,
    means: 'there is neither a claim nor an expression',
    fix: 'Write one of the two fields.',
  },
  {
    pattern: /may not be specified when claim is set|may not be specified when expression is set/,
    means:
      'this field does not match the other fields: `message` requires `expression`, but `prefix` and `requiredValue` require `claim`',
    fix: 'Remove the field. If you remove `prefix`, write the prefix into the expression. To keep `message`, replace `claim` with `expression`. To keep `prefix` or `requiredValue`, replace `expression` with `claim`.',
  },
  {
    pattern: /claims\.email_verified must be used/,
    means:
      'the user name comes from `claims.email`, so the API server requires that an expression uses `claims.email_verified`, and none does',
    fix: 'Add a rule that uses `claims.email_verified`, for example `claims.?email_verified.orValue(true) == true`.',
  },
  {
    pattern: /must evaluate to bool/,
    means:
      'a rule has to return true or false. The API server does not know the types of claims in advance, so the API server cannot tell which type this expression returns',
    fix: 'Compare the claim with a value: `claims.?email_verified.orValue(true) == true`.',
  },
  {
    pattern: /must evaluate to (?<type>\S{1,40}|one of \[[^\]]{0,200}\])/,
    means: 'the expression returns a value of a type that this field does not accept',
    fix: 'Convert the value, for example with `string(…)`.',
  },
  {
    pattern: /cannot be range of a comprehension/,
    means: 'the API server does not know the type of a claim in advance, so the expression cannot iterate over it',
    fix: 'Write `dyn(claims.groups)` instead of `claims.groups`.',
  },
  {
    pattern: /found no matching overload/,
    means: 'a function or operator in the expression does not accept values of these types',
    fix: 'Convert the claim, for example with `string(…)` or `dyn(…)`.',
  },
  {
    pattern: /undeclared reference to/,
    means:
      'the expression uses a name that does not exist. Use `claims` in `claimMappings` and `claimValidationRules`, and `user` in `userValidationRules`',
    fix: 'Check the spelling of the name that the line quotes.',
  },
  {
    pattern:
      /compilation failed|program instantiation failed|unexpected compilation error|unexpected error loading CEL environment/,
    means: 'the expression is not valid CEL',
    fix: 'Correct the expression at the line and column that the message names.',
  },
  {
    pattern: /must be lowercase|reserved for Kubernetes use|domain-prefixed path|must be a domain/,
    means: 'a key of `extra` has to be lower case and begin with your own domain, not with kubernetes.io',
    fix: 'Write a key such as `example.com/team`.',
  },
  {
    pattern: /feature gate is disabled/,
    means: 'a feature gate of the API server disables this field',
    fix: 'Remove the field, or enable the feature gate that the line names; newer versions enable it by default.',
  },
  {
    pattern: /egress selector must be either/,
    means: '`egressSelectorType` is neither `controlplane` nor `cluster`',
    fix: 'Leave the field out.',
  },
  {
    pattern: /enabled should be set to true when conditions are defined/,
    means: '`anonymous.conditions` requires `anonymous.enabled: true`',
    fix: 'Write `enabled: true`, or remove the conditions.',
  },
  {
    pattern: /valid RSA or ECDSA certificates|<omitted>|PEM|no certificates/i,
    means: 'the text is not a PEM certificate',
    fix: 'Write the text of the CA certificate into `certificateAuthority`, beginning with BEGIN CERTIFICATE. A file path is not accepted.',
  },
  {
    pattern: /Too many|must have at most/,
    means: 'there are more than 64 entries',
    fix: 'Remove some entries.',
  },
  { pattern: /^Duplicate value/, means: 'another entry has the same value', fix: 'Remove one of the two entries.' },
  { pattern: /^Required value/, means: 'the value is missing', fix: 'Write a value.' },
  {
    pattern: /^Unsupported value/,
    means: 'the value is not one of the allowed values',
    fix: 'Use one of the values that the line lists.',
  },
];

export interface FieldError {
  /** For example `jwt[0].issuer.url`. */
  readonly field: string;
  /** The refused value, if the line contains it. */
  readonly value: string | undefined;
  readonly means: string;
  readonly fix: string;
}

/** Returns whether the table above explains the error; an unexplained error is only quoted. */
export const hasRule = (reason: string): boolean => rules.some(({ pattern }) => pattern.test(reason));

const start =
  /(?:\bjwt(?:\[\d{1,4}\])?|\banonymous|\bissuer|\bclaimMappings|\bclaimValidationRules|\buserValidationRules)[\w.[\]]{0,200}: (?=Invalid value|Required value|Forbidden|Duplicate value|Unsupported value|Too many|Internal error)/g;

/** Returns every field that a log line rejects, with an explanation; an unknown reason is quoted as it is. */
export function fieldErrors(text: string): FieldError[] {
  const found = [...text.matchAll(start)];
  return found.map((match, i) => {
    const from = match.index + match[0].length;
    const reason = text.slice(from, found[i + 1]?.index ?? text.length).replace(/[,\s\]]{1,4}$/, '');
    const rule = rules.find(({ pattern }) => pattern.test(reason));
    const value = /^\w+ value: "(?<value>.{0,200}?)": /.exec(reason)?.groups?.value;
    return {
      field: match[0].slice(0, -2),
      // The API server prints `<omitted>` instead of a certificate.
      value: value === '' || value === '<omitted>' ? undefined : value,
      means: rule?.means ?? `“${reason.slice(0, 300)}”`,
      fix: rule?.fix ?? 'Compare the field with the file that `kaniflux synth` renders.',
    };
  });
}
