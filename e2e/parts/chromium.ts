import { capture } from './exec';
import { findProgram, install, isProgram } from './programs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const places = ['/usr/bin', '/snap/bin', '/opt/google/chrome'];
const mac = ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/**
 * Returns the path of Chromium or Chrome: `$CHROMIUM`, otherwise the first one on the PATH or in the folders of
 * packages.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (env.CHROMIUM) return env.CHROMIUM;
  const found = await findProgram(names, places, env);
  if (found) return found;
  for (const path of mac) if (await isProgram(path)) return path;
  return undefined;
}

/**
 * Returns the path of Chromium, and whether it was installed now. It is Debian's package, whose installation requires
 * root. The version is not pinned, since a browser should be the newest of the distribution.
 *
 * If it cannot be installed, rejects with what to do.
 */
export async function ensureChromium(): Promise<{ path: string; installed: boolean }> {
  const found = await findChromium();
  if (found) return { path: found, installed: false };
  if (process.getuid?.() !== 0 || process.platform !== 'linux') {
    throw new Error(
      'Chromium is not installed: install it (Debian: `apt-get install chromium`), or set CHROMIUM to its path.',
    );
  }
  await install('chromium');
  const path = await findChromium();
  if (!path) throw new Error('apt-get installed the package `chromium`, and there is no program of that name.');
  return { path, installed: true };
}

/** Returns the version that Chromium prints, such as `156.0.8078.79`. */
export const chromiumVersion = async (path: string): Promise<string> =>
  /[\d.]+/.exec(await capture(path, ['--version']))?.[0] ?? 'unknown';
