import { type Finding, keyAt, type Path } from '../findings/finding';
import { appClients } from './apps';
import type { Client, Config, Grant, Group, Person, Role, Term } from './config';
import { defaultsOf } from './defaults';
import { toExpectations } from './expectations';
import { memberName } from './members';
import type { Reader } from './reader';
import { readingFinding } from './reading-codes';
import { resolveCluster } from './resolve-cluster';
import type { GrantInput, WholeInput } from './schema/config-schema';
import { parseVersion } from './version';

/**
 * Resolves a config that conforms to the schema: computes what depends on other fields, and reads the files that the
 * config names. If there are problems, the config must not be rendered.
 * @param original converts a path in `input` to the path in the file; the two differ if items were removed from lists
 */
export function resolve(
  input: WholeInput,
  reader: Reader,
  original: (path: Path) => Path = (path) => path,
): { config: Config; problems: Finding[] } {
  const problems: Finding[] = [];
  const {
    clusters,
    kanidm: { manifests },
  } = input;
  const names = Object.keys(clusters);
  const hosted = input.kanidm.helm !== undefined || manifests !== undefined;
  const host = input.kanidm.cluster ?? (hosted && names.length === 1 ? names[0] : undefined);
  if (hosted && host === undefined) {
    problems.push(
      readingFinding(
        'kanidm-cluster',
        keyAt(['kanidm']),
        names.length === 0
          ? 'the config deploys Kanidm, but has no cluster'
          : 'there are several clusters, but the config does not name the cluster that runs Kanidm',
        names.length === 0
          ? 'add the cluster under `clusters`, or remove `helm` and `manifests`'
          : 'add `cluster: <name>`',
      ),
    );
  }
  const shared = input.grants.map((grant, i) => ({
    grant: toGrant(grant, original(['grants', i])),
    on: grant.clusters,
  }));
  const roles = Object.entries(input.roles ?? {}).map(([name, role]) => ({
    role: toRole(name, role),
    on: role.clusters,
  }));
  const apps = appClients(input);
  problems.push(...apps.problems);
  const appliesTo = (on: string | readonly string[], name: string) => on === '*' || on.includes(name);

  const config: Config = {
    kanidm: {
      ...input.kanidm,
      origin: input.kanidm.origin ?? `https://${input.kanidm.domain}`,
      ...(host === undefined ? {} : { cluster: host }),
      version: input.kanidm.version === undefined ? undefined : parseVersion(input.kanidm.version),
      manifests: manifests && { ...manifests, backup: input.kanidm.backup ?? defaultsOf('backup') },
    },
    people: mapOf(
      input.people,
      'people',
      ({ mail, sshKeys, ...person }, name): Omit<Person, 'name' | 'path'> => ({
        ...person,
        displayName: person.displayName ?? name,
        // In YAML, a key in a block such as `|` ends with a line break.
        ...(sshKeys === undefined ? {} : { sshKeys: trimmed(sshKeys) }),
        ...(mail === undefined ? {} : { mails: typeof mail === 'string' ? [mail] : mail }),
      }),
    ),
    serviceAccounts: mapOf(input.serviceAccounts, 'serviceAccounts', (account, name) => ({
      ...account,
      displayName: account.displayName ?? name,
    })),
    groups: mapOf(input.groups, 'groups', toGroup),
    clients: new Map([
      ...mapOf(
        input.clients,
        'clients',
        (client, name): Omit<Client, 'name' | 'path'> => ({
          ...client,
          displayName: client.displayName ?? name,
          landingUrl: client.landingUrl ?? '',
        }),
      ),
      ...apps.clients,
    ]),
    clusters: new Map(
      Object.entries(clusters).map(([name, cluster]) => {
        const grants = [
          ...cluster.grants.map((grant, i) => toGrant(grant, original(['clusters', name, 'grants', i]))),
          ...shared.filter(({ on }) => appliesTo(on, name)).map(({ grant }) => grant),
        ].sort(byName);
        const own = roles
          .filter(({ on }) => appliesTo(on, name))
          .map(({ role }) => role)
          .sort(byName);
        return [name, resolveCluster(name, cluster, { grants, roles: own, flux: input.flux, reader, problems })];
      }),
    ),
    expect: toExpectations(input, original),
    checks: {
      ...input.checks,
      ignore: input.checks.ignore.map((ignore, i) => ({ ...ignore, place: original(['checks', 'ignore', i]) })),
    },
  };
  for (const client of config.clients.values()) problems.push(...imageProblems(client, reader));
  return { config, problems };
}

const trimmed = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([label, text]) => [label, text.trim()]));

/** Reports the missing file of a logo image before somebody runs the runbook, which uploads the image. */
function imageProblems({ absent, image, path }: Client, reader: Reader): Finding[] {
  if (absent || typeof image !== 'string') return [];
  try {
    reader.read(image);
    return [];
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^(\w+): ([^,]*).*$/, '$2') : String(thrown);
    const fix = 'write a path relative to the folder of `kaniflux.yaml`, or `{ url: https://…, sha256: … }`';
    return [readingFinding('image-unreadable', [...path, 'image'], `\`${image}\` can't be read: ${why}`, fix)];
  }
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function mapOf<In, Out>(input: Record<string, In> | undefined, kind: string, make: (value: In, name: string) => Out) {
  const entries = Object.entries(input ?? {});
  return new Map(
    entries.map(([name, value]) => {
      const path: Path = [kind, name];
      return [name, { ...make(value, name), name, path }];
    }),
  );
}

/** One shared empty list, because most lists of a grant are empty, and a fleet can have 100,000 grants. */
const none: readonly string[] = [];
const noSubjects = { users: none, groups: none };

const sorted = (list: readonly string[] = none): readonly string[] =>
  list.length === 0 ? none : list.length === 1 ? list : [...list].sort();

function toGroup({ members, ...group }: NonNullable<WholeInput['groups']>[string]): Omit<Group, 'name' | 'path'> {
  if (members === undefined) return group;
  const terms = members.flatMap((member): [string, Term][] => {
    if (typeof member === 'string') return [];
    const { name, ...term } = member;
    return Object.keys(term).length > 0 ? [[name, term]] : [];
  });
  return {
    ...group,
    members: members.map(memberName),
    ...(terms.length > 0 ? { memberTerms: Object.fromEntries(terms) } : {}),
  };
}

function toGrant(grant: Omit<GrantInput, 'clusters'>, path: Path): Grant {
  const { people = none, groups = none, serviceAccounts = none, subjects } = grant;
  return {
    name: grant.name,
    path,
    roleKind: grant.role === undefined ? 'ClusterRole' : 'Role',
    roleName: grant.role ?? grant.clusterRole ?? '',
    namespaces: sorted(grant.namespaces),
    people: sorted(people),
    groups: sorted(groups),
    serviceAccounts: sorted(serviceAccounts),
    subjects: subjects ? { users: sorted(subjects.users), groups: sorted(subjects.groups) } : noSubjects,
    written: { people, groups, serviceAccounts },
    ...(grant.until === undefined ? {} : { until: grant.until }),
    ...(grant.reason === undefined ? {} : { reason: grant.reason }),
  };
}

const toRole = (name: string, { rules, aggregateTo, namespaces }: NonNullable<WholeInput['roles']>[string]): Role => ({
  name,
  path: ['roles', name],
  namespaces: sorted(namespaces),
  rules,
  ...(aggregateTo ? { aggregateTo } : {}),
});
