import { type CheckResult, failed, type LiveCheck, passed } from './live-check';
import { reasonOf } from './observation';

/** Checks that the address in the kubeconfig answers a request without credentials. Any answer is enough. */
export const serverAddress: LiveCheck = {
  code: 'api-server-unreachable',
  parts: ['cluster'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      const found = await system.apiServer(cluster);
      if (found.value) {
        results.push(passed(`the API server of ${cluster.name} answers at ${cluster.server}`));
        continue;
      }
      const reason = reasonOf(found);
      const isCertificate = /certificate|self.signed|altname/i.test(reason);
      results.push(
        isCertificate
          ? failed(
              [...cluster.path, 'kubeconfig', 'certificateAuthority'],
              `the API server of ${cluster.name} presents a certificate that its kubeconfig does not trust: ${reason}`,
              'put its CA into `kubeconfig.certificateAuthority`: `kubectl config view --raw --minify` shows the CA of a kubeconfig that works',
            )
          : failed(
              [...cluster.path, 'server'],
              `the API server of ${cluster.name} does not answer at ${cluster.server}: ${reason}`,
              'write the address that people reach as `server`',
            ),
      );
    }
    return results;
  },
};
