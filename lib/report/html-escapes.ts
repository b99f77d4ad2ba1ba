import { printable } from '../config/printable';

/**
 * Escapes text for HTML, in an element or a quoted attribute. Misleading characters become visible escape sequences.
 */
export const html = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * JSON for a script element: nothing in it ends the element or starts a comment, and line separators are escaped for old
 * JavaScript engines. Its texts are shown as they are, so they are printable.
 * @see https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export const scriptJson = (value: unknown): string =>
  inScript(JSON.stringify(value, (_key, field: unknown) => (typeof field === 'string' ? printable(field) : field)));

/** As {@link scriptJson}, with all texts unchanged: for what is edited, and not shown. */
export const scriptJsonUnchanged = (value: unknown): string => inScript(JSON.stringify(value));

const inScript = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
