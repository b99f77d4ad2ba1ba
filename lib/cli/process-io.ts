import type { Io } from './command';

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** What a command reads and writes when it is run as a program. */
export function processIo(): Io {
  const isTTY = process.stderr.isTTY === true;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stdin: readStandardInput,
    cwd: process.cwd(),
    env: process.env,
    // https://no-color.org: any value that isn't empty turns colours off.
    color: isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
    isTTY,
  };
}
