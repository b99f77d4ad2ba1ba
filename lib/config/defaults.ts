import type { Filled } from './schema/field-types';
import type { BackupSchema } from './schema/kanidm-schema';
import type { TokenGroupsSchema } from './schema/mapping-schema';
import { validate } from './validator';

interface Sections {
  readonly tokenGroups: Filled<typeof TokenGroupsSchema>;
  readonly backup: Filled<typeof BackupSchema>;
}

/** Returns a section in which all fields have their defaults. */
export function defaultsOf<Name extends keyof Sections>(name: Name): Sections[Name] {
  const section: unknown = {};
  if (!isFilled(name, section)) throw new Error(`internal error: a field of ${name} has no default`);
  return section;
}

const isFilled = <Name extends keyof Sections>(name: Name, section: unknown): section is Sections[Name] =>
  validate(name, section).length === 0;
