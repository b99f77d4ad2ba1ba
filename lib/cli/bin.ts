import { version } from '../../package.json';
import { main } from './main';

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const isTTY = process.stderr.isTTY === true;

main(process.argv.slice(2), version, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  stdin: readStandardInput,
  cwd: process.cwd(),
  env: process.env,
  // https://no-color.org: any value that isn't empty turns colours off.
  color: isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  isTTY,
}).then((code) => {
  process.exitCode = code;
});
