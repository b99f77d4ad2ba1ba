import { type Container, Quantity } from 'cdk8s-plus-30/lib/imports/k8s';

/** The image of the certificate reloader. It needs a shell, `readlink` and `pidof`. */
export const defaultReloaderImage = 'docker.io/library/busybox:1.37.0';

/**
 * Watches the mounted Secret, and restarts the server when the Secret changes. For each change, the kubelet creates a
 * new folder and makes `..data` point to it. `pidof` and `kill` work only if both containers share a process namespace
 * and run as the same user.
 */
const script = `served=$(readlink /tls/..data)
while sleep 5; do
  mounted=$(readlink /tls/..data)
  [ "$mounted" != "$served" ] || continue
  served=$mounted
  echo "The TLS certificate in the Secret has changed. Restarting kanidmd."
  kill -TERM $(pidof kanidmd)
done
`;

/**
 * A container that makes the server use a renewed certificate. The server reads its certificate only at start and on a
 * reload, and the image of the server has no program that could watch the file. The container restarts the server,
 * because after a reload the server would skip its next scheduled backup (tried on Kanidm 1.11.1). The pod needs
 * `shareProcessNamespace`.
 *
 * @param volume the volume of the TLS Secret
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/core/src/interval.rs
 */
export const certificateReloader = (image: string, volume: string): Container => ({
  name: 'certificate-reloader',
  image,
  command: ['/bin/sh', '-c', script],
  resources: {
    requests: { cpu: Quantity.fromString('5m'), memory: Quantity.fromString('8Mi') },
    limits: { memory: Quantity.fromString('32Mi') },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [{ name: volume, mountPath: '/tls', readOnly: true }],
});
