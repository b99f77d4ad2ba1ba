import { entryOf, type ReadEntry } from './kanidm-entries';

/** Matches an attribute, and the lines below that are no attributes: a description can have several lines. */
const line = /^([a-z][a-z0-9_]*): (.*?)\r?$((?:\n(?![a-z][a-z0-9_]*: ).*$)*)/gm;

/**
 * Returns the entries in the plain-text output of the kanidm client: `attribute: value` lines after a `---`. Version
 * 1.11.1 prints `service-account list` in this form even with `-o json`. Returns `undefined` for any other text.
 */
export function fromClientText(source: string, text: string): ReadEntry[] | undefined {
  if (!/^---\r?\n/.test(text) || !/^class: /m.test(text) || !/^uuid: /m.test(text)) return undefined;
  return text.split(/^---\r?\n/m).flatMap((part) => {
    const attributes = new Map<string, string[]>();
    for (const [, name = '', value = '', more = ''] of part.matchAll(line)) {
      attributes.set(name, [
        ...(attributes.get(name) ?? []),
        name === 'description' ? `${value}${more.replaceAll('\r', '')}`.trimEnd() : value,
      ]);
    }
    return attributes.has('uuid') && attributes.has('class') ? [entryOf(source, Object.fromEntries(attributes))] : [];
  });
}
