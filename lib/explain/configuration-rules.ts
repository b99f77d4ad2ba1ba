/*
 * Explains the errors that the API server reports for a field of an AuthenticationConfiguration. Source: validation.go and
 * compile.go of k8s.io/apiserver 0.34 and 0.37.
 */
interface Rule {
  readonly pattern: RegExp;
  readonly means: string;
  readonly fix: string;
}

const rules: readonly Rule[] = [
  {
    pattern: /prefix is required when claim is set/,
    means: 'there is a claim without a prefix',
    fix: 'Write `prefix: ""` for none.',
  },
  {
    pattern: /URL scheme must be https/,
    means: 'the address is not https',
    fix: 'Set `kanidm.origin` to an https address.',
  },
  {
    pattern: /URL must not contain a (?:username or password|query|fragment)/,
    means: 'the address has a user name, a query or a fragment in it',
    fix: 'Write the address alone: `<origin>/oauth2/openid/<client>`.',
  },
  {
    pattern: /URL must not overlap with disallowed issuers/,
    means: 'the issuer is the one of the service accounts (`--service-account-issuer`)',
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
    fix: 'Name at least one, for audiences the client id.',
  },
  {
    pattern: /audienceMatchPolicy must be (?:MatchAny for multiple|empty or MatchAny for single)/,
    means: 'with several audiences `audienceMatchPolicy` has to be MatchAny, with one MatchAny or nothing',
    fix: 'Write `audienceMatchPolicy: MatchAny`.',
  },
  {
    pattern: /claim and expression can't both be set/,
    means: '`claim` and `expression` exclude each other',
    fix: 'Keep one of the two.',
  },
  {
    pattern: /claim or expression is required/,
    means: 'there is neither a claim nor an expression',
    fix: 'Write one of the two.',
  },
  {
    pattern: /may not be specified when claim is set|may not be specified when expression is set/,
    means: 'this field belongs to the other form: `message` and `prefix` go with one of claim and expression only',
    fix: 'Remove the field, or use the other form. With an expression the prefix is a part of it.',
  },
  {
    pattern: /claims\.email_verified must be used/,
    means:
      'the user name is made of `claims.email`, and nothing looks at `claims.email_verified`: the server insists on that',
    fix: 'Write `claims.email_verified` into a rule as well, for example `claims.?email_verified.orValue(true) == true`.',
  },
  {
    pattern: /must evaluate to bool/,
    means: 'a rule has to give true or false, and the type of a claim is not known beforehand',
    fix: 'Compare it: `claims.?email_verified.orValue(true) == true`.',
  },
  {
    pattern: /must evaluate to (?<type>\S{1,40}|one of \[[^\]]{0,200}\])/,
    means: 'the expression gives a value of another type than this field takes',
    fix: 'Convert it, for example with `string(…)`.',
  },
  {
    pattern: /cannot be range of a comprehension/,
    means: 'the type of a claim is not known beforehand, so that it cannot be gone through',
    fix: 'Write `dyn(claims.groups)` where `claims.groups` stands.',
  },
  {
    pattern: /found no matching overload/,
    means: 'a function or operator of the expression does not take values of these types',
    fix: 'Convert the claim, for example with `string(…)` or `dyn(…)`.',
  },
  {
    pattern: /undeclared reference to/,
    means:
      'the expression uses a name that does not exist: there are `claims` for mappings and rules about claims, and `user` for rules about the user',
    fix: 'Look at the spelling of the name that the line quotes.',
  },
  {
    pattern:
      /compilation failed|program instantiation failed|unexpected compilation error|unexpected error loading CEL environment/,
    means: 'the expression is not valid CEL',
    fix: 'Look at the place in the expression that the line names as line and column.',
  },
  {
    pattern: /must be lowercase|reserved for Kubernetes use|domain-prefixed path|must be a domain/,
    means: 'a key of `extra` has to be lower case, with a domain of your own in front, and none of kubernetes.io',
    fix: 'Write a key such as `example.com/team`.',
  },
  {
    pattern: /feature gate is disabled/,
    means: 'the API server has this part of the file switched off',
    fix: 'Remove the field, or switch on the feature gate that the line names: it is on by default in newer versions.',
  },
  {
    pattern: /egress selector must be either/,
    means: '`egressSelectorType` is neither `controlplane` nor `cluster`',
    fix: 'Leave the field out.',
  },
  {
    pattern: /enabled should be set to true when conditions are defined/,
    means: '`anonymous.conditions` needs `anonymous.enabled: true`',
    fix: 'Write `enabled: true`, or take the conditions out.',
  },
  {
    pattern: /valid RSA or ECDSA certificates|<omitted>|PEM|no certificates/i,
    means: 'the text is no certificate in PEM form',
    fix: 'Write the CA itself into `certificateAuthority`, from BEGIN CERTIFICATE on; a path is not read.',
  },
  {
    pattern: /Too many|must have at most/,
    means: 'there are more than 64 entries',
    fix: 'Remove some.',
  },
  { pattern: /^Duplicate value/, means: 'the same value stands there twice', fix: 'Remove one of them.' },
  { pattern: /^Required value/, means: 'it is missing', fix: 'Write a value.' },
  {
    pattern: /^Unsupported value/,
    means: 'the value is none of those that are allowed',
    fix: 'Use one that the line names.',
  },
];

export interface FieldError {
  /** For example `jwt[0].issuer.url`. */
  readonly field: string;
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
      means: `${value === undefined || value === '' ? '' : `\`${value}\`: `}${rule?.means ?? `“${reason.slice(0, 300)}”`}`,
      fix: rule?.fix ?? 'Look at the field, and at what `kaniflux synth` renders for it.',
    };
  });
}
