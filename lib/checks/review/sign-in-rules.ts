import { keyAt } from '../../findings/finding';
import { authenticators } from '../../identity/authenticator';
import { loopbackUrls } from '../../identity/redirects';
import { certificateAuthorities } from '../../upstream/control-planes';
import { has } from '../../upstream/kubernetes';
import type { Rule, RuleFinding } from './review-rule';

const legacyCrypto: Rule = {
  code: 'legacy-crypto',
  onConfig: ({ config }) =>
    [...config.clients.values()]
      .filter((client) => client.legacyCrypto)
      .map(({ name, path }) => ({
        place: { path: [...path, 'legacyCrypto'] },
        message: `tokens of client ${name} are signed with RS256, which is for programs that know nothing better, and Kubernetes does`,
        fix: 'take `legacyCrypto` out',
      })),
};

const structured: Rule = {
  code: 'structured-available',
  onCluster: ({ cluster }) =>
    cluster.authentication.method === 'flags' && has(cluster.kubernetes, 'structuredV1beta1')
      ? [
          {
            place: { path: [...cluster.path, 'authentication'] },
            cluster: cluster.name,
            message: `Kubernetes ${cluster.kubernetes.text} can read its issuer from a file: it takes every algorithm, refuses names that begin with system:, and reloads without a restart`,
            fix: 'write `method: structured` when it suits you; it replaces the flags on every control-plane node',
          },
        ]
      : [],
};

const wideRedirects: Rule = {
  code: 'wide-redirects',
  onConfig: ({ config }) =>
    [...config.clients.values()].flatMap((client): RuleFinding[] => {
      const loopback = loopbackUrls(client);
      if (!client.localhostRedirects || loopback.length === 0) return [];
      return [
        {
          place: { path: [...client.path, 'localhostRedirects'] },
          message: `client ${client.name} allows every port and path of this machine, beside the ${loopback.length === 1 ? 'one' : loopback.length} that it lists`,
          fix: 'list `http://localhost:8000` and `http://localhost:18000`, which kubelogin tries, and remove `localhostRedirects`',
        },
      ];
    }),
};

/** The other claim that can change, `preferred_username`, is a warning of the config itself. */
const changeableMail: Rule = {
  code: 'changeable-claim',
  onCluster: ({ config, cluster }) => {
    const [own] = authenticators(config, cluster);
    if (own?.username.claim !== 'email') return [];
    return [
      {
        place: { path: [...cluster.path, 'authentication', 'claim'] },
        cluster: cluster.name,
        severity: 'note',
        message: `user names on ${cluster.name} come from \`email\`: whoever can change a mail address becomes the user it belonged to`,
        fix: 'write `claim: sub`, the UUID, which never changes',
      },
    ];
  },
};

const noAuthority: Rule = {
  code: 'api-server-ca-unknown',
  onCluster: ({ cluster }) => {
    const { name, path, controlPlane, kubeconfig } = cluster;
    const where = certificateAuthorities[controlPlane];
    if (where === undefined || kubeconfig.certificateAuthority) return [];
    return [
      {
        place: keyAt(path),
        cluster: name,
        message: `the API server of ${name} shows a certificate of a CA of its own, which the rendered kubeconfig does not hold: kubectl refuses it, unless people's own kubeconfig brings the CA`,
        fix: `write \`kubeconfig: { certificateAuthority: { file: ca.crt } }\`; the file is ${where}`,
      },
    ];
  },
};

export const signInRules: readonly Rule[] = [legacyCrypto, structured, wideRedirects, changeableMail, noAuthority];
