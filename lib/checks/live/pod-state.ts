import { isMap, isText, type Json, listOf, mapAt } from '../../guards';

/** The objects of a namespace that show why a pod does not run. */
export interface NamespaceState {
  readonly pods: unknown;
  readonly events: unknown;
  readonly claims: unknown;
  readonly storageClasses: unknown;
  /** Why some of these objects could not be read. @default - all were read */
  readonly unread?: string;
}

/** Why a pod is not ready, and the object that causes it. */
export type PodCause =
  | { readonly kind: 'storage-class'; readonly claim: string; readonly storageClass?: string }
  | { readonly kind: 'claim'; readonly claim: string; readonly message: string }
  | { readonly kind: 'image'; readonly image: string; readonly message: string }
  | { readonly kind: 'mount'; readonly of: 'secret' | 'configmap'; readonly name: string }
  | { readonly kind: 'crash'; readonly container: string; readonly message: string }
  /** The container ended and has not been started again, as in the pod of a Job. */
  | { readonly kind: 'failed'; readonly container: string; readonly message: string }
  | { readonly kind: 'other'; readonly message: string };

/** A chart can add words to the name. Kanidm's other programs, for RADIUS and Unix accounts, run without the server. */
const isServer = ({ kind, name }: Json) =>
  (kind === 'StatefulSet' || kind === 'ReplicaSet') && /^kanidm(?!-(?:radius|unixd)(?:-|$))(?:-|$)/.test(text(name));

/** Returns the object that created a pod, such as a ReplicaSet. */
export const ownerOf = (pod: unknown): Json => mapAt(listOf(mapAt(pod, 'metadata').ownerReferences)[0]);

/** Whether a pod belongs to the StatefulSet or Deployment of the server. Others can have similar names. */
export const isOfServer = (pod: unknown): boolean => isServer(ownerOf(pod));

const nameOf = (object: unknown) => String(mapAt(object, 'metadata').name);
const text = (value: unknown) => (isText(value) ? value : '');
const items = (list: unknown) => listOf(mapAt(list).items);

export const isReady = (pod: unknown): boolean =>
  listOf(mapAt(pod, 'status').conditions).some((one) => mapAt(one).type === 'Ready' && mapAt(one).status === 'True');

/**
 * Returns why no pod of Kanidm is created, such as a violation of Pod Security; `undefined` if no event says why. An
 * event stays for an hour. So the event of a failure says nothing any more if a pod was created or deleted after it.
 */
export function creationFailure(events: unknown): string | undefined {
  const [newest] = items(events)
    .filter((event) => /^(FailedCreate|SuccessfulCreate|SuccessfulDelete)$/.test(text(mapAt(event).reason)))
    // The event of a created claim does not count, because a StatefulSet creates the claims before the pod.
    .filter((event) => mapAt(event).reason === 'FailedCreate' || !/^create Claim /.test(text(mapAt(event).message)))
    .filter((event) => isServer(mapAt(event, 'involvedObject')))
    .sort(newestFirst);
  return mapAt(newest).reason === 'FailedCreate' ? text(mapAt(newest).message) || undefined : undefined;
}

const when = (event: unknown) => text(mapAt(event).lastTimestamp) || text(mapAt(event).eventTime);
const newestFirst = (a: unknown, b: unknown) => (when(a) < when(b) ? 1 : -1);

/** Returns the warnings about an object, the newest first. Leaves out those about an earlier object with its name. */
function warnings(events: unknown, kind: string, object: unknown): Warning[] {
  const { name, uid } = mapAt(object, 'metadata');
  const about = items(events).filter((event) => {
    const of = mapAt(event, 'involvedObject');
    return (
      of.kind === kind && of.name === name && (of.uid ?? uid) === (uid ?? of.uid) && mapAt(event).type === 'Warning'
    );
  });
  return about.sort(newestFirst).map((event) => ({
    message: text(mapAt(event).message),
    container: /\{([^}]+)\}/.exec(text(mapAt(event, 'involvedObject').fieldPath))?.[1],
  }));
}

interface Warning {
  readonly message: string;
  /** The container that the warning is about; `undefined` if it names none. */
  readonly container: string | undefined;
}

/**
 * Returns the reason why a pod is not ready. If there are several, returns the one that occurs first when a pod starts.
 */
export function causeOf(pod: unknown, state: NamespaceState): PodCause {
  const found = warnings(state.events, 'Pod', pod);
  const messages = found.map(({ message }) => message);
  // A container that has started has all its mounts, so an event about a mount is old.
  const hasStarted = containers(pod)
    .map((one) => mapAt(one, 'state'))
    .some(({ running, terminated }) => isMap(running) || isMap(terminated));
  const mount = hasStarted ? undefined : mountCause(messages);
  return storageCause(pod, state) ?? containerCause(pod, found) ?? mount ?? otherCause(pod, messages);
}

