import { isMap, listOf, mapAt, scalarText } from '../guards';
import { workloadKinds } from '../upstream/workload-kinds';

/** `possible` if it is unknown whether the pod runs, or whether a program in it can control the node. */
export type PrivilegedPod = 'certain' | 'possible' | undefined;

const kinds = new Set(workloadKinds.map(([, , kind]) => kind));

/**
 * Returns whether the objects show that a privileged pod runs in a namespace; `undefined` if they show none.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export function privilegedPodsOf(
  objects: readonly object[],
): (namespace: string, names?: readonly string[]) => PrivilegedPod {
  const found = new Map<string, { readonly pod?: string; readonly isCertain: boolean }[]>();
  for (const object of objects) {
    if (!isMap(object) || !kinds.has(scalarText(object.kind))) continue;
    const { namespace, name } = mapAt(object, 'metadata');
    const spec = podSpecOf(object);
    const isPrivileged = listOf(spec.containers).some((one) => mapAt(one, 'securityContext').privileged === true);
    const isOnHost = spec.hostPID === true || listOf(spec.volumes).some((one) => isMap(one) && isMap(one.hostPath));
    if (!isPrivileged && !isOnHost) continue;
    const key = scalarText(namespace);
    const one = {
      isCertain: isPrivileged && runs(object),
      ...(object.kind === 'Pod' ? { pod: scalarText(name) } : {}),
    };
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return (namespace, names) => {
    // The names of pods that a controller creates are not known.
    const all = found.get(namespace)?.filter(({ pod }) => !names || pod === undefined || names.includes(pod));
    if (!all?.length) return undefined;
    return all.some(({ pod, isCertain }) => isCertain && (!names || pod !== undefined)) ? 'certain' : 'possible';
  };
}

function podSpecOf(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (object.kind === 'Pod') return mapAt(object, 'spec');
  if (object.kind === 'CronJob') return mapAt(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
  return mapAt(object, 'spec', 'template', 'spec');
}

/** Whether a pod of the object runs at all times. */
const runs = (object: Readonly<Record<string, unknown>>): boolean =>
  object.kind !== 'Job' && object.kind !== 'CronJob' && mapAt(object, 'spec').replicas !== 0;
