/** Creates docs/report.png, the picture of the report in the README: `npm run picture`. Chromium must be installed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { smallFleet } from '../__tests__/report/fleets';
import { pageOf } from '../__tests__/report/page';
import { launchChromium } from '../e2e/harness/chromium';

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-picture-'));
  const browser = await launchChromium();
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, pageOf(smallFleet));
    const page = await browser.newPage({
      viewport: { width: 1280, height: 938 },
      colorScheme: 'light',
      deviceScaleFactor: 1,
    });
    await page.goto(`${pathToFileURL(file).href}#follow=p%3Aoperator-1`);
    await page.waitForSelector('[data-ready]', { state: 'attached' });
    await page.screenshot({ path: join(__dirname, '..', 'docs', 'report.png'), animations: 'disabled' });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
