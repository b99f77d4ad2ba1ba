import type { ClusterAccess } from '../access/cluster';
import { worst } from '../access/danger';
import { rightsOf } from '../access/rights';
import { inWords, where } from '../access/rights-in-words';
import type { Cluster, Config, Grant } from '../config/config';
import { personSubjects } from '../identity/subject';
import { predecessors } from './predecessors';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/** An account that a grant names, but that no binding can name yet. */
export interface Pending {
  readonly kind: 'people' | 'serviceAccounts';
  readonly name: string;
  readonly grant: Grant;
}

/**
 * Returns a statement for each account that a grant names but that no binding can name, usually because its UUID is not
 * in the config. Accounts that the grant already named and that already had no binding before the change are left out.
 * As soon as the UUID is in the config, the account gets the role.
 */
export function pendingStatements(before: Side, after: Side): Statement[] {
  const former = predecessors(before.config, after.config);
  return [...after.config.clusters.values()].flatMap((cluster): Statement[] => {
    if (before.isSameOn?.(after, cluster.name)) return [];
    const old = before.config.clusters.get(cluster.name);
    const keys = (all: readonly Pending[]) =>
      new Set(all.flatMap((one) => namespacesOf(one).map((namespace) => keyOf(one, namespace))));
    const known = keys(old ? pendingOn(before.config, old) : []);
    const had = keys(old ? namedOn(old) : []);
    const pending = pendingOn(after.config, cluster).flatMap((one) => {
      const from = former({ kind: one.kind === 'people' ? 'person' : 'service account', name: one.name });
      const isHad = (namespace: Namespace) => from !== undefined && had.has(keyOf({ ...one, name: from }, namespace));
      const open = namespacesOf(one).filter((namespace) => !known.has(keyOf(one, namespace)));
      return [true, false].flatMap((isLost) => {
        const namespaces = open.filter((namespace) => isHad(namespace) === isLost);
        return namespaces.length === 0 ? [] : [{ one, namespaces, isLost }];
      });
    });
    const access = pending.length > 0 ? accessOn(after, cluster.name) : undefined;
    return access ? pending.map((one) => statementOf(access, one)) : [];
  });
}

/** Returns the accounts in the grants of a cluster that no binding can name. */
export const pendingOn = (config: Config, cluster: Cluster): Pending[] =>
  namedOn(cluster).filter(
    ({ kind, name }) => !config[kind].get(name)?.absent && personSubjects(config, cluster, name).length === 0,
  );

/** Returns the accounts in the grants of a cluster. */
const namedOn = ({ grants }: Cluster): Pending[] =>
  grants.flatMap((grant) =>
    (['people', 'serviceAccounts'] as const).flatMap((kind) => grant[kind].map((name) => ({ kind, name, grant }))),
  );

type Namespace = string | undefined;

/** Returns each namespace in which the grant gives its role; `undefined` for the whole cluster. */
const namespacesOf = ({ grant: { namespaces } }: Pending): readonly Namespace[] =>
  namespaces.length === 0 ? [undefined] : namespaces;

const keyOf = ({ kind, name, grant }: Pending, namespace: Namespace): string =>
  JSON.stringify([kind, name, grant.name, grant.roleKind, grant.roleName, namespace]);

interface Waiting {
  readonly one: Pending;
  readonly namespaces: readonly Namespace[];
  /** Whether the account loses the role, because a binding could name the account before the change. */
  readonly isLost: boolean;
}

function statementOf(
  { cluster, authorizer }: ClusterAccess,
  { one: { kind, name, grant }, namespaces, isLost }: Waiting,
): Statement {
  const role = { kind: grant.roleKind, name: grant.roleName };
  const rights = namespaces.flatMap((namespace) =>
    rightsOf({
      rules: authorizer.roles.rules(role, namespace),
      ...authorizer.limits(namespace),
      ...(namespace === undefined ? {} : { namespace }),
    }),
  );
  const danger = isLost ? undefined : worst(rights);
  const who = kind === 'people' ? name : `service account ${name}`;
  const may = danger === undefined ? '' : `, and so the right to ${inWords(rights)}`;
  const gets = isLost ? 'no longer gets' : 'will get';
  const when = isLost
    ? ` until Kaniflux knows the user name of ${who} again`
    : `, as soon as Kaniflux knows the user name of ${who}`;
  return {
    part: 'access',
    level: danger !== undefined ? levelOf(danger) : isLost ? 'medium' : 'low',
    change: isLost ? 'changed' : 'added',
    say: (on) =>
      `${who} ${gets} ${grant.roleName}${where(on, ...namespaces)} by the grant ${grant.name}${may}${when}; \`kaniflux check\` says what is missing`,
    clusters: [cluster.name],
    details: [],
    danger,
  };
}
