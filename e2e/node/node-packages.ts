/** The Debian packages that a node needs. `npm run e2e:parts` installs them, because the tests are skipped without them. */
export const nodePackages = [
  'containerd',
  'runc',
  'containernetworking-plugins',
  'iptables',
  'iproute2',
  'conntrack',
  'curl',
  'socat',
  'busybox-static',
];
