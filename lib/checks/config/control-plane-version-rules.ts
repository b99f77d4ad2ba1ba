import type { Cluster } from '../../config/config';
import { type Finding, keyAt } from '../../findings/finding';
import { has, isSupported, kubernetes, since, supportedRange } from '../../upstream/kubernetes';
import { configFinding } from './config-codes';

/** Reports a version of Kubernetes that Kaniflux does not support, and settings that the version does not support. */
export function versions(cluster: Cluster): Finding[] {
  const { kubernetes: version, path, authentication, name } = cluster;
  const at = [...path, 'kubernetes'];
  const { newest } = kubernetes;
  if (!isSupported(version)) {
    const message = `Kubernetes ${version.text} is out of range: Kaniflux supports ${supportedRange}`;
    return [configFinding('kubernetes-version', at, message, 'write the server version that `kubectl version` prints')];
  }
  const problems: Finding[] = [];
  if (version.minor > newest.minor) {
    const message = `Kaniflux has been tested with Kubernetes ${supportedRange}, not with ${version.text}`;
    const fix = 'use a newer Kaniflux if there is one, and try the rendered settings on one control-plane node first';
    problems.push(configFinding('kubernetes-untried', at, message, fix));
  }
  const { method, anonymous } = authentication;
  if (method === 'structured' && !has(version, 'structuredV1beta1')) {
    const message = `Kubernetes ${version.text} of ${name} does not support an AuthenticationConfiguration, which came with ${since('structuredV1beta1')}`;
    problems.push(
      configFinding('structured-version', [...path, 'authentication', 'method'], message, 'write `method: flags`'),
    );
  }
  if (anonymous) {
    const field = [...path, 'authentication', 'anonymous'];
    if (method !== 'structured') {
      const message = '`anonymous` is a field of the AuthenticationConfiguration, but this cluster uses flags';
      problems.push(
        configFinding(
          'anonymous-flags',
          keyAt(field),
          message,
          'write `method: structured` under `authentication`, or remove `anonymous`',
        ),
      );
    } else if (!has(version, 'structuredAnonymous')) {
      const message = `Kubernetes ${version.text} does not support \`anonymous\` in the AuthenticationConfiguration: \`anonymous\` came with Kubernetes ${since('structuredAnonymous')}`;
      problems.push(
        configFinding('anonymous-version', keyAt(field), message, 'remove `anonymous`, or upgrade Kubernetes first'),
      );
    }
  }
  return problems;
}
