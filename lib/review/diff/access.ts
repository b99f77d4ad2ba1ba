import {
  type ClusterAccess,
  type Danger,
  dangers,
  type Principal,
  type Right,
  RightSet,
  rightsOf,
  worst,
} from '../../access';
import { accessOn, type Side } from '../side';
import type { AccessChange, Standing } from './change';
import { reasonOf } from './reason';

/**
 * The difference in what people can do, the most dangerous gain first. It is exact: a right that is held anyway by
 * another binding is neither gained nor lost.
 */
export function accessDiff(before: Side, after: Side): AccessChange[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  return names.flatMap((name) => onCluster(name, before, after)).sort(byDanger);
}

function onCluster(name: string, before: Side, after: Side): AccessChange[] {
  const old = accessOn(before, name);
  const now = accessOn(after, name);
  const was = standings(old);
  const is = standings(now);
  const changes: AccessChange[] = [];
  for (const id of new Set([...was.keys(), ...is.keys()])) {
    const a = was.get(id) ?? was.get(formerId(before, after, id));
    const b = is.get(id);
    if (!b && [...is.values()].some((one) => formerId(before, after, idOf(one.who)) === id && !was.has(idOf(one.who))))
      continue;
    if (signature(a) === signature(b)) continue;
    changes.push(...compare(name, 'gained', b, a, old), ...compare(name, 'lost', a, b, now));
  }
  return changes;
}

const idOf = ({ kind, name }: Pick<Principal, 'kind' | 'name'>) => `${kind}\n${name}`;

/** Who somebody was before a rename: by `formerly`, or by a UUID that the config gave and gives. */
function formerId(before: Side, after: Side, id: string): string {
  const [kind, name = ''] = id.split('\n');
  const entry = entriesOf(after, kind).get(name);
  const same = entry?.id && [...entriesOf(before, kind).values()].find((old) => old.id === entry.id);
  return `${kind}\n${entry?.formerly ?? (same ? same.name : name)}`;
}

const entriesOf = ({ config }: Side, kind: string | undefined) =>
  kind === 'person' ? config.people : kind === 'members' ? config.groups : config.serviceAccounts;

function standings(access: ClusterAccess | undefined): Map<string, Standing> {
  const found = new Map<string, Standing>();
  for (const who of access?.principals ?? []) {
    const held = (access as ClusterAccess).authorizer.held(who);
    const known = found.get(idOf(who));
    found.set(idOf(who), {
      access: access as ClusterAccess,
      who: known?.who ?? who,
      held: known
        ? [...known.held, ...held.filter(({ binding }) => !known.held.some((one) => one.binding === binding))]
        : held,
    });
  }
  return found;
}

/** Two with the same signature hold the same rights; most people do, in most changes. */
const signature = (standing: Standing | undefined) =>
  JSON.stringify(standing?.held.map(({ namespace, rules }) => [namespace, rules]));

function compare(
  cluster: string,
  change: AccessChange['change'],
  has: Standing | undefined,
  other: Standing | undefined,
  otherAccess: ClusterAccess | undefined,
): AccessChange[] {
  if (!has) return [];
  const anyway = new RightSet((other?.held ?? []).flatMap(rightsOf));
  return has.held.flatMap((held) => {
    const rights = distinct(anyway.missing(rightsOf(held)));
    if (rights.length === 0) return [];
    const { kind, name } = has.who;
    const { way, reason } = reasonOf(change, held, has, other, otherAccess);
    return [{ change, cluster, who: { kind, name }, held, rights, danger: worst(rights) as Danger, way, reason }];
  });
}

function distinct(rights: readonly Right[]): Right[] {
  const seen = new Map(rights.map((right) => [JSON.stringify(right), right]));
  return [...seen.values()];
}

function byDanger(a: AccessChange, b: AccessChange): number {
  return (
    dangers.indexOf(a.danger) - dangers.indexOf(b.danger) ||
    compareText(a.change, b.change) ||
    Number(a.held.namespace !== undefined) - Number(b.held.namespace !== undefined) ||
    compareText(sortKey(a), sortKey(b))
  );
}

const sortKey = ({ cluster, who, held }: AccessChange) =>
  [cluster, who.name, held.namespace ?? '', held.binding.metadata.name].join('\n');

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
