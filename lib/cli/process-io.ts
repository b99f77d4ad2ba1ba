import { type Io, UserError } from './command';

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('close', () => reject(new UserError('no answer: nothing was written')));
      lines.question(question).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}

/** What a command reads and writes when it is run as a program. */
export function processIo(): Io {
  const isTTY = process.stderr.isTTY === true;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stdin: readStandardInput,
    ...(isTTY && process.stdin.isTTY ? { ask } : {}),
    cwd: process.cwd(),
    env: process.env,
    // https://no-color.org: any value that isn't empty turns colours off.
    color: isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    isTTY,
  };
}
