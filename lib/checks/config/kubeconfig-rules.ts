import { type Cluster, type Config, entry } from '../../config/config';
import type { Finding } from '../../findings/finding';
import { lacksScheme, redirectOf } from '../../identity/redirects';
import { isHttps, kubeconfigEntries } from '../../node-files/kubeconfig';
import { configFinding } from './config-codes';

/** Reports kubeconfigs with which nobody could sign in, or that would overwrite each other. */
export function rules(config: Config): Finding[] {
  const clusters = [...config.clusters.values()];
  return [
    ...clusters.flatMap((cluster) => [...clientOf(config, cluster), ...server(cluster), ...deviceCode(cluster)]),
    ...sharedUsers(config, clusters),
  ];
}

function clientOf(config: Config, cluster: Cluster): Finding[] {
  const path = [...cluster.path, 'client'];
  const client = entry(config.clients, cluster.client);
  if (client.type === 'basic') {
    const message = `client ${client.name} has a secret, but a kubeconfig must not contain one`;
    return [configFinding('kubeconfig-secret', path, message, 'use a client of type `public` for kubectl')];
  }
  if (cluster.kubeconfig.signIn === 'device-code' || redirectOf(client)) return [];
  // A URL without a scheme may be meant as a loopback URL. Another rule reports it.
  if ([client.landingUrl, ...(client.redirectUrls ?? [])].some(lacksScheme)) return [];
  const message = `client ${client.name} has no loopback redirect URL, so the browser cannot return to kubelogin`;
  const fix = `add \`http://localhost:8000\` to \`clients.${client.name}.redirectUrls\``;
  return [configFinding('kubeconfig-redirect', path, message, fix)];
}

function server({ path, server: address }: Cluster): Finding[] {
  if (isHttps(address)) return [];
  const place = [...path, 'server'];
  const rest = address.trim().replace(/^(?:https?:[/\\]*)+|^[a-z]+:\/\//i, '');
  const secure = `https://${rest}`;
  const message =
    isHttps(secure) && !/^https:/i.test(address.trim())
      ? `\`${address}\` is not an https URL, but kubectl sends tokens over https only`
      : `\`${address}\` is not the address of a server`;
  const fix = isHttps(secure)
    ? `write \`${secure}\``
    : 'write an address such as `https://192.0.2.10:6443`, with an IPv6 address in brackets: `https://[2001:db8::1]:6443`';
  return [configFinding('server-url', place, message, fix)];
}

function deviceCode({ path, kubeconfig }: Cluster): Finding[] {
  if (kubeconfig.signIn !== 'device-code') return [];
  const message = 'no release of Kanidm up to 1.11 supports the device code flow';
  const fix = 'write `signIn: keyboard`, which does not need a browser on this machine either';
  return [configFinding('device-code', [...path, 'kubeconfig', 'signIn'], message, fix)];
}

/**
 * Rejects two different settings for one user name. Merged kubeconfigs, and several files in `$KUBECONFIG`, have only
 * one user for each name.
 */
function sharedUsers(config: Config, clusters: readonly Cluster[]): Finding[] {
  const seen = new Map<string, { cluster: string; text: string }>();
  return clusters.flatMap((cluster) => {
    const { user } = cluster.kubeconfig;
    const text = JSON.stringify(kubeconfigEntries(config, cluster).user);
    const other = seen.get(user);
    if (!other) seen.set(user, { cluster: cluster.name, text });
    if (!other || other.text === text) return [];
    const message = `user \`${user}\` has other settings on ${other.cluster}, but a kubeconfig can hold only one user of this name`;
    const fix = `write another name, such as \`oidc-${cluster.name}\``;
    return [configFinding('kubeconfig-user', [...cluster.path, 'kubeconfig', 'user'], message, fix)];
  });
}
