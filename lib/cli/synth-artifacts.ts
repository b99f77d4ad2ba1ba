import { resolve } from 'node:path';
import type { Foreign } from '../checks/review/review-rule';
import { printable } from '../config/printable';
import { diskReader } from '../existing/disk-reader';
import { isRenderedPath } from '../output/layout';
import { Interrupted, OutputError } from '../output/output-error';
import { checkArtifacts } from '../output/up-to-date';
import { writeArtifacts } from '../output/write';
import { type ExitCode, type Io, UserError } from './command';
import { readConfig } from './config-file';
import { foreignToFlux } from './foreign';
import { interruptible } from './interrupt';
import { Progress } from './progress';
import { renderingOf } from './rendering';
import { outOfDateSummary, writtenSummary } from './summary';

export interface SynthOptions {
  readonly config: string;
  readonly output: string;
  readonly cluster?: string;
  readonly check: boolean;
  readonly quiet: boolean;
}

/**
 * Renders the config into the output folder, or compares the two.
 * @returns 0 for success, 1 if files are out of date (`check`), 2 after printing errors in the config, or if
 * interrupted
 * @throws UserError if the config can't be read, the folder can't be written, or Flux could not apply the folder
 */
export async function synth(options: SynthOptions, io: Io, read = diskReader): Promise<ExitCode> {
  const config = await readConfig(options.config, io, { read, quiet: options.quiet });
  if (!config) return 2;
  const rendering = renderingOf(config, options.cluster);
  const outdir = resolve(io.cwd, options.output);
  refuseForeign(appliedAfter(rendering, outdir), options.output);
  const progress = options.quiet ? undefined : new Progress(io, rendering.clusters.length);
  const artifacts = rendering.artifacts(() => progress?.step());
  const where = {
    shown: options.output,
    layout: isRenderedPath,
    ...(rendering.scope ? { scope: rendering.scope } : {}),
  };
  try {
    if (options.check) {
      const outOfDate = await checkArtifacts(outdir, artifacts, where);
      progress?.end();
      const summary = outOfDateSummary(options.output, outOfDate);
      if (summary !== '') io.stderr(summary);
      else if (!options.quiet) io.stderr(`${options.output}: up to date\n`);
      return summary === '' ? 0 : 1;
    }
    const written = await interruptible(
      (signal) => writeArtifacts(outdir, artifacts, { ...where, signal }),
      (message) => io.stderr(`kaniflux: ${message}\n`),
    );
    progress?.end();
    if (!options.quiet) io.stderr(writtenSummary(options.output, written));
    return 0;
  } catch (error) {
    progress?.end();
    if (error instanceof Interrupted) return 2;
    throw error instanceof OutputError ? new UserError(error.message) : error;
  }
}

/**
 * Returns the files that Kaniflux did not write, and that Flux would try to apply after this run but cannot apply. A
 * rendered kustomization.yaml lists only rendered files, so Flux ignores the others in its folder.
 */
function appliedAfter(rendering: ReturnType<typeof renderingOf>, outdir: string): Foreign[] {
  const applied = foreignToFlux(outdir, rendering.scope).filter(({ flux }) => flux !== 'ignores');
  if (applied.length === 0) return [];
  const folders = [...rendering.artifacts()].flatMap(({ path }) =>
    path.endsWith('/kustomization.yaml') ? [path.slice(0, -'kustomization.yaml'.length)] : [],
  );
  return applied.filter(({ file }) => !folders.some((folder) => file.startsWith(folder)));
}

/** Refuses files that Flux cannot apply, because Flux fails on the whole folder if it applies one of them. */
function refuseForeign(files: readonly Foreign[], output: string): void {
  if (files.length === 0) return;
  const lines = files.slice(0, 20).map(({ file, reason }) => `\n  ${printable(file)}: ${printable(reason)}`);
  const more = files.length > 20 ? `\n  and ${files.length - 20} more` : '';
  throw new UserError(
    `Flux would fail on folders of ${output}, because they contain files that Flux can't apply:${lines.join('')}${more}`,
  );
}
