/** The domain and the origin of Kanidm, as a text has them. */
interface Settings {
  readonly domain: string;
  readonly origin: string;
}

/** A part of a text between braces, or the whole text. */
interface Block {
  /** The texts before the opening braces that surround the block, from the outermost brace to the innermost. */
  readonly headers: readonly string[];
  domain?: string;
  origin?: string;
}

/**
 * Returns the domain and the origin that one part of a text sets. A file can also contain the settings of other
 * programs, and a file of Nix can set a variable `domain` before the settings of Kanidm. So both settings must be in
 * the same braces, which must not be those of another program.
 */
export function kanidmSettings(text: string): Settings | undefined {
  if (!/^\s*origin\s*=/m.test(text)) return undefined;
  const blocks: Block[] = [{ headers: [] }];
  const open = [...blocks];
  let before = '';
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    const [, key, value] = /^\s*(domain|origin)\s*=\s*["']([^"']+)["']/.exec(line) ?? [];
    const block = open.at(-1);
    if (block && key === 'domain') block.domain ??= value;
    if (block && key === 'origin') block.origin ??= value;
    for (const { 0: brace, index } of line.matchAll(/[{}]/g)) {
      if (brace === '}') {
        if (open.length > 1) open.pop();
        continue;
      }
      const start = line.slice(0, index);
      const inner: Block = { headers: [...(open.at(-1)?.headers ?? []), start.trim() === '' ? before : start] };
      blocks.push(inner);
      open.push(inner);
    }
    if (line.trim() !== '') before = line;
  }
  return blocks.flatMap(({ headers, domain, origin }) =>
    domain === undefined || origin === undefined || isOfAnother(headers) ? [] : [{ domain, origin }],
  )[0];
}

/** Whether braces belong to the settings of another program, as in `services.forgejo.settings = {`. */
const isOfAnother = (headers: readonly string[]): boolean =>
  headers.some((header) => /=\s*$/.test(header)) && !headers.some((header) => /kanidm/i.test(header));
