import { capture } from './exec';
import { findProgram, install, isProgram } from './programs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const places = ['/usr/bin', '/snap/bin', '/opt/google/chrome'];
const mac = ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** The path of Chromium or Chrome: `$CHROMIUM`, else the first on PATH or where packages put it. */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (env.CHROMIUM) return env.CHROMIUM;
  const found = await findProgram(names, places, env);
  if (found) return found;
  for (const path of mac) if (await isProgram(path)) return path;
  return undefined;
}

/**
 * Chromium's path, and whether it was installed just now: Debian's package, which needs root. It is no build of ours
 * and has no pinned version; a browser is always the distribution's newest.
 *
 * Rejects with what to do where it can't be installed.
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

/** The version that Chromium says it is, such as `156.0.8078.79`. */
export const chromiumVersion = async (path: string): Promise<string> =>
  /[\d.]+/.exec(await capture(path, ['--version']))?.[0] ?? 'unknown';
