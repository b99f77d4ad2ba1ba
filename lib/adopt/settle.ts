import type { Config } from '../config/config';
import { memoryReader } from '../config/reader';
import type { LocatedFinding, Path } from '../findings/finding';
import { isMap, type Json, mapAt } from '../guards';
import { parseConfig } from '../load';
import { kubernetes } from '../upstream/kubernetes';
import { without } from './config-path';
import { adoptedText } from './config-yaml';

/** A part that was removed from an adopted config because validation rejects it. */
export interface Dropped {
  readonly path: Path;
  readonly finding: LocatedFinding;
}

/** A config that can be rendered after its empty fields are filled in. */
export interface Settled {
  readonly config: Json;
  readonly dropped: readonly Dropped[];
  /**
   * Fields that restrict who can sign in, such as `requiredClaims`, and that validation rejects. These fields stay,
   * because without them more people could sign in.
   */
  readonly rejected: readonly Dropped[];
  /**
   * The config with placeholders in its empty fields, and without the rejected fields; `undefined` if it is still
   * invalid.
   */
  readonly resolved?: Config;
  /** The remaining findings. */
  readonly findings: readonly LocatedFinding[];
}

/** Placeholders for empty fields while a config is tested. */
const placeholders = new Map(
  Object.entries({
    domain: 'idm.example.com',
    server: 'https://192.0.2.1:6443',
    authentication: {},
    // A version that is newer than each tested one may have fields and functions that Kaniflux does not know.
    kubernetes: `1.${kubernetes.newest.minor + 1}`,
    controlPlane: 'flags',
    controlPlaneVersion: '1.14',
    repository: 'https://charts.example.com',
    chart: 'kanidm',
    version: '0.1.2',
  }),
);

/**
 * The maximum number of rounds. If a part is removed, a reference to it becomes invalid, and the next round removes the
 * reference.
 */
const rounds = 12;

/** Removes the parts of a config that validation rejects, so that the printed config can be rendered. */
export function settle(config: Json, files: Readonly<Record<string, string>>): Settled {
  const dropped: Dropped[] = [];
  let settled = config;
  for (let round = 0; ; round++) {
    const loaded = load(settled, files);
    const { findings } = loaded;
    const faults = faultsOf(findings, settled);
    if (loaded.config || faults.length === 0 || round === rounds) {
      const rejected = findings.flatMap((finding): Dropped[] => {
        const path = finding.severity === 'error' ? restriction(finding.path ?? []) : undefined;
        return path ? [{ path, finding }] : [];
      });
      const resolved = loaded.config ?? (rejected.length > 0 ? resolvedWithout(settled, rejected, files) : undefined);
      return { config: settled, dropped, rejected, findings, ...(resolved ? { resolved } : {}) };
    }
    const others = faults.filter(({ finding }) => !isCollision(finding));
    // Collisions of issuer names come last, because they may disappear with the other faulty parts.
    const distinct = others.length > 0 ? onePerPath(others) : colliding(settled, onePerPath(faults), files);
    // Remove the last element of a list first, so that the indexes of the others stay valid.
    for (const { path, finding } of distinct.sort((a, b) => comparePaths(b.path, a.path))) {
      settled = without(settled, path);
      dropped.push({ path, finding });
    }
  }
}

function load(config: Json, files: Readonly<Record<string, string>>) {
  const text = adoptedText(withClient(filledIn(config)));
  return parseConfig('kaniflux.yaml', new TextEncoder().encode(text), memoryReader(files));
}

const faultsOf = (findings: readonly LocatedFinding[], config: Json): Dropped[] =>
  findings
    .filter(({ severity }) => severity === 'error')
    .flatMap((finding): Dropped[] => {
      const path = droppable({ ...finding, path: withIndexes(finding.path ?? [], config) }, config);
      return path ? [{ path, finding }] : [];
    });

/** Returns a path in which each step into a list is a number. Schema findings have texts such as `'0'`. */
function withIndexes(path: Path, config: Json): Path {
  let node: unknown = config;
  return path.map((step) => {
    const isList = Array.isArray(node);
    node = new Map<string, unknown>(isMap(node) || Array.isArray(node) ? Object.entries(node) : []).get(String(step));
    return isList ? Number(step) : step;
  });
}

const pathKey = ({ path }: Dropped): string => JSON.stringify(path);

