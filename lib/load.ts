import { configRules } from './checks/config/config-rules';
import { readClusters } from './config/clusters';
import type { Config } from './config/config';
import { expectationProblems } from './config/expectations';
import { grantProblems } from './config/grants';
import { collect, type Sources } from './config/locate';
import { memberProblems } from './config/members';
import { follows, isFirstIn, prune, withoutWrongTypes } from './config/prune';
import type { Reader } from './config/reader';
import { referenceProblems } from './config/references';
import { resolve } from './config/resolve';
import type { FilledInput, WholeInput } from './config/schema/config-schema';
import { schemaProblems } from './config/schema-problems';
import { parseSource, type Reading } from './config/source';
import { validate } from './config/validator';
import type { Finding, LocatedFinding } from './findings/finding';
import { formatFindings } from './findings/finding-text';
import { isMap, type Json, own } from './guards';

/** A config that can be rendered, or the errors that prevent it. */
export type Loaded = ({ readonly config: Config } | { readonly config?: undefined }) & {
  /** Errors and warnings, in the order of the file. `config` is set exactly if there is no error. */
  readonly findings: readonly LocatedFinding[];
  readonly sources: Sources;
};

/** The error for a config that cannot be rendered. Its message contains all errors of the config. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    /** All findings, warnings too. */
    readonly findings: readonly LocatedFinding[],
  ) {
    super(formatFindings(findings.filter(({ severity }) => severity === 'error')));
  }
}

/** How a config is read. */
export interface ConfigReading extends Reading {
  /**
   * Whether to leave out the warnings of a config that has no errors. This is for commands that print no warnings.
   * @default false
   */
  readonly errorsOnly?: boolean;
}

/**
 * Parses `kaniflux.yaml`, and the files that it names. Errors in the config are returned, not thrown.
 * @param file name of the file, for messages
 * @param content the bytes of the file, or a function that returns them
 * @param reader reads the files that the config names
 */
export function parseConfig(
  file: string,
  content: Uint8Array | (() => Uint8Array),
  reader: Reader,
  reading?: ConfigReading,
): Loaded {
  const main = parseSource(file, content, reading);
  if (main.faults.length > 0) return failed({ main, clusters: new Map() }, []);
  const shape = schemaProblems(validate('config', main.value), [], main);
  const { value } = main;
  if (!isSections(value)) return failed({ main, clusters: new Map() }, shape);
  const written = shape.length > 0 ? withoutWrongTypes(value, shape) : value;
  const files = readClusters(written.clusters ?? {}, reader, reading);
  const sources = { main, clusters: files.sources };
  const input: WholeInput = { ...written, clusters: files.clusters };
  const clusters = Array.isArray(value.clusters) ? value.clusters : files.named;
  const named = { ...misspelt({ ...value }, shape), ...value, clusters };
  const wrong = [...shape, ...files.problems];
  wrong.push(
    ...referenceProblems(input, named, files.nameless),
    ...[...grantProblems(input), ...memberProblems(input), ...expectationProblems(input)].filter(isFirstIn(wrong)),
  );

  // The parts without errors are checked too, so that one run reports as many problems as possible.
  const { value: rest, original } = wrong.length > 0 ? prune(input, wrong) : { value: input, original: undefined };
  if (wrong.length > 0 && !isResolvable(rest)) return failed(sources, wrong);
  const { config, problems } = resolve(rest, reader, original);
  // If `kanidm.cluster` is wrong, this is reported already. The same holds if the only cluster is faulty. `prune`
  // removed the faulty part above. This part must not be reported as missing too.
  const hasNone = Object.keys(rest.clusters).length === 0;
  const isReported = files.sources.size > 0 || wrong.some(({ place }) => place.path[0] === 'clusters');
  const isOther = input.kanidm?.cluster !== undefined || (hasNone && isReported);
  wrong.push(...(isOther ? problems.filter(({ code }) => code !== 'kanidm-cluster') : problems));
  const others = configRules(config).filter((finding) => !follows(finding, wrong, input));
  // A rule reports a problem of a grant or role once for each cluster that the grant or role is on.
  const all = [...new Map([...wrong, ...others].map((one) => [JSON.stringify(one), one])).values()];
  const isRefused =
    all.some(({ severity }) => severity === 'error') ||
    [...files.sources.values()].some((one) => one.faults.length > 0);
  if (!isRefused && reading?.errorsOnly) return { config, findings: [], sources };
  const findings = collect(sources, all);
  return isRefused ? { findings, sources } : { config, findings, sources };
}

/**
 * Whether a config is a map of sections. If the config does not match the schema, sections may be missing. The values
 * in the sections have the declared types only after `withoutWrongTypes`.
 */
const isSections = (value: unknown): value is FilledInput => isMap(value);

/**
 * The misspelt sections by their right names, so that a reference to an entry of such a section is not reported as a
 * second error.
 */
const misspelt = (value: Json, shape: readonly Finding[]): Record<string, unknown> =>
  Object.fromEntries(
    shape.flatMap(
      ({
        code,
        place: {
          path: [key, ...rest],
        },
        fix,
      }) => {
        const meant = /^write `(\w+)`$/.exec(fix)?.[1];
        return code === 'unknown-key' && rest.length === 0 && meant ? [[meant, own(value, String(key))]] : [];
      },
    ),
  );

/** Whether a config without its faulty parts conforms to the schema, and its references point to entries. */
const isResolvable = (input: WholeInput): boolean =>
  validate('config', input).length === 0 && referenceProblems(input).every(({ code }) => code !== 'unknown-reference');

const failed = (sources: Sources, problems: readonly Finding[]): Loaded => ({
  findings: collect(sources, problems),
  sources,
});
