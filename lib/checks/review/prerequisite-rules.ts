import type { Config } from '../../config/config';
import type { Manifest } from '../../existing/manifests';
import { keyAt, type Path } from '../../findings/finding';
import { isText, mapAt } from '../../guards';
import { chartFacts, ingressValues } from '../../upstream/kanidm-chart';
import type { Rule, RuleFinding } from './review-rule';

/** An object that must exist in the cluster before Kanidm can start or be reached. */
interface Needed {
  /**
   * The possible kinds: one object of any of these kinds is enough. For a Secret, it can also be an object from which
   * an operator creates the Secret.
   */
  readonly kinds: readonly string[];
  readonly name: string;
  /** The namespace of the object. @default - it is not in a namespace */
  readonly namespace?: string;
  readonly path: Path;
  /** What happens if it is missing. */
  readonly without: string;
}

const secretKinds = ['Secret', 'SealedSecret', 'ExternalSecret', 'Certificate'];
const pending = 'the volumes and the pod stay Pending';

/**
 * Returns the objects that Kanidm needs on its cluster and that Kaniflux does not render. docs/prerequisites.md
 * explains them.
 */
function neededFor({ kanidm, clusters }: Config): Needed[] {
  const { namespace, manifests, helm } = kanidm;
  const needed: Needed[] = [];
  const add = (kinds: readonly string[], name: unknown, more: Omit<Needed, 'kinds' | 'name'>) => {
    if (isText(name)) needed.push({ kinds, name, ...more });
  };
  if (manifests) {
    const at = (...keys: string[]): Path => ['kanidm', 'manifests', ...keys];
    const { certificate, ingress, gateway, storage, tlsSecretName, backup } = manifests;
    add(['StorageClass'], storage.className, { path: at('storage', 'className'), without: pending });
    if (certificate) {
      const local = certificate.issuerKind === 'Issuer' ? { namespace } : {};
      const without = 'cert-manager makes no certificate, and the pod stays in ContainerCreating';
      add([certificate.issuerKind], certificate.issuer, { ...local, path: at('certificate', 'issuer'), without });
    } else {
      const without = 'the pod stays in ContainerCreating';
      add(secretKinds, tlsSecretName, { namespace, path: keyAt(at()).path, without });
    }
    const unreachable = 'Kanidm cannot be reached from outside the cluster';
    add(['IngressClass'], ingress?.className, { path: at('ingress', 'className'), without: unreachable });
    const where = { namespace: gateway?.namespace ?? namespace };
    add(['Gateway'], gateway?.name, { ...where, path: at('gateway', 'name'), without: unreachable });
    const stays = { namespace, path: ['kanidm', 'backup', 'restore', 'secretName'], without: 'the Job does not start' };
    add(secretKinds, backup.restore?.secretName, stays);
  }
  if (helm) {
    const at = (...keys: string[]): Path => ['kanidm', 'helm', ...keys];
    const without = 'Flux cannot fetch the chart';
    add(secretKinds, helm.secretRef, { namespace, path: at('secretRef'), without });
    add(secretKinds, helm.certSecretRef, { namespace, path: at('certSecretRef'), without });
    if (chartFacts(helm)) {
      const { storageClassName = 'nfs-client' } = mapAt(helm, 'values');
      const written = mapAt(helm, 'values', 'ingress');
      // A default of the chart has no place of its own in the config.
      const inIngress = (key: string) => (written[key] === undefined ? at('version') : at('values', 'ingress', key));
      add(['StorageClass'], storageClassName, { path: at('version'), without: pending });
      const { className, clusterIssuer } = ingressValues(helm);
      add(['IngressClass'], className, {
        path: inIngress('className'),
        without: 'Kanidm cannot be reached from outside the cluster',
      });
      add(['ClusterIssuer'], clusterIssuer, {
        path: inIngress('clusterIssuer'),
        without: 'cert-manager makes no certificate, and the pod stays in ContainerCreating',
      });
    }
  }
  return clusters.size > 0 ? needed : [];
}

