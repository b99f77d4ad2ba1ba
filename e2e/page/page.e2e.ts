import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { homeLabText } from '../../__tests__/config';
import { evaluate } from '../../page/evaluate';
import { launchChromium } from '../harness/chromium';

const root = join(__dirname, '..', '..');
const file = join(root, 'build', 'page', 'index.html');
const example = (name: string) => readFileSync(join(root, 'page', 'examples', `${name}.yaml`), 'utf8');

let browser: Browser;
beforeAll(async () => {
  execFileSync('npm', ['run', '-s', 'page'], { cwd: root, stdio: 'pipe' });
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** The page, with what it reported and requested. */
interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

async function visit(options: BrowserContextOptions = {}, hash = ''): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const url = pathToFileURL(file).href;
  page.on('request', (request) => {
    const asked = request.url();
    // `blob:` is the worker, whose script is part of the page.
    if (asked.split('#')[0] !== url && !/^(data|blob):/.test(asked)) requests.push(asked);
  });
  await page.goto(url + hash);
  await page.waitForSelector('[data-ready]', { state: 'attached' });
  return { page, complaints, requests };
}

const done = async ({ page, complaints, requests }: Visit) => {
  expect({ complaints, requests }).toEqual({ complaints: [], requests: [] });
  await page.context().close();
};

/** Evaluates code on the page. The code is text, since these tests have no types of a browser. */
const inPage = <T>(page: Page, code: string) => page.evaluate<T>(code);
const status = (page: Page, text: RegExp) => page.locator('#status').filter({ hasText: text }).waitFor();

const rendered = (page: Page, path: string) =>
  page.locator('#file option').getByText(path, { exact: true }).waitFor({ state: 'attached' });

/** Returns all files that the page shows, one after the other. */
async function shownFiles(page: Page): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const path of await page.locator('#file option').allTextContents()) {
    await page.getByLabel('File:').selectOption(path);
    files[path] = await inPage<string>(page, "document.querySelector('#file-text').textContent");
  }
  return files;
}

test('the home lab is rendered to the bytes that are committed', async () => {
  const here = await visit();
  const files = await shownFiles(here.page);
  const listed = JSON.parse(readFileSync(join(root, 'dist', '.kaniflux.json'), 'utf8')).files;
  expect(Object.keys(files).length).toBeGreaterThan(10);
  expect(Object.keys(files).sort()).toEqual(Object.keys(listed).sort());
  for (const [path, text] of Object.entries(files)) {
    expect({ path, text }).toEqual({ path, text: readFileSync(join(root, 'dist', path), 'utf8') });
  }
  await here.page.getByRole('tab', { name: 'ACCESS.md' }).click();
  expect(await inPage(here.page, "document.querySelector('#access-text').textContent")).toBe(
    readFileSync(join(root, 'dist', 'ACCESS.md'), 'utf8'),
  );
  await done(here);
});

test.each([
  ['a cluster with k3s', 'k3s'],
  ['two clusters with Talos', 'talos'],
])('the example of %s is rendered as by the program', async (label, name) => {
  const here = await visit();
  await here.page.getByLabel('Example:').selectOption(label);
  const { files = [], problems } = evaluate(example(name));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  await rendered(here.page, files[0]?.path ?? '');
  expect(await shownFiles(here.page)).toEqual(Object.fromEntries(files.map(({ path, text }) => [path, text])));
  expect(await here.page.locator('#finding-list li').count()).toBe(problems.length);
  await done(here);
});

test('an error has its place, which leads to the line, and nothing is rendered', async () => {
  const here = await visit();
  const { page } = here;
  const wrong = homeLabText.replace('client: k8s', 'client: k9s');
  const line = wrong.split('\n').findIndex((text) => text.includes('client: k9s')) + 1;
  await page.locator('#config').fill(wrong);
  await status(page, /^1 error\. Nothing is rendered/);
  expect(await page.locator('#finding-list li').textContent()).toContain('there is no client k9s');
  expect(await page.locator('#output').isVisible()).toBe(false);
  await page.getByRole('button', { name: `line ${line}, column 13` }).click();
  expect(await inPage(page, 'document.activeElement.id')).toBe('config');
  const selected =
    'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)';
  expect(await inPage(page, selected)).toBe('k9s');
  await page.locator('#config').fill(homeLabText);
  await status(page, /^12 files rendered/);
  expect(await page.locator('#output').isVisible()).toBe(true);
  await done(here);
});

test('the picture is the report, which can be followed with the keyboard', async () => {
  const here = await visit();
  const { page } = here;
  await page.getByRole('tab', { name: 'Files' }).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await inPage(page, 'document.activeElement.textContent')).toBe('Picture');
  const report = page.frameLocator('iframe');
  await report.locator('.node.person').filter({ hasText: 'datosh' }).click();
  expect(await report.locator('#status').textContent()).toBe('datosh holds 1 role on 1 cluster.');
  await page.getByRole('tab', { name: 'Picture' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await inPage(page, 'document.activeElement.textContent')).toBe('Files');
  expect(await page.locator('iframe').count()).toBe(0);
  await done(here);
});

