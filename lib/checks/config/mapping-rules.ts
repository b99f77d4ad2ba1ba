import { isNoCondition } from '../../cel/condition';
import { expressionFacts } from '../../cel/expression';
import type { Cluster, Version } from '../../config/config';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { has, since } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';
import { issuerMappings } from './placed-mappings';

interface Rule {
  readonly expression?: string | undefined;
}

/** The expressions of a mapping. A rule without an expression compares one claim with a value. */
export interface Expressions {
  readonly username?: Rule | undefined;
  readonly groups?: Rule | undefined;
  readonly uid?: Rule | undefined;
  readonly extra?: readonly { readonly key?: string | undefined; readonly valueExpression?: string | undefined }[];
  readonly claimValidationRules?: readonly Rule[];
  readonly userValidationRules?: readonly Rule[];
}

interface Placed {
  readonly mapping: Expressions;
  readonly path: Path;
}

/** Reports expressions and rules that the API server does not support, or with which it does not start. */
export function mappings(cluster: Cluster): Finding[] {
  const { path, authentication } = cluster;
  const placed: Placed[] = [
    { mapping: authentication, path: [...path, 'authentication'] },
    ...Object.entries(authentication.clients).map(([name, mapping]) => ({
      mapping,
      path: [...path, 'authentication', 'clients', name],
    })),
    ...issuerMappings(cluster),
  ];
  if (authentication.method === 'flags') return [...untrusted(cluster), ...structuredOnly(cluster)];
  return [...untrusted(cluster), ...placed.flatMap((one) => expressionProblems(one, cluster.kubernetes))];
}

/** Reports expressions of one mapping that a version of Kubernetes does not support, or with which it does not start. */
export function expressionProblems(placed: Placed, kubernetes: Version): Finding[] {
  const found = [...tooNew(kubernetes, placed), ...oneMapping(placed)];
  return has(kubernetes, 'claimsByName')
    ? found
    : [...found.filter(({ code }) => code !== 'expression-refused'), ...escapedNames(placed)];
}

/** Returns an escape sequence in an expression, such as `__dot__` for a dot. */
export const escapeSequence = (text = ''): string | undefined => /__(?:underscores|dot|dash|slash)__/.exec(text)?.[0];

/** Reports names of claims with escape sequences, which only newer versions of Kubernetes replace. */
const escapedNames = (placed: Placed): Finding[] =>
  claimExpressions(placed).flatMap(([text, at]) => {
    const sequence = escapeSequence(text);
    if (sequence === undefined) return [];
    const message = `Kubernetes before ${since('claimsByName')} does not replace \`${sequence}\` in the expression \`${text}\`: it looks for a claim whose name contains \`${sequence}\``;
    return [configFinding('expression-refused', at, message, "write `claims['NAME']` with the name of the claim")];
  });

/** Reports expressions with functions that only a newer version of Kubernetes has. */
export const tooNew = (kubernetes: Version, { mapping, path }: Placed): Finding[] =>
  [
    ...claimExpressions({ mapping, path }).map(([text, at]) => [text, at, 'claims'] as const),
    ...userExpressions({ mapping, path }).map(([text, at]) => [text, at, 'user'] as const),
  ].flatMap(([text, at, variable]) => {
    const { needs, error } = text === undefined ? {} : expressionFacts(text, variable);
    if (!needs || error !== undefined || kubernetes.minor >= needs.minor) return [];
    const message = `Kubernetes 1.${kubernetes.minor} cannot compile the expression \`${text}\`: only Kubernetes 1.${needs.minor} and newer have ${needs.what}`;
    return [configFinding('expression-invalid', at, message, 'write the expression without it')];
  });

const userExpressions = ({
  mapping: { userValidationRules = [] },
  path,
}: Placed): (readonly [string | undefined, Path])[] =>
  userValidationRules.map(({ expression }, i) => [expression, [...path, 'userValidationRules', i, 'expression']]);

function untrusted({ name, client, trust, path, authentication }: Cluster): Finding[] {
  return Object.keys(authentication.clients)
    .filter((key) => key !== client && !trust.includes(key))
    .map((key) => {
      const message = `${name} does not accept tokens of client ${key}, so the mapping has no effect`;
      const fix = `add \`${key}\` to \`trust\`, or remove the mapping`;
      return configFinding('mapping-unused', keyAt([...path, 'authentication', 'clients', key]), message, fix);
    });
}

/** Reports fields that require an AuthenticationConfiguration. */
function structuredOnly({ path, authentication }: Cluster): Finding[] {
  const at = [...path, 'authentication'];
  const { username, groups, uid, extra, claimValidationRules, userValidationRules, clients } = authentication;
  const fields: readonly (readonly [Path, boolean])[] = [
    [['username'], username !== undefined],
    [['groups', 'expression'], groups?.expression !== undefined],
    [['uid'], uid !== undefined],
    [['extra'], extra !== undefined],
    [['claimValidationRules'], claimValidationRules !== undefined],
    [['userValidationRules'], userValidationRules !== undefined],
    [['clients'], Object.keys(clients).length > 0],
  ];
  return fields
    .filter(([, isSet]) => isSet)
    .map(([field]) => {
      const message = `\`${field.join('.')}\` is a setting of the AuthenticationConfiguration, but this cluster uses flags`;
      const fix = `write \`method: structured\` under \`authentication\`, or remove \`${field.join('.')}\``;
      return configFinding('mapping-flags', keyAt([...at, ...field]), message, fix);
    });
}

