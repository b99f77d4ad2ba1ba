import { command } from './shell';

/*
 * The attributes that an entry should have, as lines of the runbook. Each line holds an attribute, as `kanidm … get`
 * prints it, and the command that sets it. The functions that these lines call are in runbook-attributes.ts.
 * https://github.com/kanidm/kanidm/blob/v1.11.1/tools/cli/src/opt/kanidm.rs
 */

/** Returns a command of the `kanidm` client, with `--` before the values if one of them looks like an option. */
export const kanidm = (words: readonly string[], ...values: readonly string[]): string[] => [
  'kanidm',
  ...words,
  ...(values.some((value) => value.startsWith('-')) ? ['--'] : []),
  ...values,
];

export const want = (line: string, words: readonly string[]) => command('want', line, ...words);
export const lack = (line: string, words: readonly string[]) => command('lack', line, ...words);
export const exactly = (attribute: string, values: readonly string[], words: readonly string[]) =>
  command('exactly', attribute, String(values.length), ...values, ...words);
export const only = (attribute: string, keys: readonly string[], words: readonly string[]) =>
  command('only', attribute, String(keys.length), ...keys, ...words);
export const leave = (attributes: readonly (string | false)[]): string[] => {
  const named = attributes.filter((attribute) => attribute !== false);
  return named.length === 0 ? [] : [command('leave', ...named)];
};

/**
 * Returns the line for an attribute for which the `kanidm` client has no command of its own. From Kanidm 1.8 on,
 * `kanidm raw update` can write the attribute.
 */
export function written(attribute: string, value: string | null | undefined): string[] {
  if (value === undefined) return [];
  const json = JSON.stringify({ [attribute]: value });
  return [
    value === null ? command('cleared', attribute, 'write', json) : want(`${attribute}: ${value}`, ['write', json]),
  ];
}
