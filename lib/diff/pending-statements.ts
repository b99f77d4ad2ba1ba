import type { ClusterAccess } from '../access/cluster';
import { worst } from '../access/danger';
import { type Right, rightsOf } from '../access/rights';
import { inWords } from '../access/rights-in-words';
import type { Grant } from '../config/config';
import { personSubjects } from '../identity/subject';
import { accessOn, type Side } from './side';
import { levelOf, type Statement } from './statement';

/** An account that a grant names, and no binding can name yet. */
export interface Pending {
  readonly kind: 'people' | 'serviceAccounts';
  readonly name: string;
  readonly grant: Grant;
}

/**
 * Returns a statement for each account that a grant newly names, but no binding can name, usually because its UUID is
 * not in the config. The account gets the role as soon as it is.
 */
export function pendingStatements(before: Side, after: Side): Statement[] {
  return [...after.config.clusters.keys()].flatMap((cluster) => {
    if (before.isSameOn?.(after, cluster)) return [];
    const [old, now] = [accessOn(before, cluster), accessOn(after, cluster)];
    const known = new Set((old ? pendingOn(old) : []).map(keyOf));
    return now
      ? pendingOn(now)
          .filter((one) => !known.has(keyOf(one)))
          .map((one) => statementOf(now, one))
      : [];
  });
}

/** Returns the accounts on a cluster that grants name and no binding can name. */
export function pendingOn({ config, cluster }: Pick<ClusterAccess, 'config' | 'cluster'>): Pending[] {
  return cluster.grants.flatMap((grant) =>
    (['people', 'serviceAccounts'] as const).flatMap((kind) =>
      grant[kind]
        .filter((name) => !config[kind].get(name)?.absent && personSubjects(config, cluster, name).length === 0)
        .map((name) => ({ kind, name, grant })),
    ),
  );
}

const keyOf = ({ kind, name, grant }: Pending): string =>
  JSON.stringify([kind, name, grant.name, grant.roleKind, grant.roleName, grant.namespaces]);

function statementOf({ cluster, authorizer }: ClusterAccess, { kind, name, grant }: Pending): Statement {
  const role = { kind: grant.roleKind, name: grant.roleName };
  const places = grant.namespaces.length === 0 ? [undefined] : grant.namespaces;
  const rights = places.flatMap((namespace): Right[] =>
    rightsOf({ rules: authorizer.roles.rules(role, namespace), ...(namespace === undefined ? {} : { namespace }) }),
  );
  const danger = worst(rights);
  const who = kind === 'people' ? name : `service account ${name}`;
  const may = danger === undefined ? '' : `, and so the right to ${inWords(rights)}`;
  return {
    part: 'access',
    level: danger === undefined ? 'low' : levelOf(danger),
    change: 'added',
    say: (on) =>
      `${who} gets ${grant.roleName} on ${on} by the grant ${grant.name}${may}, but not yet: no binding can name ${who}, and \`kaniflux check\` says what is missing`,
    clusters: [cluster.name],
    details: [],
    ...(danger === undefined ? {} : { danger }),
  };
}
