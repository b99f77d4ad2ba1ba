import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { largeFleet, smallFleet } from '../../__tests__/report/fleets';
import { pageOf } from '../../__tests__/report/page';
import { launchChromium } from '../harness/chromium';

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'kaniflux-report-'));

beforeAll(async () => {
  browser = await launchChromium();
  writeFileSync(join(folder, 'small.html'), pageOf(smallFleet));
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The page, with what it reported and requested. */
interface Visit {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

async function visit(name: string, options: BrowserContextOptions = {}, hash = ''): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const url = pathToFileURL(join(folder, name)).href;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url && !request.url().startsWith('data:')) requests.push(request.url());
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
const focused = (page: Page) =>
  inPage<string>(page, "(document.activeElement.querySelector('.title') ?? document.activeElement).textContent");
const node = (page: Page, kind: string, title: string) =>
  page.locator(`.node.${kind}`).filter({ has: page.getByText(title, { exact: true }) });
const lit = (page: Page) => page.locator('.node.lit .title').allTextContents();
const heard = (page: Page) => page.locator('#status').textContent();

test('a person is followed to a role and its cluster by the keyboard alone', async () => {
  const here = await visit('small.html');
  const { page } = here;
  const { keyboard } = page;
  await page.locator('#search').focus();
  // Tab goes through the other four fields and Reset to the picture, which is a single stop.
  for (let at = 0; at < 6; at++) await keyboard.press('Tab');
  expect(await focused(page)).toBe('admin-1');
  for (let at = 0; at < 4 && (await focused(page)) !== 'operator-1'; at++) await keyboard.press('ArrowDown');
  expect(await focused(page)).toBe('operator-1');
  expect((await lit(page)).sort()).toEqual(
    ['operator-1', 'platform', 'k8s_users', 'admin', 'restart', 'view', 'edge', 'homelab'].sort(),
  );

  await keyboard.press('Enter');
  expect(await heard(page)).toBe('operator-1 holds 3 roles on 2 clusters.');
  expect(await page.locator('.node[aria-pressed=true] .title').allTextContents()).toEqual(['operator-1']);
  expect(await page.locator('#words-title').textContent()).toContain('operator-1');
  expect(await page.locator('#words').textContent()).toContain(
    'operator-1 has admin on edge, through platform (grant platform).',
  );
  expect(page.url()).toContain('#follow=p%3Aoperator-1');

  await keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('platform');
  await keyboard.press('ArrowRight');
  const role = await focused(page);
  expect(['admin', 'k8s_users']).toContain(role);
  // Among the followed nodes, Tab goes from one node to the next, and to nothing else.
  const stops = [];
  for (let at = 0; at < 12; at++) {
    await keyboard.press('Tab');
    const on = await inPage<boolean>(page, "document.activeElement.matches('.node.lit')");
    if (!on) break;
    stops.push(await focused(page));
  }
  expect(stops.slice(-2)).toEqual(['edge', 'homelab']);

  await node(page, 'cluster', 'homelab').focus();
  await keyboard.press('ArrowLeft');
  expect(['restart', 'view']).toContain(await focused(page));
  await keyboard.press('Escape');
  expect(await heard(page)).toBe('Nothing is selected');
  expect(await page.locator('.node[aria-pressed=true]').count()).toBe(0);
  await done(here);
});

test('the mouse does the same, from the picture and from the table', async () => {
  const here = await visit('small.html');
  const { page } = here;
  await node(page, 'group', 'developers').hover();
  expect(await lit(page)).toEqual(expect.arrayContaining(['developer-1', 'developer-2', 'edit', 'homelab']));
  expect(await page.locator('.edges .lit').count()).toBeGreaterThan(3);
  await node(page, 'grant', 'cluster-admin').click();
  expect(await heard(page)).toBe('2 people hold cluster-admin through this grant, on 2 clusters.');
  await page.locator('#matrix-table').getByRole('button', { name: 'viewer-1' }).click();
  expect(await focused(page)).toBe('viewer-1');
  expect(await heard(page)).toBe('viewer-1 holds 1 role on 2 clusters.');
  await page.locator('#canvas').click({ position: { x: 300, y: 5 } });
  expect(await page.locator('.node[aria-pressed=true]').count()).toBe(0);
  await done(here);
});

test('everything can be narrowed down by name, cluster, group, role and danger', async () => {
  const here = await visit('small.html');
  const { page } = here;
  const rows = () => page.locator('#matrix-table tbody th button').allTextContents();
  expect(await rows()).toHaveLength(7);
  await page.getByLabel('Search').fill('VIEWER-1');
  expect(await rows()).toEqual(['viewer-1']);
  expect(await page.locator('#result').textContent()).toBe('1 of 7 people, 1 grant');
  expect(await heard(page)).toBe('1 of 7 people, 1 grant');
  await page.getByRole('button', { name: 'Reset' }).click();
  expect(await rows()).toHaveLength(7);
  await page.getByLabel('Group', { exact: true }).selectOption('developers');
  expect((await rows()).sort()).toEqual(['developer-1', 'developer-2']);
  await page.getByLabel('Cluster', { exact: true }).selectOption('edge');
  expect(await page.locator('#matrix-table thead th').allTextContents()).toEqual(['Person', 'Worst', 'edge']);
  expect(await page.locator('#matrix-table tbody td').allTextContents()).not.toContain('edit');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Role', { exact: true }).selectOption('restart');
  expect(await rows()).toEqual(['operator-1']);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('At least').selectOption('Everything');
  expect(await rows()).toEqual(['admin-1', 'admin-2']);
  await page.getByRole('radio', { name: 'Roles' }).check();
  expect(await page.locator('#matrix-table thead th').allTextContents()).toEqual(['Person', 'Worst', 'cluster-admin']);
  // The address contains the whole state, so somebody who opens the link sees the same.
  const again = await visit('small.html', {}, new URL(page.url()).hash);
  expect(await again.page.locator('#matrix-table').textContent()).toBe(
    await page.locator('#matrix-table').textContent(),
  );
  await page.getByLabel('Search').fill('nobody-is-called-so');
  expect(await rows()).toEqual([]);
  await done(again);
  await done(here);
});

test('names with markup are text, and run nothing', async () => {
  const evil = '</script><script>document.title="taken"</script><img src=x onerror=alert(1)>\u2028';
  writeFileSync(
    join(folder, 'evil.html'),
    // A config must not contain the character itself, so it is written as an escape sequence.
    pageOf(
      smallFleet.replaceAll(
        'displayName: admin-2',
        () => `displayName: ${JSON.stringify(evil).replace('\u2028', '\\u2028')}`,
      ),
    ),
  );
  const here = await visit('evil.html');
  expect(await here.page.title()).toBe('Who has what · idm.example.com');
  expect(await here.page.locator('#matrix-table').textContent()).toContain('<img src=x onerror=alert(1)>');
  expect(await here.page.locator('img').count()).toBe(0);
  await done(here);
});

describe.each([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { viewport: { width: 320, height: 640 } }],
] as [string, BrowserContextOptions][])('in %s', (_, options) => {
  test.each([
    ['everything', ''],
    ['a person followed', '#follow=p%3Aoperator-1'],
    ['a filter and roles', '#cluster=edge&danger=takeover&columns=roles'],
  ])('%s shows no fault to axe', async (_, hash) => {
    const here = await visit('small.html', { reducedMotion: 'reduce', ...options }, hash);
    await here.page.evaluate(axe.source);
    const { violations } = await inPage<axe.AxeResults>(here.page, 'axe.run()');
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([]);
    await done(here);
  });
});

test('the expectations are read without a script, by the keyboard and by a screen reader', async () => {
  const expect1 = [
    { never: 'delete secrets', except: ['admins'], reason: 'the auditors ask for it' },
    { atMost: 5, may: 'everything' },
    { exclusive: ['view', 'from-a-chart'] },
  ];
  writeFileSync(join(folder, 'expectations.html'), pageOf(`${smallFleet}expect: ${JSON.stringify(expect1)}\n`));
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'expectations.html')).href);
    const section = page.getByRole('region', { name: 'What must hold' });
    expect(await section.getByRole('heading', { level: 3 }).allTextContents()).toEqual([
      'does not hold nobody may delete secrets, except admins',
      'holds at most 5 may do everything',
      'holds nobody holds two of the roles view, from-a-chart',
    ]);
    const text = await section.textContent();
    expect(text).toContain('the auditors ask for it');
    expect(text).toContain('developer-1 (edit in namespace shop, by developers; grant developers)');
    await context.close();
  }
  const here = await visit('expectations.html', { reducedMotion: 'reduce' });
  await here.page.evaluate(axe.source);
  const { violations } = await inPage<axe.AxeResults>(here.page, 'axe.run()');
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([]);
  await done(here);
});

