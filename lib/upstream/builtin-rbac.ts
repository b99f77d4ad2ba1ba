import { isMap, isText, mapAt, scalarText } from '../guards';
import data from './kubernetes-rbac.json';
import type { RbacObject } from './rbac';

interface Row {
  readonly from: string;
  readonly to: string;
  readonly object: RbacObject;
}

const isRow = (row: unknown): row is Row =>
  isMap(row) &&
  isText(row.from) &&
  isText(row.to) &&
  /^(Cluster)?Role(Binding)?$/.test(scalarText(mapAt(row.object).kind));

const minors: readonly string[] = data.versions;

let read: readonly Row[] | undefined;
/** Returns all rows. Reads them only on first use, since many commands need none (scripts/bundle/lazy-data.ts). */
function rows(): readonly Row[] {
  if (!read) {
    const objects: readonly unknown[] = data.objects;
    read = objects.filter(isRow);
  }
  return read;
}

/** Returns the nearest version for which there is data. */
export function knownVersion({ major, minor }: { readonly major: number; readonly minor: number }): string {
  const [first = ''] = minors;
  const last = minors.at(-1) ?? first;
  const wanted = `${major}.${minor}`;
  if (minors.includes(wanted)) return wanted;
  return major < 1 || (major === 1 && minor < Number(first.split('.')[1])) ? first : last;
}

/**
 * Returns the roles and bindings that kube-apiserver creates. `admin`, `edit` and `view` are aggregated from other
 * roles.
 * @see scripts/builtin-roles.ts
 */
export function builtinRbac(version: { readonly major: number; readonly minor: number }): readonly RbacObject[] {
  const name = knownVersion(version);
  let objects = known.get(name);
  if (!objects) {
    const at = minors.indexOf(name);
    const holds = ({ from, to }: Row) => minors.indexOf(from) <= at && at <= minors.indexOf(to);
    objects = rows()
      .filter(holds)
      .map(({ object }) => object);
    known.set(name, objects);
  }
  return objects;
}

const known = new Map<string, readonly RbacObject[]>();
