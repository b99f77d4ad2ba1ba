import { resolve } from 'node:path';
import { registry } from '../../checks/registered-codes';
import type { Foreign } from '../../checks/review/review-rule';
import { check } from '../../checks/review/run-review';
import { noConfig } from '../../diff/plain-config';
import { diskReader } from '../../existing/disk-reader';
import { severities } from '../../findings/finding';
import { firstOfEach } from '../../findings/finding-list';
import { formatResults, resultFormats } from '../../findings/formats';
import type { Results } from '../../findings/results';
import { atOption, dayOf } from '../at-option';
import { type Command, type ExitCode, type Io, UserError } from '../command';
import { configOption, parseConfigFile } from '../config-file';
import { configBefore } from '../diff-sides';
import { docsFolder } from '../docs-folder';
import { foreignToFlux } from '../foreign';
import { inRepository } from '../in-repository';
import { manifestsAndLeftOut, manifestsOption } from '../manifests-option';
import { isOfCluster } from '../rendering';
import { baseOption, chosenClusters, clusterOption } from '../review';

/** The format `text` lists at most this many findings of each code and severity by default. */
const mostListed = 50;

export const command: Command = {
  name: 'check',
  usage: '[options]',
  details: `Reports problems and risks: settings that do not fit each other, roles that allow more than they seem to,
versions with known vulnerabilities, and no access for administrators while Kanidm is down.
docs/findings/ explains each code.
Grants and memberships whose last day (\`until\`, in UTC) is past are errors; those that end within 14 days are notes.
Findings that \`checks.ignore\` in the config accepts are printed with their reason.
Exits 1 if a finding has the severity of --fail-on (default warning) or a higher one, 2 if the config has errors, and 0
otherwise.`,
  examples: [
    'kaniflux check',
    'kaniflux check --base origin/main',
    'kaniflux check --severity warning',
    'kaniflux check --manifests . --format github',
    'kaniflux check --at 2027-02-01',
    'kaniflux check --format sarif > kaniflux.sarif',
  ],
  options: {
    config: configOption,
    base: {
      ...baseOption,
      description:
        'Also compare with this Git revision, and report changes that Kanidm rejects, that lose data, or that remove an entry from the config but not from Kanidm',
    },
    manifests: manifestsOption,
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      default: 'dist',
      description: 'Also look in this output folder, if it exists, for files that Flux cannot apply',
    },
    at: {
      ...atOption,
      description: 'Report the grants and memberships that have ended by this day in UTC (default today)',
    },
    cluster: clusterOption,
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: Object.keys(resultFormats),
      description: 'Format of the output',
    },
    severity: {
      type: 'string',
      value: 'SEVERITY',
      default: 'note',
      choices: severities,
      description: 'With the format text: list findings of this severity and above; the summary counts all',
    },
    'max-per-code': {
      type: 'string',
      value: 'N',
      default: String(mostListed),
      description:
        'With the format text: list at most N findings of each code and severity, and count the others; 0 lists all',
    },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      default: 'warning',
      choices: severities,
      description: 'The lowest severity that makes the exit code 1',
    },
  },
  async run({ options, args, io }) {
    if (args.length > 0) throw new UserError(`check takes no arguments; name the config with -c ${args[0]}`);
    const file = String(options.config);
    const severity = severities.find((one) => one === options.severity);
    if (severity !== 'note' && options.format !== 'text')
      throw new UserError(`--severity is only for the format text; found --format ${options.format}`);
    const most = mostOf(options['max-per-code'], options.format === 'text');
    const context = { registry: registry(), docs: docsFolder(io.cwd), ...(severity ? { severity } : {}) };
    const format = String(options.format);
    const print = (results: Results) =>
      io.stdout(formatResults(inRepository(results, format, io.cwd), format, context));
    const { config, findings, sources } = await parseConfigFile(file, io, diskReader, { keepPlaces: true });
    if (!config) {
      const { listed, omitted } = firstOfEach(findings, most);
      print({ findings: listed, omitted, ignored: [] });
      return 2;
    }
    const base = options.base === undefined ? undefined : await configBefore(file, io, String(options.base));
    if (options.base !== undefined && !base) return 2;
    const clusters = chosenClusters(config, options.cluster);
    const report = check({
      config,
      sources,
      warnings: findings,
      ...manifestsAndLeftOut(options.manifests, io, config, String(options.output)),
      ...(base && base !== noConfig ? { base } : {}),
      foreign: foreignIn(String(options.output), options.cluster === undefined ? undefined : clusters, io),
      clusters,
      at: dayOf(options.at),
      mostOfEach: most,
    });
    print(report);
    return exitCode(report, String(options['fail-on']));
  },
};

/**
 * Returns how many findings of each code and severity are listed at most; infinity for 0, and for the formats that list
 * all findings.
 * @throws UserError if the value is no whole number, or is set for another format than text
 */
function mostOf(value: unknown, isText: boolean): number {
  const most = /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(most)) throw new UserError('--max-per-code needs a whole number, 0 or greater');
  if (!isText && most !== mostListed) {
    throw new UserError('--max-per-code is only for the format text; the other formats list all findings');
  }
  return isText && most > 0 ? most : Number.POSITIVE_INFINITY;
}

function exitCode({ findings, omitted = [] }: Results, least: string): ExitCode {
  const failing = severities.slice(0, severities.map(String).indexOf(least) + 1);
  return [...findings, ...omitted].some(({ severity }) => failing.includes(severity)) ? 1 : 0;
}

function foreignIn(output: string, clusters: readonly string[] | undefined, io: Io): Foreign[] {
  const scope = clusters && ((path: string) => clusters.some((name) => isOfCluster(path, name)));
  return foreignToFlux(resolve(io.cwd, output), scope).map((one) => ({ ...one, file: `${shown(output)}/${one.file}` }));
}

const shown = (folder: string) => folder.replace(/\/+$/, '');
