import type { SubjectRef } from '../access/objects';
import { literalPrefixes } from '../cel/literal-prefix';
import type { Issuer, NameMapping } from '../existing/api-server-issuers';
import type { Identities } from '../existing/kanidm-entries';
import { isBuiltIn } from '../upstream/kanidm-builtin';

/** The entry that a subject of a binding refers to, or the reason why it is unknown. */
export type Named =
  | {
      readonly kind: 'person' | 'service account' | 'group';
      readonly key: string;
      /** How the name in the rendered binding differs from the name in the existing one, if it does. */
      readonly difference?: string;
    }
  /** A user or group that is not in Kanidm, or that adopt cannot identify. The config contains its name unchanged. */
  | { readonly kind: 'literal'; readonly difference?: string }
  | {
      readonly kind: 'nobody';
      readonly reason: string;
      /**
       * Set for names that have nothing to do with Kanidm: service accounts and reserved names of Kubernetes, and users
       * of certificates.
       */
      readonly isForeign?: boolean;
      /** Set if a token contains this name now, but not with the rendered settings. */
      readonly isLost?: boolean;
    };

export const nobody = (reason: string): Named => ({ kind: 'nobody', reason });
export const lost = (reason: string): Named => ({ kind: 'nobody', reason, isLost: true });
export const foreign = (reason: string): Named => ({ kind: 'nobody', reason, isForeign: true });

/** Returns the result for a built-in entry of Kanidm; `undefined` for another name. */
export const builtIn = (name: string): Named | undefined =>
  isBuiltIn(name)
    ? {
        kind: 'literal',
        difference: `the config has the literal name from the binding, and no reference to an entry, because ${name} is built into Kanidm, and a grant cannot refer to a built-in entry`,
      }
    : undefined;

/**
 * Returns the result for a name that an expression produces from a single claim. The config keeps the expression, so
 * the binding keeps the name. This is true even for a name that would be lost without the expression.
 */
export function keptAs(named: Named): Named {
  if (named.kind === 'nobody' && named.isLost)
    return {
      kind: 'literal',
      difference: `the config has the literal name from the binding, and no reference to an entry, because ${named.reason}`,
    };
  return named.kind === 'nobody' || named.kind === 'literal' ? named : { kind: named.kind, key: named.key };
}

export interface World {
  readonly identities: Identities;
  /** The issuer that the API server has today for `client`, a client of Kanidm. */
  readonly issuer: Issuer;
  readonly client: string;
  readonly domain: string;
}

type NameKind = 'username' | 'groups';

const kindOf = ({ kind }: SubjectRef): NameKind => (kind === 'User' ? 'username' : 'groups');

/** Returns the prefixes that the names of a mapping can have; `''` if a name can begin with anything. */
const prefixesOf = (mapping: NameMapping): readonly string[] =>
  mapping.claim === undefined ? literalPrefixes(mapping.expression) : [mapping.prefix];

/**
 * Returns the length of the longest prefix of a mapping with which a name begins; `undefined` if the mapping cannot
 * give this name. An expression can give a name that is only a prefix, such as `"ci:all"`.
 */
export function prefixWithin(mapping: NameMapping, name: string): number | undefined {
  const lengths = prefixesOf(mapping)
    .filter((prefix) => name.startsWith(prefix) && (name !== prefix || mapping.claim === undefined || prefix === ''))
    .map((prefix) => prefix.length);
  return lengths.length > 0 ? Math.max(...lengths) : undefined;
}

/** Returns the reason why an expression cannot give a name, for names that begin with none of its prefixes. */
export function prefixesMissed(expression: string, names: string): string {
  const prefixes = literalPrefixes(expression).map((prefix) => `\`${prefix}\``);
  return prefixes.length > 0 ? `${names} begin with ${prefixes.join(' or ')}` : 'the expression gives no names';
}

/** Whether the tokens of an issuer can contain a name; `'maybe'` if only names without a prefix can be this name. */
function makes(issuer: Issuer, subject: SubjectRef): boolean | 'maybe' {
  const mapping = issuer[kindOf(subject)];
  const length = mapping && prefixWithin(mapping, subject.name);
  return length === 0 ? 'maybe' : length !== undefined;
}

/**
 * Returns the length of the issuer prefix with which the name begins: the longest one, if there are several; 0 if
 * there is none.
 */
export const prefixLength = (issuers: readonly Issuer[], subject: SubjectRef): number =>
  Math.max(
    0,
    ...issuers.map((issuer) => {
      const mapping = issuer[kindOf(subject)];
      return (mapping && prefixWithin(mapping, subject.name)) ?? 0;
    }),
  );

/** The issuers that are not trusted clients of Kanidm: those in the config, and those that are left out. */
export interface Others {
  readonly taken: readonly Issuer[];
  readonly left: readonly Issuer[];
}

/** Returns the result for a name that is in no token of a client of Kanidm, but may be in a token of another issuer. */
export function madeElsewhere({ taken, left }: Others, subject: SubjectRef, here: Named): Named {
  const find = (issuers: readonly Issuer[], how: boolean | 'maybe') =>
    issuers.find((issuer) => makes(issuer, subject) === how);
  if (find(taken, true)) return { kind: 'literal' };
  const other = find(left, true);
  if (other)
    return lost(
      `${other.url} is an issuer that gives this name, but it is not adopted: add its entry to the rendered file by hand`,
    );
  const possible = find(taken, 'maybe');
  if (possible)
    return {
      kind: 'literal',
      difference: `the config has the literal name from the binding, and no reference to an entry, because the issuer ${possible.url} may have a user or group with this name`,
    };
  const unclear = find(left, 'maybe');
  return unclear
    ? lost(`the issuer ${unclear.url}, which is not adopted, may have a user or group with this name`)
    : here;
}

/** Returns a difference if an issuer that is not adopted may also have a user or group with the name of the subject. */
export function sharedWith({ left }: Others, subject: SubjectRef): { difference?: string } {
  const other = left.find((issuer) => makes(issuer, subject) !== false);
  return other
    ? {
        difference: `the issuer ${other.url}, which is not adopted, may also have a user or group with this name, which then loses the role`,
      }
    : {};
}

/** Returns a name as it is in the binding: an expression may produce it, and adopt cannot tell whose name it is. */
export const producedBy = (expression: string, what: string): Named => ({
  kind: 'literal',
  difference: `the expression \`${expression}\` may produce this name, so adopt cannot tell which ${what} has it; the config has the literal name from the binding, and no reference to an entry`,
});
