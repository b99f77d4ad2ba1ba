import { basename, dirname } from 'node:path';
import { configRules } from './checks/config/config-rules';
import { readClusters } from './config/clusters';
import type { Config } from './config/config';
import { grantProblems } from './config/grants';
import { collect, type Sources } from './config/locate';
import { follows, isFirstIn, prune, readable } from './config/prune';
import { diskReader, type Reader } from './config/reader';
import { referenceProblems } from './config/references';
import { resolve } from './config/resolve';
import type { FilledInput, WholeInput } from './config/schema';
import { schemaProblems } from './config/schema-problems';
import { parseSource } from './config/source';
import { validate } from './config/validator';
import type { Finding, LocatedFinding } from './findings/finding';
import { formatFindings } from './findings/finding-text';
import { isMap } from './guards';

/** A config that can be rendered, or the errors that stand against it. */
export type Loaded = ({ readonly config: Config } | { readonly config?: undefined }) & {
  /** Errors and warnings, in the order of the file. No config without an error here, and none with one. */
  readonly findings: readonly LocatedFinding[];
  readonly sources: Sources;
};

/** What is wrong with a config, all of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly findings: readonly LocatedFinding[]) {
    super(formatFindings(findings.filter(({ severity }) => severity === 'error')));
  }
}

/**
 * Reads `kaniflux.yaml` from its bytes, with the files that it names.
 * @param file name of the file, for messages
 */
export function parseConfig(file: string, bytes: Uint8Array, reader: Reader): Loaded {
  const main = parseSource(file, bytes);
  if (main.faults.length > 0) return failed({ main, clusters: new Map() }, []);
  const shape = schemaProblems(validate('config', main.value), [], (path) => main.written(path));
  if (shape.some(({ place }) => place.path.length === 0 && !isMap(main.value))) {
    return failed({ main, clusters: new Map() }, shape);
  }
  const written = shape.length > 0 ? readable(main.value as FilledInput, shape) : (main.value as FilledInput);
  const files = readClusters(written.clusters ?? {}, reader);
  const sources = { main, clusters: files.sources };
  const input: WholeInput = { ...written, clusters: files.clusters };
  const named = { ...misspelt(main.value as object, shape), ...(main.value as object), clusters: files.named };
  const wrong = [...shape, ...files.problems];
  wrong.push(...referenceProblems(input, named, files.nameless), ...grantProblems(input).filter(isFirstIn(wrong)));

  // What is left when the faults are taken out is asked as well, so that one run tells everything.
  const rest = wrong.length > 0 ? prune(input, wrong) : input;
  if (wrong.length > 0 && !stands(rest)) return failed(sources, wrong);
  const { config, problems } = resolve(rest, reader);
  // A host that is named and isn't there was said.
  wrong.push(...(input.kanidm?.cluster === undefined ? problems : problems.filter((p) => p.code !== 'kanidm-cluster')));
  const found = configRules(config).filter((problem) => !follows(problem, wrong, input));
  const findings = collect(sources, [...wrong, ...found]);
  const isRefused = findings.some(({ severity }) => severity === 'error');
  return isRefused ? { findings, sources } : { config, findings, sources };
}

/** What stands under a misspelt section, by the name that was meant: what refers to it is not at fault. */
const misspelt = (value: object, shape: readonly Finding[]): Record<string, object> =>
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
        return code === 'unknown-key' && rest.length === 0 && meant ? [[meant, value[key as keyof object]]] : [];
      },
    ),
  );

/** Whether a config without its faulty parts is one that rules can follow from reference to reference. */
const stands = (input: WholeInput): boolean =>
  validate('config', input).length === 0 && referenceProblems(input).every(({ code }) => code !== 'unknown-reference');

const failed = (sources: Sources, problems: readonly Finding[]): Loaded => ({
  findings: collect(sources, problems),
  sources,
});

/**
 * Reads a config from the disk.
 * @param warn told the warnings, as text, where there are some
 * @throws ConfigError with every error in it; the error of the file system where the file can't be read
 */
export function loadConfig(file: string, warn: (text: string) => void = () => {}): Config {
  const reader = diskReader(dirname(file));
  const { config, findings } = parseConfig(file, reader.read(basename(file)), reader);
  if (!config) throw new ConfigError(findings);
  if (findings.length > 0) warn(formatFindings(findings));
  return config;
}
