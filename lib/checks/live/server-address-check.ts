import type { Cluster } from '../../config/config';
import type { Answer } from '../../existing/https';
import { type CheckResult, failed, type LiveCheck, passed, skipped } from './live-check';
import { reasonOf } from './observation';

/**
 * Judges an answer to a request for the version, without credentials. An API server answers with its version, or with
 * an object of the kind Status, for example if anonymous requests are off.
 */
function judge({ status, text }: Answer, cluster: Cluster): CheckResult {
  if (/"gitVersion"|"kind":\s*"Status"/.test(text))
    return passed(`the API server of ${cluster.name} answers at ${cluster.server}`);
  // A proxy for authentication may answer in place of the API server.
  if (status === 401 || status === 403)
    return passed(`${cluster.server} answers, and requires credentials (${status})`);
  return failed(
    [...cluster.path, 'server'],
    `${cluster.server} answers the request for the version of ${cluster.name} with status ${status}${status === 200 ? ' and no version' : ''}: a Kubernetes API server does not answer like this`,
    'check whether the API server runs, and whether a load balancer, a proxy or another program answers at this address; or set `server` to the address at which people reach the API server',
  );
}

function silent(reason: string, { name, server, path }: Cluster): CheckResult {
  const authority = [...path, 'kubeconfig', 'certificateAuthority'];
  // doctor sends no client certificate, so an alert about a certificate means that the server demands one.
  if (/^TLS: .*alert .*certificate/.test(reason))
    return failed(
      [...path, 'server'],
      `${server} refuses a connection without a client certificate, which a Kubernetes API server does not do: ${reason}`,
      'set `server` to the address of the API server',
    );
  if (/expired|not yet valid/i.test(reason))
    return failed(
      [...path, 'server'],
      `the certificate of the API server of ${name}, or of its CA, has expired or is not valid yet: ${reason}`,
      'renew the certificates of the control plane, or set the clock of this machine',
    );
  if (/altname/i.test(reason))
    return failed(
      [...path, 'server'],
      `the certificate of the API server of ${name} is for other names: ${reason}`,
      'set `server` to a name or address for which the certificate is valid, or issue a certificate for the current `server`',
    );
  if (/certificate|self.signed/i.test(reason))
    return failed(
      authority,
      `the API server of ${name} presents a certificate that its kubeconfig does not trust: ${reason}`,
      'put its CA into `kubeconfig.certificateAuthority`: `kubectl config view --raw --minify` shows the CA of a kubeconfig that works',
    );
  return failed(
    [...path, 'server'],
    `the API server of ${name} does not answer at ${server}: ${reason}`,
    'set `server` to the address at which people reach the API server',
  );
}

/** Checks that the address in the kubeconfig answers a request without credentials. */
export const serverAddress: LiveCheck = {
  code: 'api-server-unreachable',
  parts: ['cluster'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      const ca = await system.apiServerCa(cluster);
      if (ca.value === undefined) {
        results.push(skipped(`the address of the API server of ${cluster.name}`, reasonOf(ca)));
        continue;
      }
      const found = await system.apiServer(cluster);
      results.push(found.value ? judge(found.value, cluster) : silent(reasonOf(found), cluster));
    }
    return results;
  },
};
