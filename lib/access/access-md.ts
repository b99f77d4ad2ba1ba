import { beginners, nameOf } from '../become/become';
import { shortestToEverything } from '../become/shortest';
import { kanidmAdministrators } from '../become/steps/kanidm-administrators';
import { wayText } from '../become/way-text';
import { worldOf } from '../become/world';
import type { Cluster, Config, Grant } from '../config/config';
import { membershipTerm, termText } from '../expire/terms';
import { validityOf, validityText } from '../expire/validity';
import { authenticators } from '../identity/authenticator';
import type { Artifact } from '../output/artifact';
import { toHex, utf8 } from '../output/bytes';
import { codeCell, codeSpan, markdown, mermaid } from '../output/text-escapes';
import { type Holder, holders } from './holders';
import { type BindingObject, isBinding, isRbac } from './objects';
import { isInScopeMap } from './principals';
import { roleOf, whoIs } from './rights-in-words';
import { unknownNames } from './unknown-names';

/**
 * The limits of tables and pictures. With more clusters or rows, a summary replaces the table. With more edges, the
 * picture is left out.
 */
const mostClusters = 50;
const mostRows = 500;
const mostEdges = 100;

/**
 * Builds `ACCESS.md`, which lists who has which role on every cluster, for reading on a Git host. Clusters are added
 * one at a time, while their objects are in memory. A change of one grant changes only the lines about this grant.
 */
export class AccessMd {
  private readonly parts = new Map<string, string>();

  constructor(private readonly config: Config) {}

  has({ name }: Cluster): boolean {
    return this.parts.has(name);
  }

  /** @param objects all objects that are rendered for the cluster */
  add(cluster: Cluster, objects: readonly object[]): void {
    const rows = holders(this.config, cluster, this.brief ? firstMentions(objects) : objects);
    const part = this.brief
      ? summary(cluster, rows)
      : `${section(this.config, cluster, rows)}${validities(this.config, rows)}${signInUnknown(this.config, cluster, rows)}${this.becoming(cluster, objects, rows)}${notKnown(unknownNames(this.config, cluster))}`;
    this.parts.set(cluster.name, part);
  }

  /**
   * Returns the subjects of the config that can become cluster-admin step by step, each with the shortest chain of
   * steps.
   */
  private becoming(cluster: Cluster, objects: readonly object[], rows: readonly Holder[]): string {
    if (rows.length === 0 || rows.length > mostRows) return '';
    const world = worldOf(this.config, cluster, objects);
    const lines = beginners(world).flatMap((who) => {
      const way =
        who.kind === 'stranger' || who.name === kanidmAdministrators ? undefined : shortestToEverything(world, who);
      return way && way.steps.length > 0 ? [`- ${codeSpan(nameOf(who))}: ${codeSpan(wayText(way))}\n`] : [];
    });
    if (lines.length === 0) return '';
    return `\nWho can become cluster-admin step by step, and the shortest way (\`kaniflux who-can become cluster-admin\` also lists other ways):\n\n${lines.sort().join('')}`;
  }

  /** Writes nothing about a cluster. */
  leaveOut({ name }: Cluster): void {
    this.parts.set(name, '');
  }

  /** Returns the file, with the clusters in the order of the config. */
  artifact(): Artifact {
    const parts = [...this.config.clusters.keys()].flatMap((name) => this.parts.get(name) ?? []);
    const text = this.brief ? `${head}\n${summaryHead}${parts.join('')}` : [head, ...parts].join('\n');
    return { path: 'ACCESS.md', text };
  }

  private get brief(): boolean {
    return this.config.clusters.size > mostClusters;
  }
}

const head = `# Who has what

Generated from kaniflux.yaml by Kaniflux: make changes there. \`kaniflux explain PERSON\` and \`kaniflux who-can\` print what
the roles allow.
`;

const summaryHead = '| Cluster | People | Grants | cluster-admin |\n|---|---|---|---|\n';

const isAdmins = ({ roleRef, metadata }: BindingObject): boolean =>
  roleRef.name === 'cluster-admin' && metadata.namespace === undefined;

const adminsIn = (rows: readonly Holder[]) => rows.filter(({ binding }) => isAdmins(binding));

/**
 * Returns the bindings; those that give cluster-admin come first. Each subject stays only in the first binding that
 * names it. One binding for each subject is enough to count people.
 */
function firstMentions(objects: readonly object[]): BindingObject[] {
  const bindings = objects.filter(isRbac).filter(isBinding);
  const mentioned = new Set<string>();
  return [...bindings.filter(isAdmins), ...bindings.filter((one) => !isAdmins(one))].flatMap((binding) => {
    const subjects = (binding.subjects ?? []).filter(({ kind, name }) => {
      const before = mentioned.size;
      return mentioned.add(`${kind}\n${name}`).size > before;
    });
    return subjects.length > 0 ? [{ ...binding, subjects }] : [];
  });
}

/** Only Kanidm, or another identity provider, knows how many people are in the group. */
const isGroup = ({ kind, name }: Holder): boolean =>
  kind === 'members' || (kind === 'stranger' && name.startsWith('group '));

/** Returns the number of people, `2`, and the groups of an unknown size, `2 and the members of 1 group`. */
function peopleIn(rows: readonly Holder[], unit = ''): string {
  const count = (those: readonly Holder[]) => new Set(those.map(({ kind, name }) => `${kind} ${name}`)).size;
  const groups = count(rows.filter(isGroup));
  const people = `${count(rows.filter((one) => !isGroup(one)))}${unit}`;
  return groups === 0 ? people : `${people} and the members of ${groups} group${groups === 1 ? '' : 's'}`;
}

