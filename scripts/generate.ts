/*
 * Writes the files that are generated from the code, such as the JSON Schema and the reference pages. With `--check` it
 * writes nothing, names the files that are out of date, and exits with 1 if there are any.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apiReference } from './api-reference';
import { becomingPage } from './becoming-page';
import { commandReference } from './command-reference';
import { completionFiles } from './completion/completion-files';
import { configReference, publishedSchema } from './config-reference';
import { explainPages } from './explain-pages';
import { findingPages } from './finding-pages';
import { actionText } from './github-action';
import { manPage } from './man-page';
import { catalogEntry } from './schema-store';

const root = join(__dirname, '..');
const generated: Record<string, () => string | Promise<string>> = {
  'schema/kaniflux.schema.json': () => `${JSON.stringify(publishedSchema(), null, 2)}\n`,
  'schema/schemastore-entry.json': () => `${JSON.stringify(catalogEntry, null, 2)}\n`,
  'action.yml': actionText,
  'docs/becoming.md': becomingPage,
  'docs/commands.md': commandReference,
  'docs/kaniflux.1': manPage,
  ...completionFiles,
  'docs/config.md': configReference,
  'docs/api.md': apiReference,
  ...findingPages,
  ...explainPages,
};

const check = process.argv.includes('--check');
async function main(): Promise<void> {
  for (const [path, make] of Object.entries(generated)) {
    const file = join(root, path);
    const text = await make();
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (check) {
      console.error(`${path} is out of date: run \`npm run generate\` and commit it`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`wrote ${path}`);
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