const claimNames = (pod: unknown): string[] =>
  listOf(mapAt(pod, 'spec').volumes).flatMap((volume) => {
    const { claimName } = mapAt(volume, 'persistentVolumeClaim');
    return isText(claimName) ? [claimName] : [];
  });

/** Whether a StorageClass is the default. Kubernetes also reads the annotation of the beta. */
const isDefault = (storageClass: unknown) =>
  ['storageclass.kubernetes.io', 'storageclass.beta.kubernetes.io'].some(
    (prefix) => mapAt(storageClass, 'metadata', 'annotations')[`${prefix}/is-default-class`] === 'true',
  );

function storageCause(pod: unknown, { claims, storageClasses, events }: NamespaceState): PodCause | undefined {
  const classes = items(storageClasses);
  for (const claim of claimNames(pod)) {
    const object = items(claims).find((one) => nameOf(one) === claim);
    if (!object || mapAt(object, 'status').phase === 'Bound') continue;
    const { storageClassName, volumeName } = mapAt(object, 'spec');
    // An empty class requests a volume that an administrator creates by hand.
    if (isText(storageClassName) && storageClassName !== '' && !isText(volumeName)) {
      if (!classes.some((one) => nameOf(one) === storageClassName))
        return { kind: 'storage-class', claim, storageClass: storageClassName };
    } else if (storageClassName === undefined && !classes.some(isDefault)) {
      return { kind: 'storage-class', claim };
    }
    // The event about a missing class stays for an hour, even if the class has been created since.
    const isOver = (message: string) => {
      const missing = /^storageclass\S* "([^"]+)" not found/.exec(message)?.[1];
      return classes.some((one) => nameOf(one) === missing);
    };
    const current = warnings(events, 'PersistentVolumeClaim', object).find(({ message }) => !isOver(message));
    if (current) return { kind: 'claim', claim, message: current.message };
  }
  return undefined;
}

const containers = (pod: unknown): Json[] => {
  const { initContainerStatuses, containerStatuses } = mapAt(pod, 'status');
  return [...listOf(initContainerStatuses), ...listOf(containerStatuses)].map((one) => mapAt(one));
};

function containerCause(pod: unknown, warnings: readonly Warning[]): PodCause | undefined {
  for (const status of containers(pod)) {
    const ended = mapAt(status, 'state', 'terminated');
    if (isText(ended.reason) && ended.exitCode !== 0)
      return { kind: 'failed', container: text(status.name), message: `${ended.reason}, exit code ${ended.exitCode}` };
    const { reason, message } = mapAt(status, 'state', 'waiting');
    if (!isText(reason)) continue;
    if (/^(ErrImage|ImagePull|InvalidImageName|ImageInspectError|RegistryUnavailable)/.test(reason))
      return {
        kind: 'image',
        image: text(status.image),
        message: pullFailure(text(message) || reason, text(status.name), warnings),
      };
    const missing = mountCause([text(message)]);
    if (missing) return missing;
    if (reason === 'CrashLoopBackOff') {
      const { exitCode, reason: why, message: last } = mapAt(status, 'lastState', 'terminated');
      const container = text(status.name);
      // The kubelet stops a container whose probe fails. The exit code does not show this.
      const probe = warnings.find(
        (one) => /^(Liveness|Startup) probe failed/.test(one.message) && (one.container ?? container) === container,
      );
      const end = text(last).trim() || `${text(why)}, exit code ${String(exitCode)}`;
      return { kind: 'crash', container, message: [end, ...(probe ? [probe.message] : [])].join('; ') };
    }
    if (reason !== 'ContainerCreating' && reason !== 'PodInitializing')
      return { kind: 'other', message: text(message) || reason };
  }
  return undefined;
}

/**
 * Returns why an image cannot be pulled. While an older kubelet waits, only an event says why.
 * @see https://github.com/kubernetes/kubernetes/pull/127918
 */
function pullFailure(message: string, container: string, warnings: readonly Warning[]): string {
  if (!/^Back-off pulling image "[^"]*"$/.test(message)) return message;
  const failure = /^Failed to pull image "[^"]*": /;
  const event = warnings.find((one) => failure.test(one.message) && (one.container ?? container) === container);
  return event?.message.replace(failure, '') ?? message;
}

function mountCause(messages: readonly string[]): PodCause | undefined {
  for (const message of messages) {
    const [, of, name = ''] = /\b(secret|configmap) "([^"]+)" not found/.exec(message) ?? [];
    if (of === 'secret' || of === 'configmap') return { kind: 'mount', of, name };
  }
  return undefined;
}

function otherCause(pod: unknown, messages: readonly string[]): PodCause {
  const conditions = listOf(mapAt(pod, 'status').conditions).map((one) => mapAt(one));
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const ready = conditions.find(({ type }) => type === 'Ready');
  const own = text(mapAt(pod, 'status').message) || text(ready?.message);
  const message = text(unscheduled?.message) || messages[0] || own;
  return { kind: 'other', message: message || `the phase of the pod is ${String(mapAt(pod, 'status').phase)}` };
}
