import { errorCode, messageOf } from '../guards';

/** The error if the output folder can't be read or written. The message names the file, the problem and the fix. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** The error if the run was interrupted, for example by Ctrl-C. Nothing was changed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk; free some space and run again',
  EDQUOT: 'your disk quota is exceeded; free some space and run again',
  EFBIG: 'the file would be larger than the limit set for this process (ulimit -f)',
  EACCES: 'permission denied; change its permissions',
  EPERM: 'permission denied; change its permissions',
  EROFS: 'the path is on a read-only file system',
  ENOTDIR: 'a file is in the place of a folder; move the file',
  EEXIST: 'a file or a broken symbolic link is in the place of a folder; move it',
  EISDIR: 'a folder is in the place of a file; move the folder',
  EXDEV: 'the folder is on another file system than its parent folder',
  ELOOP: 'the symbolic links in the path form a cycle; correct them',
  ENAMETOOLONG: 'the name is too long for the file system',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  EIO: 'the disk reports an error',
};

/** The advice that is added for an error code if the command has the option -o. */
const elsewhere: Readonly<Record<string, string>> = {
  EACCES: ', or name another folder with -o',
  EPERM: ', or name another folder with -o',
  EROFS: '; name another folder with -o',
  EXDEV: '; name another folder with -o',
};

/** Returns whether `error` is a file system error with one of these codes. */
export const hasCode = (error: unknown, ...codes: string[]): boolean => codes.includes(errorCode(error) ?? '');

/**
 * Converts a file system error to an OutputError; returns any other error unchanged.
 * @param hasOption whether the command has the option -o
 */
export function explain(error: unknown, shown: string, { hasOption = true } = {}): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof OutputError) return error;
  const fix = hasOption ? (elsewhere[code] ?? '') : '';
  return new OutputError(`${shown}: ${reasons[code] ?? messageOf(error)}${fix}`, { cause: error });
}
