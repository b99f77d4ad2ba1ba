import { apiEntries, type Doc, type Entry, type Member } from './api-types';

/**
 * Returns `docs/api.md`: what the library exports, from its types and their docstrings.
 * @throws Error that lists what has no docstring
 */
export function apiReference(): string {
  const { entries, problems } = apiEntries();
  if (problems.length > 0) throw new Error(`the library is not documented:\n${problems.join('\n')}`);
  const groups = Object.entries({
    Classes: entries.filter(({ kind, isExported }) => kind === 'class' && isExported),
    Functions: entries.filter(({ kind }) => kind === 'function'),
    Types: entries.filter(({ kind, isExported }) => kind === 'type' && isExported),
    'Types that are not exported': entries.filter(({ isExported }) => !isExported),
  });
  const anchors = anchorsOf(groups);
  const link = (name: string) => `[${name}](#${anchors.get(name)})`;
  const lines = [
    '# The API of the library',
    '',
    'Made from the types and their docstrings by `npm run generate`. [library.md](library.md) has an example of each construct. Types that are not exported are listed if an exported type refers to them. [config.md](config.md) describes the types of a config.',
    '',
    ...groups.map(([title, members]) => `- ${title}: ${members.map(({ name }) => link(name)).join(', ')}`),
    '',
    ...groups.flatMap(([title, members]) => [`## ${title}`, '', ...members.flatMap(section)]),
  ];
  return lines.join('\n').replaceAll(/\{@link (\w+)\}/g, (_, name) => (anchors.has(name) ? link(name) : `\`${name}\``));
}

/** Returns the anchors that GitHub gives the headings: in lower case, and numbered if several are equal. */
function anchorsOf(groups: readonly (readonly [string, readonly Entry[]])[]): Map<string, string> {
  const anchors = new Map<string, string>();
  const used = new Map<string, number>();
  for (const name of groups.flatMap(([title, members]) => [title, ...members.map((member) => member.name)])) {
    const anchor = name.toLowerCase().replaceAll(' ', '-');
    const count = used.get(anchor) ?? 0;
    used.set(anchor, count + 1);
    if (!anchors.has(name)) anchors.set(name, count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}

function section({ name, doc, code, members }: Entry): string[] {
  return [
    `### ${name}`,
    '',
    doc.text,
    '',
    ...(code === undefined ? [] : ['```ts', code, '```', '']),
    ...doc.params.map((text) => `- ${text.replace(/^(\w+)/, '`$1`:')}`),
    ...doc.throws.map((text) => `- Throws ${text}`),
    ...doc.see.map((text) => `- See <${text}>`),
    ...(doc.params.length + doc.throws.length + doc.see.length > 0 ? [''] : []),
    ...(members.length === 0
      ? []
      : ['| member | type | description |', '| --- | --- | --- |', ...members.map(row), '']),
  ];
}

const row = ({ name, type, isOptional, doc }: Member): string =>
  `| ${isOptional ? `\`${name}\`` : `**\`${name}\`**`} | ${inCell(`\`${type}\``)} | ${inCell(described(doc))} |`;

const described = ({ text, byDefault, params, throws }: Doc): string =>
  [
    text,
    ...params.map((param) => `${param.replace(/^(\w+)/, '`$1`:')}.`),
    ...throws.map((thrown) => `Throws ${thrown}.`),
    ...(byDefault === undefined ? [] : [`Default: ${byDefault.replace(/^- /, '')}.`]),
  ]
    .filter((part) => part !== '')
    .join(' ');

const inCell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