/** Reports expressions and rules of one mapping with which the API server does not start. */
export function oneMapping({ mapping, path }: Placed): Finding[] {
  const { extra = [], claimValidationRules = [], userValidationRules = [] } = mapping;
  return [
    ...claimExpressions({ mapping, path }).flatMap(([text, at]) => compiled(text, 'claims', at)),
    ...userExpressions({ mapping, path }).flatMap(([text, at]) => compiled(text, 'user', at)),
    ...conditions(claimValidationRules, [...path, 'claimValidationRules']),
    ...conditions(userValidationRules, [...path, 'userValidationRules']),
    ...repeated(
      extra.map(({ key }) => key),
      [...path, 'extra'],
      'key',
    ),
    ...repeated(
      claimValidationRules.map(({ expression }) => expression),
      [...path, 'claimValidationRules'],
      'expression',
    ),
    ...repeated(
      userValidationRules.map(({ expression }) => expression),
      [...path, 'userValidationRules'],
      'expression',
    ),
    ...verifiedMail(mapping, path),
  ];
}

/** Returns the expressions that read claims, each with its path in the config. */
export function claimExpressions({ mapping, path }: Placed): (readonly [string | undefined, Path])[] {
  const { username, groups, uid, extra = [], claimValidationRules = [] } = mapping;
  return [
    [username?.expression, [...path, 'username', 'expression']],
    [groups?.expression, [...path, 'groups', 'expression']],
    [uid?.expression, [...path, 'uid', 'expression']],
    ...extra.map(({ valueExpression }, i) => [valueExpression, [...path, 'extra', i, 'valueExpression']] as const),
    ...claimValidationRules.map(
      ({ expression }, i) => [expression, [...path, 'claimValidationRules', i, 'expression']] as const,
    ),
  ];
}

function compiled(text: string | undefined, variable: 'claims' | 'user', at: Path): Finding[] {
  if (text === undefined) return [];
  const { error, searchesClaims } = expressionFacts(text, variable);
  if (error === undefined) return searchesClaims ? [refused(text, at)] : [];
  const message = `Kubernetes cannot compile the expression \`${text}\`: ${error}`;
  return [
    configFinding(
      'expression-invalid',
      at,
      message,
      'correct the expression: the API server does not start with an invalid one',
    ),
  ];
}

function refused(text: string, at: Path): Finding {
  const message = `Kubernetes compiles \`in claims\` in the expression \`${text}\`, but cannot evaluate it: the API server refuses each token for which it tries to evaluate this part`;
  return configFinding('expression-refused', at, message, "write `has(claims.NAME)` or `claims[?'NAME'].hasValue()`");
}

/** Reports rules whose expression does not have the type `bool`, which the API server requires. */
const conditions = (rules: readonly Rule[], at: Path): Finding[] =>
  rules.flatMap(({ expression }, i) => {
    if (expression === undefined || !isNoCondition(expression)) return [];
    const message = `the type of the expression \`${expression}\` is not bool, so the API server would not start`;
    const fix = `write a condition, for example \`${expression} == true\``;
    return [configFinding('expression-invalid', [...at, i, 'expression'], message, fix)];
  });

function repeated(values: readonly (string | undefined)[], at: Path, field: string): Finding[] {
  return values.flatMap((value, i) => {
    if (value === undefined || values.indexOf(value) === i) return [];
    const message = `\`${value}\` is in this list twice, which Kubernetes refuses`;
    return [configFinding('rule-twice', [...at, i, field], message, 'remove one of the two entries')];
  });
}

/**
 * Reports a user name from `claims.email` if no expression reads `claims.email_verified`. kube-apiserver refuses such a
 * mapping.
 */
function verifiedMail({ username, extra = [], claimValidationRules = [] }: Expressions, path: Path): Finding[] {
  const reads = (text: string | undefined, claim: string) =>
    text !== undefined && expressionFacts(text).selected.has(claim);
  if (!username || !reads(username.expression, 'email')) return [];
  const looks = [
    username.expression,
    ...extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map(({ expression }) => expression),
  ];
  if (looks.some((text) => reads(text, 'email_verified'))) return [];
  const message =
    'the user name comes from `claims.email`, but no expression reads `claims.email_verified`: Kubernetes refuses that';
  const fix = 'add `claimValidationRules: [{ expression: claims.email_verified == true }]`';
  return [configFinding('expression-email', [...path, 'username', 'expression'], message, fix)];
}
