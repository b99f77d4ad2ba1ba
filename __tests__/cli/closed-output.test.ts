import { EventEmitter } from 'node:events';
import { endWithOutput, outputOf } from '../../lib/cli/closed-output';

function endingWith(error: Error & { code?: string }) {
  const [output, other] = [new EventEmitter(), new EventEmitter()];
  const codes: number[] = [];
  const reports: string[] = [];
  endWithOutput(
    [other, output],
    (code) => codes.push(code),
    (message) => reports.push(message),
  );
  output.emit('error', error);
  return { codes, reports };
}

test.each(['EPIPE', 'EOF'])('output that nobody reads (%s) ends the program without a word', (code) => {
  expect(endingWith(Object.assign(new Error('write'), { code }))).toEqual({ codes: [141], reports: [] });
});

test('a full disk is an error', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(endingWith(error)).toEqual({
    codes: [2],
    reports: ['kaniflux: cannot write the output: ENOSPC: no space left on device, write\n'],
  });
});

test('the error listener of an output is added once, when the output is used', () => {
  const listeners = () => process.stdout.listenerCount('error');
  const before = listeners();
  expect([outputOf('stdout'), outputOf('stdout')]).toEqual([process.stdout, process.stdout]);
  expect(listeners()).toBe(before + 1);
});
