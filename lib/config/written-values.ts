import type { Path } from '../findings/finding';
import { isMap, listOf } from '../guards';
import { suggest } from './nearest';
import { clientName, dnsLabel, domainName, findingCode, kanidmName, patternWords } from './schema/field-patterns';

/* Shows how to write a value that does not match the schema. */

/** The schema of a value. */
export interface SchemaPart {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Record<string, SchemaPart>;
  readonly [keyword: string]: unknown;
}

export const namePatterns: ReadonlySet<string> = new Set([kanidmName, clientName, dnsLabel]);

/** Returns a value that matches the pattern and is similar to the given one, or `undefined`. */
export function fittingValue(value: string, pattern: string): string | undefined {
  const lowered = value.toLowerCase();
  const isName = namePatterns.has(pattern);
  const similar = isName ? [lowered.split('@')[0] ?? '', lowered.trim().replace(/[\s_]+/g, '-')] : [];
  const address = /^https?:\/\//i.test(value) ? value : `https://${value}`;
  if (pattern === domainName && URL.canParse(address)) similar.push(new URL(address).hostname);
  const matches = new RegExp(pattern, 'u');
  // `KF109` is a code of an earlier version. In lower case, it would match the pattern, but there is no code `kf109`.
  return [...(pattern === findingCode ? [] : [lowered]), ...similar].find((candidate) => matches.test(candidate));
}

/** How to write a number or boolean as a string that the schema accepts. */
export function quotedFix(raw: string, { pattern, enum: choices }: SchemaPart): string {
  if (Array.isArray(choices) && !choices.includes(raw)) return suggest(raw, choices.map(String));
  const words = typeof pattern === 'string' && !new RegExp(pattern, 'u').test(raw) ? patternWords[pattern] : undefined;
  return words === undefined ? `put the value in quotes: "${raw}"` : `write ${words}`;
}

/** Shows how to write a value as a list. `people: jane` is a common mistake. */
export function asList(data: unknown): string | undefined {
  if (typeof data === 'string')
    return `\`[${data
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(inYaml)
      .join(', ')}]\``;
  return isMap(data) ? 'a list, in which each item begins with `- `' : undefined;
}

/** Shows a number or boolean without its quotes. */
export function unquoted(asked: readonly string[], data: unknown): string | undefined {
  const isNumber = asked.includes('integer') && typeof data === 'string' && /^\d+$/.test(data);
  const isBoolean = asked.includes('boolean') && (data === 'true' || data === 'false');
  return isNumber || isBoolean ? `\`${data}\` without quotes` : undefined;
}

/** Shows how to write a map, if the config has a list of entries instead, or only the value of one field of the map. */
export function asMap(data: unknown, schema: SchemaPart, path: Path): string | undefined {
  const { properties, required = [], if: condition } = schema;
  if (properties === undefined) {
    // A list of strings in `clusters` may be meant as a list of files, not of names of clusters.
    const canBeText = listOf(schema.type).includes('string');
    const [first] = path.length === 1 ? listOf(data).filter((one) => isMap(one) || !canBeText) : [];
    const name = isMap(first) ? first.name : first;
    if (!Array.isArray(data) || typeof name !== 'string') return undefined;
    return `a map, with \`${brief(name)}:\` in place of \`- ${isMap(first) ? 'name: ' : ''}${brief(name)}\``;
  }
  const needed = listOf(required).map(String);
  const isItem = /^\d+$/.test(String(path.at(-1)));
  const field =
    needed.length === 1 && !isItem ? needed[0] : needed.length === 0 && properties.file ? 'file' : undefined;
  const pattern = field === undefined ? undefined : properties[field]?.pattern;
  const isFitting = typeof pattern !== 'string' || (typeof data === 'string' && new RegExp(pattern, 'u').test(data));
  if (typeof data === 'string' && field !== undefined && isFitting) return `\`{ ${field}: ${inYaml(data)} }\``;
  if (typeof data === 'string' && needed.length > 1)
    return `a map with ${needed.map((name) => `\`${name}\``).join(' and ')}`;
  const isEmpty = data === null || data === true;
  return isEmpty && needed.length === 0 && condition === undefined ? 'a map, or `{}` for its defaults' : undefined;
}

/** An example that can be copied: a string that YAML would read as another type is quoted. */
export const inYaml = (value: unknown) =>
  typeof value === 'string' && (!/^[\w./][\w./:@ -]*$/.test(value) || Number.isFinite(Number(value)))
    ? JSON.stringify(value)
    : brief(value);

/** A value as in YAML, shortened to 80 characters. */
function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export const show = (value: unknown): string => `\`${brief(value)}\``;