const summary = (cluster: Cluster, rows: readonly Holder[]) =>
  `| ${codeCell(cluster.name)} | ${peopleIn(rows)} | ${cluster.grants.length} | ${peopleIn(adminsIn(rows))} |\n`;

const notKnown = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `\nKaniflux does not know the following users and groups, so roles that bindings give to them may be missing here: ${names.map((name) => name.replaceAll('|', '')).join('; ')}.\n`;

/** Returns a paragraph about the holders that are not always valid. Empty if there are none. */
function validities(config: Config, rows: readonly Holder[]): string {
  if (rows.length > mostRows) return '';
  const limited = rows.flatMap(({ kind, name }) => {
    const times = kind === 'person' || kind === 'service account' ? validityText(validityOf(config, name)) : undefined;
    return times === undefined ? [] : [`${codeSpan(whoIs({ kind, name }))} ${times}`];
  });
  if (limited.length === 0) return '';
  return `\nThese accounts are valid only at the following times, and nobody can sign in with them at any other time: ${[...new Set(limited)].sort().join(', ')}.\n`;
}

/**
 * Returns a paragraph about the holders that the config puts in no group of a scope map: only Kanidm knows whether they
 * can sign in. Empty if there are no such holders.
 */
function signInUnknown(config: Config, cluster: Cluster, rows: readonly Holder[]): string {
  if (rows.length > mostRows) return '';
  const clients = authenticators(config, cluster).map(({ client }) => client.name);
  const unknown = rows.flatMap(({ kind, name }) =>
    kind === 'stranger' || clients.some((client) => isInScopeMap(config, { kind, name, client }))
      ? []
      : [codeSpan(whoIs({ kind, name }))],
  );
  if (unknown.length === 0) return '';
  return `\nOnly Kanidm knows whether the following can sign in, because the config puts them in no group of a client's scope map: ${[...new Set(unknown)].sort().join(', ')}.\n`;
}

function section(config: Config, cluster: Cluster, rows: readonly Holder[]): string {
  const title = `## ${codeSpan(cluster.name)}\n\n`;
  if (rows.length === 0) return `${title}Nobody is granted anything.\n`;
  if (rows.length > mostRows) {
    const { length } = cluster.grants;
    return `${title}Too many to list: ${peopleIn(rows, ' people')} hold ${length === 1 ? 'one grant' : `${length} grants`}. Of these people, ${peopleIn(adminsIn(rows))} have cluster-admin.\n`;
  }
  const table = `| Who | Role | Where | By |\n|---|---|---|---|\n${lines(config, cluster, rows).join('')}`;
  return `${title}${table}${picture(rows)}`;
}

/**
 * Returns a line for each role that a subject has in a namespace or in the whole cluster, with all grants and groups
 * that lead to the role.
 */
function lines(config: Config, cluster: Cluster, rows: readonly Holder[]): string[] {
  const grants = new Map(cluster.grants.map((grant) => [grant.name, grant]));
  const ways = new Map<string, Set<string>>();
  for (const holder of rows) {
    const { namespace } = holder.binding.metadata;
    const where = namespace === undefined ? 'everywhere' : `namespace ${codeCell(namespace)}`;
    const start = `| ${codeCell(whoIs(holder))} | ${codeCell(roleOf(holder))} | ${where} | `;
    const known = ways.get(start) ?? new Set();
    ways.set(start, known.add(by(config, grants.get(holder.binding.metadata.name), holder)));
  }
  return [...ways].map(([start, all]) => `${start}${[...all].sort().join('; ')} |\n`).sort();
}

/**
 * Returns the grant, and the groups through which the holder is in the grant, each with its last day and its reason.
 */
const by = (config: Config, grant: Grant | undefined, { binding, name, way }: Holder): string =>
  [
    `grant ${codeCell(binding.metadata.name)}${termText(grant ?? {}, markdown)}`,
    ...way.map((group, i) => `in ${codeCell(group)}${termText(membershipTerm(config, name, way, i), markdown)}`),
  ].join(', ');

/**
 * Returns a Mermaid chart of people, groups and roles. The id of a node depends only on the node's name, so a change to
 * other nodes does not change the id.
 */
function picture(rows: readonly Holder[]): string {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  const node = (kind: string, label: string) => {
    const id = `${kind}_${toHex(utf8(label))}`;
    nodes.set(
      id,
      kind === 'person'
        ? `${id}(${mermaid(label)})`
        : kind === 'group'
          ? `${id}{{${mermaid(label)}}}`
          : `${id}[${mermaid(label)}]`,
    );
    return id;
  };
  for (const holder of rows) {
    const { namespace } = holder.binding.metadata;
    const steps = [
      node('person', whoIs(holder)),
      ...holder.way.map((group) => node('group', group)),
      node('role', `${roleOf(holder)}${namespace === undefined ? '' : ` in ${namespace}`}`),
    ];
    for (const [i, to] of steps.entries()) if (i > 0) edges.add(`  ${steps[i - 1]} --> ${to}\n`);
  }
  if (edges.size > mostEdges) return '';
  const shapes = [...nodes.values()].sort().map((shape) => `  ${shape}\n`);
  return `\n\`\`\`mermaid\nflowchart LR\n${shapes.join('')}${[...edges].sort().join('')}\`\`\`\n`;
}
