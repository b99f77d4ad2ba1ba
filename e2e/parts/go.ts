import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { capture, type Run } from './exec';
import type { FilesRecipe, GoRecipe, OwnRecipe } from './recipes';

interface Module {
  readonly Dir: string;
  readonly GoMod: string;
}

interface GoMod {
  readonly Go: string;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Replace?: readonly { readonly Old: ModuleVersion; readonly New: ModuleVersion }[];
}

interface ModuleVersion {
  readonly Path: string;
  readonly Version?: string;
}

/** Returns the version of the installed Go, such as `go1.26.8`. Rejects if Go is missing. */
export async function goVersion(): Promise<string> {
  return (await capture('go', ['env', 'GOVERSION'])).trim();
}

/**
 * Builds a Go recipe's programs into `out`.
 *
 * `go install module@version` refuses a module with `replace` lines. So this creates a module that requires the wanted
 * one, and repeats the `go`, `godebug` and `replace` lines of the wanted one, because Go only respects those of the
 * main module.
 *
 * @param work an empty folder, for the module
 * @param run runs a command with its output in the build's log
 */
export async function buildGo(recipe: GoRecipe, work: string, out: string, run: Run): Promise<void> {
  const module = await download(recipe);
  const upstream: GoMod = JSON.parse(await capture('go', ['mod', 'edit', '-json', module.GoMod]));
  const lines = goMod(recipe, upstream);
  if (recipe.missing) {
    const copy = join(work, 'module');
    await cp(module.Dir, copy, { recursive: true });
    // Files of the module cache are read-only, and so are copies of them.
    await run('chmod', ['-R', 'u+w', copy], { cwd: work });
    for (const [path, text] of Object.entries(recipe.missing)) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), text);
    }
    lines.push(`replace ${recipe.module} => ./module`);
  }
  await writeFile(join(work, 'go.mod'), `${lines.join('\n')}\n`);
  const stamps = Object.entries(recipe.stamp ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  if (recipe.program) await copyFile(mainOf(recipe.program), join(work, 'main.go'));
  const packages = recipe.program
    ? ['.']
    : recipe.packages.map((path) => (path ? `${recipe.module}/${path}` : recipe.module));
  // Debug information would take a tenth of the time, and nobody debugs these programs.
  const flags = [
    '-mod=mod',
    '-buildvcs=false',
    '-trimpath',
    '-gcflags=all=-dwarf=false',
    '-ldflags',
    ['-s', '-w', ...stamps].join(' '),
  ];
  await run('go', ['build', ...flags, '-o', `${out}/`, ...packages], {
    cwd: work,
    env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
  });
}

/** Copies the files of a module into `out`, below the paths that they have there. */
export async function copyFiles(recipe: FilesRecipe, out: string): Promise<void> {
  const { Dir } = await download(recipe);
  for (const path of Object.values(recipe.parts)) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await copyFile(join(Dir, path), join(out, path));
  }
}

const folderOf = ({ folder }: OwnRecipe): string => join(__dirname, '..', folder);

/** Returns the source files of a program of this suite. */
export async function sourcesOf(recipe: OwnRecipe): Promise<Buffer[]> {
  const names = (await readdir(folderOf(recipe))).sort();
  return Promise.all(names.map((name) => readFile(join(folderOf(recipe), name))));
}

/** Builds a program of this suite into `out`. */
export async function buildOwn(recipe: OwnRecipe, out: string, run: Run): Promise<void> {
  await run('go', ['build', '-buildvcs=false', '-trimpath', '-ldflags', '-s -w', '-o', `${out}/`, '.'], {
    cwd: folderOf(recipe),
    env: { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' },
  });
}

/** Returns the path of the source of a program of this suite. */
export const mainOf = (program: string): string => join(__dirname, '..', 'schemas', program, 'main.go');

/** Returns the folder with the source of a module. Downloads it if it is not in the module cache. */
export async function goModule(
  module: string,
  version: string,
): Promise<{ dir: string; goMod: string; version: string }> {
  const { Dir, GoMod } = await download({ module, version });
  return { dir: Dir, goMod: GoMod, version };
}

const download = async ({ module, version }: { module: string; version: string }): Promise<Module> =>
  JSON.parse(await capture('go', ['mod', 'download', '-json', `${module}@${version}`]));

function goMod(recipe: GoRecipe, upstream: GoMod): string[] {
  const lines = ['module kaniflux.invalid/part', `go ${upstream.Go}`];
  lines.push(...(upstream.Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`));
  lines.push(`require ${recipe.module} ${recipe.version}`);
  const standIns = recipe.standIns ?? {};
  lines.push(...Object.entries(standIns).map(([path, version]) => `replace ${path} => ${path} ${version}`));
  for (const { Old, New } of upstream.Replace ?? []) {
    // If a replacement has no version, it is a folder of upstream's repository. If the recipe has a published version,
    // that version replaces the folder.
    const target = New.Version ? New : recipe.staging ? { Path: Old.Path, Version: recipe.staging } : undefined;
    if (!target) continue;
    lines.push(`replace ${Old.Path} ${Old.Version ?? ''} => ${target.Path} ${standIns[target.Path] ?? target.Version}`);
  }
  return lines;
}
