/*
 * Writes lib/upstream/kubernetes-rbac.json: the roles and bindings that a kube-apiserver creates itself, by version.
 *
 * For each version, they are read from the Go module k8s.io/kubernetes. Its own tests compare the result of
 * `bootstrappolicy` with files, and these files are read. e2e/review-access.e2e.ts compares the roles and bindings with
 * those on real servers. This script needs Go.
 *
 *     npx tsx scripts/builtin-roles.ts
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RbacObject } from '../lib/upstream/rbac';

/**
 * The versions to read: the last patch of each minor version that is no longer maintained, and one patch of each of the
 * others. The end-to-end tests run 1.34.4 and 1.37.2.
 */
const versions = ['1.30.14', '1.31.14', '1.32.13', '1.33.9', '1.34.4', '1.35.4', '1.36.3', '1.37.2'];

const folder = 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata';
const files = [
  'cluster-roles',
  'cluster-role-bindings',
  'controller-roles',
  'controller-role-bindings',
  'namespace-roles',
  'namespace-role-bindings',
];

interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly rules?: unknown;
  readonly aggregationRule?: unknown;
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly Record<string, string>[];
}

/**
 * Returns the fields of an object that the evaluation needs. The other fields are the same for all objects, or have no
 * effect.
 */
function essence({ kind, metadata, rules, aggregationRule, roleRef, subjects }: Item): object {
  const { 'kubernetes.io/bootstrapping': _bootstrapping, ...labels } = metadata.labels ?? {};
  return {
    kind,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    ...(aggregationRule ? { aggregationRule } : rules ? { rules } : {}),
    ...(roleRef ? { roleRef: { kind: roleRef.kind, name: roleRef.name } } : {}),
    ...(subjects ? { subjects: subjects.map(({ apiGroup: _group, ...rest }) => rest) } : {}),
  };
}

function objectsOf(version: string): string[] {
  const module = `k8s.io/kubernetes@v${version}`;
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
  return files.flatMap((file) => {
    const list: { items: Item[] } = parse(readFileSync(join(Dir, folder, `${file}.yaml`), 'utf8'));
    return list.items.map((item) => JSON.stringify(essence(item)));
  });
}

function main(): void {
  const minors = versions.map((version) => version.split('.').slice(0, 2).join('.'));
  const since = new Map<string, number>();
  const rows: { object: string; from: number; to: number }[] = [];
  for (const [i, version] of [...versions, undefined].entries()) {
    const present = new Set(version ? objectsOf(version) : []);
    for (const [object, from] of since) {
      if (present.has(object)) continue;
      rows.push({ object, from, to: i - 1 });
      since.delete(object);
    }
    for (const object of present) if (!since.has(object)) since.set(object, i);
  }
  const name = ({ object }: { object: string }) => {
    const { kind, metadata }: RbacObject = JSON.parse(object);
    return `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  };
  rows.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a.from - b.from));
  const lines = rows.map(
    ({ object, from, to }) => `    {"from":"${minors[from]}","to":"${minors[to]}","object":${object}}`,
  );
  const source = `k8s.io/kubernetes ${versions.join(', ')}: ${folder}`;
  const head = `{\n  "source": "${source}",\n  "versions": ${JSON.stringify(minors)},\n  "objects": [\n`;
  writeFileSync(
    join(__dirname, '..', 'lib', 'upstream', 'kubernetes-rbac.json'),
    `${head}${lines.join(',\n')}\n  ]\n}\n`,
  );
}

if (require.main === module) main();
