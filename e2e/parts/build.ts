import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder } from './cache';
import { capture, loggingTo } from './exec';
import { buildGo, buildOwn, copyFiles, goVersion, mainOf, sourcesOf } from './go';
import { ensurePackages } from './packages';
import { type CargoRecipe, type Recipe, type RecipeName, recipes } from './recipes';

/** Increase this number if the code that runs a recipe changes what it builds. */
const format = 2;

/** The result of a recipe: the folder of its binaries, and whether they had to be built. */
export interface Built {
  readonly folder: string;
  readonly built: boolean;
}

const running = new Map<RecipeName, Promise<Built>>();
let toolchain: Promise<string> | undefined;

/** The names of all parts, each with the recipe that builds it. */
export const parts: ReadonlyMap<string, string> = new Map(
  Object.entries(recipes).flatMap(([name, recipe]) => Object.keys(recipe.parts).map((part) => [part, name])),
);

/**
 * Returns the path of a part's binary, such as `kube-apiserver-1.34`. Unless the cache has it, it is built from its
 * registry.
 *
 * Rejects if no part has that name, if Go or Cargo is missing, or if the build fails. The message then ends with the
 * last lines of the build, and names its log.
 */
export async function ensurePart(name: string): Promise<string> {
  const recipe = recipeOf(name);
  const { folder } = await ensureRecipe(recipe);
  return join(folder, recipes[recipe].parts[name] as string);
}

/** Returns the recipe that builds a part. Throws if there is no such part. */
export function recipeOf(part: string): RecipeName {
  const recipe = parts.get(part);
  if (!recipe) throw new Error(`There is no part '${part}'. The parts: ${[...parts.keys()].join(', ')}.`);
  return recipe as RecipeName;
}

/** Builds the parts of one recipe, only once even if called several times. Rejects as {@link ensurePart} does. */
export function ensureRecipe(name: RecipeName): Promise<Built> {
  const building = running.get(name) ?? ensure(name, recipes[name]);
  running.set(name, building);
  return building;
}

async function ensure(name: string, recipe: Recipe): Promise<Built> {
  toolchain ??= goVersion();
  const compiler = recipe.kind === 'cargo' ? (await capture('cargo', ['--version'])).trim() : await toolchain;
  const hash = createHash('sha256').update(JSON.stringify([format, recipe, compiler, process.platform, process.arch]));
  if (recipe.kind === 'go' && recipe.program) hash.update(await readFile(mainOf(recipe.program)));
  if (recipe.kind === 'own') for (const text of await sourcesOf(recipe)) hash.update(text);
  const key = `${name}-${recipe.version}-${hash.digest('hex').slice(0, 12)}`;
  const [folder, built] = await cached(join('parts', key), async (out) => {
    const logs = join(cacheFolder(), 'logs');
    await mkdir(logs, { recursive: true });
    const log = join(logs, `${key}.log`);
    await rm(log, { force: true });
    const work = `${out}.work`; // beside it: a build that was killed is swept away by the next
    await mkdir(work);
    try {
      if (recipe.kind === 'go') await buildGo(recipe, work, out, loggingTo(log));
      else if (recipe.kind === 'files') await copyFiles(recipe, out);
      else if (recipe.kind === 'own') await buildOwn(recipe, out, loggingTo(log));
      else await buildCargo(recipe, work, out, log);
    } catch (error) {
      throw new Error(`${name} ${recipe.version} could not be built: ${(error as Error).message}`, { cause: error });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return { folder, built };
}

/**
 * Creates a debug build without debug information. It is the fastest to compile, and fast enough for a client that
 * tests call a few times.
 */
async function buildCargo(recipe: CargoRecipe, work: string, out: string, log: string): Promise<void> {
  await ensurePackages(recipe.packages, loggingTo(log));
  const root = join(work, 'root');
  const bins = Object.values(recipe.parts).flatMap((bin) => ['--bin', bin]);
  const args = ['install', recipe.crate, '--version', recipe.version, '--locked', '--debug', '--root', root, ...bins];
  await loggingTo(log)('cargo', args, {
    cwd: work,
    env: { CARGO_TARGET_DIR: join(work, 'target'), CARGO_PROFILE_DEV_DEBUG: '0' },
  });
  await loggingTo(log)('cp', [...Object.values(recipe.parts).map((bin) => join(root, 'bin', bin)), out], { cwd: work });
}
