import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from '../parts/chromium';

export interface ChromiumOptions {
  /** The port of 127.0.0.1 for each host name that isn't this machine's; the others are not found. */
  readonly hosts?: Readonly<Record<string, number>>;
}

/**
 * Starts a headless Chromium of its own, with nothing remembered. It reaches this machine and {@link ChromiumOptions.hosts},
 * not the internet. Close it before the lab.
 *
 * For a server with the certificate of a test, open its page in a context: `newContext({ ignoreHTTPSErrors: true })`.
 */
export async function launchChromium({ hosts = {} }: ChromiumOptions = {}): Promise<Browser> {
  const { path } = await ensureChromium();
  const rules = [
    ...Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`),
    'EXCLUDE localhost',
    'EXCLUDE 127.0.0.1',
    'EXCLUDE ::1',
    'MAP * ~NOTFOUND',
  ];
  return chromium.launch({
    executablePath: path,
    headless: true,
    // playwright itself adds --headless, --no-sandbox, --no-first-run, --disable-background-networking and
    // --disable-component-update.
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-proxy-server',
      `--host-resolver-rules=${rules.join(',')}`,
    ],
  });
}
