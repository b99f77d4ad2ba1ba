import { type Check, reasonOf, type Said, well, wrong } from './live-check';

/** The address that the kubeconfigs name, asked by nobody in particular: any answer is one. */
export const serverAddress: Check = {
  code: 'KFD302',
  title: 'The API server does not answer at the address of the kubeconfig',
  severity: 'error',
  parts: ['cluster'],
  run: async (system) => {
    const said: Said[] = [];
    for (const cluster of system.clusters) {
      const found = await system.apiServer(cluster);
      if (found.value) {
        said.push(well(`the API server of ${cluster.name} answers at ${cluster.server}`));
        continue;
      }
      const reason = reasonOf(found);
      const isCertificate = /certificate|self.signed|altname/i.test(reason);
      said.push(
        isCertificate
          ? wrong(
              [...cluster.path, 'kubeconfig', 'certificateAuthority'],
              `the API server of ${cluster.name} shows a certificate that its kubeconfig does not trust: ${reason}`,
              'put its CA into `kubeconfig.certificateAuthority`: `kubectl config view --raw --minify` shows that of a kubeconfig which works',
            )
          : wrong(
              [...cluster.path, 'server'],
              `the API server of ${cluster.name} does not answer at ${cluster.server}: ${reason}`,
              'write the address that people reach as `server`',
            ),
      );
    }
    return said;
  },
};