const isThere = ({ kinds, name, namespace }: Needed, manifests: readonly Manifest[]): boolean =>
  manifests.some(({ object }) => {
    const { kind } = mapAt(object);
    if (!isText(kind) || !kinds.includes(kind)) return false;
    const { name: own, namespace: where } = mapAt(object, 'metadata');
    // A kustomization.yaml can set the namespace of a manifest that names none.
    if (namespace !== undefined && where !== undefined && where !== namespace) return false;
    const { secretName, target } = mapAt(object, 'spec');
    const made = kind === 'Certificate' ? secretName : (mapAt({ target }, 'target').name ?? own);
    return made === name;
  });

const nameOf = ({ kinds: [kind], name, namespace }: Needed) =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
const getCommand = ({ kinds: [kind], name, namespace }: Needed) =>
  `\`kubectl get ${String(kind).toLowerCase()}${namespace === undefined ? '' : ` -n ${namespace}`} ${name}\``;
const howToCreate = 'docs/prerequisites.md describes how to create';
const onHost = ({ kanidm }: Config) => (kanidm.cluster === undefined ? {} : { cluster: kanidm.cluster });

const missing: Rule = {
  code: 'prerequisite-missing',
  readsManifests: true,
  onConfig: ({ config, manifests }) => {
    const needed = neededFor(config);
    const [first] = needed;
    if (!first) return [];
    if (manifests.length === 0) {
      const path: Path = ['kanidm', config.kanidm.manifests ? 'manifests' : 'helm'];
      return [
        {
          place: keyAt(path),
          ...onHost(config),
          message: `Kanidm needs objects that Kaniflux does not render: ${needed.map(nameOf).join(', ')}; without --manifests, it is unknown whether they are defined`,
          fix: `run ${needed.map(getCommand).join(', ')} to see whether they exist, or pass the folder that defines them to --manifests; ${howToCreate} them`,
        },
      ];
    }
    return needed
      .filter((one) => !isThere(one, manifests))
      .map(
        (one): RuleFinding => ({
          place: { path: one.path },
          ...onHost(config),
          message: `Kanidm needs the ${nameOf(one)}, which is not among the manifests: if it does not exist, ${one.without}`,
          fix: `run ${getCommand(one)} to see whether it exists; ${howToCreate} it`,
        }),
      );
  },
};

/** Ingresses, the routes of the Gateway API, of Traefik and of OpenShift, and those of Contour, Istio and NGINX. */
const exposingKind =
  /^(Ingress|(TLS|TCP|HTTP|Ingress)?Route|IngressRouteTCP|HTTPProxy|VirtualService|TransportServer)$/;

/** Whether an object can direct requests from outside the cluster to the Service of Kanidm. */
function mayExpose(object: Manifest['object'], namespace: string): boolean {
  const { kind } = mapAt(object);
  const { namespace: where = namespace } = mapAt(object, 'metadata');
  const spec = mapAt(object, 'spec');
  if (!isText(kind)) return false;
  if (kind === 'Service') return where === namespace && ['LoadBalancer', 'NodePort'].includes(String(spec.type));
  // A route can name a Service in another namespace.
  const named = [`"namespace":${JSON.stringify(namespace)}`, `"kanidm.${namespace}.svc`];
  const isNamed = () => named.some((name) => JSON.stringify(spec).includes(name));
  return exposingKind.test(kind) && (where === namespace || isNamed());
}

const notExposed: Rule = {
  code: 'kanidm-not-exposed',
  readsManifests: true,
  onConfig: ({ config, manifests }) => {
    const { manifests: own, namespace } = config.kanidm;
    if (!own || own.gateway || own.ingress || config.clusters.size === 0) return [];
    if (manifests.some(({ object }) => mayExpose(object, namespace))) return [];
    const others = manifests.length === 0 ? '' : ', and no Service, Ingress or route in the manifests does so';
    return [
      {
        place: keyAt(['kanidm', 'manifests']),
        ...onHost(config),
        message: `the config has neither \`gateway\` nor \`ingress\`, so nothing that Kaniflux renders makes Kanidm reachable from outside the cluster${others}`,
        fix: 'add `kanidm.manifests.gateway` or `kanidm.manifests.ingress`; if something else makes the Service kanidm reachable, pass its manifests to --manifests, or accept this finding under `checks.ignore`',
      },
    ];
  },
};

export const prerequisiteRules: readonly Rule[] = [missing, notExposed];
