import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache';
import { loggingTo } from './exec';
import { ensurePackages } from './packages';

/** Programs that are the distribution's, with no pinned version: by name, Debian's package. */
export const debianPrograms = { zsh: 'zsh', fish: 'fish', groff: 'groff', man: 'man-db' } as const;
export type DebianProgram = keyof typeof debianPrograms;

/** The first of some names among the folders of PATH and others. */
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

/** Installs a Debian package whose program is missing. Rejects where that needs root, with what to do. */
export async function install(name: string): Promise<void> {
  await mkdir(join(cacheFolder(), 'logs'), { recursive: true });
  await ensurePackages([name], loggingTo(join(cacheFolder(), 'logs', `${name}.log`)));
}

/** The path of a program of {@link debianPrograms}, installed where it is missing and that is allowed. */
export async function ensureProgram(name: DebianProgram): Promise<{ path: string; installed: boolean }> {
  const found = await findProgram([name]);
  if (found) return { path: found, installed: false };
  await install(debianPrograms[name]);
  const path = await findProgram([name]);
  if (!path) throw new Error(`apt-get installed \`${debianPrograms[name]}\`, and there is no program \`${name}\`.`);
  return { path, installed: true };
}
