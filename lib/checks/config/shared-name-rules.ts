import { canonical, ownerExpression } from '../../cel/claim-expression';
import { literalPrefix, requiredPrefix } from '../../cel/literal-prefix';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import { type Authenticator, issuerAuthenticators, type TokenMapping } from '../../identity/authenticator';
import { configFinding } from './config-codes';
import type { Trusting } from './issuer-rules';

/*
 * Names that two issuers could give to different people. All clients of one Kanidm name the same people: a UUID, a mail
 * address and a name each belong to one person. So names collide only if they are of different kinds, or if another
 * issuer has a say in them, which can put any text after its prefix.
 */

/** The values that can come after a prefix, by the characters that a value may begin with. */
const shapes = {
  /** The UUID of an account. */
  uuid: { start: /^[0-9a-f-]{0,36}$/, says: 'the UUID of an account' },
  /** A mail address. It may be at the domain of Kanidm. */
  mail: { start: /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~@-]*$/, says: 'a mail address' },
  /** `name@domain`, or `name`. */
  name: { start: /^([a-z][a-z0-9_.-]*(@[a-z0-9.-]*)?)?$/, says: 'the name of an account' },
  /** The name or UUID of a group, with or without the domain. */
  group: { start: /^([a-z0-9][a-z0-9_.-]*(@[a-z0-9.-]*)?)?$/, says: 'the name of a group' },
  any: { start: /^/, says: 'any text' },
} as const;
type Shape = keyof typeof shapes;

/** The user names of one issuer: a prefix, and what comes after it. */
interface NameSpace {
  readonly what: string;
  readonly path: Path;
  readonly prefix: string;
  readonly shape: Shape;
  /** Set for clients of Kanidm with the same way of naming people, which never collide. */
  readonly same?: string;
}

/** Reports pairs of issuers that can give one user name, or one group name, to different people. */
export function sharedNames(cluster: Trusting, trusted: readonly Authenticator[]): Finding[] {
  const others = issuerAuthenticators(cluster);
  const users = [
    ...trusted.map((one) => kanidmUsers(cluster, one)),
    ...others.map((one) => ({
      what: `issuer ${one.source.name}`,
      path: one.source.path,
      ...usersOf(one, 'any'),
    })),
  ];
  const groups = [
    ...trusted.flatMap((one) => kanidmGroups(cluster, one)),
    ...others.flatMap((one) => {
      if (!one.groups) return [];
      const path = [...one.source.path, 'groups'];
      return [{ what: `issuer ${one.source.name}`, path, ...groupsOf(one, 'any') }];
    }),
  ];
  return [...collisions(users, 'user'), ...collisions(groups, 'group')];
}

function collisions(spaces: readonly NameSpace[], kind: 'user' | 'group'): Finding[] {
  const reported = new Set<string>();
  return spaces.flatMap((a, i) =>
    spaces.slice(i + 1).flatMap((b) => {
      if (a.same !== undefined && b.same !== undefined && (kind === 'group' || a.same === b.same)) return [];
      const why = overlap(a, b);
      // The one whose names begin with less takes names of the other.
      const blamed = a.same === undefined && a.prefix.length < b.prefix.length ? a : b;
      const other = blamed === a ? b : a;
      const key = `${blamed.path.join('.')} ${other.same === undefined ? other.what : 'kanidm'}`;
      if (why === undefined || reported.has(key)) return [];
      reported.add(key);
      const message = `a ${kind} of ${a.what} and another one of ${b.what} can have the same name: ${why}`;
      const prefix = `prefix: "${blamed.what.split(' ').at(-1)}:"`;
      const fix = `give ${blamed.what} a prefix of its own, such as \`${kind === 'user' ? prefix : `groups: { ${prefix} }`}\``;
      return [configFinding('names-shared', keyAt(blamed.path), message, fix)];
    }),
  );
}

/** Describes why two name spaces have a name in common; `undefined` if they have none. */
function overlap(a: NameSpace, b: NameSpace): string | undefined {
  const [short, long] = a.prefix.length <= b.prefix.length ? [a, b] : [b, a];
  if (!long.prefix.startsWith(short.prefix)) return undefined;
  const rest = long.prefix.slice(short.prefix.length);
  if (!shapes[short.shape].start.test(rest)) return undefined;
  if (rest === '' && !meet(short.shape, long.shape)) return undefined;
  const prefixes =
    rest === ''
      ? short.prefix === ''
        ? 'both have no prefix'
        : `both have the prefix \`${short.prefix}\``
      : short.prefix === ''
        ? `${short.what} has no prefix, so its names can begin with \`${long.prefix}\` too`
        : `\`${long.prefix}\` begins with \`${short.prefix}\``;
  const values =
    short.shape === 'any' || long.shape === 'any'
      ? ''
      : short.shape === long.shape
        ? `, and both use ${shapes[short.shape].says}`
        : `, and ${shapes[short.shape].says} can look like ${shapes[long.shape].says}`;
  return prefixes + values;
}

/** Whether a value can have both shapes. A UUID has no `@`, and a name is no UUID. */
const meet = (a: Shape, b: Shape): boolean => a === 'any' || b === 'any' || a === b || (a !== 'uuid' && b !== 'uuid');

const claimShapes: Readonly<Record<string, Shape>> = { sub: 'uuid', email: 'mail', preferred_username: 'name' };

function kanidmUsers({ path, authentication }: Trusting, one: Authenticator): NameSpace {
  const { client, username } = one;
  const at = [...path, 'authentication'];
  const isOwn = own(authentication.clients, client.name) !== undefined;
  // An expression that only puts a prefix before one claim gives the same names as the claim.
  const read = username.expression === undefined ? username : ownerExpression(username.expression);
  const shape = read && own(claimShapes, read.claim);
  return {
    what: `client ${client.name}`,
    path: isOwn ? [...at, 'clients', client.name] : at,
    prefix: usersOf(one, 'any').prefix,
    shape: shape ?? 'any',
    same: read ? `${read.prefix}\n${shape ?? read.claim}` : canonical(username.expression ?? ''),
  };
}

function kanidmGroups({ path }: Trusting, one: Authenticator): NameSpace[] {
  const { groups, client } = one;
  if (!groups) return [];
  const isMapped = groups.claim === undefined || own(client.claims, groups.claim) !== undefined;
  const at = [...path, 'authentication', 'groups'];
  return [{ what: `client ${client.name}`, path: at, ...groupsOf(one, isMapped ? 'any' : 'group'), same: 'kanidm' }];
}

/** A claim `email` of another issuer holds mail addresses. */
function usersOf({ username, userValidationRules = [] }: TokenMapping, shape: Shape) {
  const start = username.expression === undefined ? username.prefix : literalPrefix(username.expression);
  const isMail = username.claim === 'email';
  return narrowed(
    start,
    isMail ? 'mail' : shape,
    userValidationRules.map(({ expression }) => requiredPrefix(expression, 'username')),
  );
}

function groupsOf({ groups, userValidationRules = [] }: TokenMapping, shape: Shape) {
  const start = groups?.expression === undefined ? (groups?.prefix ?? '') : literalPrefix(groups.expression);
  return narrowed(
    start,
    shape,
    userValidationRules.map(({ expression }) => requiredPrefix(expression, 'groups')),
  );
}

/** A rule of the issuer can require a longer prefix. */
function narrowed(prefix: string, shape: Shape, required: readonly string[]): { prefix: string; shape: Shape } {
  const longest = required.reduce((a, b) => (b.length > a.length ? b : a), '');
  return longest.length > prefix.length ? { prefix: longest, shape: 'any' } : { prefix, shape };
}
