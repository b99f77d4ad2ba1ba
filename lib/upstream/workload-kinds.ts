/**
 * The kinds whose objects run pods. A PodTemplate alone does not run a pod.
 * @see https://kubernetes.io/docs/concepts/workloads/
 */
export const workloadKinds: readonly (readonly [group: string, resource: string, kind: string])[] = [
  ['', 'pods', 'Pod'],
  ['apps', 'deployments', 'Deployment'],
  ['apps', 'statefulsets', 'StatefulSet'],
  ['apps', 'daemonsets', 'DaemonSet'],
  ['apps', 'replicasets', 'ReplicaSet'],
  ['batch', 'jobs', 'Job'],
  ['batch', 'cronjobs', 'CronJob'],
  ['', 'replicationcontrollers', 'ReplicationController'],
];

/**
 * The kinds whose existing objects can get another pod template, and with it another program and service account. The
 * service account of a Pod, and the template of a Job, cannot be changed.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/batch/validation/validation.go
 */
export const templateKinds = workloadKinds.filter(([, , kind]) => kind !== 'Pod' && kind !== 'Job');
