import type { Cluster } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { has, kubernetes, since } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';

/** A version further ahead than this is a typing error and no release to come. */
const soon = 3;

/** What the Kubernetes of a cluster doesn't have, with the version that does. */
export function versions(cluster: Cluster): Finding[] {
  const { kubernetes: version, path, authentication, name } = cluster;
  const at = [...path, 'kubernetes'];
  const { oldest, newest } = kubernetes;
  const range = `1.${oldest.minor} to 1.${newest.minor}`;
  if (version.major !== 1 || version.minor < oldest.minor || version.minor > newest.minor + soon) {
    const message = `Kubernetes ${version.text} is out of range: Kaniflux knows ${range}`;
    return [
      configFinding('kubernetes-version', at, message, 'write the version that `kubectl version` gives for the server'),
    ];
  }
  const problems: Finding[] = [];
  if (version.minor > newest.minor) {
    const message = `Kaniflux was tried with Kubernetes ${range}, not with ${version.text}`;
    const fix = 'look for a newer Kaniflux, and try the rendered settings on one control-plane node first';
    problems.push(configFinding('kubernetes-untried', at, message, fix));
  }
  const { method, anonymous } = authentication;
  if (method === 'structured' && !has(version, 'structuredV1beta1')) {
    const message = `Kubernetes ${version.text} of ${name} reads no AuthenticationConfiguration: it comes with ${since('structuredV1beta1')}`;
    problems.push(
      configFinding('structured-version', [...path, 'authentication', 'method'], message, 'write `method: flags`'),
    );
  }
  if (anonymous) {
    const field = [...path, 'authentication', 'anonymous'];
    if (method !== 'structured') {
      const message = '`anonymous` belongs to AuthenticationConfiguration, and this cluster has flags';
      problems.push(
        configFinding('anonymous-flags', keyAt(field), message, 'write `method: structured`, or take it away'),
      );
    } else if (!has(version, 'structuredAnonymous')) {
      const message = `Kubernetes ${version.text} has no \`anonymous\` in its AuthenticationConfiguration: it comes with ${since('structuredAnonymous')}`;
      problems.push(configFinding('anonymous-version', keyAt(field), message, 'take it away'));
    }
  }
  return problems;
}
