import { errorCode, messageOf } from '../guards';

/** The output folder can't be read or written as it is. The message names the file, what is wrong and what to do. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** The run was asked to stop (Ctrl-C) and has undone what it had begun. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk; make room and run again',
  EDQUOT: 'your quota on the disk is used up; make room and run again',
  EFBIG: 'the file would be larger than the limit set for this process (ulimit -f)',
  EACCES: 'you may not write there; change its permissions, or give another folder with -o',
  EPERM: 'you may not write there; change its permissions, or give another folder with -o',
  EROFS: 'it lies on a read-only file system; give another folder with -o',
  ENOTDIR: 'a file stands where a folder is needed; move it away',
  EISDIR: 'a folder stands where a file is needed; move it away',
  EXDEV: 'it lies on another file system than the folder around it; give a folder on one file system with -o',
  ELOOP: 'its symbolic links lead in a circle; fix them',
  ENAMETOOLONG: 'its name is too long for the file system',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  EIO: 'the disk reports an error',
};

/** Whether `error` is one of the file system with one of these codes. */
export const hasCode = (error: unknown, ...codes: string[]): boolean => codes.includes(errorCode(error) ?? '');

/** An error of the file system in words for people; any other is given back as it is. */
export function explain(error: unknown, shown: string): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof OutputError) return error;
  return new OutputError(`${shown}: ${reasons[code] ?? messageOf(error)}`, { cause: error });
}
