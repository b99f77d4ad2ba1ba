import { hasSourceOf } from '../../become/source-appliers';
import type { Cluster } from '../../config/config';
import { notAppliable } from '../../constructs/appliable';
import type { Manifest } from '../../existing/manifests';
import { isText, mapAt, scalarText } from '../../guards';
import type { Rule, RuleFinding } from './review-rule';

const notApplied: Rule = {
  code: 'not-appliable',
  readsManifests: true,
  onConfig: ({ manifests, foreign }) => {
    const named = new Set(
      manifests
        .filter(({ object }) => scalarText(object.apiVersion).startsWith('kustomize.config.k8s.io/'))
        .flatMap(({ file, object }) =>
          (Array.isArray(object.resources) ? object.resources : []).map((path) => joined(file, String(path))),
        ),
    );
    const theirs = manifests.flatMap(({ file, line, object }): RuleFinding[] => {
      const reason = named.has(file) ? notAppliable(object) : undefined;
      return reason === undefined
        ? []
        : [failing({ file, line }, `a kustomization.yaml lists this file, but ${reason}`)];
    });
    const inOutput = foreign.map(({ file, line, reason, flux }): RuleFinding => {
      if (flux === 'ignores') {
        const message = `Flux would fail if the kustomization.yaml of the folder listed this file: ${reason}`;
        return { ...failing({ file, line }, message, 'move the file to another folder'), severity: 'note' };
      }
      const why = {
        lists: 'a kustomization.yaml lists this file',
        reads: 'Flux reads this file to know what to apply from the folder',
        'applies all': 'Flux applies all files of a folder without a kustomization.yaml',
      }[flux];
      const fix = 'move the file to another folder: one such file makes the whole Flux Kustomization fail';
      return failing({ file, line }, `${why}, but ${reason}`, fix);
    });
    return [...theirs, ...inOutput];
  },
};

const failing = (
  manifest: Pick<Manifest, 'file' | 'line'>,
  message: string,
  fix = 'remove the file: one such file makes the whole Flux Kustomization fail',
): RuleFinding => ({ place: { path: [], manifest }, message, fix });

/** Resolves a path in a kustomization.yaml, which is relative to the folder of that file. */
function joined(file: string, path: string): string {
  return walked(file.split('/').slice(0, -1), path);
}

function walked(from: readonly string[], path: string): string {
  const parts = [...from];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

const pointedAt: Rule = {
  code: 'flux-path-overlap',
  readsManifests: true,
  onCluster: ({ cluster, manifests }) => manifests.flatMap((manifest) => pointing(manifest, cluster, manifests)),
};

function pointing({ file, line, object }: Manifest, cluster: Cluster, manifests: readonly Manifest[]): RuleFinding[] {
  const metadata = mapAt(object, 'metadata');
  const { path: applied } = mapAt(object, 'spec');
  if (!isText(applied) || !hasSourceOf(cluster.flux, object)) return [];
  const [path, output] = [walked([], applied), walked([], cluster.flux.path)];
  const finding = { place: { path: cluster.path, manifest: { file, line } }, cluster: cluster.name };
  if (isAbove(path, output)) {
    if (namesItsOwn(path, output, manifests)) return [];
    return [
      {
        ...finding,
        severity: 'warning',
        message: `this Flux Kustomization applies everything below ${applied}, including the output in ${cluster.flux.path}. Flux fails on output files that are not API objects, unless a kustomization.yaml above the output excludes them`,
        fix: `write a kustomization.yaml that lists flux/${cluster.name}.yaml of the output and everything else that Flux should apply`,
      },
    ];
  }
  const below =
    output === ''
      ? path
      : path === output
        ? ''
        : path.startsWith(`${output}/`)
          ? path.slice(output.length + 1)
          : undefined;
  if (below === undefined) return [];
  const [first = '', owner, folder] = below.split('/');
  if (first === 'clusters' && owner === cluster.name && folder !== undefined) {
    if (metadata.name === `kaniflux-${folder}` && (metadata.namespace ?? '') === cluster.flux.namespace) return [];
    return [
      {
        ...finding,
        message: `this Flux Kustomization applies ${applied}, and so does kaniflux-${folder}: each overwrites what the other applies, and deleting one of the two deletes the objects`,
        fix: `remove this Flux Kustomization: flux/${cluster.name}.yaml already applies the folder`,
      },
    ];
  }
  const fix = `apply flux/${cluster.name}.yaml instead: it has a Flux Kustomization for each folder of API objects`;
  if (first === 'clusters' && (owner ?? cluster.name) === cluster.name) {
    const message = `this Flux Kustomization applies all of ${applied}, including the folders that flux/${cluster.name}.yaml already applies: two Flux Kustomizations would overwrite each other's changes, and deleting one of the two deletes the objects`;
    return [{ ...finding, message, fix }];
  }
  if (!['', 'control-planes', 'kubeconfigs', 'kanidm'].includes(first)) return [];
  return [
    {
      ...finding,
      message: `this Flux Kustomization applies all of ${applied}, but this folder has files that are not API objects: Flux fails if one of these is a YAML file`,
      fix,
    },
  ];
}

const isAbove = (path: string, output: string) => path !== output && (path === '' || output.startsWith(`${path}/`));

/**
 * Whether the folder at the path, or a folder between it and the output folder, has a kustomization.yaml. If none of
 * these folders has one, Flux applies all files below the path.
 */
function namesItsOwn(path: string, output: string, manifests: readonly Manifest[]): boolean {
  return manifests.some(({ file }) => {
    const [, folder = '', name = ''] = /^(?:(.*)\/)?([^/]*)$/s.exec(walked([], file)) ?? [];
    if (!/^kustomization\.ya?ml$/.test(name)) return false;
    return folder === path || (isAbove(path, folder) && isAbove(folder, output));
  });
}

const leftOut: Rule = {
  code: 'manifest-left-out',
  readsManifests: true,
  onConfig: (view) =>
    view.leftOut.map(({ file, line, message, fix }) => ({
      place: { path: [], manifest: { file, line } },
      message,
      fix,
    })),
};

export const fluxRules: readonly Rule[] = [notApplied, pointedAt, leftOut];
