import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command of the client prints, and its exit code. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The replacement for the client. For `raw`, it gets the content of the file instead of the path. */
export type Client = (words: readonly string[]) => Answer;

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A script that passes a call on through named pipes. It sends each word, followed by NUL. If a word is the path of a
 * file, it sends the content of the file instead.
 */
const stub = (folder: string) => `#!/bin/sh
{
  case "$1 $2" in
    'raw create' | 'raw update') printf '%s\\0' "$1" "$2" "$(cat "$3")" ;;
    *) printf '%s\\0' "$@" ;;
  esac
} >'${folder}/call'
{
  read -r status
  cat
} <'${folder}/answer'
exit "$status"
`;

interface Options {
  readonly args?: readonly string[];
  /** Files in the folder of the script. A file without an extension is a program on the PATH. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What a person types. @default '' */
  readonly input?: string;
}

/** Runs a runbook in a new folder. */
export async function runScript(script: string, client: Client, options: Options = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-runbook-'));
  try {
    execFileSync('mkfifo', ['call', 'answer'], { cwd: folder });
    const bin = join(folder, 'kanidm');
    writeFileSync(bin, stub(folder));
    chmodSync(bin, 0o755);
    writeFileSync(join(folder, 'runbook.sh'), script);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      writeFileSync(join(folder, name), text, { mode: name.includes('.') ? 0o644 : 0o755 });
    }
    let running = true;
    const ended = new Promise<Run>((resolve) => {
      const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, TMPDIR: folder, ...options.env };
      const child = execFile(
        'sh',
        ['runbook.sh', ...(options.args ?? [])],
        { cwd: folder, env },
        (error, stdout, stderr) => {
          running = false;
          resolve({ status: Number(error?.code ?? 0), stdout, stderr });
          // The last reader is waiting for another call.
          writeFile(join(folder, 'call'), 'end\0').catch(() => {});
        },
      );
      child.stdin?.end(options.input);
    });
    for (;;) {
      const words = (await readFile(join(folder, 'call'), 'utf8')).split('\0');
      if (!running) break;
      const answer = client(words.slice(0, -1));
      await writeFile(join(folder, 'answer'), `${answer.status}\n${answer.text}`);
    }
    return await ended;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
