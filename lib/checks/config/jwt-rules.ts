import type { Version } from '../../config/config';
import { suggest } from '../../config/nearest';
import { extraKey, patternWords } from '../../config/schema/field-patterns';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { isMap, isText, type Json, listOf, mapAt, own, scalarText } from '../../guards';
import { kubernetes } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';
import { type Expressions, expressionProblems } from './mapping-rules';

/** Reports what kube-apiserver would refuse in an entry of `jwt`, other than its URLs. */
export function jwtEntry(entry: Json, at: Path, version: Version): Finding[] {
  const misread = fields(entry, [], version);
  const problems = misread.length > 0 ? misread : [...ofIssuer(entry), ...ofMappings(entry), ...ofRules(entry)];
  const found = problems.map(({ path, isKey, what, fix }) => {
    const place = [...at, ...path];
    return configFinding('jwt-entry', isKey ? keyAt(place) : place, `${what}: the API server would not start`, fix);
  });
  return misread.length > 0 ? found : [...found, ...ofExpressions(entry, at, version)];
}

interface Problem {
  /** The path from the entry. */
  readonly path: Path;
  /** Whether the problem is the key at the path, and not the value. */
  readonly isKey?: boolean;
  readonly what: string;
  readonly fix: string;
}

/** Reports the parts of a value that kube-apiserver cannot read. */
type Check = (value: unknown, path: Path, version: Version) => Problem[];

/** The API server treats `null` as a field that is not set. */
const isNull = (value: unknown) => value === undefined || value === null;
const isSet = (value: unknown) => !isNull(value) && value !== '';

const nameOf = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

const typed =
  (is: (value: unknown) => boolean, what: string, fix: string): Check =>
  (value, path) =>
    isNull(value) || is(value) ? [] : [{ path, what: `\`${nameOf(path)}\` is not ${what}`, fix }];

const text = typed(isText, 'a string', 'write a string, in quotes');
const isList = typed(Array.isArray, 'a list', 'write a list: put `- ` before each item');
const isFields = typed(isMap, 'a map', 'write a map');

const list =
  (item: Check): Check =>
  (value, path, version) => [
    ...isList(value, path, version),
    ...(Array.isArray(value) ? value.flatMap((one, i) => item(one, [...path, i], version)) : []),
  ];

const map =
  (known: Readonly<Record<string, Check>>): Check =>
  (value, path, version) => [
    ...isFields(value, path, version),
    ...Object.entries(isMap(value) ? value : {}).flatMap(([key, one]) => {
      const at = [...path, key];
      return own(known, key)?.(one, at, version) ?? unknownField(at, Object.keys(known), version);
    }),
  ];

/** A version of Kubernetes that was not tested may have more fields. */
function unknownField(path: Path, known: readonly string[], { minor, text }: Version): Problem[] {
  if (minor > kubernetes.newest.minor) return [];
  const what = `Kubernetes ${text} has no field \`${nameOf(path)}\``;
  return [{ path, isKey: true, what, fix: `${suggest(String(path.at(-1)), known)}, or remove the field` }];
}

const nameFields = map({ claim: text, prefix: text, expression: text });

/** @see https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/#apiserver-k8s-io-v1-JWTAuthenticator */
const fields = map({
  issuer: map({
    url: text,
    discoveryURL: text,
    certificateAuthority: text,
    audiences: list(text),
    audienceMatchPolicy: text,
    egressSelectorType: text,
  }),
  claimValidationRules: list(map({ claim: text, requiredValue: text, expression: text, message: text })),
  claimMappings: map({
    username: nameFields,
    groups: nameFields,
    uid: map({ claim: text, expression: text }),
    extra: list(map({ key: text, valueExpression: text })),
  }),
  userValidationRules: list(map({ expression: text, message: text })),
});

const problem = (is: boolean, path: Path, what: string, fix: string): Problem[] => (is ? [{ path, what, fix }] : []);

const missing = (is: boolean, path: Path, fix = `add \`${nameOf(path)}\``): Problem[] =>
  problem(is, path, `the entry has no \`${nameOf(path)}\``, fix);

/** Reports fields that cannot be set because the field `first` is set. */
const beside = (path: Path, first: string, others: readonly [string, boolean][]): Problem[] =>
  others.flatMap(([field, is]) => {
    const what = `\`${nameOf(path)}\` has both \`${first}\` and \`${field}\``;
    return problem(is, [...path, field], what, `remove \`${field}\` or \`${first}\``);
  });

const twice = (values: readonly unknown[], listed: Path, field: Path = []): Problem[] =>
  values.flatMap((value, i) => {
    const what = `\`${scalarText(value)}\` is in \`${nameOf(listed)}\` twice`;
    const is = isSet(value) && values.indexOf(value) < i;
    return problem(is, [...listed, i, ...field], what, 'remove one of the two items');
  });

/** Programs in Go cannot read indented PEM. */
const certificate = /^-----BEGIN CERTIFICATE-----\s[^-]+^-----END CERTIFICATE-----/m;

/**
 * The following rules are those of kube-apiserver.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/apis/apiserver/validation/validation.go
 */
