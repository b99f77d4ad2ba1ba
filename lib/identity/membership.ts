import type { Config, Group } from '../config/config';
import { everyonesGroups, isBuiltIn } from '../upstream/kanidm-builtin';
import { addAll, type Bits, emptyBits, hasBit, numbersIn, reachability, setBit } from './reachability';

/** Looks up a list of names by a name, such as the groups of a person. */
interface Lookup {
  get(name: string): readonly string[] | undefined;
}

export interface Memberships {
  /**
   * The groups of each person and service account, sorted. Includes nested groups and groups that contain everybody.
   * Accounts in the same groups share one list.
   */
  readonly groupsOf: Lookup;
  /**
   * The people in each group, sorted. Includes members of nested groups, and all people if the group contains
   * everybody.
   */
  readonly peopleIn: Lookup;
  /**
   * The groups that a group is in, directly or through nested groups, sorted. The lookup also works for the name
   * of a built-in group that is a member of a group in the config.
   */
  readonly parentsOf: Lookup;
  /**
   * The group itself and its nested groups, but only those whose members are known to Kanidm alone; sorted. Kanidm
   * alone knows the members of groups without `members`, and those of built-in groups.
   */
  readonly keptIn: Lookup;
  /** For each name, the groups that list it as a direct member, sorted. */
  readonly directly: Lookup;
  /** The built-in groups of Kanidm that are members of a group, sorted. */
  readonly builtIn: readonly string[];
}

const known = new WeakMap<Config, Memberships>();

/**
 * Returns the flattened memberships, as Kanidm puts them into tokens. `absent` entries are in no group and have no
 * members. Each list is computed on first use, because the lists of all people and groups together can have millions of
 * names.
 */
export function memberships(config: Config): Memberships {
  let found = known.get(config);
  if (!found) {
    found = new Flattened(config);
    known.set(config, found);
  }
  return found;
}

/** Returns every group that a group is in, directly or through nested groups, sorted. */
export const parentsOf = (config: Config, group: string): readonly string[] =>
  memberships(config).parentsOf.get(group) ?? [];

/**
 * Returns the groups in the config that contain everybody in Kanidm, because a built-in group of everybody is a member;
 * sorted.
 */
export const everybodysGroups = (config: Config): readonly string[] =>
  [...new Set(everyonesGroups.flatMap((name) => parentsOf(config, name)))].sort();

/** Accounts that are direct members of the same groups. */
interface AccountSet {
  readonly bits: Bits;
  /** The groups that these accounts are in, directly or through nested groups. */
  readonly groups: readonly string[];
  /** The accounts that belong to people, not service accounts. */
  readonly people: string[];
}

class Flattened implements Memberships {
  readonly groupsOf: Lookup;
  readonly peopleIn: Lookup;
  readonly parentsOf: Lookup;
  readonly keptIn: Lookup;
  readonly directly: ReadonlyMap<string, readonly string[]>;
  readonly builtIn: readonly string[];
  /** Group names, sorted. */
  private readonly nodes: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly above: readonly Bits[];
  private readonly sets = new Map<string, AccountSet>();
  private readonly byAccount = new Map<string, AccountSet>();

  constructor(private readonly config: Config) {
    const groups = present(config.groups);
    this.directly = parentsByMember(groups);
    this.builtIn = [...this.directly.keys()].filter(isBuiltIn).sort();
    this.nodes = [...groups.map(({ name }) => name), ...this.builtIn].sort();
    this.numbers = new Map(this.nodes.map((name, i) => [name, i]));
    this.above = reachability(this.nodes.map((name) => this.numbersOf(this.directly.get(name))));
    for (const { name } of present(config.people)) this.addAccount(name, everyonesGroups).people.push(name);
    for (const { name } of present(config.serviceAccounts)) this.addAccount(name, ['idm_all_accounts']);
    this.groupsOf = { get: (name) => this.byAccount.get(name)?.groups };
    this.peopleIn = remembered((name) => this.people(name));
    this.parentsOf = remembered((name) => this.names(this.above[this.numbers.get(name) ?? -1]));
    this.keptIn = remembered((name) => this.kept(name));
  }

  private numbersOf(names: readonly string[] = []): number[] {
    return names.flatMap((name) => this.numbers.get(name) ?? []);
  }

  private names(bits: Bits | undefined): string[] | undefined {
    return bits && numbersIn(bits).map((i) => this.nodes[i] ?? '');
  }

  /** Adds an account to the set of accounts that are direct members of the same groups. */
  private addAccount(account: string, everyones: readonly string[]): AccountSet {
    const direct = [account, ...everyones].map((name) => this.directly.get(name) ?? []);
    const key = direct.map((names) => names.join('\n')).join('\n\n');
    let set = this.sets.get(key);
    if (!set) {
      const bits = emptyBits(this.nodes.length);
      for (const node of this.numbersOf(direct.flat())) {
        setBit(bits, node);
        addAll(bits, this.above[node] ?? emptyBits(0));
      }
      set = { bits, groups: this.names(bits) ?? [], people: [] };
      this.sets.set(key, set);
    }
    this.byAccount.set(account, set);
    return set;
  }

  private people(group: string): string[] | undefined {
    if (!this.config.groups.has(group)) return undefined;
    const node = this.numbers.get(group);
    if (node === undefined) return [];
    return [...this.sets.values()]
      .filter(({ bits }) => hasBit(bits, node))
      .flatMap(({ people }) => people)
      .sort();
  }

  private kept(group: string): string[] | undefined {
    const node = this.numbers.get(group);
    if (node === undefined) return undefined;
    return this.nodes.filter(
      (name, i) =>
        this.config.groups.get(name)?.members === undefined &&
        (i === node || hasBit(this.above[i] ?? emptyBits(0), node)),
    );
  }
}

const present = <T extends { readonly name: string; readonly absent?: boolean }>(map: ReadonlyMap<string, T>): T[] =>
  [...map.values()].filter(({ absent }) => !absent);

function parentsByMember(groups: readonly Group[]): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const { name, members = [] } of groups) {
    for (const member of members) {
      const list = parents.get(member);
      if (list) list.push(name);
      else parents.set(member, [name]);
    }
  }
  for (const list of parents.values()) list.sort();
  return parents;
}

function remembered(answer: (name: string) => string[] | undefined): Lookup {
  const answers = new Map<string, string[] | undefined>();
  return {
    get(name) {
      if (!answers.has(name)) answers.set(name, answer(name));
      return answers.get(name);
    },
  };
}
