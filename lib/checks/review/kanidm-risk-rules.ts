import { keyAt } from '../../findings/finding';
import { isText, mapAt } from '../../guards';
import { serverVersion } from '../../identity/server-version';
import { chartFacts, ingressValues } from '../../upstream/kanidm-chart';
import { oncePerAccess, type Rule, type RuleFinding } from './review-rule';

const missingVersion: Rule = {
  code: 'no-kanidm-version',
  onConfig: ({ config: { kanidm } }) => {
    if (serverVersion(kanidm)) return [];
    const chart = kanidm.helm ? ` (chart ${kanidm.helm.chart} ${kanidm.helm.version} chooses the image)` : '';
    return [
      {
        place: keyAt(['kanidm']),
        ...(kanidm.helm ? {} : { severity: 'note' as const }),
        message: `the config does not set the version of Kanidm${chart}, so Kaniflux cannot check whether the running version has known vulnerabilities or is still supported`,
        fix: 'set `kanidm.version` to the version that is running',
      },
    ];
  },
};

const retiredIngress: Rule = {
  code: 'retired-ingress',
  readsManifests: true,
  onConfig: ({ config: { kanidm }, manifests }) => {
    // Several controllers use the class name `nginx`, so the IngressClass is checked if it is among the manifests.
    const classes = manifests.filter(({ object }) => object.kind === 'IngressClass');
    const own = mapAt(kanidm.helm?.values, 'ingress').className;
    const used = [
      {
        name: kanidm.helm && ingressValues(kanidm.helm).className,
        path: ['kanidm', 'helm', ...(own === undefined ? ['version'] : ['values', 'ingress', 'className'])],
      },
      { name: kanidm.manifests?.ingress?.className, path: ['kanidm', 'manifests', 'ingress', 'className'] },
    ];
    return used
      .filter(({ name }) => {
        if (!isText(name)) return false;
        const own = classes.find(({ object }) => mapAt(object, 'metadata').name === name);
        const { controller } = mapAt(own?.object, 'spec');
        return controller === undefined ? /nginx/i.test(name) : controller === 'k8s.io/ingress-nginx';
      })
      .map(({ name, path }) => ({
        place: { path },
        message: `${name} seems to be ingress-nginx, which Kubernetes retired in March 2026: it gets no security fixes, and all passwords for Kanidm pass through it`,
        fix: 'move to a Gateway (`kanidm.manifests.gateway`) or to another controller that connects to its backend with TLS',
      }));
  },
};

const backendTls: Rule = {
  code: 'ingress-backend-tls',
  readsManifests: true,
  onConfig: ({ config: { kanidm }, manifests }) => {
    const { className, annotations } = kanidm.manifests?.ingress ?? {};
    if (className === undefined) return [];
    const own = manifests.find(
      ({ object }) => object.kind === 'IngressClass' && mapAt(object, 'metadata').name === className,
    );
    const { controller } = mapAt(own?.object, 'spec');
    const program = isText(controller) ? controller : className;
    const place = { path: ['kanidm', 'manifests', 'ingress', 'className'] };
    const gateway = 'use TLS passthrough instead, with a Gateway (`kanidm.manifests.gateway`)';
    // Traefik reads how to connect to the backend from annotations of the Service.
    // https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/
    if (/traefik/i.test(program))
      return [
        {
          place,
          severity: 'warning',
          message:
            'Traefik accepts the certificate of Kanidm only if an annotation of the Service names a ServersTransport, but Kaniflux sets no annotation on the Service',
          fix: `${gateway}, or with an IngressRouteTCP of your own in place of \`ingress\``,
        },
      ];
    if (/nginx/i.test(program) || Object.keys(annotations ?? {}).length > 0) return [];
    return [
      {
        place,
        message: `Kaniflux sets the annotation that makes ingress-nginx connect to Kanidm with TLS, but no annotation for other controllers: it is unknown whether the controller of the class ${className} connects with TLS`,
        fix: `write the annotation of this controller in \`annotations\`, or ${gateway}`,
      },
    ];
  },
};

const overlapping: Rule = {
  code: 'overlapping-servers',
  onConfig: ({ config: { kanidm } }) => {
    const chart = kanidm.helm && chartFacts(kanidm.helm);
    // If `kanidm.version` is set, Kaniflux sets the update strategy of the Deployment to Recreate.
    if (chart?.workload !== 'Deployment' || kanidm.version) return [];
    return [
      {
        place: keyAt(['kanidm', 'helm']),
        message: `chart ${kanidm.helm?.chart} ${kanidm.helm?.version} deploys Kanidm with a rolling update: during each change, two servers can write to one database`,
        fix: 'set `kanidm.version` to the version that is running: Kaniflux then sets the update strategy to Recreate, so the old pod stops before the new pod starts',
      },
    ];
  },
};

const data = new Set(['Namespace', 'HelmRelease', 'HelmRepository', 'PersistentVolumeClaim', 'StatefulSet']);
const pruneAnnotation = 'kustomize.toolkit.fluxcd.io/prune';

const withData = oncePerAccess(({ rendered, manifests }) =>
  [
    ...rendered.map((object) => ({ object, manifest: undefined })),
    ...manifests.map(({ object, file, line }) => ({ object, manifest: { file, line } })),
  ].flatMap((one) => {
    const { kind } = mapAt(one.object);
    return isText(kind) && data.has(kind) ? [{ ...one, kind }] : [];
  }),
);

const prunable: Rule = {
  code: 'prunable-kanidm',
  readsManifests: true,
  onCluster: (view) => {
    const { config, cluster } = view;
    if (config.kanidm.cluster !== undefined && config.kanidm.cluster !== cluster.name) return [];
    return withData(view).flatMap(({ object, kind, manifest }): RuleFinding[] => {
      const { name, namespace } = mapAt(object, 'metadata');
      const here = kind === 'Namespace' ? name : namespace;
      if (here !== config.kanidm.namespace) return [];
      if (mapAt(object, 'metadata', 'annotations')[pruneAnnotation] === 'disabled') return [];
      return [
        {
          place: { ...keyAt(['kanidm']), ...(manifest ? { manifest } : {}) },
          cluster: cluster.name,
          message: `${kind} ${name} lacks \`${pruneAnnotation}: disabled\`: if this object is removed from Git, Flux deletes it in the cluster, possibly together with the database`,
          fix: 'add the annotation, and apply it before any other change',
        },
      ];
    });
  },
};

export const kanidmRules: readonly Rule[] = [missingVersion, retiredIngress, backendTls, overlapping, prunable];
