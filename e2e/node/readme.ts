/** Returns the blocks of shell commands below a heading of a README or page, in order. */
export function commandsBelow(readme: string, heading: string): string[] {
  const start = readme.indexOf(`\n## ${heading}\n`);
  if (start < 0) throw new Error(`the text has no heading "${heading}"`);
  const rest = readme.slice(start + 1);
  const end = rest.indexOf('\n## ', 1);
  const text = end < 0 ? rest : rest.slice(0, end);
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent, block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Returns a README with a block of commands instead of a line that only says what to do. */
export function withBlock(readme: string, line: RegExp, block: string): string {
  const text = readme.replace(new RegExp(`^( *)(?:${line.source})$`, 'm'), (_line, indent) =>
    ['```sh', ...block.split('\n'), '```'].map((one) => `${indent}${one}`).join('\n'),
  );
  if (text === readme) throw new Error(`the text has no line ${line}`);
  return text;
}
