import { distance } from 'fastest-levenshtein';
import type { ClusterAccess } from '../access/cluster';
import { reachKey, rightsKey } from '../access/equal-access';
import { rulesOn, withScope } from '../access/resource-request';
import { worldWith } from '../become/world';
import type { Config, Expectation } from '../config/config';
import { suggest } from '../config/nearest';
import type { Manifest } from '../existing/manifests';
import { mapAt } from '../guards';
import { builtinClusterRoles, builtinNamespaces } from '../upstream/builtin-names';
import { askedRight } from './asked-right';
import { Entitlements } from './entitled';
import { type Asked, judge } from './judge';
import { Reach } from './reach';
import type { Verdict } from './verdict';

/** The result for one expectation. */
export interface Judgement {
  readonly expectation: Expectation;
  /** The verdicts, each with its clusters in the order of the config. Each cluster has one verdict. */
  readonly verdicts: readonly { readonly verdict: Verdict; readonly clusters: readonly string[] }[];
  /** The roles and namespaces of the expectation that do not exist, each with a fix. */
  readonly unknown: readonly { readonly field: 'exclusive' | 'in'; readonly what: string; readonly fix: string }[];
}

/**
 * Judges the expectations of a config, one cluster after the other. Clusters with equal grants and roles are judged
 * only once.
 */
export class Judgements {
  private readonly asked: readonly Asked[];
  private readonly classes = new Map<
    string,
    { readonly clusters: string[]; readonly verdicts: (Verdict | undefined)[] }
  >();
  private readonly roles = new Set<string>();
  /**
   * The roles that a misspelt name may refer to: the user-facing roles of Kubernetes, those of the config, and those of
   * hand-written files.
   */
  private readonly choices = new Set(builtinClusterRoles);
  private readonly namespaces: Set<string>;

  /**
   * @param day expectations of the kind `always` count only accounts that are valid on this day, in UTC.
   * @default - they are undecided if they depend on the day
   */
  constructor(
    private readonly config: Config,
    private readonly day?: string,
  ) {
    const { clusters, expect, kanidm } = config;
    const rules = expect.length === 0 ? [] : rulesOn([...clusters.values()]);
    this.asked = expect.map((expectation) =>
      expectation.kind === 'exclusive'
        ? { expectation }
        : { expectation, right: askedRight(expectation.right, expectation.in, rules) },
    );
    const hosts = [...clusters.values()].flatMap(({ flux }) => [flux.namespace, flux.source.namespace]);
    this.namespaces = new Set([...builtinNamespaces, kanidm.namespace, ...hosts]);
  }

  /**
   * Adds a cluster.
   * @param rendered the rendered objects of the cluster
   * @param manifests the hand-written objects of the cluster; `access` already includes their roles and bindings
   */
  add(access: ClusterAccess, rendered: readonly object[], manifests: readonly Manifest[] = []): void {
    const { cluster } = access;
    if (!this.asked.some(({ expectation }) => isAbout(expectation, cluster.name))) return;
    const key = keyOf(access, manifests, this.asked);
    const same = this.classes.get(key);
    if (same) {
      same.clusters.push(cluster.name);
      return;
    }
    const on = new Entitlements(access, this.day);
    let reach: Reach | undefined;
    const reachOnce = () => {
      reach ??= new Reach(
        worldWith(
          access,
          [...rendered, ...manifests.map(({ object }) => object)],
          this.asked.flatMap(({ expectation }) => expectation.in ?? []),
        ),
      );
      return reach;
    };
    this.collect(access, manifests);
    this.classes.set(key, {
      clusters: [cluster.name],
      verdicts: this.asked.map((one) =>
        isAbout(one.expectation, cluster.name) ? judge(scoped(one, manifests), on, reachOnce) : undefined,
      ),
    });
  }

  private collect({ authorizer, cluster }: ClusterAccess, manifests: readonly Manifest[]): void {
    for (const { metadata } of authorizer.roles.all) this.roles.add(metadata.name);
    for (const { roleRef, metadata } of authorizer.bindings) {
      this.roles.add(roleRef.name);
      if (metadata.namespace !== undefined) this.namespaces.add(metadata.namespace);
    }
    for (const one of Object.keys(cluster.podSecurity?.namespaces ?? {})) this.namespaces.add(one);
    for (const { roleName } of cluster.grants) {
      // A grant without a rendered binding, such as one for a person without a UUID, names its role too.
      this.roles.add(roleName);
      this.choices.add(roleName);
    }
    for (const { name, namespaces } of cluster.roles) {
      this.choices.add(name);
      for (const one of namespaces) this.namespaces.add(one);
    }
    for (const { object } of manifests) {
      const { name, namespace } = mapAt(object, 'metadata');
      if (typeof namespace === 'string') this.namespaces.add(namespace);
      if (typeof name === 'string' && /^(Cluster)?Role$/.test(String(object.kind))) this.choices.add(name);
      if (object.kind === 'Namespace' && typeof name === 'string') this.namespaces.add(name);
    }
  }

