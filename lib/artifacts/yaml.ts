import { stringify } from 'yaml';

/** YAML of a plain JSON value. Keys keep their order; a string that any YAML reader could take for something else is quoted. */
export const toYaml = (value: unknown): string =>
  stringify(value, {
    version: '1.1',
    schema: 'yaml-1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    defaultStringType: 'PLAIN',
  });

/** Several documents in one text, each begun by `---`. */
export const documents = (values: readonly unknown[]): string =>
  values.map((value) => `---\n${toYaml(value)}`).join('');
