import { by, inWords, roleOf, where, whoIs } from '../access/rights-in-words';
import type { AccessChange } from './change';

/** A right of every signed-in user gets a shorter sentence. */
const everybody = 'system:authenticated';

/** Returns a change as a sentence: `datosh may do everything on homelab (cluster-admin, by k8s_admins): … is new`. */
export function sentence(one: AccessChange, on = one.cluster): string {
  const { change, who, held, rights, way, reason, byManaging } = one;
  const { namespace, subject } = held;
  const what = `${inWords(rights)}${where(on, namespace)} (${roleOf(held)}${by(way)})`;
  if (byManaging) {
    const deed = `${byManaging.kind === 'group' ? 'add members to' : 'issue tokens of service account'} ${byManaging.name}`;
    const can = change === 'gained' ? 'can now' : 'can no longer';
    return `${whoIs(who)} ${can} ${deed}, and thereby get the right to ${what}: ${reason}`;
  }
  const may = change === 'gained' ? 'may' : 'may no longer';
  if (subject.name === everybody && subject.kind === 'Group' && who.kind !== 'stranger') {
    return `${whoIs(who)} ${may} do what every signed-in user may do${where(on, namespace)}: ${reason}`;
  }
  return `${whoIs(who)} ${may} ${what}: ${reason}`;
}

/** Returns a line with a sign for each change. The default bindings for every signed-in user share one line. */
export const accessLines = (changes: readonly AccessChange[]): string[] => [
  ...new Set(changes.map((change) => `${sign(change)} ${sentence(change)}`)),
];

export const sign = ({ change }: AccessChange): string => (change === 'gained' ? '+' : '-');
