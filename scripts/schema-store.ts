import { repository, version } from '../package.json';

/** Returns the address of a file in the tag of this version. `npm run release` refuses a tag of another version. */
const taggedFile = (path: string): string =>
  `${repository.url
    .replace(/^git\+/, '')
    .replace(/\.git$/, '')
    .replace('https://github.com/', 'https://raw.githubusercontent.com/')}/v${version}/${path}`;

/** The address of the JSON Schema of this version, which is also its `$id`. */
export const schemaId = taggedFile('schema/kaniflux.schema.json');

/**
 * The entry for the catalog of SchemaStore, from which editors choose the schema of a file by its name.
 * @see https://www.schemastore.org/api/json/catalog.json
 */
export const catalogEntry = {
  name: 'Kaniflux',
  description: 'Configuration of Kaniflux: sign-in to Kubernetes clusters with Kanidm',
  fileMatch: ['kaniflux.yaml', 'kaniflux.yml'],
  url: schemaId,
};
