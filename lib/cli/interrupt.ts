import { Interrupted } from '../output/output-error';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with an AbortSignal that Ctrl-C aborts. After an interruption, the process ends itself by the same
 * signal, so that its exit code is 130 (or 143) and a calling shell script stops too.
 * @param report called with the message of the interruption before the process ends
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  report: (message: string) => void,
): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const listener = (signal: NodeJS.Signals) => {
    received = signal;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, listener);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (error instanceof Interrupted) report(error.message);
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, listener);
    if (received) process.kill(process.pid, received);
  }
}
