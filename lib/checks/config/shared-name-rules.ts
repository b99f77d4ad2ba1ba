import { canonical, ownerExpression } from '../../cel/claim-expression';
import { type Finding, keyAt, type Path } from '../../findings/finding';
import { own } from '../../guards';
import { type Authenticator, issuerAuthenticators, type TokenMapping } from '../../identity/authenticator';
import { namePrefixes } from '../../identity/name-prefixes';
import { byLength, claimShapes, meet, type Names, type Shape, shapes } from '../../identity/name-shapes';
import { configFinding } from './config-codes';
import type { Trusting } from './issuer-rules';

/*
 * Names that two issuers could give to different people. All clients of one Kanidm use the same UUIDs, mail addresses
 * and names, and each of them belongs to one person. So the names of two issuers can collide only in two cases. Either
 * the names are of different kinds (UUIDs, mail addresses or names), or one of the issuers is not a client of Kanidm.
 * Such an issuer can use any text after its prefix.
 */

/** The user names or group names of one issuer. */
interface NameSpace {
  readonly what: string;
  readonly path: Path;
  /** One element for each prefix. An expression can give names with different prefixes. */
  readonly names: readonly Names[];
  readonly isExpression: boolean;
  /**
   * Set for clients of Kanidm. Two clients with equal values of `same` give each person the same name, so they cannot
   * give one name to different people.
   */
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
      const shared = sharedPrefixes(a, b);
      if (!shared) return [];
      // Usually, the finding is about the second issuer. It is about the first issuer if that issuer is not a client of
      // Kanidm and has the shorter prefix. In this case, the names of the first issuer include those of the second.
      const blamed = a.same === undefined && shared.a.prefix.length < shared.b.prefix.length ? a : b;
      const other = blamed === a ? b : a;
      const key = `${blamed.path.join('.')} ${other.same === undefined ? other.what : 'kanidm'}`;
      if (reported.has(key)) return [];
      reported.add(key);
      const why = reason({ ...a, ...shared.a }, { ...b, ...shared.b });
      const message = `a ${kind} of ${a.what} and a ${kind} of ${b.what} can have the same name: ${why}`;
      return [configFinding('names-shared', keyAt(blamed.path), message, fixOf(blamed, kind))];
    }),
  );
}

/** Returns the fix. If an expression gives the names, the fix cannot be a `prefix`. */
function fixOf({ what, isExpression }: NameSpace, kind: 'user' | 'group'): string {
  const start = `${what.split(' ').at(-1)}:`;
  if (isExpression) {
    const [field, rule] =
      kind === 'user'
        ? ['username.expression', `user.username.startsWith('${start}')`]
        : ['groups.expression', `user.groups.all(g, g.startsWith('${start}'))`];
    return `let the names from \`${field}\` begin with a prefix of their own, such as \`${start}\`, or require the prefix with \`${rule}\` under \`userValidationRules\``;
  }
  const prefix = `prefix: "${start}"`;
  return `give ${what} a prefix of its own, such as \`${kind === 'user' ? prefix : `groups: { ${prefix} }`}\``;
}

/**
 * Returns an element of `a.names` and an element of `b.names` that can contain the same name; `undefined` if there are
 * none.
 */
function sharedPrefixes(a: NameSpace, b: NameSpace): { a: Names; b: Names } | undefined {
  for (const one of a.names) {
    const other = b.names.find((names) => meet(one, names));
    if (other) return { a: one, b: other };
  }
  return undefined;
}

/** Describes why two name spaces have a name in common. */
function reason(a: NameSpace & Names, b: NameSpace & Names): string {
  const [short, long] = byLength(a, b);
  return prefixReason(short, long) + shapeReason(short, long);
}

function prefixReason(short: NameSpace & Names, long: NameSpace & Names): string {
  if (short.prefix !== '') {
    return short.prefix === long.prefix
      ? `both have the prefix \`${short.prefix}\``
      : `\`${long.prefix}\` begins with \`${short.prefix}\``;
  }
  if (long.prefix === '')
    return short.isExpression || long.isExpression ? 'both can have names without a prefix' : 'both have no prefix';
  return short.isExpression
    ? `the expression of ${short.what} can give names without a fixed prefix, and such a name can begin with \`${long.prefix}\``
    : `${short.what} has no prefix, so its names can begin with \`${long.prefix}\` too`;
}

function shapeReason(short: Names, long: Names): string {
  if (short.shape === 'any' || long.shape === 'any') return '';
  return short.shape === long.shape
    ? `, and both use ${shapes[short.shape].says}`
    : `, and ${shapes[short.shape].says} can look like ${shapes[long.shape].says}`;
}

function kanidmUsers({ path, authentication }: Trusting, one: Authenticator): NameSpace {
  const { client, username } = one;
  const at = [...path, 'authentication'];
  const isOwn = own(authentication.clients, client.name) !== undefined;
  // An expression that only puts a prefix before a claim gives names of the same shape as the claim.
  const read = username.expression === undefined ? username : ownerExpression(username.expression);
  const shape = read && own(claimShapes, read.claim);
  const { names, isExpression } = usersOf(one, 'any');
  return {
    what: `client ${client.name}`,
    path: isOwn ? [...at, 'clients', client.name] : at,
    names: names.map(({ prefix }) => ({ prefix, shape: shape ?? 'any' })),
    isExpression,
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

/**
 * Returns the user names of an issuer. They are mail addresses if the claim is `email`; otherwise they have `shape`.
 */
const usersOf = (mapping: TokenMapping, shape: Shape): Pick<NameSpace, 'names' | 'isExpression'> => ({
  names: namesOf(mapping, 'username', mapping.username.claim === 'email' ? 'mail' : shape),
  isExpression: mapping.username.expression !== undefined,
});

const groupsOf = (mapping: TokenMapping, shape: Shape): Pick<NameSpace, 'names' | 'isExpression'> => ({
  names: namesOf(mapping, 'groups', shape),
  isExpression: mapping.groups?.expression !== undefined,
});

const namesOf = (mapping: TokenMapping, of: 'username' | 'groups', shape: Shape): Names[] =>
  namePrefixes(mapping, of).map(({ prefix, isRequired }) => ({ prefix, shape: isRequired ? 'any' : shape }));
