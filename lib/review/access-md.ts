import { type Holder, holders } from '../access/holders';
import type { Artifact } from '../artifacts/artifact';
import type { Cluster, Config } from '../config/config';
import { codeSpan, mermaid } from './escape';

/** More clusters than a person reads get a line each; more edges than a picture shows get none. */
const mostClusters = 50;
const mostRows = 500;
const mostEdges = 100;

const known = new WeakMap<Cluster, string>();

/** Keeps what `ACCESS.md` says of a cluster while its objects are at hand, so that they need not be made again. */
export function noteAccess(config: Config, cluster: Cluster, objects: readonly object[]): void {
  const rows = holders(config, cluster, objects);
  known.set(cluster, config.clusters.size > mostClusters ? summary(cluster, rows) : section(cluster, rows));
}

/**
 * `ACCESS.md`: who has what on every cluster, to be read on a Git host. A change of one grant changes its lines alone.
 * @param objectsOf what is rendered for a cluster that was not noted
 */
export function accessArtifact(config: Config, objectsOf: (cluster: Cluster) => readonly object[]): Artifact {
  const clusters = [...config.clusters.values()];
  const parts = clusters.map((cluster) => {
    if (!known.has(cluster)) noteAccess(config, cluster, objectsOf(cluster));
    return known.get(cluster) as string;
  });
  const head = `# Who has what

Made from kaniflux.yaml by Kaniflux: changes belong there. \`kaniflux explain PERSON\` and \`kaniflux who-can\` say what
the roles allow.
`;
  if (clusters.length <= mostClusters) return { path: 'ACCESS.md', text: [head, ...parts].join('\n') };
  const table = '| Cluster | People | Grants | cluster-admin |\n|---|---|---|---|\n';
  return { path: 'ACCESS.md', text: `${head}\n${table}${parts.join('')}` };
}

const adminsIn = (rows: readonly Holder[]) =>
  rows.filter(({ binding }) => binding.roleRef.name === 'cluster-admin' && binding.metadata.namespace === undefined);

const peopleIn = (rows: readonly Holder[]) => new Set(rows.map(({ kind, name }) => `${kind} ${name}`)).size;

const summary = (cluster: Cluster, rows: readonly Holder[]) =>
  `| ${codeSpan(cluster.name)} | ${peopleIn(rows)} | ${cluster.grants.length} | ${peopleIn(adminsIn(rows))} |\n`;

function section(cluster: Cluster, rows: readonly Holder[]): string {
  const head = `## ${codeSpan(cluster.name)}\n\n`;
  if (rows.length === 0) return `${head}Nobody is granted anything.\n`;
  if (rows.length > mostRows) {
    return `${head}${peopleIn(rows)} people hold ${cluster.grants.length} grants, ${peopleIn(adminsIn(rows))} of them cluster-admin: too many to list.\n`;
  }
  const lines = [...new Set(rows.map(row))].sort();
  const table = `| Who | Role | Where | By |\n|---|---|---|---|\n${lines.join('')}`;
  return `${head}${table}${picture(rows)}`;
}

const whoIs = ({ kind, name }: Holder) => (kind === 'person' ? name : `members of ${name}, kept in Kanidm`);

const roleName = ({ binding: { roleRef } }: Holder) =>
  roleRef.kind === 'Role' ? `Role ${roleRef.name}` : roleRef.name;

function row(holder: Holder): string {
  const { binding, way } = holder;
  const { namespace, name } = binding.metadata;
  const where = namespace === undefined ? 'everywhere' : `namespace ${codeSpan(namespace)}`;
  const by = [`grant ${codeSpan(name)}`, ...(way.length > 0 ? [`in ${way.map(codeSpan).join(', in ')}`] : [])].join(
    ', ',
  );
  return `| ${codeSpan(whoIs(holder))} | ${codeSpan(roleName(holder))} | ${where} | ${by} |\n`;
}

/** People, groups and roles. A node is named by what it is, so that nothing is renumbered by a change elsewhere. */
function picture(rows: readonly Holder[]): string {
  const nodes = new Map<string, string>();
  const edges = new Set<string>();
  const node = (kind: string, label: string) => {
    const id = `${kind}_${Buffer.from(label).toString('hex')}`;
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
      node('role', `${roleName(holder)}${namespace === undefined ? '' : ` in ${namespace}`}`),
    ];
    for (const [i, to] of steps.entries()) if (i > 0) edges.add(`  ${steps[i - 1]} --> ${to}\n`);
  }
  if (edges.size > mostEdges) return '';
  const shapes = [...nodes.values()].sort().map((shape) => `  ${shape}\n`);
  return `\n\`\`\`mermaid\nflowchart LR\n${shapes.join('')}${[...edges].sort().join('')}\`\`\`\n`;
}
