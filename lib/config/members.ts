import { type Finding, keyAt } from '../findings/finding';
import { readingFinding } from './reading-codes';
import type { MemberInput, WholeInput } from './schema/config-schema';

/** The key of a member of a group. */
export const memberName = (member: MemberInput): string => (typeof member === 'string' ? member : member.name);

/** Reports members that a group lists twice, with different dates or reasons. The schema reports two equal ones. */
export function memberProblems({ groups = {} }: WholeInput): Finding[] {
  return Object.entries(groups).flatMap(([group, { members = [] }]) => {
    const names = members.map(memberName);
    if (new Set(names).size === names.length) return [];
    return names.flatMap((name, i) =>
      names.indexOf(name) === i
        ? []
        : [
            readingFinding(
              'member-twice',
              keyAt(['groups', group, 'members', i]),
              `\`${name}\` is listed twice as a member of \`${group}\``,
              'keep one of the two entries',
            ),
          ],
    );
  });
}
