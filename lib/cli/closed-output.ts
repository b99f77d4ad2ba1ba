import { fstatSync, writeSync } from 'node:fs';
import { errorCode, messageOf } from '../guards';

/** The parts of a stream that are used here. */
interface Output {
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** The exit code that a shell reports for a program that SIGPIPE (13) ended. Node ignores this signal. */
const brokenPipe = 128 + 13;

/** The error codes with which writing to a closed pipe fails; `EOF` on Windows. */
const closed = new Set(['EPIPE', 'EOF']);

/**
 * Ends the program when its output cannot be written: silently if nobody reads the output any more, as in `kaniflux
 * who-can … | head`, and with a message and exit code 2 otherwise, for example if the disk is full.
 */
export function endWithOutput(
  outputs: readonly Output[],
  exit: (code: number) => void,
  report: (message: string) => void,
): void {
  for (const output of outputs) output.on('error', (error) => endWith(error, exit, report));
}

function endWith(error: unknown, exit: (code: number) => void, report: (message: string) => void): void {
  const isClosed = closed.has(errorCode(error) ?? '');
  if (!isClosed) report(`kaniflux: cannot write the output: ${messageOf(error)}\n`);
  exit(isClosed ? brokenPipe : 2);
}

type Name = 'stdout' | 'stderr';

const attached = new Set<Name>();
const descriptors: Readonly<Record<Name, number>> = { stdout: 1, stderr: 2 };

const exit = (code: number) => process.exit(code);

const report = (message: string) => {
  try {
    writeSync(2, message);
  } catch {}
};

/** Returns an output of this process as a stream, and ends the process when the output cannot be written. */
export function outputOf(name: Name): NodeJS.WriteStream {
  const output = process[name];
  if (attached.has(name)) return output;
  attached.add(name);
  endWithOutput([output], exit, report);
  return output;
}

/** Whether an output of this process is a terminal. */
export const isTerminal = (name: Name): boolean => !isFileOrPipe(name) && outputOf(name).isTTY === true;

/**
 * Writes to an output of this process. A file or a pipe is written without a stream, since creating a stream takes
 * three milliseconds.
 */
export function writeTo(name: Name, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  if (!attached.has(name) && isFileOrPipe(name)) {
    try {
      rest = writeDirectly(descriptors[name], rest);
    } catch (error) {
      endWith(error, exit, report);
    }
  }
  // If a non-blocking pipe is full, the stream waits until the reader of the pipe has read.
  if (rest.length > 0) outputOf(name).write(rest);
}

/** Writes to a file or a pipe, and returns the bytes that a full pipe does not take. */
export function writeDirectly(descriptor: number, bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
  }
  return rest;
}

/** Whether an output is a file or a pipe that can be written without a stream. Always false on Windows. */
function isFileOrPipe(name: Name): boolean {
  if (process.platform === 'win32') return false;
  try {
    const stat = fstatSync(descriptors[name]);
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
