import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadAll } from 'js-yaml';
import { ensurePart } from '../e2e/parts/build';
import { isMap, mapAt } from '../lib/guards';
import type { KubernetesObject } from '../lib/output/kubernetes-object';
import { documents } from '../lib/output/yaml';
import { writeConfig } from './input';
import type { Subject } from './measure';

const root = join(__dirname, '..');
/** The program as it is installed. */
export const kaniflux = [process.execPath, join(root, 'build', 'kaniflux.js')] as const;

/** By program. kustomize is left out where it would take too long. */
export type Peers = Readonly<Record<string, Subject>>;

/** More would take kustomize minutes. */
const mostForKustomize = 1000;

/**
 * The same bindings of one cluster as each of the programs would have them.
 * @throws Error where they do not all give the same objects
 */
export async function peers(folder: string, grants: number): Promise<Peers> {
  const own = join(folder, 'kaniflux');
  writeConfig(own, { clusters: 1, grants }, 'block');
  const dist = join(own, 'dist');
  const [node, program] = kaniflux;
  execFileSync(node, [program, 'synth', '--quiet'], { cwd: own });
  const objects = ['access', 'access-in-namespaces'].flatMap((name) => {
    const at = join(dist, 'clusters', 'cluster0000', name);
    return readdirSync(at).includes(`${name}.k8s.yaml`)
      ? parse(readFileSync(join(at, `${name}.k8s.yaml`), 'utf8'))
      : [];
  });
  if (objects.length !== grants) throw new Error(`${objects.length} objects of ${grants} grants`);
  const remove = (path: string) => () => rmSync(path, { recursive: true, force: true });
  const subjects: Peers = {
    kaniflux: {
      name: 'kaniflux synth',
      command: [...kaniflux, 'synth', '--quiet'],
      cwd: own,
      before: remove(dist),
    },
    cdk8s: cdk8sApp(join(folder, 'cdk8s'), objects),
    helm: await helmChart(join(folder, 'helm'), objects),
    ...(grants > mostForKustomize ? {} : { kustomize: await kustomization(join(folder, 'kustomize'), objects) }),
  };
  for (const subject of Object.values(subjects).slice(1)) expectSame(subject, objects);
  return subjects;
}

function parse(text: string): KubernetesObject[] {
  const documents: unknown[] = loadAll(text);
  const objects = documents.filter(isObject);
  if (objects.length < documents.length) throw new Error('expected Kubernetes objects only');
  return objects;
}

const isObject = (value: unknown): value is KubernetesObject =>
  isMap(value) && typeof value.kind === 'string' && typeof mapAt(value, 'metadata').name === 'string';

/** The programs order objects in their own ways. */
const keyOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace} ${metadata.name}`;
const inOrder = (objects: readonly KubernetesObject[]) =>
  [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));

function expectSame({ name, command, cwd }: Subject, objects: readonly KubernetesObject[]): void {
  const [program = '', ...args] = command;
  const printed = execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = name.startsWith('cdk8s') ? readFileSync(join(cwd, 'dist', 'bench.k8s.yaml'), 'utf8') : printed;
  if (!isDeepStrictEqual(inOrder(parse(text)), inOrder(objects))) throw new Error(`${name} gives other objects`);
}

/** Plain JavaScript, so that nothing is compiled while it is measured; everything in one chart, as cdk8s is quickest. */
function cdk8sApp(cwd: string, objects: readonly KubernetesObject[]): Subject {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'cdk8s.yaml'), 'language: typescript\napp: node app.js\n');
  writeFileSync(join(cwd, 'objects.json'), JSON.stringify(objects));
  writeFileSync(
    join(cwd, 'app.js'),
    `const { App, Chart } = require(${JSON.stringify(join(root, 'node_modules', 'cdk8s'))});
const k8s = require(${JSON.stringify(join(root, 'node_modules', 'cdk8s-plus-30', 'lib', 'imports', 'k8s'))});
const app = new App();
const chart = new Chart(app, 'bench', { disableResourceNameHashes: true });
for (const [i, { kind, metadata, roleRef, subjects }] of require('./objects.json').entries()) {
  new k8s['Kube' + kind](chart, 'binding-' + i, { metadata, roleRef, subjects });
}
app.synth();
`,
  );
  const cli = join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
  return { name: 'cdk8s synth', command: [process.execPath, cli, 'synth', '--check-upgrade=false'], cwd };
}

async function helmChart(cwd: string, objects: readonly KubernetesObject[]): Promise<Subject> {
  mkdirSync(join(cwd, 'templates'), { recursive: true });
  writeFileSync(join(cwd, 'Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  writeFileSync(join(cwd, 'values.yaml'), JSON.stringify({ bindings: objects }));
  writeFileSync(
    join(cwd, 'templates', 'bindings.yaml'),
    `{{- range .Values.bindings }}
---
apiVersion: {{ .apiVersion }}
kind: {{ .kind }}
metadata:
  name: {{ .metadata.name }}
  {{- with .metadata.namespace }}
  namespace: {{ . }}
  {{- end }}
  annotations:
    {{- range $key, $value := .metadata.annotations }}
    {{ $key }}: {{ $value }}
    {{- end }}
roleRef:
  apiGroup: {{ .roleRef.apiGroup }}
  kind: {{ .roleRef.kind }}
  name: {{ .roleRef.name }}
subjects:
  {{- range .subjects }}
  - apiGroup: {{ .apiGroup }}
    kind: {{ .kind }}
    name: {{ .name | quote }}
  {{- end }}
{{- end }}
`,
  );
  return { name: 'helm template', command: [await ensurePart('helm'), 'template', 'bench', '.'], cwd };
}

async function kustomization(cwd: string, objects: readonly KubernetesObject[]): Promise<Subject> {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'kustomization.yaml'), 'resources:\n- bindings.yaml\n');
  writeFileSync(join(cwd, 'bindings.yaml'), documents(objects));
  return { name: 'kustomize build', command: [await ensurePart('kustomize'), 'build', '.'], cwd };
}
