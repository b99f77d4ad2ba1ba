import { type Danger, dangers } from '../../access/danger';

/** For a badge and a list of choices. */
export const dangerWords: Readonly<Record<Danger, string>> = {
  everything: 'Everything',
  takeover: 'Take over',
  secrets: 'Secrets',
  accounts: 'Service accounts',
  exec: 'Run commands',
  write: 'Change',
  read: 'Read',
};

/** 0 is the most dangerous; a role that allows nothing has the highest number. */
export const rankOf = (danger: Danger | undefined): number =>
  danger === undefined ? dangers.length : dangers.indexOf(danger);

/** The most dangerous of several; `undefined` if there is none. */
export function worstOf(list: Iterable<Danger | undefined>): Danger | undefined {
  let worst: Danger | undefined;
  for (const danger of list) if (rankOf(danger) < rankOf(worst)) worst = danger;
  return worst;
}
