import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The size of a config, which has `clusters` times `grants` bindings. */
export interface Size {
  readonly clusters: number;
  readonly grants: number;
}

const people = 50;
const groups = 20;
const roles = ['view', 'edit', 'admin', 'cluster-admin'];

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The config without the clusters: a Kanidm elsewhere, people in groups, and one client. */
const head = (): string => `kanidm:
  domain: idm.example.com
  version: "1.11.1"
  provision: migrations
people:
${range(people)
  .map((i) => `  person${i}: { displayName: Person ${i}, mail: person${i}@example.com }\n`)
  .join('')}groups:
${range(groups)
  .map(
    (i) =>
      `  team${i}: { members: [${range(people)
        .filter((j) => j % groups === i || j % (groups + 1) === i)
        .map((j) => `person${j}`)
        .join(', ')}] }\n`,
  )
  .join('')}  k8s_users: { members: [${range(groups)
  .map((i) => `team${i}`)
  .join(', ')}] }
clients:
  k8s:
    displayName: Kubernetes
    landingUrl: http://localhost:8000
    redirectUrls: [http://localhost:8000]
    localhostRedirects: true
    scopes: { k8s_users: [openid, profile, email, groups_name] }
`;

/**
 * Returns the fields of a cluster, with `indent` before each line. A quarter of its grants apply only in one namespace.
 */
function body(cluster: number, grants: number, indent: string): string {
  const grant = (i: number): string => {
    const to = i % 2 === 0 ? `groups: [team${(cluster + i) % groups}]` : `people: [person${(cluster + i) % people}]`;
    const where = i % 4 === 3 ? `\n${indent}    namespaces: [apps-${i % 10}]` : '';
    return `${indent}  - name: grant-${i}\n${indent}    clusterRole: ${roles[i % roles.length]}\n${indent}    ${to}${where}\n`;
  };
  return `${indent}server: https://cluster${cluster}.example.com:6443
${indent}kubernetes: "1.34"
${indent}client: k8s
${indent}controlPlane: kubeadm
${indent}grants:
${range(grants).map(grant).join('')}`;
}

const nameOf = (cluster: number): string => `cluster${String(cluster).padStart(4, '0')}`;

export const oneConfig = ({ clusters, grants }: Size): string =>
  `${head()}clusters:\n${range(clusters)
    .map((cluster) => `  ${nameOf(cluster)}:\n${body(cluster, grants, '    ')}`)
    .join('')}`;

/** How a config is written: in one file as people write it, in one file as JSON, or with a file for each cluster. */
export const spellings = ['block', 'flow', 'files'] as const;
export type Spelling = (typeof spellings)[number];

/** Writes the config into a folder, as `kaniflux.yaml` or with a file for each cluster. */
export function writeConfig(folder: string, size: Size, spelling: Spelling): void {
  mkdirSync(join(folder, 'clusters'), { recursive: true });
  const text = {
    block: () => oneConfig(size),
    // JSON is YAML in flow style. Each entry has its own line, so that no line is too long for an editor.
    flow: () => JSON.stringify(parse(oneConfig(size)), null, 1).replace(/\n {3,}/g, ' '),
    files: () => `${head()}clusters: clusters/*.yaml\n`,
  }[spelling]();
  writeFileSync(join(folder, 'kaniflux.yaml'), text);
  for (const cluster of spelling === 'files' ? range(size.clusters) : []) {
    writeFileSync(
      join(folder, 'clusters', `${nameOf(cluster)}.yaml`),
      `name: ${nameOf(cluster)}\n${body(cluster, size.grants, '')}`,
    );
  }
}

/**
 * `chain`: 10,000 people in a chain of 1,000 groups. `dense`: 2,000 people in 1,000 groups, each of which contains all
 * groups before it.
 */
export type Shape = 'chain' | 'dense';

/** Returns a config with one cluster whose groups form a graph of this shape. */
export function groupsConfig(shape: Shape): string {
  const each = shape === 'chain' ? 10 : 2;
  const members = (i: number): string[] => [
    ...(shape === 'dense' ? range(i) : i > 0 ? [i - 1] : []).map((j) => `group${j}`),
    ...range(each).map((j) => `person${i * each + j}`),
  ];
  return `kanidm: { domain: idm.example.com, version: "1.11.1", provision: migrations }
people:
${range(1000 * each)
  .map((i) => `  person${i}: { displayName: Person ${i}, mail: person${i}@example.com }\n`)
  .join('')}groups:
${range(1000)
  .map((i) => `  group${i}: { members: [${members(i).join(', ')}] }\n`)
  .join('')}  k8s_users: { members: [group999] }
clients:
  k8s:
    displayName: Kubernetes
    landingUrl: http://localhost:8000
    redirectUrls: [http://localhost:8000]
    scopes: { k8s_users: [openid, profile, email, groups_name] }
clusters:
${`  homelab:\n${body(0, 1, '    ').replace('team0', 'group999')}`}`;
}

/**
 * Returns fifty expectations of all kinds about the access of the measured fleet. Some of them hold, and some do not.
 */
export const expectations = (): string =>
  `expect:\n${[
    ...range(20).map((i) => `never: delete secrets, in: apps-${i % 10}, except: [team${i}, team${(i + 7) % groups}]`),
    ...range(10).map((i) => `never: get nodes, except: [team${i}, person${i}]`),
    ...range(10).map((i) => `atMost: ${i * 5}, may: everything`),
    ...range(5).map((i) => `always: get pods, who: [team${i}]`),
    ...range(5).map((i) => `exclusive: [${roles[i % 4]}, ${roles[(i + 1) % 4]}], except: [person${i}]`),
  ]
    .map((entry) => `  - { ${entry} }\n`)
    .join('')}`;

/** Changes the last cluster of a config that `writeConfig` wrote, so that Kaniflux reports one warning about it. */
export function addWarning(folder: string, { clusters }: Size, spelling: Spelling): void {
  const last = join(folder, 'clusters', `${nameOf(clusters - 1)}.yaml`);
  const file = spelling === 'files' ? last : join(folder, 'kaniflux.yaml');
  const text = readFileSync(file, 'utf8');
  const at = text.lastIndexOf(spelling === 'flow' ? '"controlPlane":' : 'controlPlane:');
  const flux =
    spelling === 'flow'
      ? '"flux": {"interval": "1m", "retryInterval": "2m"}, '
      : 'flux: { interval: 1m, retryInterval: 2m }\n';
  const indent = spelling === 'block' ? '    ' : '';
  writeFileSync(file, `${text.slice(0, at)}${flux}${indent}${text.slice(at)}`);
}
