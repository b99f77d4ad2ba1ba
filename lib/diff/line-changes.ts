import { by, inWords, roleOf, where, whoIs } from '../access/rights-in-words';
import { type AccessChange, isOfEverySignedInUser } from './change';

/** Returns a change as a sentence: `jane may do everything on homelab (cluster-admin, by k8s_admins): … is new`. */
export function sentence(one: AccessChange, on = one.cluster, who = subjectOf(one)): string {
  const { change, held, rights, way, reason, byManaging } = one;
  const place = where(on, ...(one.namespaces ?? [held.namespace]));
  const what = `${inWords(rights)}${place} (${roleOf(held)}${by(way)})`;
  if (byManaging) {
    const deed = `${byManaging.kind === 'group' ? 'add members to' : 'issue tokens of service account'} ${byManaging.name}`;
    const can = one.isClusterGone ? 'can still' : change === 'gained' ? 'can now' : 'can no longer';
    const get = change === 'gained' ? 'get' : `${can} get`;
    return `${who} ${can} ${deed}, and thereby ${get} the right to ${what}${untilDeleted(one)}: ${reason}`;
  }
  if (one.isClusterGone) {
    const rights =
      isOfEverySignedInUser(one) && one.who.kind !== 'stranger' ? `do what every signed-in user may do${place}` : what;
    return `${who} may still ${rights}${untilDeleted(one)}: ${reason}`;
  }
  const may = change === 'gained' ? 'may' : 'may no longer';
  if (isOfEverySignedInUser(one) && one.who.kind !== 'stranger') {
    return `${who} ${may} do what every signed-in user may do${place}: ${reason}`;
  }
  const also = one.also?.length ? `; also ${change === 'gained' ? 'gains' : 'loses'} ${one.also.join(' and ')}` : '';
  const still = one.still?.length ? `; may still ${inWords(one.still)}` : '';
  return `${who} ${may} ${what}: ${reason}${still}${also}`;
}

/**
 * Returns a text that says when the access ends at the latest, if the cluster was removed from the config; otherwise an
 * empty text. The access can end earlier, for example if the subject also leaves a group.
 */
export const untilDeleted = ({ isClusterGone }: Pick<AccessChange, 'isClusterGone'>): string =>
  isClusterGone ? ', but only until somebody deletes the objects that give this access' : '';

/** Returns the subject. A renamed account is shown with both names, because another account can have one of them. */
function subjectOf({ change, who, otherName }: AccessChange): string {
  if (otherName === undefined) return whoIs(who);
  const [name, next] = change === 'gained' ? [otherName, whoIs(who)] : [whoIs(who), otherName];
  return `${who.kind === 'stranger' ? '' : 'the account '}${name} (which becomes ${next})`;
}

/**
 * Returns a line with a sign for each change. Equal lines, such as those about the default bindings for every signed-in
 * user, are returned once.
 */
export const accessLines = (changes: readonly AccessChange[]): string[] => [
  ...new Set(changes.map((change) => `${sign(change)} ${sentence(change)}`)),
];

export const sign = ({ change }: AccessChange): string => (change === 'gained' ? '+' : '-');
