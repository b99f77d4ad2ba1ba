import { by, inWords, roleOf, where, whoIs } from '../access/rights-in-words';
import type { AccessChange } from './change';

/** Everybody who is signed in may do this much, so it is said in fewer words. */
const everybody = 'system:authenticated';

/** One change in a sentence: `datosh may do everything on homelab (cluster-admin, by k8s_admins): … is new`. */
export function sentence({ change, cluster, who, held, rights, way, reason }: AccessChange): string {
  const may = change === 'gained' ? 'may' : 'may no longer';
  const { namespace, subject } = held;
  if (subject.name === everybody && subject.kind === 'Group') {
    return `${whoIs(who)} ${may} do what everybody who is signed in may${where(cluster, namespace)}: ${reason}`;
  }
  return `${whoIs(who)} ${may} ${inWords(rights)}${where(cluster, namespace)} (${roleOf(held)}${by(way)}): ${reason}`;
}

/** A line for each change, with its sign; what Kubernetes gives everybody by several bindings is one line. */
export const accessLines = (changes: readonly AccessChange[]): string[] => [
  ...new Set(changes.map((change) => `${sign(change)} ${sentence(change)}`)),
];

export const sign = ({ change }: AccessChange): string => (change === 'gained' ? '+' : '-');