  results(): Judgement[] {
    const order = new Map([...this.config.clusters.keys()].map((name, i) => [name, i]));
    const place = (name: string) => order.get(name) ?? 0;
    return this.asked.map(({ expectation }, i) => {
      const byText = new Map<string, { verdict: Verdict; clusters: string[] }>();
      for (const { clusters, verdicts } of this.classes.values()) {
        const verdict = verdicts[i];
        if (!verdict) continue;
        const key = JSON.stringify(verdict);
        const known = byText.get(key);
        if (known) known.clusters.push(...clusters);
        else byText.set(key, { verdict, clusters: [...clusters] });
      }
      const all = [...byText.values()].map(({ verdict, clusters }) => ({
        verdict,
        clusters: clusters.sort((a, b) => place(a) - place(b)),
      }));
      return {
        expectation,
        verdicts: all.sort((a, b) => place(a.clusters[0] ?? '') - place(b.clusters[0] ?? '')),
        unknown: all.length === 0 ? [] : this.unknownIn(expectation),
      };
    });
  }

  private unknownIn(expectation: Expectation): Judgement['unknown'] {
    const roles = expectation.kind === 'exclusive' ? expectation.roles.filter((role) => !this.roles.has(role)) : [];
    const namespaces = (expectation.in ?? []).filter((one) => !this.namespaces.has(one));
    return [
      ...roles.map((role) => ({
        field: 'exclusive' as const,
        what: `no cluster has a role with the name \`${role}\`, and no grant gives one`,
        fix: `${suggest(role, [...this.choices])}, or pass the folder with its definition to --manifests`,
      })),
      ...namespaces.flatMap((namespace) => {
        const meant = [...this.namespaces].find((one) => isMisspelling(namespace, one));
        return meant === undefined
          ? []
          : [
              {
                field: 'in' as const,
                what: `no grant and no manifest names the namespace \`${namespace}\``,
                fix: `write \`${meant}\` if that is the intended namespace`,
              },
            ];
      }),
    ];
  }
}

const isAbout = ({ clusters }: Expectation, cluster: string): boolean => clusters === '*' || clusters.includes(cluster);

/**
 * Returns an expectation, with what the CustomResourceDefinitions of a cluster say about the custom resources in this
 * expectation.
 */
function scoped(one: Asked, manifests: readonly Manifest[]): Asked {
  if (one.right === undefined || one.right === 'everything' || manifests.length === 0) return one;
  const objects = manifests.map(({ object }) => object);
  return { ...one, right: one.right.map((request) => withScope(request, objects)) };
}

/** Returns a key of everything that the verdicts on a cluster depend on. */
const keyOf = (access: ClusterAccess, manifests: readonly Manifest[], asked: readonly Asked[]): string =>
  [
    (asked.some(({ expectation }) => expectation.become) ? reachKey : rightsKey)(access, manifests),
    ...asked.map(({ expectation }) => (isAbout(expectation, access.cluster.name) ? 1 : 0)),
  ].join('\n');

/**
 * Whether a name is probably a misspelling of another one: one letter is wrong, missing or added, or the letters are in
 * another order. The parts of both names between hyphens are compared. If a part that differs is a single letter or
 * contains a digit, both names are probably right: `team-a` and `team-b`, `web1` and `web2`.
 */
function isMisspelling(name: string, other: string): boolean {
  const sorted = (text: string) => [...text].sort().join('');
  if (name.length < 4 || (distance(name, other) !== 1 && sorted(name) !== sorted(other))) return false;
  const [ours, theirs] = [name.split('-'), other.split('-')];
  const differs = ours.flatMap((part, i) => (part === theirs[i] ? [] : [part, theirs[i] ?? '']));
  return ours.length !== theirs.length || differs.every((part) => part.length > 1 && !/\d/.test(part));
}
