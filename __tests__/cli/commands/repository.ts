import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLabText } from '../../config';
import { type Ran, run } from '../../run';

export interface Repository {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs a command line in the repository. */
  ask(argv: readonly string[], stdin?: string): Promise<Ran>;
}

/** Creates a git repository with the home lab's config in its first commit, for the tests of one file. */
export function homeLabRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-command-'));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  write('kaniflux.yaml', homeLabText);
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');
  afterAll(() => rmSync(folder, { recursive: true }));
  return { folder, write, ask: (argv, stdin = '') => run(argv, { cwd: folder, stdin: async () => stdin }) };
}
