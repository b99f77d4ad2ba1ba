import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { launchChromium } from '../e2e/harness/chromium';
import { megabytes } from './first-runs';

const root = join(__dirname, '..');
const file = join(root, 'build', 'page', 'index.html');

/** Returns, as a sentence, how long Chromium takes from opening the page to try until the home lab is rendered. */
export async function pageTime(rounds: number): Promise<string> {
  execFileSync('npm', ['run', '-s', 'page'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const browser = await launchChromium();
  const times: { shown: number; rendered: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('[data-ready]', { state: 'attached' });
    const [shown, rendered] = await page.evaluate<[number, number]>(
      "[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByName('rendered')[0].startTime]",
    );
    // The first round only warms up the browser, and does not count.
    if (round > 0) times.push({ shown, rendered });
    await context.close();
  }
  await browser.close();
  const of = (what: 'shown' | 'rendered') => `${Math.round(Math.min(...times.map((time) => time[what])))} ms`;
  const gzipped = (gzipSync(readFileSync(file)).length / 1e6).toFixed(1);
  return `In Chromium, the web page to try Kaniflux (${megabytes(file)}, ${gzipped} MB compressed) is shown after ${of('shown')}. It has rendered and checked the home lab, and shows the report, after ${of('rendered')}.`;
}
