import { byId } from '../../lib/report/client/dom';
import type { Result } from '../result';

/**
 * Evaluates configs in a worker, so that the page stays responsive. Of the configs that arrive during an evaluation,
 * only the newest is evaluated.
 * @param show called with the result of the newest config
 * @param failed called if the worker cannot run
 */
export function evaluator(show: (result: Result) => void, failed: (reason: string) => void): (text: string) => void {
  // The worker is part of the page, so that the page also works as a file without a server.
  const script = new Blob([byId('worker').textContent ?? ''], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(script));
  let isBusy = false;
  let next: string | undefined;
  const ask = (text: string) => {
    next = text;
    if (isBusy) return;
    isBusy = true;
    worker.postMessage(next);
    next = undefined;
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Result>) => {
    isBusy = false;
    if (next === undefined) show(data);
    else ask(next);
  });
  worker.addEventListener('error', ({ message }) => failed(message || 'the browser does not start the worker'));
  return ask;
}
