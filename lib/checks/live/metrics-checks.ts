import { createHash } from 'node:crypto';
import type { Cluster } from '../../config/config';
import { authenticators } from '../../identity/authenticator';
import { clusterSettings } from '../../node-files/control-plane-files';
import { type Sample, samples } from './api-server-metrics';
import { eachCluster } from './kubectl-checks';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveCode } from './live-codes';
import type { LiveSystem } from './live-system';

/*
 * Metrics of kube-apiserver, which identify issuers and files by their SHA-256. If there are several API servers, only
 * one of them answers.
 * https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
const configuration = 'apiserver_authentication_config_controller_';
const authenticator = 'apiserver_authentication_jwt_authenticator_';

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function ofMetrics(
  code: LiveCode,
  judge: (system: LiveSystem, cluster: Cluster, found: readonly Sample[]) => CheckResult | readonly CheckResult[],
): LiveCheck {
  return {
    code,
    parts: ['cluster'],
    run: (system) =>
      eachCluster(system, 'the metrics of the API server', (cluster) =>
        judged(
          `the metrics of the API server of ${cluster.name}`,
          system.kubectlText(cluster, 'get', '--raw', '/metrics'),
          (text) => judge(system, cluster, samples(text, configuration, authenticator)),
        ),
      ),
  };
}

const sum = (found: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}) =>
  found
    .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((total, { value }) => total + value, 0);

const file = ofMetrics('authentication-config-differs', (system, cluster, found) => {
  if (cluster.authentication.method !== 'structured') return [];
  const path = [...cluster.path, 'authentication'];
  const last = (status: string) => sum(found, `${configuration}automatic_reload_last_timestamp_seconds`, { status });
  const hash = found.find(({ name }) => name === `${configuration}last_config_info`)?.labels.hash;
  const text = clusterSettings(system.config, cluster).files.find(({ text }) => text !== undefined)?.text;
  const isRendered = hash !== undefined && text !== undefined && hash === sha256(text);
  if (last('failure') > last('success')) {
    const when = new Date(last('failure') * 1000).toISOString();
    // If a file was missing and came back with the same content, the metrics do not count this as a success.
    if (isRendered)
      return failed(
        path,
        `the API server of ${cluster.name} uses the rendered AuthenticationConfiguration, but could not load its file on ${when}. The file may have been missing or different for some time only. It may also still differ from the rendered file`,
        'compare the file on the node with the rendered file; if both are equal, nothing needs to be changed, and this finding disappears when the API server restarts',
        { cluster: cluster.name, severity: 'warning' },
      );
    return failed(
      path,
      `the API server of ${cluster.name} could not load its AuthenticationConfiguration on ${when}, and still uses the previous one. Either the API server does not reach an issuer in the file, or the file is missing or invalid. With a missing or invalid file, the API server would not start again`,
      'use `mv` to replace the file with the rendered file; the log of the API server shows what is wrong with the current file',
      { cluster: cluster.name },
    );
  }
  if (!hash || text === undefined)
    return skipped(`the API server of ${cluster.name} has no metric for its AuthenticationConfiguration`);
  if (isRendered) return passed(`the API server of ${cluster.name} uses the rendered AuthenticationConfiguration`);
  const message = `the API server of ${cluster.name} does not have the rendered AuthenticationConfiguration`;
  const fix = `install the files on the nodes as described in \`dist/control-planes/${cluster.name}/README.md\``;
  return failed(path, message, fix, { cluster: cluster.name });
});

const tokens = ofMetrics('tokens-refused', (system, cluster, found) =>
  authenticators(system.config, cluster).map(({ issuer, audience }) => {
    const count = (result: string) =>
      sum(found, `${authenticator}latency_seconds_count`, { result, jwt_issuer_hash: sha256(issuer) });
    const [good, bad] = [count('success'), count('failure')];
    const of = `tokens of client ${audience} since it started`;
    if (good + bad === 0) return skipped(`the metrics of the API server of ${cluster.name} show no ${of}`);
    // Expired tokens are refused too, so some refusals are normal.
    if (bad === 0 || good > 0)
      return passed(`the API server of ${cluster.name} has accepted ${good} and refused ${bad} ${of}`);
    const message = `the API server of ${cluster.name} has refused all ${of}: ${bad}`;
    const fix =
      'pass the log of this API server to `kaniflux explain --log -`, or a token to `kaniflux explain --token -`, to see what is wrong';
    return failed([...cluster.path, 'authentication'], message, fix, { cluster: cluster.name });
  }),
);

const keys = ofMetrics('keys-not-fetched', (system, cluster, found) =>
  authenticators(system.config, cluster).map(({ issuer, audience }) => {
    const last = (result: string) =>
      sum(found, `${authenticator}jwks_fetch_last_timestamp_seconds`, { result, jwt_issuer_hash: sha256(issuer) });
    const [good, bad] = [last('success'), last('failure')];
    if (good === 0 && bad === 0)
      return skipped(
        `the API server of ${cluster.name} has no metric for fetching the keys for tokens of client ${audience}`,
      );
    if (good >= bad)
      return passed(`the API server of ${cluster.name} fetched the keys for tokens of client ${audience}`);
    const message = `the API server of ${cluster.name} could not fetch the keys for tokens of client ${audience} on ${new Date(bad * 1000).toISOString()}`;
    const fix = `check that the control-plane nodes can resolve and reach ${issuer}, and that the API server trusts the certificate of Kanidm; if your own CA signed this certificate, set \`authentication.ca\` to this CA`;
    return failed([...cluster.path, 'authentication'], message, fix, { cluster: cluster.name });
  }),
);

export const metricsChecks: readonly LiveCheck[] = [file, tokens, keys];
