import { CommandFailed, capture, type Run } from './exec';

let last: Promise<void> = Promise.resolve();

/**
 * Installs those of some Debian packages that are missing, one call after the other. On a system without dpkg it does
 * nothing: what is missing then shows in the build, whose message names it.
 *
 * Rejects where something is missing and only root may install it, with the command to run.
 */
export function ensurePackages(names: readonly string[], run: Run): Promise<void> {
  const mine = last.then(() => install(names, run));
  last = mine.catch(() => undefined);
  return mine;
}

async function install(names: readonly string[], run: Run): Promise<void> {
  const missing: string[] = [];
  for (const name of names) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(`Debian packages are missing: run \`sudo apt-get install ${missing.join(' ')}\`, and this again.`);
  }
  const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const options = { cwd: '/', env: { DEBIAN_FRONTEND: 'noninteractive' } };
  // apt-get does not wait for another one that updates the lists, as in a test file beside this one.
  const alone = (...args: string[]) => run('flock', ['/var/lib/apt/lists', 'apt-get', ...apt, ...args], options);
  await alone('update');
  await alone('install', '--yes', '--no-install-recommends', ...missing);
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    return (await capture('dpkg-query', ['--show', `--showformat=\${db:Status-Status}`, name])) === 'installed';
  } catch (error) {
    // dpkg-query fails for a package that it does not know; another failure is that there is no dpkg.
    return !(error instanceof CommandFailed);
  }
}
