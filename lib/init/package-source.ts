import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isMap, mapAt } from '../guards';

/** The file or folder that npm installs Kaniflux from. */
export interface PackageSource {
  /** Relative to the folder of package.json, or absolute. */
  readonly path: string;
  /** Whether a clone of the repository lacks the file or folder, so that `npm ci` fails in the clone. */
  readonly isOutside: boolean;
}

/**
 * Returns the local file or folder from which npm installs Kaniflux, as package.json or the lock file names it;
 * `undefined` if they name none, or if they cannot be read.
 * @param root the root of the repository
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-json#local-paths
 */
export function packageSource(folder: string, root: string): PackageSource | undefined {
  const path = specIn(folder) ?? lockedIn(folder);
  if (path === undefined) return undefined;
  const within = relative(root, resolve(folder, path)).replaceAll('\\', '/');
  return { path, isOutside: /^(\.\.(\/|$)|\/|[A-Za-z]:)/.test(within) };
}

/**
 * Returns why the workflow finds no `package-lock.json` beside `package.json`: the other package manager that made the
 * lock file, or `workspace` if npm keeps the lock file at the root of its workspaces. Returns `undefined` if there is
 * no package.json yet.
 * @param root the root of the repository
 */
export function missingLock(folder: string, root: string): Manager | 'workspace' | undefined {
  if (!existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'package-lock.json'))) return undefined;
  const outer = folder === root ? undefined : json(join(root, 'package.json'));
  if (isMap(outer) && outer.workspaces !== undefined) return 'workspace';
  return otherLocks.find(([name]) => [folder, root].some((place) => existsSync(join(place, name))))?.[1];
}

type Manager = 'pnpm' | 'yarn' | 'bun';
const otherLocks: readonly (readonly [string, Manager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** Whether Yarn's Plug'n'Play installs packages without a folder node_modules. */
export const hasPlugAndPlay = (folder: string, root: string): boolean =>
  [folder, root].some((place) => existsSync(join(place, '.pnp.cjs')));

/** Whether package.json names Kaniflux. */
export const isDependency = (folder: string): boolean => specsIn(folder).length > 0;

const specIn = (folder: string): string | undefined =>
  specsIn(folder)
    .map(pathOf)
    .find((path) => path !== undefined);

function specsIn(folder: string): unknown[] {
  const manifest = json(join(folder, 'package.json'));
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  return kinds.map((kind) => mapAt(manifest, kind).kaniflux).filter((spec) => spec !== undefined);
}

const lockedIn = (folder: string): string | undefined =>
  pathOf(mapAt(json(join(folder, 'package-lock.json')), 'packages', 'node_modules/kaniflux').resolved);

/** Returns the path of a specifier such as `file:../kaniflux-0.1.0.tgz`. */
function pathOf(spec: unknown): string | undefined {
  if (typeof spec !== 'string') return undefined;
  if (spec.startsWith('file:')) return spec.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  return /^\.{0,2}\//.test(spec) ? spec : undefined;
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
