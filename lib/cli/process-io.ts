import type { Interface } from 'node:readline';
import { isTerminal, outputOf, writeTo } from './closed-output';
import { type Io, UserError } from './command';

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/**
 * Returns a function that asks questions on the terminal. All questions share one reader, so that lines that were typed
 * or pasted ahead are the answers to the next questions.
 */
function asker(): (question: string) => Promise<string> {
  const ahead: string[] = [];
  let lines: Interface | undefined;
  let answered: ((line: string) => void) | undefined;
  let cancelled: ((why: UserError) => void) | undefined;
  const open = async () => {
    const { createInterface } = await import('node:readline');
    const made = createInterface({ input: process.stdin, output: outputOf('stderr') });
    made.on('line', (line) => {
      const answer = answered;
      answered = undefined;
      if (answer) answer(line);
      else ahead.push(line);
    });
    made.on('close', () => {
      lines = undefined;
      cancelled?.(new UserError('no answer: nothing was written'));
    });
    return made;
  };
  return async (question) => {
    lines ??= await open();
    const line = ahead.shift();
    if (line !== undefined) {
      outputOf('stderr').write(`${question}${line}\n`);
      return line;
    }
    lines.setPrompt(question);
    lines.prompt();
    try {
      return await new Promise<string>((resolve, reject) => {
        [answered, cancelled] = [resolve, reject];
      });
    } finally {
      [answered, cancelled] = [undefined, undefined];
      // A reader that waits would keep the program from ending.
      lines?.pause();
    }
  };
}

/** @throws UserError if the current folder was removed, or if Node.js can't represent its path */
function currentFolder(): string {
  let folder: string;
  try {
    folder = process.cwd();
  } catch {
    throw new UserError('the current folder no longer exists');
  }
  if (folder.includes('\ufffd')) throw new UserError(`the path of the current folder, ${folder}, is not UTF-8`);
  return folder;
}

/**
 * What a command reads and writes when it is run as a program. The getters do not create a stream before the stream is
 * used.
 */
export function processIo(): Io {
  const isTTY = () => isTerminal('stderr');
  // A terminal of the type `dumb` prints escape sequences as they are.
  const rewrites = () => isTTY() && process.env.TERM !== 'dumb';
  const ask = asker();
  return {
    stdout: (text) => writeTo('stdout', text),
    stderr: (text) => writeTo('stderr', text),
    stdin: async () => (await readStandardInput()).toString('utf8'),
    stdinBytes: readStandardInput,
    get ask() {
      return isTTY() && process.stdin.isTTY ? ask : undefined;
    },
    get cwd() {
      return currentFolder();
    },
    env: process.env,
    get color() {
      // https://no-color.org: any value that isn't empty turns colours off.
      return rewrites() && !process.env.NO_COLOR;
    },
    get isTTY() {
      return rewrites();
    },
  };
}
