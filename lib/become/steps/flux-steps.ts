import { operatorGroup } from '../../access/danger';
import type { Gain, Step } from '../become-step';
import { serviceAccountFact, superuserFact } from '../fact';
import type { Allowed, IdentityRights } from '../identity-rights';
import type { World } from '../world';
import { changes, hasOne, namespacesOf, writes } from './rights-by-namespace';

const tenancy = 'https://fluxcd.io/flux/installation/configuration/multitenancy/';
const sources = ['gitrepositories', 'ocirepositories', 'buckets', 'helmrepositories', 'helmcharts'];
/** The sources whose status names the artifact that Flux applies. An ExternalArtifact has it only there. */
const withArtifacts = ['gitrepositories', 'ocirepositories', 'buckets', 'helmcharts', 'externalartifacts'];
const sourceGroup = 'source.toolkit.fluxcd.io';
const kustomizeGroup = 'kustomize.toolkit.fluxcd.io';
const helmGroup = 'helm.toolkit.fluxcd.io';

const makesSource = (rights: IdentityRights, namespace: string): Allowed | undefined =>
  sources
    .flatMap((resource) => rights.creates(sourceGroup, resource))
    .find((use) => use.namespace === undefined || use.namespace === namespace);

interface Applier {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  readonly controller: string;
}

/** Yields the service accounts as which Flux can apply an object in a namespace. */
function* appliedAs(world: World, namespace: string, controller: string): Iterable<[namespace: string, name: string]> {
  const { cluster, fluxHome } = world.access;
  if (cluster.flux.lockdown?.defaultServiceAccount === undefined) yield [fluxHome, controller];
  for (const { name } of world.serviceAccounts.get(namespace) ?? []) yield [namespace, name];
}

function* applied(
  rights: IdentityRights,
  world: World,
  { group, resource, kind, controller }: Applier,
): Iterable<Gain> {
  const { lockdown, namespace: home, source } = world.access.cluster.flux;
  for (const { use, isNew } of writes(rights, group, resource)) {
    for (const namespace of namespacesOf(use, world)) {
      const isHome = kind === 'Kustomization' && namespace === home && use.names === undefined;
      const isThere = isNew || isHome || world.hasObject(kind, namespace, use.names);
      const isNear = !lockdown?.noCrossNamespaceRefs || namespace === source.namespace;
      const own = isNear ? undefined : makesSource(rights, namespace);
      const assumes = [
        ...(isThere ? [] : [hasOne(namespace, kind, use.names)]),
        ...(isNear || own ? [] : [`namespace ${namespace} has a source of Flux`]),
      ];
      for (const [at, account] of appliedAs(world, namespace, controller)) {
        yield {
          fact: serviceAccountFact(at, account),
          does: `${isNew ? 'create' : 'change'} a ${kind} in namespace ${namespace}, which Flux applies as the service account ${at}/${account}`,
          uses: own ? [use, own] : [use],
          assumes,
        };
      }
    }
  }
}

const closedBy =
  '`--default-service-account` limits the step to the service accounts of the namespace, and `--no-cross-namespace-refs` to the sources of the namespace';

const kustomization: Step = {
  code: 'flux-kustomization',
  title: 'Let Flux apply objects',
  allowedBy:
    'create, update or patch kustomizations of Flux; with `--no-cross-namespace-refs`, the namespace must also have a source. Flux adds this right to the roles `edit` and `admin`',
  gives: 'the service account kustomize-controller, which is cluster-admin, and the service accounts of the namespace',
  closedBy,
  source: tenancy,
  gains: ({ rights }, world) =>
    applied(rights, world, {
      group: kustomizeGroup,
      resource: 'kustomizations',
      kind: 'Kustomization',
      controller: 'kustomize-controller',
    }),
};

const helmRelease: Step = {
  code: 'flux-helm-release',
  title: 'Let Flux install a chart',
  allowedBy:
    'create, update or patch helmreleases of Flux; with `--no-cross-namespace-refs`, the namespace must also have a source. Flux adds this right to the roles `edit` and `admin`',
  gives: 'the service account helm-controller, which is cluster-admin, and the service accounts of the namespace',
  closedBy,
  source: tenancy,
  gains: ({ rights }, world) =>
    applied(rights, world, {
      group: helmGroup,
      resource: 'helmreleases',
      kind: 'HelmRelease',
      controller: 'helm-controller',
    }),
};

