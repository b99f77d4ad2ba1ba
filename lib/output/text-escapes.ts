import { isClear, printable } from '../config/printable';

/*
 * Names and messages contain untrusted text from configs, tokens and clusters. Each function escapes text for one kind
 * of output.
 */

/** Escapes text for a terminal or a log: the result has no escape sequences, line breaks or bidirectional control characters. */
export const terminal = printable;

/** Escapes text for Markdown on a Git host: the result has no markup, HTML, links or mentions. */
export const markdown = (text: string): string =>
  printable(text)
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&$^=:]/g, (character) =>
      '<>&`'.includes(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    )
    .replace(/\\#(?=\d)/g, '\\#&#8203;')
    .replaceAll('@', '@&#8203;');

/** Returns a Markdown code span with exactly this text. In a table, use {@link codeCell}. */
export function codeSpan(text: string): string {
  const plain = printable(text);
  if (plain.trim() === '') return '(empty)';
  const fence = '`'.repeat(1 + Math.max(0, ...(plain.match(/`+/g) ?? []).map((run) => run.length)));
  // If a code span begins and ends with a space, Markdown removes these two spaces.
  const pad = /^`|`$|^ .* $/.test(plain) ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** Returns a code span for a cell of a table. Only there, a backslash in a code span escapes `|`. */
export const codeCell = (text: string): string => codeSpan(text).replaceAll('|', '\\|');

/** Returns a quoted label for a Mermaid diagram. Characters with a meaning in Mermaid, HTML or Markdown become character codes. */
export const mermaid = (text: string): string =>
  `"${[...printable(text)].map((one) => (/[\p{L}\p{N} .,/@_-]/u.test(one) ? one : `#${one.codePointAt(0)};`)).join('')}"`;

/**
 * Escapes text for the message of a GitHub workflow command. A line break becomes the text `\u000a`, as in
 * {@link terminal}.
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const githubMessage = (text: string): string => printable(text).replaceAll('%', '%25');

/** Escapes text for a property of a GitHub workflow command, such as its file. */
export const githubProperty = (text: string): string =>
  githubMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Returns JSON for a terminal. Characters that are invisible or look like other characters are escaped. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/"(?:[^"\\]|\\.)*"/gu, (text) =>
    isClear(text) ? text : text.replace(/[^\x20-\x7e]/g, unit),
  );

/** Returns the JSON escape of a UTF-16 code unit. */
const unit = (one: string): string => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The maximum length of a pull request comment, in characters. GitHub accepts up to 65,536. */
export const commentLimit = 60_000;
