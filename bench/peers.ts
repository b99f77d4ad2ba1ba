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
/** The command that starts the built program. */
export const kaniflux = [process.execPath, join(root, 'build', 'kaniflux.js')] as const;

/** The programs by name. kustomize is left out if it would take too long. */
export type Peers = Readonly<Record<string, Peer>>;

/** A program that writes the objects into one file. */
interface Peer extends Subject {
  /**
   * The file with the output, in the folder of the program. Kaniflux has none, because the outputs are compared with
   * its objects.
   */
  readonly output?: string;
}

/** The number of objects above which kustomize would take minutes. */
const mostForKustomize = 1000;

/**
 * Prepares the same bindings of one cluster for each program.
 * @throws Error if they do not all render the same objects
 */
export async function peers(folder: string, grants: number): Promise<Peers> {
  const own = join(folder, 'kaniflux');
  writeConfig(own, { clusters: 1, grants }, 'block');
  const dist = join(own, 'dist');
  const [node, program] = kaniflux;
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  execFileSync(node, [program, 'synth', '--quiet'], { cwd: own, env: { ...process.env, ...env } });
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
      env,
      before: remove(dist),
    },
    cdk8s: cdk8sApp(join(folder, 'cdk8s'), objects),
    helm: helmChart(join(folder, 'helm'), objects, { name: 'helm 3 template', program: await ensurePart('helm') }),
    helm4: helmChart(join(folder, 'helm4'), objects, { name: 'helm 4 template', program: await ensurePart('helm-4') }),
    jsonnet: await jsonnet(join(folder, 'jsonnet'), objects),
    ...(grants > mostForKustomize ? {} : { kustomize: await kustomization(join(folder, 'kustomize'), objects) }),
  };
  for (const subject of Object.values(subjects)) if (subject.output !== undefined) expectSame(subject, objects);
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

/** Returns a key to sort objects by, since each program has its own order. */
const keyOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace} ${metadata.name}`;
const inOrder = (objects: readonly KubernetesObject[]) =>
  [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));

function expectSame({ name, command, cwd, output = '' }: Peer, objects: readonly KubernetesObject[]): void {
  const [program = '', ...args] = command;
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const text = readFileSync(join(cwd, output), 'utf8');
  if (!isDeepStrictEqual(inOrder(parse(text)), inOrder(objects))) throw new Error(`${name} gives other objects`);
}

/**
 * Writes a cdk8s app in plain JavaScript, so that compilation is not measured. All objects are in one chart, which is
 * the fastest in cdk8s.
 */
function cdk8sApp(cwd: string, objects: readonly KubernetesObject[]): Peer {
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
  const command = [process.execPath, cli, 'synth', '--check-upgrade=false'];
  return { name: 'cdk8s synth', command, cwd, output: 'dist/bench.k8s.yaml' };
}

function helmChart(
  cwd: string,
  objects: readonly KubernetesObject[],
  { name, program }: { readonly name: string; readonly program: string },
): Peer {
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
  const written = ['--output-dir', 'out'];
  return {
    name,
    command: [program, 'template', 'bench', '.', ...written],
    cwd,
    output: 'out/bench/templates/bindings.yaml',
  };
}

/** Writes a Jsonnet program that creates the bindings from plain values, as the Helm chart does. */
async function jsonnet(cwd: string, objects: readonly KubernetesObject[]): Promise<Peer> {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'values.json'), JSON.stringify(objects));
  writeFileSync(
    join(cwd, 'bindings.jsonnet'),
    `[{
  apiVersion: one.apiVersion,
  kind: one.kind,
  metadata: one.metadata,
  roleRef: one.roleRef,
  subjects: [{ apiGroup: subject.apiGroup, kind: subject.kind, name: subject.name } for subject in one.subjects],
} for one in import 'values.json']
`,
  );
  const command = [await ensurePart('jsonnet'), '-y', '-o', 'out.yaml', 'bindings.jsonnet'];
  return { name: 'jsonnet', command, cwd, output: 'out.yaml' };
}

async function kustomization(cwd: string, objects: readonly KubernetesObject[]): Promise<Peer> {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'kustomization.yaml'), 'resources:\n- bindings.yaml\n');
  writeFileSync(join(cwd, 'bindings.yaml'), documents(objects));
  const command = [await ensurePart('kustomize'), 'build', '.', '-o', 'out.yaml'];
  return { name: 'kustomize build', command, cwd, output: 'out.yaml' };
}
