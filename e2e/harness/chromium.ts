import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from '../parts/chromium';

export interface ChromiumOptions {
  /** Ports of 127.0.0.1 for host names. Other names, except those of this machine, are not resolved. */
  readonly hosts?: Readonly<Record<string, number>>;
}

/**
 * Starts a headless Chromium with an empty profile. It reaches this machine and {@link ChromiumOptions.hosts}, but not
 * the internet. Close it before the lab.
 *
 * For a server with a certificate of a test, open its page in a context: `newContext({ ignoreHTTPSErrors: true })`.
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
