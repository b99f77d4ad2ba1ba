import { type Json, listOf, scalarText } from '../guards';
import type { Carrier } from './carrier';
import { valuesAt } from './document-paths';

/**
 * Settings that only one of RKE2 and K3s has. Apart from these settings, the configuration files of RKE2 and K3s look
 * the same.
 */
const rancherMarks: Readonly<Record<'rke2' | 'k3s', RegExp>> = {
  rke2: /^(cni|profile|ingress-controller|audit-policy-file|pod-security-admission-config-file|control-plane-.*|cloud-provider-.*|(kube-.*|etcd|runtime|cloud-controller-manager)-image|.*-extra-(mount|env))$/,
  k3s: /^(flannel-.*|disable-(network-policy|helm-controller|kube-proxy-metrics)|docker|cluster-init|secrets-encryption|servicelb-namespace|rootless|prefer-bundled-bin)$/,
};

/** Components in `disable` that only one of RKE2 and K3s has. */
const rancherComponents: Readonly<Record<'rke2' | 'k3s', RegExp>> = {
  rke2: /^rke2-/,
  k3s: /^(traefik|servicelb|local-storage|metrics-server|coredns)$/,
};

/**
 * Returns whether a configuration is for K3s or RKE2. The version or image decides first, then the number of settings
 * that only one of them has, then the path of the file. `undefined` if none of them decides.
 */
export function distributionOf(document: Json, carrier: Carrier, source: string): 'k3s' | 'rke2' | undefined {
  const texts = [...(carrier.kubernetes ?? [])].flatMap((path) =>
    valuesAt(document, path).map(({ value }) => scalarText(value)),
  );
  const version = /[+-](k3s|rke2)|\/(k3s|rke2)[:@-]/.exec(texts.join(' '));
  if (version) return (version[1] ?? version[2]) === 'k3s' ? 'k3s' : 'rke2';
  if (carrier.name !== 'K3s or RKE2') return undefined;
  const marks = (of: 'k3s' | 'rke2') =>
    Object.keys(document).filter((key) => rancherMarks[of].test(key)).length +
    listOf(document.disable)
      .flatMap((one) => scalarText(one).split(','))
      .filter((one) => rancherComponents[of].test(one.trim())).length +
    (JSON.stringify(document).includes(`/rancher/${of}/`) ? 1 : 0);
  const [rke2, k3s] = [marks('rke2'), marks('k3s')];
  if (rke2 !== k3s) return rke2 > k3s ? 'rke2' : 'k3s';
  const where = /(k3s|rke2)/i.exec(source)?.[1]?.toLowerCase();
  return where === 'k3s' || where === 'rke2' ? where : undefined;
}
