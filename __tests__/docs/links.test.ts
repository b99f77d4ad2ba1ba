import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(__dirname, '..', '..');
const files = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).flatMap((file) =>
    file.endsWith('.md') ? [join(folder, file)] : [],
  );
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...files('docs'), ...files('imports'), 'e2e/README.md'];

/** Returns the text without code, where brackets are not links. */
const prose = (text: string): string =>
  text
    .replaceAll(/^( *)(```+)[\s\S]*?^\1\2/gm, '')
    .replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, (code) => code.replaceAll(/[[\]]/g, ''));

interface Link {
  readonly page: string;
  readonly target: string;
}

const linksOf = (page: string, text: string): Link[] =>
  [...prose(text).matchAll(/\]\(<?([^)>\s]+)>?\)/g)].map(([, target = '']) => ({ page, target }));

/** Returns the anchors that GitHub gives the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const used = new Map<string, number>();
  const headings = text.replaceAll(/^( *)(```+)[\s\S]*?^\1\2/gm, '').matchAll(/^#+ +(.+?) *$/gm);
  return new Set(
    [...headings].map(([, heading = '']) => {
      const anchor = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
        .replaceAll(' ', '-');
      const count = used.get(anchor) ?? 0;
      used.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

/** Returns what is wrong with a link; `undefined` if its target exists, or is another site. */
function fault({ page, target }: Link): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return `${page}: ${target} does not exist`;
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  const isThere = anchorsOf(readFileSync(join(root, file), 'utf8')).has(decodeURIComponent(anchor));
  return isThere ? undefined : `${page}: ${target} has no such heading`;
}

const links = pages.flatMap((page) => linksOf(page, readFileSync(join(root, page), 'utf8')));

test('every link of the documentation leads to a file and a heading that exist', () => {
  expect(links.length).toBeGreaterThan(300);
  expect(links.flatMap((link) => fault(link) ?? [])).toEqual([]);
});

test.each([
  ['docs/start.md', 'nowhere.md', 'docs/start.md: nowhere.md does not exist'],
  ['README.md', 'docs/output.md#no-such', 'README.md: docs/output.md#no-such has no such heading'],
  ['README.md', 'docs/output.md#which-files-flux-applies', undefined],
  ['docs/output.md', '#which-files-flux-applies', undefined],
  ['README.md', 'https://example.com/nothing', undefined],
])('in %s, the link %s: %s', (page, target, expected) => {
  expect(fault({ page, target })).toBe(expected);
});

test('a link in code is none', () => {
  expect(linksOf('a.md', '`[a](b.md)` and [c](d.md)\n```\n[e](f.md)\n```\n')).toEqual([
    { page: 'a.md', target: 'd.md' },
  ]);
});

test('docs/README.md leads to every page', () => {
  const targets = links.filter(({ page }) => page === 'docs/README.md').map(({ target }) => target);
  const own = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(own.filter((page) => !targets.includes(page))).toEqual([]);
});

test('the README is short', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length).toBeLessThan(90);
});
