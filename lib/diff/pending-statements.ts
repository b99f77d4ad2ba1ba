import type { ClusterAccess } from '../access/cluster';
import { worst } from '../access/danger';
import { rightsOf } from '../access/rights';
import { inWords, where } from '../access/rights-in-words';
import type { Cluster, Config, Grant } from '../config/config';
import { personSubjects } from '../identity/subject';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/** An account that a grant names, but that no binding can name yet. */
export interface Pending {
  readonly kind: 'people' | 'serviceAccounts';
  readonly name: string;
  readonly grant: Grant;
}

/**
 * Returns a statement for each account that a grant newly names but no binding can name, usually because its UUID is
 * not in the config. As soon as the UUID is in the config, the account gets the role.
 */
export function pendingStatements(before: Side, after: Side): Statement[] {
  return [...after.config.clusters.values()].flatMap((cluster): Statement[] => {
    if (before.isSameOn?.(after, cluster.name)) return [];
    const old = before.config.clusters.get(cluster.name);
    const known = new Set(
      (old ? pendingOn(before.config, old) : []).flatMap((one) => placesOf(one).map(([key]) => key)),
    );
    const pending = pendingOn(after.config, cluster).flatMap((one) => {
      const places = placesOf(one).filter(([key]) => !known.has(key));
      return places.length === 0 ? [] : [{ one, namespaces: places.map(([, namespace]) => namespace) }];
    });
    const access = pending.length > 0 ? accessOn(after, cluster.name) : undefined;
    return access ? pending.map(({ one, namespaces }) => statementOf(access, one, namespaces)) : [];
  });
}

/** Returns the accounts on a cluster that grants name and no binding can name. */
export function pendingOn(config: Config, cluster: Cluster): Pending[] {
  return cluster.grants.flatMap((grant) =>
    (['people', 'serviceAccounts'] as const).flatMap((kind) =>
      grant[kind]
        .filter((name) => !config[kind].get(name)?.absent && personSubjects(config, cluster, name).length === 0)
        .map((name) => ({ kind, name, grant })),
    ),
  );
}

type Namespace = string | undefined;

/** Returns each namespace in which the grant gives its role, with a key. */
function placesOf({ kind, name, grant }: Pending): [key: string, namespace: Namespace][] {
  const namespaces: readonly Namespace[] = grant.namespaces.length === 0 ? [undefined] : grant.namespaces;
  return namespaces.map((namespace) => [
    JSON.stringify([kind, name, grant.name, grant.roleKind, grant.roleName, namespace]),
    namespace,
  ]);
}

function statementOf(
  { cluster, authorizer }: ClusterAccess,
  { kind, name, grant }: Pending,
  namespaces: readonly Namespace[],
): Statement {
  const role = { kind: grant.roleKind, name: grant.roleName };
  const rights = namespaces.flatMap((namespace) =>
    rightsOf({
      rules: authorizer.roles.rules(role, namespace),
      ...authorizer.limits(namespace),
      ...(namespace === undefined ? {} : { namespace }),
    }),
  );
  const danger = worst(rights);
  const who = kind === 'people' ? name : `service account ${name}`;
  const may = danger === undefined ? '' : `, and so the right to ${inWords(rights)}`;
  return {
    part: 'access',
    level: danger === undefined ? 'low' : levelOf(danger),
    change: 'added',
    say: (on) =>
      `${who} gets ${grant.roleName}${where(on, ...namespaces)} by the grant ${grant.name}${may}, but not yet: no binding can name ${who}, and \`kaniflux check\` says what is missing`,
    clusters: [cluster.name],
    details: [],
    ...(danger === undefined ? {} : { danger }),
  };
}
