import { Document, isMap, isPair, isScalar, Scalar, visit } from 'yaml';
import { typographic } from '../config/yaml-ambiguous';
import { isMap as isObject } from '../guards';

/** The comment for each field that could not be determined. */
const wanted = new Map(
  Object.entries({
    domain: "Kanidm's domain, for example idm.example.com",
    server: 'address of the API server, for example https://192.0.2.10:6443',
    kubernetes: 'its version in quotes, for example "1.34"',
    client: 'the client id that the API server accepts',
    authentication: 'how the API server names people: run adopt with the settings of kube-apiserver',
    controlPlane:
      'what runs the API server: kubeadm, k3s, rke2, k0s, talos, cluster-api or eks, or flags for anything else',
    controlPlaneVersion: 'the server version that `talosctl version` prints, for example "1.14"',
    repository: 'address of the Helm repository',
    chart: 'name of the chart',
    version: 'version of the chart, in quotes',
  }),
);

/** Returns the YAML of an adopted config. Fields that a person must fill in are empty and have a comment. */
export function adoptedText(config: Readonly<Record<string, unknown>>, schema?: string): string {
  const document = new Document(config, { version: '1.1', schema: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && typographic.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  comment(document.contents);
  space(document.contents);
  const first = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  return first + document.toString({ lineWidth: 120, nullStr: '' }).replaceAll(/: {2}#/g, ': #');
}

/** Adds an empty line between the sections. */
function space(node: unknown): void {
  if (!isMap(node)) return;
  for (const { key } of node.items.slice(1)) if (isScalar(key)) key.spaceBefore = true;
}

function comment(node: unknown): void {
  if (!isMap(node)) return;
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (isScalar(pair.value) && pair.value.value === null) pair.value.comment = ` ${wanted.get(key) ?? 'fill in'}`;
    comment(pair.value);
  }
}

const maps = ['people', 'serviceAccounts', 'groups', 'clients', 'clusters'];

/**
 * Returns the sections, entries and grants that an existing config lacks. Entries with the same key, and grants with
 * the same name, are not compared.
 */
export function lacking(adopted: Readonly<Record<string, unknown>>, existing: unknown): Record<string, unknown> {
  if (!isObject(existing)) return { ...adopted };
  const lines: Record<string, unknown> = {};
  for (const [section, entries] of Object.entries(adopted)) {
    const there = existing[section];
    if (!maps.includes(section) || !isObject(entries) || !isObject(there)) {
      if (there === undefined || there === null) lines[section] = entries;
      continue;
    }
    const missing: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(entries)) {
      if (!Object.hasOwn(there, key)) missing[key] = entry;
      else if (section === 'clusters') Object.assign(missing, grantsLacking(key, entry, there[key]));
    }
    if (Object.keys(missing).length > 0) lines[section] = missing;
  }
  return lines;
}

function grantsLacking(cluster: string, adopted: unknown, existing: unknown): Record<string, unknown> {
  const grants = (value: unknown) => (isObject(value) && Array.isArray(value.grants) ? value.grants : []);
  const names = new Set(grants(existing).map((grant) => (isObject(grant) ? grant.name : undefined)));
  const missing = grants(adopted).filter((grant) => !names.has(isObject(grant) ? grant.name : undefined));
  return missing.length > 0 ? { [cluster]: { grants: missing } } : {};
}
