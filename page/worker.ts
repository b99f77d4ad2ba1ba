import { evaluate } from './evaluate';
import type { Result } from './result';

/** The part of a worker's global scope that is used here. */
declare const self: {
  onmessage: ((event: { readonly data: string }) => void) | undefined;
  postMessage(result: Result): void;
};

self.onmessage = ({ data }) => self.postMessage(evaluate(data));
