import { type Finding, keyAt } from '../findings/finding';
import { readingFinding } from './reading-codes';
import type { MemberInput, WholeInput } from './schema/config-schema';

/** The key of a member of a group. */
export const memberName = (member: MemberInput): string => (typeof member === 'string' ? member : member.name);

/** Reports members that a group lists twice. */
export function memberProblems({ groups = {} }: WholeInput): Finding[] {
  return Object.entries(groups).flatMap(([group, { members = [] }]) => {
    const names = members.map(memberName);
    if (new Set(names).size === names.length) return [];
    const listed = new Set<string>();
    return names.flatMap((name, i) => {
      const isFirst = !listed.has(name);
      listed.add(name);
      if (isFirst) return [];
      const message = `\`${name}\` is listed twice as a member of \`${group}\``;
      return [
        readingFinding('member-twice', keyAt(['groups', group, 'members', i]), message, 'keep one of the two entries'),
      ];
    });
  });
}
