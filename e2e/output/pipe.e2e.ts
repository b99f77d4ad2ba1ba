import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporary, temporary } from '../../__tests__/output/folder';
import { writeDirectly } from '../../lib/cli/closed-output';

afterEach(removeTemporary);

const bytes = Buffer.alloc(200_000, 'x');

test('a full pipe that does not block takes a part of the bytes, and the rest is returned', () => {
  const pipe = join(temporary(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const rest = writeDirectly(descriptor, bytes);
  const taken = readSync(descriptor, Buffer.alloc(bytes.length));
  closeSync(descriptor);
  expect(taken).toBeGreaterThan(0);
  expect(rest).toHaveLength(bytes.length - taken);
  expect(rest.length).toBeGreaterThan(0);
});
