import { Interrupted } from '../output/output-error';

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` so that Ctrl-C asks it to stop instead of killing it, and ends the process from that same signal
 * afterwards: a shell then sees 130 (or 143), and a script that was interrupted stops too.
 * @param report called with what became of it, before the process ends
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