test('the ways to cluster-admin are headings and numbered steps, reached by the keyboard and narrowed by the filter', async () => {
  const here = await visit('small.html');
  const { page } = here;
  const section = page.getByRole('region', { name: 'Who can become cluster-admin' });
  const headings = () => section.getByRole('article').getByRole('heading', { level: 3 }).allTextContents();
  expect(await headings()).toEqual([
    'Everything developer-1 and developer-2 can become cluster-admin',
    'Everything operator-1 can become cluster-admin',
    'Everything operator-1 can become cluster-admin',
  ]);
  const first = section.getByRole('article').first();
  expect(await first.locator('ol > li').count()).toBe(1);
  expect(await first.textContent()).toContain(
    'Allowed by: create kustomizations.kustomize.toolkit.fluxcd.io in namespace shop (edit, by developers; binding developers)',
  );
  expect(await first.textContent()).toContain(
    'Prevented by: --default-service-account limits the step to the service accounts of the namespace',
  );
  expect(await section.getByRole('heading', { name: 'Not modelled' }).count()).toBe(1);
  // The section has no keyboard trap: Tab goes from each reason to the next, and then leaves the section.
  await page.locator('.scroll').focus();
  const stops: string[] = [];
  for (let at = 0; at < 20; at++) {
    await page.keyboard.press('Tab');
    if (await inPage<boolean>(page, "document.activeElement.closest('#becoming') !== null"))
      stops.push(await focused(page));
  }
  expect(stops).toEqual(['Let Flux apply objects', 'Let Flux apply objects', 'Run a pod as a service account']);

  await page.getByLabel('Search').fill('developer-2');
  expect(await headings()).toEqual(['Everything developer-2 can become cluster-admin']);
  await page.getByLabel('Search').fill('viewer-1');
  expect(await headings()).toEqual([]);
  expect(await section.textContent()).toContain(
    'none of the people that match the filter can get rights that they do not hold yet',
  );
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Cluster', { exact: true }).selectOption('edge');
  expect(await headings()).toEqual(['Everything operator-1 can become cluster-admin']);
  await done(here);
});

