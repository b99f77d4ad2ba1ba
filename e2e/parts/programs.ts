import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache';
import { loggingTo } from './exec';
import { ensurePackages } from './packages';

/** Programs of the distribution, without a pinned version: the Debian package of each. */
export const debianPrograms = { zsh: 'zsh', fish: 'fish', groff: 'groff', man: 'man-db' } as const;
export type DebianProgram = keyof typeof debianPrograms;

/** Returns the first program with one of the names in the folders of PATH and in other folders. */
export async function findProgram(
  names: readonly string[],
  places: readonly string[] = ['/usr/bin', '/bin'],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...places];
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await isProgram(path)) return path;
  }
  return undefined;
}

export const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/**
 * Installs Debian packages. If this requires root, rejects with what to do.
 * @param name the name of the log
 */
export async function install(name: string, packages: readonly string[] = [name]): Promise<void> {
  await mkdir(join(cacheFolder(), 'logs'), { recursive: true });
  await ensurePackages(packages, loggingTo(join(cacheFolder(), 'logs', `${name}.log`)));
}

/**
 * Returns the path of a program of {@link debianPrograms}. Installs the program if it is missing and this is allowed.
 */
export async function ensureProgram(name: DebianProgram): Promise<{ path: string; installed: boolean }> {
  const found = await findProgram([name]);
  if (found) return { path: found, installed: false };
  await install(debianPrograms[name]);
  const path = await findProgram([name]);
  if (!path) throw new Error(`apt-get installed \`${debianPrograms[name]}\`, and there is no program \`${name}\`.`);
  return { path, installed: true };
}
