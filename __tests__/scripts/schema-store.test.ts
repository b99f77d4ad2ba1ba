import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { load } from 'js-yaml';
import picomatch from 'picomatch';
import { publishedSchema } from '../../scripts/config-reference';
import { catalogEntry, schemaId } from '../../scripts/schema-store';
import { homeLabText } from '../config';

const root = join(__dirname, '..', '..');

/** The requirements of SchemaStore for an entry of its catalog (https://json.schemastore.org/schema-catalog.json). */
const entryShape = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'description', 'url'],
  properties: {
    name: { type: 'string', minLength: 1 },
    description: { type: 'string', minLength: 1 },
    fileMatch: { type: 'array', uniqueItems: true, items: { type: 'string' } },
    url: { type: 'string', pattern: '^https://' },
    versions: { type: 'object', additionalProperties: { type: 'string', pattern: '^https://' } },
  },
};

test('the entry for SchemaStore has the form of its catalog', () => {
  const validate = new Ajv().compile(entryShape);
  expect({ ok: validate(catalogEntry), errors: validate.errors }).toEqual({ ok: true, errors: null });
  expect(validate({ ...catalogEntry, url: 'http://example.com/schema.json' })).toBe(false);
});

test('the schema has the address at which the tag of this version has it', () => {
  const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, slug = ''] = /^git\+https:\/\/github\.com\/(.+)\.git$/.exec(repository.url) ?? [];
  expect(slug).not.toBe('');
  expect(schemaId).toBe(`https://raw.githubusercontent.com/${slug}/v${version}/schema/kaniflux.schema.json`);
  const committed = JSON.parse(readFileSync(join(root, 'schema', 'kaniflux.schema.json'), 'utf8'));
  expect(committed.$id).toBe(schemaId);
  expect(catalogEntry.url).toBe(committed.$id);
});

test.each([
  ['kaniflux.yaml', true],
  ['kaniflux.yml', true],
  ['clusters/kaniflux.yaml', true],
  ['my-kaniflux.yaml', false],
  ['dist/.kaniflux.json', false],
])('the name %s is recognised: %s', (file, expected) => {
  expect(picomatch(catalogEntry.fileMatch, { basename: true })(file)).toBe(expected);
});

test('a config without a first line is checked by the schema alone', () => {
  const validate = new Ajv({ strict: false }).compile(publishedSchema());
  const text = homeLabText.replace(/^# yaml-language-server.*\n/, '');
  expect(text).not.toContain('yaml-language-server');
  expect({ ok: validate(load(text)), errors: validate.errors }).toEqual({ ok: true, errors: null });
  expect(validate(load(text.replace('domain:', 'domian:')))).toBe(false);
});
