import { keyAt } from '../../findings/finding';
import { serverVersion } from '../../identity/server-version';
import type { Rule, RuleFinding } from './review-rule';

const missingVersion: Rule = {
  code: 'no-kanidm-version',
  onConfig: ({ config: { kanidm } }) => {
    if (serverVersion(kanidm)) return [];
    const chart = kanidm.helm ? `: chart ${kanidm.helm.chart} ${kanidm.helm.version} uses the image that it pins` : '';
    return [
      {
        place: keyAt(['kanidm']),
        ...(kanidm.helm ? {} : { severity: 'note' as const }),
        message: `the config does not say which version of Kanidm is running${chart}, so its vulnerabilities and support cannot be checked`,
        fix: 'write the version that is running as `kanidm.version`',
      },
    ];
  },
};

interface Named {
  readonly name?: string;
}

const retiredIngress: Rule = {
  code: 'retired-ingress',
  readsManifests: true,
  onConfig: ({ config: { kanidm }, manifests }) => {
    // Whose class it is, where it is written by hand beside: the name alone is that of two controllers.
    const controllers = new Map(
      manifests
        .filter(({ object }) => object.kind === 'IngressClass')
        .map((one) => [(one.object.metadata as Named | undefined)?.name, one] as const),
    );
    const values = kanidm.helm?.values?.ingress as { className?: unknown } | undefined;
    const found = [
      { name: values?.className, path: ['kanidm', 'helm', 'values', 'ingress', 'className'] },
      { name: kanidm.manifests?.ingress?.className, path: ['kanidm', 'manifests', 'ingress', 'className'] },
    ];
    return found
      .filter(({ name }) => {
        const spec = controllers.get(name as string)?.object.spec as { controller?: unknown } | undefined;
        if (spec?.controller !== undefined) return spec.controller === 'k8s.io/ingress-nginx';
        return typeof name === 'string' && /nginx/i.test(name);
      })
      .map(({ name, path }) => ({
        place: { path },
        message: `${name} seems to be ingress-nginx, which Kubernetes retired in March 2026: its vulnerabilities stay open, and all passwords for Kanidm pass through it`,
        fix: 'move to a Gateway (`kanidm.manifests.gateway`) or another controller that speaks TLS to its backend',
      }));
  },
};

const data = new Set(['Namespace', 'HelmRelease', 'HelmRepository', 'PersistentVolumeClaim', 'StatefulSet']);
const pruneAnnotation = 'kustomize.toolkit.fluxcd.io/prune';

const prunable: Rule = {
  code: 'prunable-kanidm',
  readsManifests: true,
  onCluster: ({ config, cluster, rendered, manifests }) => {
    if (config.kanidm.cluster !== undefined && config.kanidm.cluster !== cluster.name) return [];
    const objects = [
      ...rendered.map((object) => ({ object: object as Record<string, unknown>, manifest: undefined })),
      ...manifests.map(({ object, file, line }) => ({ object, manifest: { file, line } })),
    ];
    return objects.flatMap(({ object, manifest }): RuleFinding[] => {
      const { kind, metadata } = object as { kind?: string; metadata?: Record<string, never> };
      const { name, namespace, annotations } = (metadata ?? {}) as Record<string, unknown>;
      const here = kind === 'Namespace' ? name : namespace;
      if (!kind || !data.has(kind) || here !== config.kanidm.namespace) return [];
      if ((annotations as Record<string, string> | undefined)?.[pruneAnnotation] === 'disabled') return [];
      return [
        {
          place: { ...keyAt(['kanidm']), ...(manifest ? { manifest } : {}) },
          cluster: cluster.name,
          message: `${kind} ${name} lacks \`${pruneAnnotation}: disabled\`: if it is removed from Git, Flux deletes it, and possibly the database with it`,
          fix: 'add the annotation before you change anything else',
        },
      ];
    });
  },
};

export const kanidmRules: readonly Rule[] = [missingVersion, retiredIngress, prunable];
