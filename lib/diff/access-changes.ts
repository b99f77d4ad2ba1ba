import type { Held } from '../access/authorizer';
import type { ClusterAccess } from '../access/cluster';
import { type Danger, dangers, worst } from '../access/danger';
import type { PolicyRule } from '../access/objects';
import { type Right, RightSet, rightsOf } from '../access/rights';
import type { AccessChange, Standing } from './change';
import { idOf, type Predecessor, predecessors } from './predecessors';
import { reasonOf } from './reason';
import { accessOn, type Side } from './side';

/**
 * The difference in what people can do, the most dangerous gain first. It is exact: a right that is held anyway by
 * another binding is neither gained nor lost.
 */
export function accessDiff(before: Side, after: Side): AccessChange[] {
  const names = [...new Set([...before.config.clusters.keys(), ...after.config.clusters.keys()])];
  const former = predecessors(before.config, after.config);
  return names.flatMap((name) => onCluster(name, before, after, former)).sort(byDanger);
}

function onCluster(name: string, before: Side, after: Side, former: Predecessor): AccessChange[] {
  const old = accessOn(before, name);
  const now = accessOn(after, name);
  const was = standings(old);
  const is = standings(now);
  const pairs: [Standing | undefined, Standing | undefined][] = [];
  for (const b of is.values()) {
    const from = former(b.who);
    pairs.push([from === undefined ? undefined : was.get(from), b]);
    if (from !== undefined) was.delete(from);
  }
  for (const a of was.values()) pairs.push([a, undefined]);
  const nameOf = naming();
  return pairs.flatMap(([a, b]) => [
    ...compare(name, 'gained', b, a, old, nameOf),
    ...compare(name, 'lost', a, b, now, nameOf),
  ]);
}

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

/** Names what a held role allows and where: equal names, equal rights. */
type Naming = (held: Held) => string;

/** Each list of rules is written out once, however many hold it. */
function naming(): Naming {
  const written = new Map<readonly PolicyRule[], number>();
  const numbers = new Map<string, number>();
  return ({ namespace, rules }) => {
    let number = written.get(rules);
    if (number === undefined) {
      const text = JSON.stringify(rules);
      number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      written.set(rules, number);
    }
    return `${number} ${namespace ?? ''}`;
  };
}

function compare(
  cluster: string,
  change: AccessChange['change'],
  has: Standing | undefined,
  other: Standing | undefined,
  otherAccess: ClusterAccess | undefined,
  nameOf: Naming,
): AccessChange[] {
  // Most of what people hold they hold on both sides; only the rest is taken apart.
  const same = new Set(other?.held.map(nameOf));
  const different = has?.held.filter((held) => !same.has(nameOf(held))) ?? [];
  if (!has || different.length === 0) return [];
  const anyway = new RightSet((other?.held ?? []).flatMap(rightsOf));
  return different.flatMap((held) => {
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
