import type { KanidmEntry } from './facts';

/**
 * Entries as the client of Kanidm prints them without JSON: `attribute: value` lines after a `---`. Its 1.11.1 prints
 * `service-account list` so even where `-o json` asks for more. `undefined` for any other text.
 */
export function fromClientText(source: string, text: string): KanidmEntry[] | undefined {
  if (!/^---\r?\n/.test(text) || !/^class: /m.test(text) || !/^uuid: /m.test(text)) return undefined;
  const entries = text.split(/^---\r?\n/m).map((part) => {
    const attributes: Record<string, string[]> = {};
    for (const [, name = '', value = ''] of part.matchAll(/^([a-z][a-z0-9_]*): (.*?)\r?$/gm)) {
      attributes[name] = [...(attributes[name] ?? []), value];
    }
    return { source, attributes };
  });
  return entries.filter(({ attributes }) => attributes.uuid && attributes.class);
}
