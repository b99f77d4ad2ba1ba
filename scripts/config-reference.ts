import { ClusterFileSchema, ConfigSchema } from '../lib/config/schema/config-schema';
import { schemaId } from './schema-store';

interface Part {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Part | boolean;
  readonly 'x-kanidm'?: string;
  readonly 'x-since'?: string;
}

export const publishedSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: schemaId,
  title: 'kaniflux.yaml',
  ...JSON.parse(JSON.stringify(ConfigSchema)),
});

/** Returns `docs/config.md`: all fields of the config, with a section for each object. */
export function configReference(): string {
  const sections: string[] = [];
  section('', ConfigSchema, sections);
  const files = ['## A cluster in a file of its own', ''];
  files.push(
    'If `clusters` is a glob, each file that matches contains the fields of `clusters.<name>`, and this field:',
    '',
  );
  files.push(...table({ properties: { name: ClusterFileSchema.properties.name }, required: ['name'] }));
  return `${[
    '# The fields of kaniflux.yaml',
    '',
    'Made from the schema by `npm run generate`. An editor can complete and check the fields as you type: see [editors.md](editors.md).',
    'A field in **bold** is required. `<name>` stands for a key of your choice.',
    '',
    ...sections,
    ...files,
  ].join('\n')}\n`;
}

function section(path: string, part: Part, sections: string[]): void {
  sections.push(
    `## ${path === '' ? 'The file' : `\`${path}\``}`,
    '',
    ...(part.description ? [part.description, ''] : []),
  );
  if (part['x-since']) sections.push(`From ${part['x-since']}.`, '');
  sections.push(...table(part), '');
  for (const [key, field] of Object.entries(part.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    const inner = nested(field);
    if (inner) section(`${at}${inner.suffix}`, inner.part, sections);
  }
}

/** Returns the object inside a field: the field itself, the values of a map, or the items of a list. */
function nested(field: Part): { part: Part; suffix: string } | undefined {
  if (field.properties) return { part: field, suffix: '' };
  if (typeof field.additionalProperties === 'object') {
    const inner = nested(field.additionalProperties);
    return inner && { part: inner.part, suffix: `.<name>${inner.suffix}` };
  }
  if (field.items?.properties) return { part: field.items, suffix: '[]' };
  return undefined;
}

function table({ properties = {}, required = [] }: Part): string[] {
  return [
    '| field | type | default | what |',
    '| --- | --- | --- | --- |',
    ...Object.entries(properties).map(([key, field]) => {
      const name = required.includes(key) ? `**\`${key}\`**` : `\`${key}\``;
      const standard = isNothing(field.default) ? '' : `\`${JSON.stringify(field.default)}\``;
      return `| ${[name, typeOf(field), standard, about(field)].map(cell).join(' | ')} |`;
    }),
  ];
}

/** Whether a field has no default, or the empty default of a section or list. */
const isNothing = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const words: Readonly<Record<string, string>> = {
  object: 'map',
  array: 'list',
  string: 'text',
  integer: 'number',
  boolean: 'true or false',
};

function typeOf(field: Part): string {
  if (field.enum) return field.enum.map((choice) => `\`${choice}\``).join(' or ');
  return ([] as string[])
    .concat(field.type ?? [])
    .map((type) => words[type] ?? type)
    .join(' or ');
}

function about(field: Part): string {
  const facts = [
    field['x-kanidm'] ? `Kanidm: \`${field['x-kanidm']}\`.` : '',
    field['x-since'] ? `From ${field['x-since']}.` : '',
    field.examples?.length ? `Example: \`${JSON.stringify(field.examples[0])}\`.` : '',
  ];
  return [field.description ?? '', ...facts].filter(Boolean).join(' ');
}