const changeSource: Step = {
  code: 'flux-source',
  title: 'Change the source of what Flux applies',
  allowedBy:
    'update or patch gitrepositories, ocirepositories, buckets, helmrepositories or helmcharts; or the status of a source, which names the artifact that Flux applies: gitrepositories/status, ocirepositories/status, buckets/status, helmcharts/status or externalartifacts/status',
  gives: 'the service accounts that Flux uses for the Kustomizations and HelmReleases with this source',
  closedBy: 'no right to change sources',
  source: tenancy,
  *gains({ rights }, world) {
    const { flux } = world.access.cluster;
    const ours = `${flux.source.kind.toLowerCase().replace(/y$/, 'ies')}`;
    for (const resource of new Set([...sources, ...withArtifacts])) {
      const ways = [
        ...(sources.includes(resource) ? [resource] : []),
        ...(withArtifacts.includes(resource) ? [`${resource}/status`] : []),
      ];
      for (const use of ways.flatMap((one) => changes(rights, sourceGroup, one))) {
        for (const namespace of namespacesOf(use, world)) {
          const isNamed = use.names?.includes(flux.source.name) ?? true;
          if (resource === ours && namespace === flux.source.namespace && isNamed) {
            for (const { namespace: at, name: account, assumes } of world.sourceAppliers) {
              yield {
                fact: serviceAccountFact(at, account),
                does: `change the ${flux.source.kind} ${namespace}/${flux.source.name}, which Flux applies as the service account ${at}/${account}`,
                uses: [use],
                assumes,
              };
            }
            continue;
          }
          const controller = resource.startsWith('helm') ? 'helm-controller' : 'kustomize-controller';
          for (const [at, account] of appliedAs(world, namespace, controller)) {
            yield {
              fact: serviceAccountFact(at, account),
              does: `change a source of Flux in namespace ${namespace}, from which Flux applies objects as the service account ${at}/${account}`,
              uses: [use],
              assumes: [`Flux applies something from a source in namespace ${namespace} as ${at}/${account}`],
            };
          }
        }
      }
    }
  },
};

const operatorRuns = 'the Flux Operator runs on the cluster, with its usual rights';

/**
 * Returns the namespaces in which somebody may write objects of the operator, with the assumptions that this needs.
 * Namespaces with fewer assumptions come first.
 */
const placesOf = (rights: IdentityRights, world: World, resource: string, kind: string) =>
  writes(rights, operatorGroup, resource)
    .flatMap(({ use, isNew }) =>
      namespacesOf(use, world).map((namespace) => ({
        use,
        namespace,
        does: `${isNew ? 'create' : 'change'} a ${kind} in namespace ${namespace}`,
        there: isNew || world.hasObject(kind, namespace, use.names) ? [] : [hasOne(namespace, kind, use.names)],
      })),
    )
    .sort((one, other) => one.there.length - other.there.length);

/**
 * If a ResourceSet names a service account, or if the operator has `--default-service-account`, the operator applies
 * the ResourceSet as a service account of the ResourceSet's namespace. Otherwise, the operator applies it with the
 * operator's own rights. `flux.lockdown` describes the controllers of Flux, which have other flags. The operator reads
 * only one FluxInstance: the one called `flux` in the operator's namespace.
 */
const fluxOperator: Step = {
  code: 'flux-operator',
  title: 'Let the Flux Operator apply objects',
  allowedBy:
    'create, update or patch resourcesets of fluxcd.controlplane.io (the operator adds this right to the roles `edit` and `admin`), or fluxinstances in the namespace of the operator',
  gives:
    "everything, because the operator is cluster-admin. If the operator has the flag `--default-service-account`, a ResourceSet outside the operator's namespace gives only the service accounts of its own namespace",
  closedBy:
    "no right to change ResourceSets or FluxInstances. The operator's flag `--default-service-account` limits a ResourceSet outside the operator's namespace to the service accounts of its own namespace. `spec.serviceAccountName` does not prevent this step, because whoever may change a ResourceSet may change this field. `flux.lockdown` does not prevent it either",
  source: 'https://fluxoperator.dev/docs/crd/resourceset/',
  *gains({ rights }, world) {
    const home = world.access.fluxHome;
    const sets = placesOf(rights, world, 'resourcesets', 'ResourceSet');
    const instances = placesOf(rights, world, 'fluxinstances', 'FluxInstance').filter(
      ({ use, namespace }) => namespace === home && (use.names?.includes('flux') ?? true),
    );
    // All these ways lead to the same fact, and the search keeps only the first. So the way with the fewest assumptions
    // comes first.
    const ways = [
      ...sets
        .filter(({ namespace }) => namespace === home)
        .map((place) => ({
          ...place,
          how: 'with `spec.serviceAccountName` set to the service account of the Flux Operator',
          runs: `${operatorRuns}, and either runs in namespace ${home} or does not have the flag \`--default-service-account\``,
        })),
      ...instances.map((place) => ({
        ...place,
        how: 'with patches to what the Flux Operator installs',
        runs: `${operatorRuns}, in namespace ${home}`,
      })),
      ...sets.map((place) => ({
        ...place,
        how: 'which the Flux Operator applies with its own rights',
        runs: `${operatorRuns} and without \`--default-service-account\``,
      })),
    ].sort((one, other) => one.there.length - other.there.length);
    for (const { use, does, how, runs, there } of ways)
      yield {
        fact: superuserFact('the Flux Operator, which is cluster-admin'),
        does: `${does}, ${how}`,
        uses: [use],
        assumes: [runs, ...there],
      };
    for (const { use, namespace, does, there } of sets) {
      for (const { name } of world.serviceAccounts.get(namespace) ?? []) {
        yield {
          fact: serviceAccountFact(namespace, name),
          does: `${does}, which the Flux Operator applies as the service account ${namespace}/${name}`,
          uses: [use],
          assumes: [operatorRuns, ...there],
        };
      }
    }
  },
};

export const fluxSteps: readonly Step[] = [kustomization, helmRelease, changeSource, fluxOperator];