test('where nobody can become anything, the report says so and what it does not know', async () => {
  const still = smallFleet.replace(/clusterRole: (admin|edit|restart)\n/g, 'clusterRole: view\n');
  writeFileSync(join(folder, 'still.html'), pageOf(still));
  const here = await visit('still.html', { reducedMotion: 'reduce' });
  const section = here.page.getByRole('region', { name: 'Who can become cluster-admin' });
  expect(await section.textContent()).toContain(
    'By the steps that Kaniflux knows, nobody can get rights that they do not hold yet.',
  );
  expect(await section.textContent()).toContain('NetworkPolicies');
  await here.page.evaluate(axe.source);
  const { violations } = await inPage<axe.AxeResults>(here.page, 'axe.run()');
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([]);
  await done(here);
});

test('on a phone nothing but the picture and the table is wider than the screen', async () => {
  const here = await visit('small.html', { viewport: { width: 320, height: 640 }, hasTouch: true });
  expect(await inPage(here.page, 'document.documentElement.scrollWidth')).toBe(320);
  await node(here.page, 'group', 'viewers').tap();
  expect(await heard(here.page)).toBe('2 people hold 1 role through viewers, on 2 clusters.');
  await done(here);
});

test('colours follow the system until somebody chooses', async () => {
  const here = await visit('small.html', { colorScheme: 'dark' });
  const back = () => inPage<string>(here.page, 'getComputedStyle(document.documentElement).backgroundColor');
  const dark = await back();
  await here.page.getByRole('button', { name: 'Colours: system' }).click();
  expect(await back()).not.toBe(dark);
  await here.page.reload();
  expect(await here.page.getByRole('button', { name: 'Colours: light' }).count()).toBe(1);
  await here.page.getByRole('button', { name: 'Colours: light' }).click();
  expect(await back()).toBe(dark);
  await done(here);
});

