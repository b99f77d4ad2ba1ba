import { isClear, printable } from '../config/printable';

/*
 * Names and messages hold what somebody wrote into a config or a token. One function for each kind of output makes
 * text of them, whatever is in them.
 */

/** For a terminal or a log: no escape sequence, no line break, nothing that turns the direction of writing. */
export const terminal = printable;

/** For Markdown on a Git host: no markup, no HTML, no link, and nobody is mentioned. */
export const markdown = (text: string): string =>
  printable(text)
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&$^=:]/g, (character) =>
      '<>&`'.includes(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    )
    .replace(/\\#(?=\d)/g, '\\#&#8203;')
    .replaceAll('@', '@&#8203;');

/** A Markdown code span that holds exactly this text; also fit for the cell of a table. */
export function codeSpan(text: string): string {
  const plain = printable(text).replaceAll('|', '\\|');
  if (plain.trim() === '') return '(empty)';
  const fence = '`'.repeat(1 + Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length)));
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** A quoted label of a Mermaid diagram: what could be syntax, HTML or Markdown becomes a character code. */
export const mermaid = (text: string): string =>
  `"${[...printable(text)].map((one) => (/[\p{L}\p{N} .,/@_-]/u.test(one) ? one : `#${one.codePointAt(0)};`)).join('')}"`;

/**
 * The message of a GitHub workflow command.
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const githubMessage = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A property of a GitHub workflow command, such as its file. */
export const githubProperty = (text: string): string =>
  githubMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** JSON that a terminal can show: what is not seen, or seems to be something else, as escapes of JSON. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/"(?:[^"\\]|\\.)*"/gu, (text) =>
    isClear(text) ? text : text.replace(/[^\x20-\x7e]/g, unit),
  );

/** A unit of UTF-16, as JSON spells it. */
const unit = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Characters of a comment: GitHub takes up to 65,536. */
export const commentLimit = 60_000;
