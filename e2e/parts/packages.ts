import { CommandFailed, capture, type Run } from './exec';

let last: Promise<void> = Promise.resolve();

/**
 * Installs the missing ones of some Debian packages. Calls run one after the other. Does nothing on a system without
 * dpkg, where a failed build shows what is missing.
 *
 * If a package is missing and only root may install it, rejects with the command to run.
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
  // apt-get does not wait while another one updates the lists, for example in another test file.
  const alone = (...args: string[]) => run('flock', ['/var/lib/apt/lists', 'apt-get', ...apt, ...args], options);
  await alone('update');
  await alone('install', '--yes', '--no-install-recommends', ...missing);
}

async function isInstalled(name: string): Promise<boolean> {
  try {
    return (await capture('dpkg-query', ['--show', `--showformat=\${db:Status-Status}`, name])) === 'installed';
  } catch (error) {
    // dpkg-query fails for a package that it does not know. Any other error means that there is no dpkg.
    return !(error instanceof CommandFailed);
  }
}
