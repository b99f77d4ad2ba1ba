import { utf8 } from '../output/bytes';
import { sha256 } from '../output/sha256';

/** A file that Kanidm applies at start, completely or not at all. */
export interface Migration {
  /** The name of the file, which starts with two digits. Kanidm applies files in the order of their names. */
  readonly name: string;
  /** The content, as JSON. */
  readonly text: string;
}

/** ConfigMaps of migrations, and the hash of their content. */
export interface MigrationMaps {
  /** Names of the ConfigMaps and their files, in the order in which Kanidm applies the files. */
  readonly maps: readonly { readonly name: string; readonly data: Readonly<Record<string, string>> }[];
  /**
   * The SHA-256 of the content, in hexadecimal. As an annotation of the pod, it makes Kubernetes restart the server if
   * a migration changes.
   */
  readonly hash: string;
}

/** The maximum size of the data in one ConfigMap, in bytes. Kubernetes allows 1 MiB for the whole object. */
export const mapBytes = 1_000_000;

/**
 * The names that Kanidm reads, as far as a key of a ConfigMap can have them.
 * @see https://github.com/kanidm/kanidm/blob/master/book/src/entry_management.md
 */
const fileName = /^\d\d-[\w.-]{1,240}\.h?json$/;

/**
 * Distributes the files, in order, over as many ConfigMaps as necessary.
 * @throws Error if a file name is not valid in Kanidm or a ConfigMap, or if two files have one name
 */
export function migrationMaps(files: readonly Migration[]): MigrationMaps {
  const names = new Set<string>();
  for (const { name } of files) {
    if (!fileName.test(name))
      throw new Error(`expected a name such as \`10-groups.json\` for a migration, found \`${name}\``);
    if (names.has(name)) throw new Error(`two migrations have the name \`${name}\``);
    names.add(name);
  }
  const parts: Record<string, string>[] = [];
  let part: Record<string, string> = {};
  let room = 0;
  for (const { name, text } of files) {
    const size = name.length + utf8(text).length;
    if (size > room || parts.length === 0) {
      part = {};
      parts.push(part);
      room = mapBytes;
    }
    part[name] = text;
    room -= size;
  }
  return {
    maps: parts.map((data, i) => ({ name: i === 0 ? 'kanidm-migrations' : `kanidm-migrations-${i + 1}`, data })),
    hash: sha256(files.map(({ name, text }) => `${name}\0${text}\0`).join('')),
  };
}
