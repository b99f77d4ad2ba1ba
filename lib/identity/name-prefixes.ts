import { literalPrefixes, requiredPrefix } from '../cel/literal-prefix';
import type { TokenMapping } from './authenticator';

/** A prefix that names can have. */
export interface NamePrefix {
  readonly prefix: string;
  /**
   * Whether the prefix is known only because a rule of the issuer requires it. The mapping itself may give names with
   * other prefixes.
   */
  readonly isRequired: boolean;
}

/**
 * Returns the possible prefixes of the user names, or of the group names, that a mapping gives. Some expressions have
 * several prefixes. The prefix is `''` if a name may begin with anything. The list is empty if the mapping gives no
 * names. If a rule in `userValidationRules` requires a longer prefix, the required prefix is returned, because the API
 * server refuses tokens with other names.
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