const onePerPath = (faults: readonly Dropped[]): Dropped[] => [
  ...new Map(faults.map((fault) => [pathKey(fault), fault])).values(),
];

const isCollision = ({ code }: LocatedFinding): boolean => code === 'names-shared';

/**
 * Returns which of the issuers with colliding names must be removed. An issuer can stay if it collides only with
 * issuers that are removed.
 */
function colliding(config: Json, faults: readonly Dropped[], files: Readonly<Record<string, string>>): Dropped[] {
  let left = [...faults];
  for (const fault of faults) {
    const others = left.filter((one) => one !== fault);
    const rest = others.reduce((one, { path }) => without(one, path), config);
    const same = faultsOf(load(rest, files).findings, rest).find((one) => pathKey(one) === pathKey(fault));
    left = same ? [...others, same] : others;
  }
  return left;
}

const restrictions = ['requiredClaims', 'claimValidationRules', 'userValidationRules'];

/** Returns the path of the field that restricts sign-in and contains the given path; `undefined` if there is none. */
function restriction(path: Path): Path | undefined {
  const at = path.findIndex((key) => restrictions.includes(String(key)));
  return path[0] === 'clusters' && at > 0 ? path.slice(0, at + 1) : undefined;
}

/**
 * Returns the config without the fields in `rejected`, all of which restrict sign-in. The rest can then be compared
 * with the existing setup.
 */
function resolvedWithout(
  config: Json,
  rejected: readonly Dropped[],
  files: Readonly<Record<string, string>>,
): Config | undefined {
  const rest = rejected.reduce((one, { path }) => without(one, path), config);
  return load(rest, files).config;
}

const comparePaths = (a: Path, b: Path): number => {
  for (const [i, key] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (key !== other)
      return typeof key === 'number' && typeof other === 'number' ? key - other : String(key) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
};

function filledIn(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      one === null ? (placeholders.get(key) ?? null) : isMap(one) ? filledIn(one) : one,
    ]),
  );
}

/** The name of the client of a cluster for which no client is known. */
export const placeholderClient = 'kubectl-client';

/**
 * If a cluster has no client, gives it a client of its own. If the cluster got another client of the config, findings
 * would be about that client, although the cluster may not trust it.
 */
function withClient(config: Json): Json {
  const clusters = mapAt(config, 'clusters');
  if (Object.values(clusters).every((cluster) => mapAt(cluster).client !== null)) return config;
  const clients = mapAt(config, 'clients');
  const client = placeholderClient;
  return {
    ...config,
    clients: { ...clients, [client]: clients[client] ?? { landingUrl: 'http://localhost:8000' } },
    clusters: Object.fromEntries(
      Object.entries(clusters).map(([name, cluster]) => [name, { ...mapAt(cluster), client }]),
    ),
  };
}

/** Returns the path to remove in order to resolve an error; `undefined` if removal cannot resolve it. */
function droppable({ code, path = [] }: LocatedFinding, config: Json): Path | undefined {
  if (restriction(path)) return undefined;
  const [section, key, field, sub] = path;
  if (section === undefined) return undefined;
  if (section === 'kanidm') return key === undefined || key === 'domain' ? undefined : [section, key];
  if (key === undefined) return undefined;
  if (section !== 'clusters') {
    if (field === undefined || field === 'displayName' || field === 'landingUrl') return [section, key];
    // If the config lacks the list, Kanidm keeps all values. If a list lacks this value, Kaniflux would remove it.
    return path.slice(0, field === 'members' || field === 'sshKeys' ? 3 : 4);
  }
  if (field === 'issuers' || field === 'jwt' || (field === 'trust' && sub !== undefined)) return path.slice(0, 4);
  const cluster = isMap(config.clusters) ? config.clusters[String(key)] : undefined;
  const trusts = isMap(cluster) && cluster.trust !== undefined;
  if (trusts && (code === 'prefix-shared' || code === 'trust-flags' || field === 'trust'))
    return [section, key, 'trust'];
  if (field === 'grants') return typeof sub === 'number' ? path.slice(0, 4) : undefined;
  if (field === 'authentication') return sub === 'groups' || sub === 'clients' ? path.slice(0, 5) : path.slice(0, 4);
  if (field === 'kubeconfig') return path.slice(0, 4);
  return field === 'controlPlaneVersion' ? [section, key, field] : undefined;
}
