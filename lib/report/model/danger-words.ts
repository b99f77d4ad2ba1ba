import { type Danger, dangers } from '../../access/danger';

/** The words for badges and lists of choices. */
export const dangerWords: Readonly<Record<Danger, string>> = {
  everything: 'Everything',
  takeover: 'Take over',
  secrets: 'Secrets',
  accounts: 'Service accounts',
  exec: 'Run commands',
  write: 'Change',
  read: 'Read',
};

/** Returns the rank of a danger: 0 is the most dangerous, and a role that allows nothing has the highest number. */
export const rankOf = (danger: Danger | undefined): number =>
  danger === undefined ? dangers.length : dangers.indexOf(danger);

/** Returns the worst danger in a list; `undefined` if the list has none. */
export function worstOf(list: Iterable<Danger | undefined>): Danger | undefined {
  let worst: Danger | undefined;
  for (const danger of list) if (rankOf(danger) < rankOf(worst)) worst = danger;
  return worst;
}
