import type { Config } from '../../config/config';
import type { Level, Part } from '../statement';

/** A field of the config that is different. */
export interface Field {
  /** What stands where the row's pattern has a `*`: the keys of maps, a cluster's name left out. */
  readonly keys: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly sides: { readonly before: Config; readonly after: Config };
}

/** What a change of one field means to a reviewer. */
export interface FieldRow {
  /** As `people.*.mail`; `**` is whatever lies below. */
  readonly pattern: string;
  readonly part: Part;
  readonly level: Level | ((field: Field) => Level);
  /** What it is called, with `$1` for the first key. */
  readonly what: string;
  /** What follows from it; `undefined` where the values say it all. */
  readonly means?: string | ((field: Field) => string | undefined);
}

type Rest = Pick<FieldRow, 'means'>['means'];

/** A row in the order in which it is read. */
export const row = (
  pattern: string,
  [part, level]: readonly [Part, FieldRow['level']],
  what: string,
  means?: Rest,
): FieldRow => ({ pattern, part, level, what, ...(means === undefined ? {} : { means }) });

/** A danger that is new counts, one that goes does not. */
export const whenAdded =
  (level: Level): ((field: Field) => Level) =>
  ({ after, before }) =>
    list(after).some((one) => !list(before).includes(one)) ? level : 'none';

/** A protection that goes counts, one that is new does not. */
export const whenRemoved =
  (level: Level): ((field: Field) => Level) =>
  ({ before, after }) =>
    before !== undefined && before !== null && before !== after ? level : 'none';

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null || value === false ? [] : [value];
