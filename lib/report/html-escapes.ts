import { printable } from '../config/printable';

/**
 * Escapes text for HTML, in an element or a quoted attribute. Misleading characters become visible escape sequences.
 */
export const html = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Returns JSON for a script element. Nothing in it ends the element or starts a comment, and line separators are
 * escaped for old JavaScript engines. Misleading characters in texts become visible, because the page shows the texts.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export const scriptJson = (value: unknown): string =>
  inScript(JSON.stringify(value, (_key, field: unknown) => (typeof field === 'string' ? printable(field) : field)));

/** The same as {@link scriptJson}, but with all texts unchanged: for texts that are edited instead of shown. */
export const scriptJsonUnchanged = (value: unknown): string => inScript(JSON.stringify(value));

const inScript = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
