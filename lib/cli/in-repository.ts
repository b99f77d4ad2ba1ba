import { posix } from 'node:path';
import { repositoryOf } from '../existing/repository';
import type { Results } from '../findings/results';
import { standardInput } from './config-file';

/**
 * Returns the results with paths from the root of the Git repository that contains the folder, if the format is
 * `github` or `sarif`, because Git hosts expect such paths. The other formats have paths from the folder.
 */
export function inRepository<R extends Results>(results: R, format: string, cwd: string): R {
  const { folder } = repositoryOf(cwd);
  if (folder === '' || !['github', 'sarif'].includes(format)) return results;
  const findings = results.findings.map((finding) => ({ ...finding, file: pathFrom(folder, finding.file) }));
  return { ...results, findings };
}

const pathFrom = (folder: string, file: string): string =>
  posix.isAbsolute(file) || file === standardInput ? file : posix.join(folder, file.replaceAll('\\', '/'));
