import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { messageOf } from '../guards';
import { UserError } from './command';

/**
 * Replaces the text of an existing file, and keeps its mode. At every moment the file is complete, with the old or the
 * new text. For a symbolic link, the file that it points to is replaced.
 * @throws UserError if it can't be written
 */
export function replaceFile(path: string, text: string): void {
  const file = realpathSync(path);
  const staged = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(staged, text);
    chmodSync(staged, statSync(file).mode);
    renameSync(staged, file);
  } catch (thrown) {
    rmSync(staged, { force: true });
    throw new UserError(`${path} can't be written: ${messageOf(thrown).split(',')[0]}`);
  }
}
