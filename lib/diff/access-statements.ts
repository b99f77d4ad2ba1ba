import { everyonesGroups } from '../upstream/kanidm-builtin';
import type { AccessChange } from './change';
import { sentence } from './line-changes';
import { levelOf, type Statement } from './statement';

/**
 * The changes of access as statements. What everybody in Kanidm gains or loses is said once, with the people of the
 * config whom it concerns; they have no line of their own for it.
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

/** The same role by the same binding, in the same direction. */
const keyOf = ({ change, cluster, held, byManaging }: AccessChange): string =>
  JSON.stringify([
    change,
    cluster,
    held.binding.kind,
    held.binding.metadata.name,
    held.namespace ?? '',
    byManaging?.name ?? '',
  ]);

/** What Kubernetes gives everybody who is signed in, to look at themselves. */
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
