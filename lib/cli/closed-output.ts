import { writeSync } from 'node:fs';
import { errorCode, messageOf } from '../guards';

/** The parts of a stream that are used here. */
interface Output {
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** The exit code that a shell gives to a program that SIGPIPE (13) ended. Node ignores this signal. */
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
  for (const output of outputs) {
    output.on('error', (error) => {
      if (closed.has(errorCode(error) ?? '')) return exit(brokenPipe);
      report(`kaniflux: cannot write the output: ${messageOf(error)}\n`);
      exit(2);
    });
  }
}

const attached = new Set<'stdout' | 'stderr'>();

/**
 * Returns an output of this process, and ends the process when the output cannot be written. Call this only to use the
 * output, since creating a stream takes some milliseconds.
 */
export function outputOf(name: 'stdout' | 'stderr'): NodeJS.WriteStream {
  const output = process[name];
  if (attached.has(name)) return output;
  attached.add(name);
  endWithOutput(
    [output],
    (code) => process.exit(code),
    (message) => {
      try {
        writeSync(2, message);
      } catch {}
    },
  );
  return output;
}