function ofIssuer(entry: Json): Problem[] {
  const { audiences: listed, audienceMatchPolicy: policy, certificateAuthority, ...issuer } = mapAt(entry, 'issuer');
  const audiences = listOf(listed);
  const at = (...path: Path) => ['issuer', ...path];
  const isOther = (value: unknown, known: readonly string[]) => isSet(value) && !known.includes(scalarText(value));
  const noCertificate = isSet(certificateAuthority) && !certificate.test(scalarText(certificateAuthority));
  const add = 'add `issuer.audienceMatchPolicy: MatchAny`';
  return [
    ...missing(audiences.length === 0, at('audiences')),
    ...audiences.flatMap((one, i) =>
      problem(!isSet(one), at('audiences', i), `\`issuer.audiences[${i}]\` is empty`, 'write an audience'),
    ),
    ...twice(audiences, at('audiences')),
    ...missing(audiences.length > 1 && !isSet(policy), at('audienceMatchPolicy'), add),
    ...problem(
      isOther(policy, ['MatchAny']),
      at('audienceMatchPolicy'),
      '`issuer.audienceMatchPolicy` is not `MatchAny`',
      'write `MatchAny`, the only policy that Kubernetes supports',
    ),
    ...problem(
      noCertificate,
      at('certificateAuthority'),
      '`issuer.certificateAuthority` holds no PEM certificate',
      'write the certificate itself, and not the path of its file; its lines must not begin with spaces',
    ),
    ...problem(
      isOther(issuer.egressSelectorType, ['controlplane', 'cluster']),
      at('egressSelectorType'),
      '`issuer.egressSelectorType` is neither `controlplane` nor `cluster`',
      'write `controlplane` or `cluster`',
    ),
  ];
}

function ofMappings(entry: Json): Problem[] {
  const mappings = mapAt(entry, 'claimMappings');
  const { username, uid, extra } = mappings;
  const { claim, expression } = mapAt(username);
  const at = (...path: Path) => ['claimMappings', ...path];
  const user = 'add `claimMappings.username`, with `claim` and `prefix`, or with `expression`';
  return [
    ...missing(!isSet(claim) && !isSet(expression), at('username'), user),
    ...['username', 'groups'].flatMap((field) => {
      const { claim, prefix, expression } = mapAt(mappings, field);
      const hint = `add \`${nameOf(at(field, 'prefix'))}\`; \`""\` is no prefix`;
      if (!isSet(expression)) return missing(isSet(claim) && isNull(prefix), at(field, 'prefix'), hint);
      return beside(at(field), 'expression', [
        ['claim', isSet(claim)],
        ['prefix', !isNull(prefix)],
      ]);
    }),
    ...(isSet(mapAt(uid).expression) ? beside(at('uid'), 'expression', [['claim', isSet(mapAt(uid).claim)]]) : []),
    ...listOf(extra).flatMap((one, i) => {
      const { key, valueExpression } = mapAt(one);
      const isWrong = !new RegExp(extraKey).test(scalarText(key));
      const path = at('extra', i, 'key');
      return [
        ...problem(isWrong, path, `\`${nameOf(path)}\` is not a valid key`, `write ${patternWords[extraKey]}`),
        ...missing(!isSet(valueExpression), at('extra', i, 'valueExpression')),
      ];
    }),
  ];
}

function ofRules({ claimValidationRules, userValidationRules }: Json): Problem[] {
  const claimRules = listOf(claimValidationRules).map((rule) => mapAt(rule));
  const either = 'add `expression`, or `claim` and `requiredValue`';
  return [
    ...claimRules.flatMap(({ claim, requiredValue, expression, message }, i) => {
      const at = ['claimValidationRules', i];
      if (!isSet(expression))
        return isSet(claim)
          ? beside(at, 'claim', [['message', isSet(message)]])
          : missing(true, [...at, 'expression'], either);
      return beside(at, 'expression', [
        ['claim', isSet(claim)],
        ['requiredValue', isSet(requiredValue)],
      ]);
    }),
    ...twice(
      claimRules.map(({ claim, expression }) => (isSet(expression) ? undefined : claim)),
      ['claimValidationRules'],
      ['claim'],
    ),
    ...listOf(userValidationRules).flatMap((rule, i) =>
      missing(!isSet(mapAt(rule).expression), ['userValidationRules', i, 'expression']),
    ),
  ];
}

/** Checks the expressions of an entry like those of other mappings, whose paths have no `claimMappings`. */
function ofExpressions(entry: Json, at: Path, version: Version): Finding[] {
  const { username, groups, uid, extra } = mapAt(entry, 'claimMappings');
  const textOf = (value: unknown, field: string) => {
    const one = mapAt(value)[field];
    return isText(one) && one !== '' ? one : undefined;
  };
  const expressionOf = (value: unknown) => ({ expression: textOf(value, 'expression') });
  const mapping: Expressions = {
    username: expressionOf(username),
    groups: expressionOf(groups),
    uid: expressionOf(uid),
    extra: listOf(extra).map((one) => ({ key: textOf(one, 'key'), valueExpression: textOf(one, 'valueExpression') })),
    claimValidationRules: listOf(entry.claimValidationRules).map(expressionOf),
    userValidationRules: listOf(entry.userValidationRules).map(expressionOf),
  };
  return expressionProblems({ mapping, path: [] }, version).map((finding) => {
    const { path } = finding.place;
    const isRule = path[0] === 'claimValidationRules' || path[0] === 'userValidationRules';
    return { ...finding, place: { ...finding.place, path: [...at, ...(isRule ? [] : ['claimMappings']), ...path] } };
  });
}
