/** The kinds of values that can follow the prefix of a name. `start` matches every text that can begin such a value. */
export const shapes = {
  uuid: { start: /^[0-9a-f-]{0,36}$/, says: 'the UUID of an account' },
  /** A mail address. It may be at the domain of Kanidm. */
  mail: { start: /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~@-]*$/, says: 'a mail address' },
  /** `name@domain`, or `name`. */
  name: { start: /^([a-z][a-z0-9_.-]*(@[a-z0-9.-]*)?)?$/, says: 'the name of an account' },
  /** The name or UUID of a group, with or without the domain. */
  group: { start: /^([a-z0-9][a-z0-9_.-]*(@[a-z0-9.-]*)?)?$/, says: 'the name of a group' },
  any: { start: /^/, says: 'any text' },
} as const;
export type Shape = keyof typeof shapes;

/** A prefix, and the kind of value that follows it. */
export interface Names {
  readonly prefix: string;
  readonly shape: Shape;
}

/** The kinds of the values of Kanidm's claims that can identify an account. */
export const claimShapes: Readonly<Record<string, Shape>> = { sub: 'uuid', email: 'mail', preferred_username: 'name' };

/** Whether one text can be a name of `a` and also a name of `b`. */
export function meet(a: Names, b: Names): boolean {
  const [short, long] = byLength(a, b);
  if (!long.prefix.startsWith(short.prefix)) return false;
  const rest = long.prefix.slice(short.prefix.length);
  return shapes[short.shape].start.test(rest) && (rest !== '' || shapesMeet(short.shape, long.shape));
}

/** Returns the names with the shorter prefix first. */
export const byLength = <T extends Names>(a: T, b: T): [T, T] => (a.prefix.length <= b.prefix.length ? [a, b] : [b, a]);

/**
 * Whether a value can have both shapes. The UUID of an account has no other shape: it contains no `@`, and is neither a
 * name nor the UUID of a group.
 */
const shapesMeet = (a: Shape, b: Shape): boolean =>
  a === 'any' || b === 'any' || a === b || (a !== 'uuid' && b !== 'uuid');
