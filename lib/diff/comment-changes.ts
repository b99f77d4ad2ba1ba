import { parseAllDocuments } from 'yaml';
import { nestsTooDeep, plainValue } from '../config/yaml-nesting';
import type { FileChange } from './file-changes';

/** Whether two versions of an output file differ only in comments and formatting, so that they have the same effect. */
export function isCommentChange({ path, before, after }: FileChange): boolean {
  if (before === undefined || after === undefined) return false;
  const effect = effects.find(([ending]) => ending.test(path))?.[1];
  if (!effect) return false;
  const [was, is] = [effect(before), effect(after)];
  return was !== undefined && was === is;
}

/** Returns a text without comments and in a uniform format; `undefined` if it cannot be read. */
type Effect = (text: string) => string | undefined;

const effects: readonly (readonly [RegExp, Effect])[] = [
  [/\.ya?ml$/, ofYaml],
  [/\.sh$/, ofShell],
];

function ofYaml(text: string): string | undefined {
  if (nestsTooDeep(text)) return undefined;
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return JSON.stringify(documents.map(plainValue));
  } catch {
    return undefined;
  }
}

/**
 * Leaves out comment lines. A line inside a here-document, or after a line that ends in a backslash, is not a comment,
 * and neither is the first line, which names the shell.
 */
function ofShell(text: string): string {
  let end: string | undefined;
  let isContinued = false;
  return text
    .split('\n')
    .filter((line, i) => {
      const isComment = i > 0 && end === undefined && !isContinued && /^\s*#/.test(line);
      if (end === line) end = undefined;
      else if (!isComment) end ??= /<<-?\s*['"]?([^'"<>|;&]+?)['"]?\s*$/.exec(line)?.[1];
      isContinued = !isComment && line.endsWith('\\');
      return !isComment;
    })
    .join('\n');
}
