import type { AccessChange } from './change';
import { inWords, roleOf, where, whoIs } from './words';

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

/** `, by k8s_admins`, `, by k8s_admins through devs`. */
export function by(way: readonly string[]): string {
  if (way.length === 0) return '';
  const through = way.slice(0, -1).reverse();
  return `, by ${way.at(-1)}${through.length > 0 ? ` through ${through.join(', ')}` : ''}`;
}

/** A line for each change, with its sign; what Kubernetes gives everybody by several bindings is one line. */
export const accessLines = (changes: readonly AccessChange[]): string[] => [
  ...new Set(changes.map((change) => `${sign(change)} ${sentence(change)}`)),
];

export const sign = ({ change }: AccessChange): string => (change === 'gained' ? '+' : '-');
