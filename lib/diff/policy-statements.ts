import { listed } from '../access/rights-in-words';
import type { Config, Group } from '../config/config';
import type { EntryKind } from '../identity/entries';
import { memberships } from '../identity/membership';
import { everyonesGroups, isBuiltIn } from '../upstream/kanidm-builtin';
import { withKeptMembers } from './kept-members';
import { predecessors } from './predecessors';
import { runbookRenames } from './runbook-renames';
import type { Statement } from './statement';
import { leftBehind } from './steps/rename-lines';

/**
 * Returns a statement for each group with an account policy that no longer applies to somebody, because the group lost
 * members or is deleted. Kanidm applies the policies of all groups of a person, also of groups that contain a group of
 * the person.
 * @param after the config after the change, with the groups that only Kanidm still has
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/lib/src/idm/group.rs (load_account_policy)
 */
export function policyStatements(before: Config, after: Config): Statement[] {
  if (![...before.groups.values()].some(hasPolicy)) return [];
  const former = predecessors(before, after);
  const renames = runbookRenames(before, after, former);
  const formerly = (kind: EntryKind, name: string) =>
    renames.find((one) => one.kind === kind && one.to === name)?.from ?? former({ kind, name });
  // The account of a person who left the config stays in Kanidm.
  const left = leftBehind(before, after, former).filter(
    ({ kind, name }) => kind === 'person' && !renames.some((one) => one.kind === kind && one.from === name),
  );
  const [was, is] = [memberships(before), memberships(withKeptMembers(before, after, former))];
  return [...after.groups.values()].flatMap((group): Statement[] => {
    const { name } = group;
    const from = formerly('group', name) ?? '';
    const isRenamed = renames.some((one) => one.kind === 'group' && one.from === name);
    const others = is.keptIn.get(name) ?? [];
    if (isRenamed || !hasPolicy(before.groups.get(from)) || others.some((one) => everyonesGroups.includes(one)))
      return [];
    const [old, now] = [new Set(was.peopleIn.get(from)), new Set(is.peopleIn.get(name))];
    const people = [
      ...[...after.people.values()].flatMap((one) =>
        !one.absent && old.has(formerly('person', one.name) ?? '') && !now.has(one.name) ? [one.name] : [],
      ),
      ...left.flatMap(({ name: one, movedTo = one }) => (old.has(one) && !now.has(movedTo) ? [movedTo] : [])),
    ];
    const oldGroups = new Set(was.keptIn.get(from));
    const groups = [...new Set([...after.groups.keys(), ...was.builtIn])].filter(
      (one) =>
        oldGroups.has(formerly('group', one) ?? '') &&
        !others.includes(one) &&
        (isBuiltIn(one) || after.groups.get(one)?.members === undefined),
    );
    const who = [...groups.map((one) => `the members of ${one}`), ...people];
    if (who.length === 0) return [];
    const unless = others.length > 0 ? `, unless they are in ${listed(others)} in Kanidm` : '';
    return [
      {
        part: 'trust',
        level: 'medium',
        change: 'changed',
        say: () => `the account policy of group ${name} no longer applies to ${listed(who, 10)}${unless}`,
        clusters: [],
        details: [],
      },
    ];
  });
}

/** Whether the config gives a group an account policy with a setting. */
const hasPolicy = (group: Group | undefined): boolean =>
  group?.absent === false && Object.values(group.policy ?? {}).some((value) => value !== null && value !== undefined);
