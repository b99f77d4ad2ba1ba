import { expressionFacts } from '../../cel/expression';
import { isMap, mapAt } from '../../guards';
import { type Field, type FieldRow, parts, row, whenRemoved } from './field';

/** What claims of Kanidm mean. Another issuer can give a claim of the same name another meaning. */
const claims: Readonly<Record<string, string>> = {
  sub: 'the UUID, which never changes',
  email:
    'the user name is the mail address, so an account that later gets the same mail address in Kanidm signs in as the same user',
  preferred_username: 'people can change their name, and somebody else can then take the old name',
  name: 'the display name, and several people can have the same display name',
};

const anyClaim = 'whoever can set this claim decides the user name';

const byExpression = 'an expression gives the user name instead';

const claimMeans = ({ after }: Field): string =>
  after === undefined ? byExpression : (claims[String(after)] ?? anyClaim);

/** The consequence of an empty prefix. */
export const withoutPrefix = 'without a prefix, a name from a token can equal a name that Kubernetes itself uses';

const prefixMeans = ({ after }: Field): string | undefined => (after === '' ? withoutPrefix : undefined);

/** Whether a mapping gives user or group names without a prefix. */
export const lacksPrefix = (mapping: unknown): boolean =>
  isMap(mapping) && (mapping.prefix === '' || mapAt(mapping, 'groups').prefix === '');

const noPrefix = ({ after }: Field) => (after === '' ? ('high' as const) : ('medium' as const));

const expressionMeans = ({ after }: Field): string | undefined =>
  after === undefined
    ? undefined
    : expressionFacts(String(after)).claims?.size === 0
      ? 'the expression reads no claims, so every token gets the same value'
      : 'the expression reads claims, and whoever can set one of these claims decides the name';

/** Returns how closely to review a change of rules: removing or changing a rule can let more tokens in. */
const rules = ({ before }: Field) =>
  Array.isArray(before) && before.length > 0 ? ('medium' as const) : ('none' as const);

const rulesMean = (field: Field): string | undefined =>
  parts(field).removed.length > 0 ? 'the API server can now accept tokens that the old rules refused' : undefined;

/**
 * Returns the fields of a mapping from claims to a user.
 * @param at the path of the mapping below `clusters.*`
 * @param whose the owners of the user names and groups, as text, such as `of people`
 */
export const mappingRows = (at: string, whose: string): readonly FieldRow[] => [
  row(
    `${at}.claim`,
    ['trust', 'medium'],
    `the claim that contains the user name${of(whose)}`,
    at.startsWith('issuers.') ? ({ after }) => (after === undefined ? byExpression : anyClaim) : claimMeans,
  ),
  row(`${at}.prefix`, ['trust', noPrefix], `the prefix of the names ${whose}`, prefixMeans),
  row(`${at}.username.expression`, ['trust', 'high'], `the expression for the user names ${whose}`, expressionMeans),
  row(`${at}.groups.claim`, ['trust', 'medium'], `the claim that lists the groups${of(whose)}`),
  row(
    `${at}.groups.prefix`,
    ['trust', noPrefix],
    whose === people ? 'the prefix of the names of groups' : `the prefix of the groups ${whose}`,
    prefixMeans,
  ),
  row(`${at}.groups.expression`, ['trust', 'high'], `the expression for the groups ${whose}`, expressionMeans),
  row(
    `${at}.requiredClaims.*`,
    ['trust', whenRemoved('medium')],
    `the value of claim $${at.includes('*') ? 2 : 1} that a token must carry${of(whose)}`,
    ({ after }) => (after === undefined ? 'tokens without this claim are accepted' : undefined),
  ),
  row(`${at}.uid.**`, ['settings', 'low'], `the UID${of(whose)} in the audit log`),
  row(
    `${at}.extra`,
    ['settings', 'low'],
    `the additional user attributes${of(whose)} for the audit log and admission webhooks`,
  ),
  row(`${at}.claimValidationRules`, ['trust', rules], `the rules for tokens${of(whose)}`, rulesMean),
  row(`${at}.userValidationRules`, ['trust', rules], `the rules for users${of(whose)}`, rulesMean),
];

const people = 'of people';

const of = (whose: string) => (whose === people ? '' : ` ${whose}`);
