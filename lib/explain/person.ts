import { type Held, isPersonal } from '../access/authorizer';
import { type ClusterAccess, groupOf } from '../access/cluster';
import { dangers, worst } from '../access/danger';
import { type Principal, wayInto } from '../access/principals';
import { rightsOf } from '../access/rights';
import { by, mayOf, roleOf } from '../access/rights-in-words';
import { type Config, entry } from '../config/config';
import { accessOn, rendered, type Side } from '../diff/side';
import { endOf, grantOf } from '../expire/terms';
import { type Validity, validityOf, validityText } from '../expire/validity';
import { authenticators } from '../identity/authenticator';
import { mayUse, surelyUses } from '../identity/claims';
import { whyRefused } from '../identity/required-claims';

/** A role of a person, with its scope and the grant that gives it. */
export interface Holding {
  readonly cluster: string;
  /** The namespace; `undefined` for a role on the whole cluster. */
  readonly namespace?: string;
  readonly role: string;
  readonly binding: string;
  /** Whether the binding is hand-written, and not rendered from a grant. @default false */
  readonly isByHand?: true;
  readonly way: readonly string[];
  /** The last day of the role, in UTC; `undefined` if neither the grant nor a membership that leads to it ends. */
  readonly until?: string;
  readonly may: string;
  readonly held: Held;
}

export interface Explained extends Validity {
  readonly cluster: string;
  /** The user names and groups that the API server sees; empty if the person cannot sign in. */
  readonly as: readonly Pick<Principal, 'user' | 'groups' | 'client'>[];
  readonly holdings: readonly Holding[];
  /** The reason why the person cannot sign in; `undefined` if they can. */
  readonly cannot?: string;
  /** Set if only Kanidm knows whether the person can sign in. */
  readonly isUnknown?: boolean;
}

/** Returns the key of the person or service account that had this name before a rename. */
export const formerKey = (config: Config, name: string): string | undefined =>
  [...config.people.values(), ...config.serviceAccounts.values()].find(({ formerly }) => formerly === name)?.name;

/** Returns the rights of a person on each cluster. Rights that every signed-in user has are left out. */
export function explainPerson(
  config: Config,
  name: string,
  clusters: readonly string[],
  side: Side = rendered(config),
): Explained[] {
  return clusters.flatMap((cluster) => {
    const access = accessOn(side, cluster);
    if (!access) return [];
    const as = access.principals.filter((one) => one.name === name && one.kind !== 'members');
    const held = new Map(as.flatMap((one) => access.authorizer.held(one)).map((one) => [one.binding, one]));
    const holdings = [...held.values()]
      .filter(isPersonal)
      .map((one) => holdingOf(access, name, one))
      .sort(byDanger);
    return [
      {
        cluster,
        as: as.map(({ user, groups, client }) => ({ user, groups, client })),
        holdings,
        ...validityOf(config, name),
        ...(as.length > 0 ? {} : { cannot: whyNot(access, name) }),
        ...(as.length > 0 && !as.some((one) => surelyUses(config, one, entry(config.clients, one.client)))
          ? { isUnknown: true }
          : {}),
      },
    ];
  });
}

function whyNot({ config, cluster }: ClusterAccess, name: string): string {
  const account = config.people.get(name) ?? config.serviceAccounts.get(name);
  if (account?.absent) return 'the entry is marked as removed (`absent: true`)';
  const usable = account ? authenticators(config, cluster).filter(({ client }) => mayUse(config, account, client)) : [];
  const reasons = new Set(account && usable.flatMap((one) => whyRefused(config, cluster, account, one)));
  return usable.length > 0 ? [...reasons].join('; ') : 'the account is in no group of the scope map of the client';
}

export function holdingOf(access: ClusterAccess, name: string, held: Held): Holding {
  const group = groupOf(access, held.subject);
  const binding = held.binding.metadata.name;
  const way = group === undefined ? [] : wayInto(access.config, name, group);
  const until = endOf(access, held.binding, name, way);
  return {
    cluster: access.cluster.name,
    ...(held.namespace === undefined ? {} : { namespace: held.namespace }),
    role: roleOf(held),
    binding,
    ...(grantOf(access.cluster, held.binding) ? {} : { isByHand: true as const }),
    way,
    ...(until === undefined ? {} : { until }),
    may: mayOf(held),
    held,
  };
}

const rank = ({ held }: Holding) => dangers.indexOf(worst(rightsOf(held)) ?? 'read');
const byDanger = (a: Holding, b: Holding) => rank(a) - rank(b) || (a.binding < b.binding ? -1 : 1);

/** Formats the rights of a person for a terminal. The text is not escaped yet. */
export function personLines(name: string, explained: readonly Explained[]): string[] {
  return explained.flatMap(({ cluster, as, holdings, cannot, isUnknown, ...validity }) => {
    if (cannot !== undefined) return [`${cluster}: ${name} cannot sign in: ${cannot}`];
    const known = as.map(({ user, groups }) => {
      const own = groups.length > 0 ? `, in ${groups.join(', ')}` : '';
      return `  is known as ${user ?? '(a name that the config does not know)'}${own}`;
    });
    const may = holdings.map(({ namespace, role, binding, isByHand, way, until, may: what }) => {
      const end = until === undefined ? '' : `, until ${until}`;
      const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
      return `  may ${what}${where} (${role}${by(way)}; ${isByHand ? 'binding' : 'grant'} ${binding}${end})`;
    });
    const times = validityText(validity);
    return [
      `${cluster}:`,
      ...(times === undefined ? [] : [`  can sign in only ${times}`]),
      ...(isUnknown
        ? [
            `  can sign in only if Kanidm lists ${name} in a group of the client's scope map; only Kanidm knows whether this is the case`,
          ]
        : []),
      ...new Set(known),
      ...(may.length > 0 ? may : ['  may do only what every signed-in user may do']),
    ];
  });
}
