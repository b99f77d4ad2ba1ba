/*
 * Creates release/ for the given tag: the npm package, the release notes, and SHA256SUMS. Fails if the tag, the version
 * in package.json and the newest version in CHANGELOG.md differ. The release workflow runs this script and publishes
 * the files.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../package.json';
import { releaseNotes } from './release-notes';

const root = join(__dirname, '..');
const folder = join(root, 'release');

function main(tag: string | undefined): void {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag ?? 'missing'}, and package.json has version ${version}`);
  const notes = releaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const sums = readdirSync(folder).map((file) => `${sha256(join(folder, file))}  ${file}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(folder, 'notes.md'), notes);
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

try {
  main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
