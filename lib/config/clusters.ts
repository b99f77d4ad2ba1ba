import type { Finding, Path } from '../findings/finding';
import { errorCode, isMap, messageOf } from '../guards';
import { baseOf, globMatcher } from './glob';
import { inToolFolder, type Reader, SourceError } from './reader';
import { readingFinding } from './reading-codes';
import type { FilledClusterFile, FilledClusterInput, FilledInput } from './schema/config-schema';
import { schemaProblems } from './schema-problems';
import { parseSource, type Reading, type Source } from './source';
import { validate } from './validator';

export interface ClusterFiles {
  readonly clusters: Record<string, FilledClusterInput>;
  /** The file of each cluster that has its own file. */
  readonly sources: ReadonlyMap<string, Source>;
  /** The names of all clusters as keys, including those with errors. */
  readonly named: Readonly<Record<string, unknown>>;
  readonly problems: readonly Finding[];
  /** Whether a cluster file can't be read, has no readable name, or has the same name as another cluster file. */
  readonly nameless: boolean;
}

/** If there are more cluster files than this, `Reading.largeText` is called before and after they are read. */
const manyFiles = 100;

/** Reads the clusters of a config: from its map, or from the files that match its glob, one cluster for each file. */
export function readClusters(input: FilledInput['clusters'], reader: Reader, reading?: Reading): ClusterFiles {
  if (typeof input !== 'string')
    return { clusters: input, named: input, sources: new Map(), problems: [], nameless: false };
  const problems: Finding[] = [];
  const sources = new Map<string, Source>();
  const clusters: Record<string, FilledClusterInput> = {};
  const unreadable = (what: string, fix: string) =>
    problems.push(readingFinding('cluster-unreadable', ['clusters'], what, fix));
  const files = match(input, reader, (why) => unreadable(`\`${input}\` can't be read: ${why}`, permission));
  for (const link of linksToFolders(input, reader)) {
    unreadable(
      `\`${link}\` is a symbolic link to a folder, and Kaniflux does not read files through such a link`,
      'replace it by the folder, or by a link for each file',
    );
  }
  for (const file of notCheckedOut(input, reader)) {
    unreadable(
      `\`${file}\` is not checked out, because the checkout is sparse`,
      'check the file out, for example with `git sparse-checkout disable`',
    );
  }
  for (const { file, renamed } of filesOfOtherEnding(input, reader)) {
    const message = `\`${file}\` defines a cluster, but \`${input}\` does not match this file`;
    const fix = `rename the file to \`${renamed}\`; if it is not meant as a cluster, move it to another folder`;
    problems.push(readingFinding('cluster-not-matched', ['clusters'], message, fix));
  }
  if (files.length === 0 && problems.length === 0) {
    const all = `${input.replace(/\/+$/, '')}/*.yaml`;
    const fix = match(all, reader).length > 0 ? `write \`${all}\`` : 'correct the glob, or add the files';
    problems.push(readingFinding('no-cluster-files', ['clusters'], `no file matches \`${input}\``, fix));
  }
  const isLarge = files.length > manyFiles;
  if (isLarge) reading?.largeText?.before();
  for (const file of files) {
    let content: Uint8Array;
    try {
      content = reader.read(file);
    } catch (error) {
      if (error instanceof SourceError) throw error;
      unreadable(`\`${file}\` can't be read: ${reasonOf(error)}`, permission);
      continue;
    }
    const source = forCluster(parseSource(file, content, reading));
    const named = nameIn(source.value);
    const owner = named === undefined ? undefined : sources.get(named);
    const key = named === undefined || owner ? file : named;
    const path: Path = ['clusters', key];
    sources.set(key, source);
    const own =
      source.faults.length > 0 ? [] : schemaProblems(validate('clusterFile', source.value), path, textOf(source));
    if (owner) {
      own.push(
        readingFinding(
          'duplicate-cluster',
          [...path, 'name'],
          `\`${named}\` is also the name of the cluster in ${owner.file}`,
          'give one of the two clusters another name',
        ),
      );
    }
    problems.push(...own);
    if (!isSound(source, own)) continue;
    const { name, ...cluster } = source.value;
    clusters[name] = cluster;
  }
  if (isLarge) reading?.largeText?.after();
  const nameless =
    [...sources].some(([key, { file }]) => key === file) || problems.some(({ code }) => withoutName.has(code));
  return { clusters, named: Object.fromEntries(sources), sources, problems, nameless };
}

