import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from '../../config';
import { type Ran, run } from '../../run';

export interface Folder {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs a command line in the folder. */
  ask(argv: readonly string[], stdin?: string): Promise<Ran>;
}

/** Creates a folder with the home lab's config, for the tests of one file. */
export function homeLabFolder(): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-command-'));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write('kaniflux.yaml', homeLabText);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { folder, write, ask: (argv, stdin = '') => run(argv, { cwd: folder, stdin: async () => stdin }) };
}
