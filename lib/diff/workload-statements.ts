import { worst } from '../access/danger';
import { distinctRights, rightsOf } from '../access/rights';
import { inWords } from '../access/rights-in-words';
import { serviceAccountRequester } from '../become/fact';
import { isMap, isText, type Json, listOf, mapAt, scalarText } from '../guards';
import { identityOf, isObject, type KubernetesObject } from '../output/kubernetes-object';
import { workloadKinds } from '../upstream/workload-kinds';
import { accessOn, type Side } from './side';
import { type Level, levelOf, type Statement } from './statement';

/**
 * Returns statements about hand-written objects that run pods. There are two cases: the pods get more access to their
 * node, or the program or the service account changes and the service account has dangerous rights.
 */
export const workloadStatements = (before: Side, after: Side): Statement[] =>
  [...after.config.clusters.keys()].flatMap((cluster) => {
    const [old, now] = [before, after].map((side) => workloadsIn(side.byHand?.(cluster) ?? []));
    return [...(now ?? [])].flatMap(([id, is]) => {
      const was = old?.get(id);
      const { kind, metadata } = is.object;
      const name = `the ${kind} ${[metadata.namespace, metadata.name].filter(isText).join('/')} ${was ? 'changed' : 'is new'}`;
      return [...onNode(was, is), ...asAccount({ was, is, side: after, cluster })].map((found): Statement => {
        const { level, means, details = [] } = found;
        const say = (on: string) => `${on}: ${name}: ${means}`;
        return { part: 'trust', level, change: was ? 'changed' : 'added', say, clusters: [cluster], details };
      });
    });
  });

interface Workload {
  readonly object: KubernetesObject;
  /** The service account whose token the pods get; `undefined` if they get none. */
  readonly account: string | undefined;
  /** The images without tag and digest, the commands and their arguments. */
  readonly program: string;
  readonly images: readonly string[];
  /** What gives the pods access to the node, as text. */
  readonly ways: readonly string[];
}

function workloadsIn(objects: readonly object[]): Map<string, Workload> {
  const found = new Map<string, Workload>();
  const withoutToken = new Set(
    objects
      .filter(isObject)
      .filter((one) => one.kind === 'ServiceAccount' && one.automountServiceAccountToken === false)
      .map(identityOf),
  );
  for (const object of objects.filter(isObject)) {
    const group = object.apiVersion.includes('/') ? object.apiVersion.replace(/\/.*/, '') : '';
    if (!workloadKinds.some(([of, , kind]) => of === group && kind === object.kind)) continue;
    found.set(identityOf(object), workload(object, podOf(object), withoutToken));
  }
  return found;
}

function podOf(object: KubernetesObject): Json {
  if (object.kind === 'Pod') return mapAt(object, 'spec');
  const of = object.kind === 'CronJob' ? mapAt(mapAt(object, 'spec').jobTemplate, 'spec') : mapAt(object, 'spec');
  return mapAt(of.template, 'spec');
}

function workload(object: KubernetesObject, pod: Json, withoutToken: ReadonlySet<string>): Workload {
  const containers = [...listOf(pod.initContainers), ...listOf(pod.containers)].filter(isMap);
  const images = containers.map(({ image }) => scalarText(image));
  const program = containers.map(({ image, command, args }) => [repositoryOf(scalarText(image)), command, args]);
  const paths = listOf(pod.volumes).flatMap((one) => scalarText(mapAt(mapAt(one).hostPath).path) || []);
  const isPrivileged = containers.some(({ securityContext }) => mapAt(securityContext).privileged === true);
  return {
    object,
    account: accountOf(pod, object, withoutToken),
    program: JSON.stringify(program),
    images,
    ways: [
      ...(isPrivileged ? [privileged] : []),
      ...(pod.hostPID === true ? ['access to the processes of the node'] : []),
      ...paths.map((path) => `access to the path ${path} of the node`),
    ],
  };
}

const privileged = 'a privileged container';

/**
 * Returns the service account whose token the pods get.
 * @param withoutToken the service accounts whose pods get a token only if they ask for it
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
 */
function accountOf(pod: Json, { metadata }: KubernetesObject, withoutToken: ReadonlySet<string>): string | undefined {
  const name = scalarText(pod.serviceAccountName) || scalarText(pod.serviceAccount) || 'default';
  const id = identityOf({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name } });
  const isMounted = pod.automountServiceAccountToken ?? !withoutToken.has(id);
  const isInVolume = listOf(pod.volumes).some((volume) =>
    listOf(mapAt(mapAt(volume).projected).sources).some((one) => isMap(mapAt(one).serviceAccountToken)),
  );
  return isMounted === false && !isInVolume ? undefined : name;
}

const repositoryOf = (image: string): string => image.replace(/@.*/, '').replace(/:[^/]*$/, '');

interface Found {
  readonly level: Level;
  readonly means: string;
  readonly details?: readonly string[];
}

function onNode(was: Workload | undefined, is: Workload): Found[] {
  const ways = is.ways.filter((way) => !was?.ways.includes(way));
  if (ways.length === 0) return [];
  const control = 'their program can use this to control the node';
  const outcome = ways.includes(privileged) ? `, and ${control}` : `; Kaniflux does not know whether ${control}`;
  return [{ level: 'medium', means: `its pods have ${ways.join(', ')}${outcome}` }];
}

interface Ask {
  readonly was: Workload | undefined;
  readonly is: Workload;
  readonly side: Side;
  readonly cluster: string;
}

function asAccount({ was, is, side, cluster }: Ask): Found[] {
  const { account } = is;
  const isSameProgram = was?.program === is.program && was.account === account;
  if (account === undefined || (isSameProgram && String(was.images) === String(is.images))) return [];
  const { namespace } = is.object.metadata;
  const homes = isText(namespace) ? [namespace] : namespacesOf(account, side.objects(cluster));
  return homes.flatMap((home): Found[] => {
    const held = accessOn(side, cluster)?.authorizer.held(serviceAccountRequester(home, account)) ?? [];
    const rights = distinctRights(held.flatMap(rightsOf));
    const danger = worst(rights);
    if (danger === undefined || danger === 'write' || danger === 'read') return [];
    const act = `whoever decides what its program does can act as the service account ${home}/${account}, which may ${inWords(rights)}`;
    return [
      {
        level: isSameProgram ? 'low' : levelOf(danger),
        means: isText(namespace) ? act : `if its namespace is ${home}, ${act}`,
        details: is.images.map((image) => `image: ${image}`),
      },
    ];
  });
}

/** Returns the namespaces in which bindings name a service account with this name. */
function namespacesOf(account: string, objects: readonly object[]): string[] {
  const subjects = objects.flatMap((object) => listOf(mapAt(object).subjects)).map((one) => mapAt(one));
  const named = subjects.filter(({ kind, name }) => kind === 'ServiceAccount' && name === account);
  return [...new Set(named.flatMap(({ namespace }) => (isText(namespace) ? [namespace] : [])))];
}
