#!/bin/bash
# The first process of the test's machine, in new namespaces (mounts, network, processes, cgroups). When it ends, everything
# that it created disappears. The machine has the root file system of this one; what is written to it is kept in memory.
# Usage: machine.sh FOLDER PROGRAMS: an empty folder to mount on, and a folder with kubelet, kubeadm, kubectl and coredns.
set -euo pipefail
folder=$1 programs=$2

mount --make-rprivate /
mount -t tmpfs tmpfs "$folder"
mkdir "$folder"/{upper,work,root,data}
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
root=$folder/root
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
tail -n +2 /proc/cgroups | while read -r controller hierarchy _ enabled; do
  [ "$enabled" = 1 ] && [ "$hierarchy" != 0 ] || continue
  mkdir "$root/sys/fs/cgroup/$controller"
  mount -t cgroup -o "$controller" cgroup "$root/sys/fs/cgroup/$controller"
done
if grep -q name=systemd /proc/self/cgroup; then
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
fi
# An overlay cannot be on another overlay, so the layers of containers are in a tmpfs.
for path in /var/lib/containerd /var/lib/kubelet /var/lib/etcd /var/log /etc/kubernetes /etc/cni/net.d; do
  mkdir -p "$folder/data$path" "$root$path"
  mount --bind "$folder/data$path" "$root$path"
done
mount --make-rshared "$root/var/lib/kubelet"
cp "$programs"/* "$root/usr/local/bin/"

ip link set lo up
ip link add node0 type bridge
ip address add 192.0.2.10/24 dev node0
ip link set node0 up
ip route add default via 192.0.2.1
echo 1 > /proc/sys/net/ipv4/ip_forward
echo node > "$root/etc/hostname"
hostname node
printf '127.0.0.1 localhost\n192.0.2.10 node api.example.com\n' > "$root/etc/hosts"
# A name server that answers immediately that a name does not exist.
printf 'nameserver 192.0.2.10\n' > "$root/etc/resolv.conf"
printf '. {\n  bind 192.0.2.10\n  template ANY ANY {\n    rcode NXDOMAIN\n  }\n}\n' > "$root/etc/Corefile"
cat > "$root/etc/cni/net.d/10-pods.conflist" <<'CNI'
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipMasq": false, "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.0.0/24"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
CNI
mkdir -p "$root/etc/containerd"
cat > "$root/etc/containerd/config.toml" <<'TOML'
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  # Without CAP_SYS_RESOURCE, a process cannot lower its own OOM score.
  restrict_oom_score_adj = true
  sandbox_image = "node.example.com/pause:3.10.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
TOML
# pivot_root instead of chroot, because a command that runc executes in a container starts at the root of the mount namespace.
mkdir "$root/before"
cd "$root"
pivot_root . before
umount -l /before
exec /bin/bash -c '
cd /
export HOME=/root TMPDIR=/tmp
mkdir -p /var/log/node
coredns -conf /etc/Corefile >> /var/log/node/coredns.log 2>&1 &
containerd >> /var/log/node/containerd.log 2>&1 &
# As with systemd and the drop-in of kubeadm: the kubelet is restarted until kubeadm has written its files.
while :; do
  if [ -f /var/lib/kubelet/config.yaml ] && [ ! -f /run/kubelet.stop ]; then
    KUBELET_KUBEADM_ARGS=
    [ ! -f /var/lib/kubelet/kubeadm-flags.env ] || . /var/lib/kubelet/kubeadm-flags.env
    kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf \
      --config=/var/lib/kubelet/config.yaml $KUBELET_KUBEADM_ARGS >> /var/log/node/kubelet.log 2>&1 || true
  fi
  sleep 0.5
done'