test('paper shows every row', async () => {
  writeFileSync(join(folder, 'print.html'), pageOf(largeFleet(200)));
  const here = await visit('print.html');
  await here.page.pdf({ path: join(folder, 'print.pdf') });
  await inPage(here.page, "window.dispatchEvent(new Event('beforeprint'))");
  expect(await here.page.locator('#matrix-table tbody tr').count()).toBe(200);
  expect(await here.page.locator('#becoming article').count()).toBe(40);
  await done(here);
});

describe('with 2,000 people', () => {
  let here: Visit;
  beforeAll(async () => {
    writeFileSync(join(folder, 'large.html'), pageOf(largeFleet()));
    here = await visit('large.html');
  });
  afterAll(() => done(here));

  /** Returns the CPU seconds of scripts, style and layout so far. */
  const spent = async () => {
    const session = await here.page.context().newCDPSession(here.page);
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
    return { nodes: value('Nodes'), seconds: value('TaskDuration') };
  };
  const elements = () => inPage<number>(here.page, "document.querySelectorAll('*').length");

  test('as much is drawn as a person can look at, and no more', async () => {
    expect(await elements()).toBeLessThan(4000);
    expect(await here.page.locator('#matrix-table tbody tr').count()).toBe(50);
    expect(await here.page.locator('.node.person').count()).toBe(30);
    await here.page.getByRole('button', { name: /^Show 100 more of 1,950$/ }).click();
    expect(await here.page.locator('#matrix-table tbody tr').count()).toBe(150);
    expect(await inPage(here.page, "document.activeElement.closest('tr').rowIndex")).toBe(51);
  });

  test('further ways to cluster-admin are added on demand, and read on from there', async () => {
    const articles = here.page.locator('#becoming article');
    expect(await articles.count()).toBe(10);
    await here.page.getByRole('button', { name: 'Show 20 more of 30 ways' }).click();
    expect(await articles.count()).toBe(30);
    expect(
      await inPage(here.page, "[...document.querySelectorAll('#becoming h3')].indexOf(document.activeElement)"),
    ).toBe(10);
  });

  test('searching and following cost little', async () => {
    const before = await spent();
    await here.page.getByLabel('Search').fill('user-1234');
    expect(await here.page.locator('#matrix-table tbody tr').count()).toBe(1);
    await here.page.locator('.node.person').click();
    expect(await here.page.locator('.node.lit').count()).toBe(await here.page.locator('.node').count());
    const after = await spent();
    // It takes milliseconds on an idle machine. The limit would be exceeded if the time grew with the square of the
    // number of people.
    expect(after.seconds - before.seconds).toBeLessThan(3);
    expect(await elements()).toBeLessThan(4000);
  });
});
