import { literalPrefixes, requiredPrefix } from '../cel/literal-prefix';
import type { TokenMapping } from './authenticator';

/** A text with which names begin. */
export interface NamePrefix {
  readonly prefix: string;
  /** Whether only a rule of the issuer requires it, so that the names are not known to be made with it. */
  readonly isRequired: boolean;
}

/**
 * Returns texts of which one is at the beginning of each user name, or group name, that a mapping gives. `''` is among
 * them if a name may begin with anything; none if the mapping gives no names. Several come from one expression. A rule
 * in `userValidationRules` can require a longer prefix; the API server refuses tokens with other names.
 */
export function namePrefixes(mapping: TokenMapping, of: 'username' | 'groups'): NamePrefix[] {
  const read = mapping[of];
  if (!read) return [];
  const starts = read.expression === undefined ? [read.prefix] : literalPrefixes(read.expression);
  const longest = (mapping.userValidationRules ?? [])
    .map(({ expression }) => requiredPrefix(expression, of))
    .reduce((a, b) => (b.length > a.length ? b : a), '');
  return starts.flatMap((prefix): NamePrefix[] => {
    if (longest.length > prefix.length)
      return longest.startsWith(prefix) ? [{ prefix: longest, isRequired: true }] : [];
    return prefix.startsWith(longest) ? [{ prefix, isRequired: false }] : [];
  });
}
