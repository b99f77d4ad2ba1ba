import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { messageOf } from '../guards';
import { hasCode } from '../output/output-error';
import { UserError } from './command';

/**
 * Writes a file, or replaces its text and keeps its mode. At every moment the file is complete, with the old or the new
 * text. For a symbolic link, the file that it points to is replaced. A device or pipe, such as /dev/stdout, is written
 * to.
 * @param shown the path as the user gave it
 * @throws UserError if it can't be written
 */
export function replaceFile(path: string, text: string, shown = path): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  // The link /dev/stdout to a pipe has no real path.
  const isFile = existing?.isFile() ?? true;
  const file = existing && isFile ? realpathSync(path) : path;
  const staged = `${file}.${process.pid}.tmp`;
  try {
    if (!isFile) {
      writeFileSync(file, text);
      return;
    }
    writeFileSync(staged, text);
    if (existing) chmodSync(staged, existing.mode);
    renameSync(staged, file);
  } catch (thrown) {
    rmSync(staged, { force: true });
    if (hasCode(thrown, 'ENOENT')) throw new UserError(`${shown}: its folder does not exist; create it first`);
    throw new UserError(`${shown} can't be written: ${messageOf(thrown).split(',')[0]}`);
  }
}
