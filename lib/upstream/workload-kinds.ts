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
