import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePart } from '../e2e/parts/build';
import { capture } from '../e2e/parts/exec';
import versions from '../e2e/parts/versions.json';

type ApiModule = keyof typeof versions.fluxApi;

/** An API group of Flux in one version, with the Go package that defines it. */
export interface FluxApi {
  readonly group: string;
  readonly version: string;
  readonly module: ApiModule;
  readonly moduleVersion: string;
}

function api(group: string, version: string, module: ApiModule): FluxApi {
  return { group, version, module, moduleVersion: versions.fluxApi[module] };
}

/** The groups and versions that have constructs. The modules also contain older versions, which Flux 2.7 removed. */
export const fluxApis: readonly FluxApi[] = [
  api('helm.toolkit.fluxcd.io', 'v2', 'github.com/fluxcd/helm-controller/api'),
  api('kustomize.toolkit.fluxcd.io', 'v1', 'github.com/fluxcd/kustomize-controller/api'),
  api('notification.toolkit.fluxcd.io', 'v1beta3', 'github.com/fluxcd/notification-controller/api'),
  api('source.toolkit.fluxcd.io', 'v1', 'github.com/fluxcd/source-controller/api'),
];

/**
 * Writes `<out>/<group>.yaml` for each of Flux's API groups, with all CRDs of the group in one file. A second file of
 * the same group would replace the constructs of the first, because `cdk8s import` names them after the group.
 *
 * Descriptions are left out, since they are half of the text, and are in the reference of Flux.
 *
 * Rejects if Go is missing. If controller-gen or Go fails, rejects with its message.
 *
 * @param work an empty folder, for a Go module
 */
export async function writeFluxCrds(work: string, out: string): Promise<void> {
  const controllerGen = await ensurePart('controller-gen');
  const go = { cwd: work, env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' } };
  await capture('go', ['mod', 'init', 'kaniflux.invalid/crds'], go);
  await capture('go', ['get', ...fluxApis.map(({ module, moduleVersion }) => `${module}@${moduleVersion}`)], go);
  await mkdir(out, { recursive: true });
  for (const { group, version, module, moduleVersion } of fluxApis) {
    const single = join(work, group);
    await capture(controllerGen, ['crd:maxDescLen=0', `paths=${module}/${version}`, `output:crd:dir=${single}`], go);
    const files = (await readdir(single)).sort();
    const documents = await Promise.all(files.map((file) => readFile(join(single, file), 'utf8')));
    const title = `# ${module} ${moduleVersion}: made by \`npm run import\`, don't edit.\n`;
    await writeFile(join(out, `${group}.yaml`), title + documents.join(''));
    await rm(single, { recursive: true });
  }
}