/** Codes of findings about a cluster whose name is not known. */
const withoutName: ReadonlySet<string> = new Set(['cluster-unreadable', 'cluster-not-matched']);

/** Replaces the fix for an empty file, because the usual fix is about a whole config. */
const forCluster = (source: Source): Source => ({
  ...source,
  faults: source.faults.map((fault) =>
    fault.code === 'empty-file' ? { ...fault, fix: 'write the fields of a cluster, or remove the file' } : fault,
  ),
});

/** Returns the name of the cluster in a file. */
const nameIn = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
    ? value.name
    : undefined;

/** Whether a file has no errors, so that its value conforms to the schema. */
const isSound = (
  source: Source,
  problems: readonly unknown[],
): source is Source & { readonly value: FilledClusterFile } => problems.length === 0 && source.faults.length === 0;

const textOf = ({ has, written }: Source) => ({
  has: (path: Path) => has(path.slice(2)),
  written: (path: Path) => written(path.slice(2)),
});

const permission = 'change its permissions, or correct or remove it';

/** Returns the files that match a glob, but that a sparse checkout lacks. */
const notCheckedOut = (glob: string, reader: Reader): string[] =>
  match(glob, { list: (folder) => reader.notCheckedOut?.(folder) ?? [] });

function match(glob: string, reader: Pick<Reader, 'list'>, onError?: (why: string) => void): string[] {
  const pattern = glob.replace(/^\.\//, '');
  const isMatch = pattern === '' ? undefined : globMatcher(pattern);
  if (!isMatch) return [];
  try {
    return reader.list(baseOf(pattern)).filter(isMatch);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') onError?.(reasonOf(error));
    return [];
  }
}

/**
 * Returns files that define a cluster, and that the glob would match if they had another ending. For example, `*.yaml`
 * matches neither `.yml` nor `.YAML`. A path without wildcards is meant to match a single file.
 */
function filesOfOtherEnding(glob: string, reader: Reader): { readonly file: string; readonly renamed: string }[] {
  const [, start] = /^(.*)\.[^./]*$/.exec(glob) ?? [];
  const isMatch = globMatcher(glob.replace(/^\.\//, ''));
  if (start === undefined || !isMatch || !/[*?[{]/.test(glob)) return [];
  const files = ['[yY][aA][mM][lL]', '[yY][mM][lL]'].flatMap((ending) => match(`${start}.${ending}`, reader));
  return files.flatMap((file) => {
    const renamed = ['yaml', 'yml', 'YAML', 'YML'].map((ending) => file.replace(/[^.]+$/, ending)).find(isMatch);
    return renamed !== undefined && !isMatch(file) && isCluster(file, reader) ? [{ file, renamed }] : [];
  });
}

/** Whether a file defines a cluster. */
function isCluster(file: string, reader: Reader): boolean {
  try {
    const { value } = parseSource(file, reader.read(file));
    return nameIn(value) !== undefined && isMap(value) && 'server' in value && 'controlPlane' in value;
  } catch {
    return false;
  }
}

/** Returns the symbolic links to folders that could contain files that match the glob. */
function linksToFolders(glob: string, reader: Reader): string[] {
  const names = glob.replace(/^\.\//, '').split('/');
  const couldContain = (link: string) => {
    if (inToolFolder.test(`${link}/`)) return false;
    const { length } = link.split('/');
    return names.includes('**') || (length < names.length && globMatcher(names.slice(0, length).join('/'))?.(link));
  };
  try {
    return (reader.linksToFolders?.(baseOf(names.join('/'))) ?? []).filter(couldContain);
  } catch {
    return [];
  }
}

/** Returns the reason without the code and the path that Node.js puts around it. */
const reasonOf = (error: unknown): string => messageOf(error).replace(/^(\w+): ([^,]*).*$/s, '$2');
