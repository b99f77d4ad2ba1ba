import { join } from 'node:path';
import type { Io } from '../lib/cli/command';
import { main } from '../lib/cli/main';
import { version } from '../package.json';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process as the program does, by default in a folder with the home lab's config. */
export async function run(argv: readonly string[], io: Partial<Io> = {}): Promise<Ran> {
  const out = { stdout: '', stderr: '' };
  const code = await main(argv, version, {
    stdout: (text) => {
      out.stdout += text;
    },
    stderr: (text) => {
      out.stderr += text;
    },
    stdin: async () => '',
    cwd: join(__dirname, 'fixtures', 'home-lab'),
    env: {},
    color: false,
    isTTY: false,
    ...io,
  });
  return { code, ...out };
}
