import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { AccessChange } from './change';
import { sentence } from './line-changes';
import { levelOf, type Statement } from './statement';

/**
 * Returns a statement for each change of access. What everybody in Kanidm gains or loses is one statement, which lists
 * the affected people in the config; those people get no statement for the same change.
 */
export function accessStatements(changes: readonly AccessChange[]): Statement[] {
  const ofEverybody = new Map(changes.filter(isEverybody).map((one) => [keyOf(one), one]));
  const people = new Map<string, string[]>();
  const own = changes.filter((one) => {
    const key = keyOf(one);
    if (one.who.kind !== 'person' || !everyonesGroups.includes(one.way[0] ?? '') || !ofEverybody.has(key)) return true;
    people.set(key, [...(people.get(key) ?? []), one.who.name]);
    return false;
  });
  return own.map((one) => statementOf(one, isEverybody(one) ? people.get(keyOf(one)) : undefined));
}

const isEverybody = ({ who }: AccessChange): boolean => who.kind === 'members' && everyonesGroups.includes(who.name);

/** Two changes have the same key if the same binding gives or takes the same role. */
const keyOf = ({ change, cluster, held, byManaging }: AccessChange): string =>
  JSON.stringify([
    change,
    cluster,
    held.binding.kind,
    held.binding.metadata.name,
    held.namespace ?? '',
    byManaging?.name ?? '',
  ]);

/** Whether a binding is a default one of Kubernetes that lets every signed-in user read API information. */
const isOfAll = ({ held: { subject, binding } }: AccessChange): boolean =>
  subject.name === 'system:authenticated' && binding.metadata.name.startsWith('system:');

function statementOf(one: AccessChange, people?: readonly string[]): Statement {
  const named = people ? `; affected people in the config: ${[...new Set(people)].sort().join(', ')}` : '';
  return {
    part: 'access',
    level: one.change === 'gained' && !isOfAll(one) ? levelOf(one.danger) : 'none',
    change: one.change === 'gained' ? 'added' : 'removed',
    say: (on) => sentence(one, on) + named,
    clusters: [one.cluster],
    details: [],
    danger: one.danger,
  };
}
