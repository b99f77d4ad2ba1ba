import type { Config } from '../../config/config';
import type { Level, Part } from '../statement';
import { listDifference } from '../values';

/** A field of the config that changed. */
export interface Field {
  /** The path segments that match a `*` of the pattern, without the name of the cluster. */
  readonly keys: readonly string[];
  /** The cluster that the field is part of. */
  readonly cluster?: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly sides: { readonly before: Config; readonly after: Config };
}

/** What a change of one field means, for a reviewer. */
export interface FieldRow {
  /** The paths of the field, such as `people.*.mail`. `**` matches all fields below. */
  readonly pattern: string;
  readonly part: Part;
  readonly level: Level | ((field: Field) => Level);
  /** The description of the field, with `$1` for the first key, `$2` for the second, and so on. */
  readonly what: string;
  /** Returns the whole statement, which is otherwise `what` with the old and the new value. */
  readonly instead?: (field: Field) => string;
  /** The consequence of the change; `undefined` if the values need no explanation. */
  readonly means?: string | ((field: Field) => string | undefined);
}

type Rest = Pick<FieldRow, 'means'>['means'];

export const row = (
  pattern: string,
  [part, level]: readonly [Part, FieldRow['level']],
  what: string,
  means?: Rest,
): FieldRow => ({ pattern, part, level, what, ...(means === undefined ? {} : { means }) });

/** Returns the level if the field gained something, and `none` if it only lost something. */
export const whenAdded =
  (level: Level): ((field: Field) => Level) =>
  ({ after, before }) =>
    list(after).some((one) => !list(before).includes(one)) ? level : 'none';

/** Returns the level if the field had a value before and that value changed. */
export const whenRemoved =
  (level: Level): ((field: Field) => Level) =>
  ({ before, after }) =>
    before !== undefined && before !== null && before !== after ? level : 'none';

/** Returns the texts added to a list and those removed from it. */
export function parts({ before, after }: Field): { readonly added: string[]; readonly removed: string[] } {
  const { added, removed } = listDifference(before, after);
  return { added: added.map(String), removed: removed.map(String) };
}

/** Returns the consequences as one text; `undefined` for none. */
export const joined = (consequences: readonly string[]): string | undefined =>
  consequences.length > 0 ? consequences.join('; ') : undefined;

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null || value === false ? [] : [value];
