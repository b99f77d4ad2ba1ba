import { basename, dirname } from 'node:path';
import { readClusters } from './config/clusters';
import type { Config } from './config/config';
import { formatIssues } from './config/format';
import { grantProblems } from './config/grants';
import { collect, type Issue, type Sources } from './config/locate';
import type { Problem } from './config/problem';
import { follows, prune } from './config/prune';
import { diskReader, type Reader } from './config/reader';
import { referenceProblems } from './config/references';
import { resolve } from './config/resolve';
import type { ConfigInput } from './config/schema';
import { schemaProblems } from './config/schema-problems';
import { parseSource } from './config/source';
import { validate } from './config/validator';
import * as controlPlane from './control-plane';
import * as flux from './flux';
import * as kanidm from './kanidm';
import * as kubeconfig from './kubeconfig';
import * as rbac from './rbac';

/** A config that can be rendered, or the errors that stand against it. */
export type Loaded = ({ readonly config: Config } | { readonly config?: undefined }) & {
  /** Errors and warnings, in the order of the file. No config without an error here, and none with one. */
  readonly issues: readonly Issue[];
  readonly sources: Sources;
};

/** What is wrong with a config, all of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly issues: readonly Issue[]) {
    super(formatIssues(issues.filter(({ severity }) => severity === 'error')));
  }
}

/** What each part refuses or warns about, given a config whose shape and references hold. */
const rules = [kanidm.rules, rbac.rules, controlPlane.rules, kubeconfig.rules, flux.rules];

/**
 * Reads `kaniflux.yaml` from its bytes, with the files that it names.
 * @param file name of the file, for messages
 */
export function parseConfig(file: string, bytes: Uint8Array, reader: Reader): Loaded {
  const main = parseSource(file, bytes);
  if (main.faults.length > 0) return failed({ main, clusters: new Map() }, []);

  const shape = schemaProblems(validate('config', main.value), [], (path) => main.written(path));
  const input = (shape.length > 0 ? prune(main.value, shape) : main.value) as ConfigInput;
  if (shape.length > 0 && validate('config', input).length > 0) return failed({ main, clusters: new Map() }, shape);

  const files = readClusters(input.clusters, reader);
  const sources = { main, clusters: files.sources };
  const named = { ...(main.value as object), ...(files.sources.size > 0 ? { clusters: files.named } : {}) };
  const wrong = [
    ...shape,
    ...files.problems,
    ...referenceProblems(input, files.clusters, named),
    ...grantProblems(input, files.clusters),
  ];
  const resolved = resolve(input, files.clusters, reader);
  wrong.push(...resolved.problems);
  const { config } = resolved;
  if (wrong.length > 0 || files.unreadable) return failed(sources, [...wrong, ...furtherProblems(config, wrong)]);

  const issues = collect(sources, applyRules(config));
  return issues.some(({ severity }) => severity === 'error') ? { issues, sources } : { config, issues, sources };
}

const applyRules = (config: Config): Problem[] => rules.flatMap((rule) => rule(config));

/** What the rules say of the rest of a faulty config. They follow references, so some can't be asked then. */
function furtherProblems(config: Config, wrong: readonly Problem[]): Problem[] {
  if (wrong.some(({ code }) => code === 'unknown-reference')) return [];
  return applyRules(config).filter((problem) => !follows(problem, wrong));
}

const failed = (sources: Sources, problems: readonly Problem[]): Loaded => ({
  issues: collect(sources, problems),
  sources,
});

/**
 * Reads a config from the disk.
 * @throws ConfigError with every error in it; the error of the file system where the file can't be read
 */
export function loadConfig(file: string): Config {
  const reader = diskReader(dirname(file));
  const loaded = parseConfig(file, reader.read(basename(file)), reader);
  if (!loaded.config) throw new ConfigError(loaded.issues);
  return loaded.config;
}
