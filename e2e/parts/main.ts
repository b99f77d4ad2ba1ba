import { nodePackages } from '../node/node-packages';
import { ensureRecipe, parts, recipeOf } from './build';
import { chromiumVersion, ensureChromium } from './chromium';
import { endCommands } from './exec';
import { type DebianProgram, debianPrograms, ensureProgram, install } from './programs';
import { type RecipeName, recipes } from './recipes';

/**
 * Builds the given parts, or all: `npm run e2e:parts -- [part...]`. `chromium`, the packages of a `node`, the shells
 * and the readers of man pages are installed if they are missing.
 *
 * Prints one line for each recipe: name, version, seconds. Exits with 1 if a build failed, after the others have ended.
 * A signal ends the running builds, which then remove their unfinished files.
 */
async function main(names: readonly string[]): Promise<void> {
  const all = names.length ? names : [...parts.keys(), 'chromium', 'node', ...Object.keys(debianPrograms)];
  const debian = new Set(['chromium', 'node', ...Object.keys(debianPrograms)]);
  const wanted = new Set(all.filter((name) => !debian.has(name)).map(recipeOf));
  if (all.includes('chromium')) await browser();
  if (all.includes('node')) await node();
  for (const name of all) if (name in debianPrograms) await program(name as DebianProgram);
  const queue = (Object.keys(recipes) as RecipeName[]).filter((name) => wanted.has(name));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      queue.length = 0;
      process.exitCode = 1;
      endCommands();
    });
  }
  // Two at a time: one compiles while the other downloads or links. More would compete for CPU and memory.
  await Promise.all([work(queue), work(queue)]);
}

async function work(queue: RecipeName[]): Promise<void> {
  for (let name = queue.shift(); name; name = queue.shift()) {
    const start = Date.now();
    const label = `${name.padEnd(20)} ${recipes[name].version.padEnd(8)}`;
    try {
      const { built } = await ensureRecipe(name);
      const seconds = ((Date.now() - start) / 1000).toFixed(1);
      console.log(`${label} ${built ? `${seconds.padStart(7)} s` : '   cached'}`);
    } catch (error) {
      console.error(`${label}  failed\n${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}

/** Prints the state of something that is not built and not in the cache, but installed on the machine. */
async function onMachine(name: string, ensure: () => Promise<{ version?: string; state: string }>): Promise<void> {
  try {
    const { version = '', state } = await ensure();
    console.log(`${name.padEnd(20)} ${version.padEnd(8)} ${state.padStart(9)}`);
  } catch (error) {
    console.error(`${name.padEnd(20)} failed\n${(error as Error).message}`);
    process.exitCode = 1;
  }
}

const stateOf = (installed: boolean) => (installed ? 'installed' : 'found');

const browser = () =>
  onMachine('chromium', async () => {
    const { path, installed } = await ensureChromium();
    return { version: (await chromiumVersion(path)).split('.')[0] ?? '', state: stateOf(installed) };
  });

/** Installs what a node needs. Without root, the tests on a node are skipped, so nothing is installed. */
async function node(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await onMachine('packages of a node', async () => {
    await install('node', nodePackages);
    return { state: 'ready' };
  });
}

const program = (name: DebianProgram) =>
  onMachine(name, async () => ({ state: stateOf((await ensureProgram(name)).installed) }));

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
