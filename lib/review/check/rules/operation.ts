import { notAppliable } from '../../../flux';
import type { Finding, Rule } from '../rule';

const breakGlass: Rule = {
  code: 'KF401',
  title: 'No way in is known for when Kanidm is down',
  severity: 'warning',
  onCluster: ({ config, cluster }) => {
    if (cluster.breakGlass !== undefined) return [];
    const hosts = config.kanidm.cluster === cluster.name;
    const why = hosts ? ', which runs on it: with Kanidm down nobody can sign in to mend it' : '';
    return [
      {
        path: cluster.path,
        at: 'key',
        cluster: cluster.name,
        message: `people reach ${cluster.name} through Kanidm alone${why}`,
        mend: 'keep a certificate admin kubeconfig, and write in `breakGlass` where it is',
      },
    ];
  },
};

const noGrants: Rule = {
  code: 'KF402',
  title: 'A cluster has no grants',
  severity: 'warning',
  onCluster: ({ cluster }) =>
    cluster.grants.length > 0
      ? []
      : [
          {
            path: cluster.path,
            at: 'key',
            cluster: cluster.name,
            message: `nobody is granted anything on ${cluster.name}: people sign in, and every request is Forbidden`,
            mend: 'add `grants`',
          },
        ],
};

const notApplied: Rule = {
  code: 'KF403',
  title: 'Flux would fail on a file',
  severity: 'error',
  onConfig: ({ manifests }) => {
    const named = new Set(
      manifests
        .filter(({ object }) => String(object.apiVersion).startsWith('kustomize.config.k8s.io/'))
        .flatMap(({ file, object }) =>
          (Array.isArray(object.resources) ? object.resources : []).map((path) => joined(file, String(path))),
        ),
    );
    return manifests.flatMap(({ file, line, object }): Finding[] => {
      const reason = named.has(file) ? notAppliable(object) : undefined;
      if (reason === undefined) return [];
      return [
        {
          path: [],
          manifest: { file, line },
          message: `a kustomization.yaml names it, and ${reason}`,
          mend: 'take it out: one such file keeps everything else of the Flux Kustomization from being applied',
        },
      ];
    });
  },
};

/** A path in a kustomization.yaml, relative to where that lies. */
function joined(file: string, path: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

export const operationRules: readonly Rule[] = [breakGlass, noGrants, notApplied];
