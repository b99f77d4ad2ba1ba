import { EventEmitter } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithOutput, outputOf, writeDirectly } from '../../lib/cli/closed-output';
import { removeTemporary, temporary } from '../output/folder';

afterEach(removeTemporary);

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

const bytes = Buffer.alloc(200_000, 'x');

test('a file takes all bytes', () => {
  const file = join(temporary(), 'output');
  const descriptor = openSync(file, 'w');
  expect(writeDirectly(descriptor, bytes)).toHaveLength(0);
  closeSync(descriptor);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('another error is thrown', () => {
  const descriptor = openSync(join(temporary(), 'output'), 'w');
  closeSync(descriptor);
  expect(() => writeDirectly(descriptor, bytes)).toThrow('EBADF');
});