test('everything is reached with Tab, in the order in which it is read', async () => {
  const here = await visit();
  const { page } = here;
  const stops: string[] = [];
  await inPage(page, 'document.body.focus()');
  const name = 'document.activeElement.id || document.activeElement.textContent';
  for (let at = 0; at < 40; at++) {
    await page.keyboard.press('Tab');
    const stop = await inPage<string>(page, name);
    stops.push(stop);
    if (stop === 'file-text') break;
  }
  const inOrder = ['example', 'link', 'config', 'tab-files', 'file', 'file-text'];
  expect(stops.filter((stop) => inOrder.includes(stop))).toEqual(inOrder);
  expect(stops.filter((stop) => /^line \d+, column \d+$/.test(stop)).length).toBeGreaterThan(3);
  await done(here);
});

test('a link carries the config, and a damaged one is reported', async () => {
  const here = await visit();
  const text = `# ${'ä€😀'.repeat(40)}\n${example('talos')}`;
  await here.page.locator('#config').fill(text);
  await rendered(here.page, 'flux/production.yaml');
  const hash = await inPage<string>(here.page, "document.querySelector('#link').hash");
  const there = await visit({}, hash);
  expect(await there.page.locator('#config').inputValue()).toBe(text);
  await done(there);
  const damaged = await visit({}, '#config=%%%');
  expect(await damaged.page.getByRole('alert').textContent()).toContain('damaged');
  expect(await damaged.page.locator('#config').inputValue()).toBe(homeLabText);
  await inPage(damaged.page, `location.hash = '${hash}'`);
  await damaged.page.getByRole('alert').waitFor({ state: 'hidden' });
  await done(damaged);
  await done(here);
});

test('an edited config is only replaced if that is confirmed', async () => {
  const here = await visit();
  const { page } = here;
  await page.locator('#config').fill('kanidm: {}\n');
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.getByLabel('Example:').selectOption('a cluster with k3s');
  expect(await page.locator('#config').inputValue()).toBe('kanidm: {}\n');
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByLabel('Example:').selectOption('two clusters with Talos');
  expect(await page.locator('#config').inputValue()).toBe(example('talos'));
  await done(here);
});

test('names with markup are text, and another file is not read', async () => {
  const here = await visit();
  const { page } = here;
  const evil = '</script><img src=x onerror=alert(1)>';
  await page.locator('#config').fill(homeLabText.replace('displayName: Fabian Kammel', `displayName: "${evil}"`));
  await status(page, /^12 files rendered/);
  await page.getByRole('tab', { name: 'Picture' }).click();
  await page.frameLocator('iframe').locator('.node.person').first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.frameLocator('iframe').locator('img').count()).toBe(0);
  await page.locator('#config').fill('kanidm: { domain: idm.example.com }\nclusters: /etc/*.yaml\n');
  await status(page, /^1 error/);
  await done(here);
});

test('below a path of a web server, the page needs no other file', async () => {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.setHeader('Content-Type', 'text/html').end(readFileSync(file));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/kaniflux/`);
  await status(page, /^12 files rendered/);
  await page.getByRole('tab', { name: 'Picture' }).click();
  await page.frameLocator('iframe').locator('.node.person').first().waitFor();
  await context.close();
  server.close();
  expect(asked).toEqual(['/kaniflux/']);
});

test('the page allows no connection', async () => {
  const { page, complaints } = await visit();
  expect(await inPage(page, "fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)")).toBe(
    'TypeError',
  );
  expect(complaints.join('\n')).toContain("connect-src 'none'");
  await page.context().close();
});

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { viewport: { width: 320, height: 640 } }],
] as [string, BrowserContextOptions][])('in %s', (_, options) => {
  test('axe finds no fault, with and without an error', async () => {
    const here = await visit({ reducedMotion: 'reduce', ...options });
    await here.page.evaluate(axe.source);
    const faults = async () => {
      const { violations } = await inPage<axe.AxeResults>(here.page, 'axe.run({ iframes: false })');
      return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]);
    };
    expect(await faults()).toEqual([]);
    await here.page.getByRole('tab', { name: 'Picture' }).click();
    expect(await faults()).toEqual([]);
    await here.page.locator('#config').fill('kanidm: {}\n');
    await status(here.page, /errors?\. Nothing is rendered/);
    expect(await faults()).toEqual([]);
    expect(await inPage(here.page, 'document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await done(here);
  });
});

test('the home lab is what the page shows first', () => {
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(join(root, 'kaniflux.yaml'), 'utf8')).toBe(homeLabText);
});
