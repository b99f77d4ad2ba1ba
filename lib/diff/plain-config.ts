import type { Client, Cluster, Config, Group, Person, Role, ServiceAccount, Version } from '../config/config';
import { expectationText } from '../expect/verdict-words';
import type { Path } from '../findings/finding';
import { type Json, mapAt, scalarText } from '../guards';

/** An empty config: the base of the first review. */
export const noConfig: Config = {
  kanidm: { domain: '', origin: '', namespace: '', provision: 'runbook' },
  people: new Map(),
  serviceAccounts: new Map(),
  groups: new Map(),
  clients: new Map(),
  clusters: new Map(),
  checks: { ignore: [], maxClusterAdmins: 3 },
  expect: [],
};

/**
 * Returns a resolved config as a plain tree, without the places of its entries in the file.
 * @param all the config with all clusters, if `config` has only some of them
 */
export function plainConfig(config: Config, all: Config = config): Json {
  if (config === noConfig) return { checks: plainChecks(config) };
  const { version, manifests, ...kanidm } = config.kanidm;
  // In the config, `backup` is next to `manifests`. The resolved `manifests` contains `backup` too, with the defaults.
  const { backup, ...deployed } = manifests ?? { backup: kanidm.backup };
  return {
    kanidm: {
      ...kanidm,
      ...(manifests ? { manifests: deployed } : {}),
      ...(backup ? { backup } : {}),
      version: textOf(version),
    },
    people: mapped(config.people, plainEntry),
    serviceAccounts: mapped(config.serviceAccounts, plainEntry),
    groups: mapped(config.groups, plainEntry),
    clients: mapped(config.clients, plainEntry),
    clusters: mapped(config.clusters, plainCluster),
    checks: plainChecks(all),
    expect: plainExpectations(config),
  };
}

const textOf = (version: Version | undefined) => version?.text;

const mapped = <T>(map: ReadonlyMap<string, T>, plain: (value: T) => Json): Json =>
  Object.fromEntries([...map].map(([key, value]) => [key, plain(value)]));

/** Returns an entry without its name, which is the key in the tree. */
function plainEntry({ name: _name, path: _path, ...fields }: Person | ServiceAccount | Group | Client): Json {
  return fields;
}

export function plainCluster({
  name: _name,
  path: _path,
  kubernetes,
  controlPlaneVersion,
  grants,
  roles,
  issuers,
  jwt,
  apps,
  ...fields
}: Cluster): Json {
  return {
    ...fields,
    authentication: {
      ...usedFields(fields.authentication),
      clients: Object.fromEntries(
        Object.entries(fields.authentication.clients).map(([name, mapping]) => [name, usedFields(mapping)]),
      ),
    },
    kubernetes: textOf(kubernetes),
    controlPlaneVersion: textOf(controlPlaneVersion),
    issuers: byName(issuers, ({ path: _path, name: _name, ...issuer }) => usedFields(issuer)),
    jwt: byName(
      jwt.map((entry) => ({ name: scalarText(mapAt(entry, 'issuer').url), entry })),
      ({ entry }) => entry,
    ),
    apps: byName(apps, ({ path: _path, name: _name, ...app }) => app),
    roles: byName(roles, plainRole),
    grants: byName(grants, ({ path: _path, name: _name, written: _written, ...grant }) => grant),
  };
}

/** Removes `claim` from a mapping if an expression gives the user name: `claim` then has no effect. */
const usedFields = <T extends { readonly username?: unknown; readonly claim?: string }>({ claim, ...mapping }: T) =>
  mapping.username === undefined ? { claim, ...mapping } : mapping;

const plainRole = ({ path: _path, name: _name, ...role }: Role): Json => role;

/** Returns a list as a map by name. A repeated name gets a number. */
function byName<T extends { readonly name: string }>(list: readonly T[], plain: (value: T) => Json): Json {
  const found = new Map<string, Json>();
  for (const one of list) {
    let key = one.name;
    for (let i = 2; found.has(key); i++) key = `${one.name} (${i})`;
    found.set(key, plain(one));
  }
  return Object.fromEntries(found);
}

/** Returns the entries of `checks.ignore` by their code and the fields that limit them, with what their path leads to. */
function plainChecks(config: Config): Json {
  const { ignore, ...checks } = config.checks;
  const named = ignore.map(({ place: _, code, reason, ...only }) => {
    const limits = Object.entries(only).map(([key, value]) => `${key} ${value}`);
    const target = only.path === undefined ? undefined : inList(config, only.path);
    return { name: `${code} (${limits.length > 0 ? limits.join(', ') : 'everywhere'})`, reason, target };
  });
  return { ...checks, ignore: byName(named, ({ reason, target }) => ({ reason, target })) };
}

/**
 * Returns the expectation or the grant at a path, as text; `undefined` if the path leads to neither. The path contains
 * its number in a list, which changes if others are added or removed.
 */
function inList(config: Config, path: string): string | undefined {
  const isAt = ({ path: place }: { readonly path: Path }) => `${path}.`.startsWith(`${place.join('.')}.`);
  const expectation = config.expect.find(isAt);
  if (expectation) return expectationText(config, expectation);
  for (const { grants } of config.clusters.values()) {
    const grant = grants.find(isAt);
    if (grant) return `grant ${grant.name}`;
  }
  return undefined;
}

/** Returns the expectations by their text. */
const plainExpectations = (config: Config): Json =>
  byName(
    config.expect.map((one) => ({ name: expectationText(config, one), clusters: one.clusters, reason: one.reason })),
    ({ clusters, reason }) => ({ clusters, reason }),
  );
