import { serviceAccountFact, superuserFact } from '../fact';
import type { Allowed, IdentityRights } from '../identity-rights';
import type { Gain, Step } from '../step';
import type { World } from '../world';
import { applierOf } from './kanidm-steps';
import { changes, namespacesOf, writes } from './places';

const tenancy = 'https://fluxcd.io/flux/installation/configuration/multitenancy/';
const sources = [
  'gitrepositories',
  'ocirepositories',
  'buckets',
  'externalartifacts',
  'helmrepositories',
  'helmcharts',
];
const sourceGroup = 'source.toolkit.fluxcd.io';
const kustomizeGroup = 'kustomize.toolkit.fluxcd.io';
const helmGroup = 'helm.toolkit.fluxcd.io';

/** The right to make a source in a namespace. */
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

/** What an object of Flux in a namespace is applied as. */
function* appliedAs(world: World, namespace: string, controller: string): Iterable<[namespace: string, name: string]> {
  const { lockdown, namespace: home } = world.access.cluster.flux;
  if (lockdown?.defaultServiceAccount === undefined) yield [home, controller];
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
      const isThere = isNew || world.hasObject(kind, namespace) || (kind === 'Kustomization' && namespace === home);
      const isNear = !lockdown?.noCrossNamespaceRefs || namespace === source.namespace;
      const own = isNear ? undefined : makesSource(rights, namespace);
      const assumes = [
        ...(isThere ? [] : [`namespace ${namespace} has a ${kind} to change`]),
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
  '`--default-service-account` limits it to the service accounts of the namespace, and `--no-cross-namespace-refs` to its sources';

const kustomization: Step = {
  code: 'flux-kustomization',
  title: 'Let Flux apply objects',
  allowedBy:
    'create, update or patch kustomizations of Flux; with `--no-cross-namespace-refs` also a source in the namespace. Flux adds the right to `edit` and `admin`',
  gives: 'the service account kustomize-controller, which is cluster-admin, and those of the namespace',
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
  allowedBy: 'create, update or patch helmreleases; the rest as flux-kustomization',
  gives: 'the service account helm-controller, which is cluster-admin, and those of the namespace',
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
    'update or patch gitrepositories, ocirepositories, buckets, externalartifacts, helmrepositories or helmcharts',
  gives: 'what the Kustomizations and HelmReleases of the source are applied as',
  closedBy: 'no right to change sources',
  source: tenancy,
  *gains({ rights }, world) {
    const { flux } = world.access.cluster;
    const ours = `${flux.source.kind.toLowerCase().replace(/y$/, 'ies')}`;
    for (const resource of sources) {
      for (const use of changes(rights, sourceGroup, resource)) {
        for (const namespace of namespacesOf(use, world)) {
          const isNamed = use.names?.includes(flux.source.name) ?? true;
          if (resource === ours && namespace === flux.source.namespace && isNamed) {
            const account = applierOf(world);
            yield {
              fact: serviceAccountFact(flux.namespace, account),
              does: `change the ${flux.source.kind} ${namespace}/${flux.source.name}, which Flux applies as the service account ${flux.namespace}/${account}`,
              uses: [use],
            };
            continue;
          }
          const controller = resource.startsWith('helm') ? 'helm-controller' : 'kustomize-controller';
          for (const [at, account] of appliedAs(world, namespace, controller)) {
            yield {
              fact: serviceAccountFact(at, account),
              does: `change a source of Flux in namespace ${namespace}, which is applied as the service account ${at}/${account}`,
              uses: [use],
              assumes: [`something of a source in namespace ${namespace} is applied as ${at}/${account}`],
            };
          }
        }
      }
    }
  },
};

const fluxOperator: Step = {
  code: 'flux-operator',
  title: 'Let the Flux Operator apply objects',
  allowedBy: 'create, update or patch resourcesets or fluxinstances of fluxcd.controlplane.io',
  gives: 'everything: the operator is cluster-admin',
  closedBy: 'no such right; the operator is not installed',
  source: 'https://fluxoperator.dev/docs/crd/resourceset/',
  *gains({ rights }, world) {
    for (const resource of ['resourcesets', 'fluxinstances']) {
      const [first] = writes(rights, 'fluxcd.controlplane.io', resource);
      if (!first) continue;
      yield {
        fact: superuserFact('the Flux Operator, which is cluster-admin'),
        does: `write one of the ${resource} of the Flux Operator in namespace ${namespacesOf(first.use, world)[0]}`,
        uses: [first.use],
        assumes: ['the Flux Operator runs on the cluster, with its usual rights'],
      };
    }
  },
};

export const fluxSteps: readonly Step[] = [kustomization, helmRelease, changeSource, fluxOperator];
