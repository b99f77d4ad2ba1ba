import { entryOf, type ReadEntry } from './kanidm-entries';

/**
 * Entries as the client of Kanidm prints them without JSON: `attribute: value` lines after a `---`. Its 1.11.1 prints
 * `service-account list` so even where `-o json` asks for more. `undefined` for any other text.
 */
export function fromClientText(source: string, text: string): ReadEntry[] | undefined {
  if (!/^---\r?\n/.test(text) || !/^class: /m.test(text) || !/^uuid: /m.test(text)) return undefined;
  return text.split(/^---\r?\n/m).flatMap((part) => {
    const attributes = new Map<string, string[]>();
    for (const [, name = '', value = ''] of part.matchAll(/^([a-z][a-z0-9_]*): (.*?)\r?$/gm)) {
      attributes.set(name, [...(attributes.get(name) ?? []), value]);
    }
    return attributes.has('uuid') && attributes.has('class') ? [entryOf(source, Object.fromEntries(attributes))] : [];
  });
}
