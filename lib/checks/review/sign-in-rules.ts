import { authenticators } from '../../identity/authenticator';
import { loopbackUrls } from '../../identity/redirects';
import { certificateAuthorities } from '../../upstream/control-planes';
import { has } from '../../upstream/kubernetes';
import type { Finding, Rule } from './review-rule';

const legacyCrypto: Rule = {
  code: 'KF106',
  title: 'A client signs with RS256',
  severity: 'warning',
  onConfig: ({ config }) =>
    [...config.clients.values()]
      .filter((client) => client.legacyCrypto)
      .map(({ name, path }) => ({
        path: [...path, 'legacyCrypto'],
        message: `tokens of client ${name} are signed with RS256, which is for programs that know nothing better, and Kubernetes does`,
        fix: 'take `legacyCrypto` out',
      })),
};

const structured: Rule = {
  code: 'KF107',
  title: 'The structured AuthenticationConfiguration is available',
  severity: 'note',
  onCluster: ({ cluster }) =>
    cluster.authentication.method === 'flags' && has(cluster.kubernetes, 'structuredV1beta1')
      ? [
          {
            path: [...cluster.path, 'authentication'],
            cluster: cluster.name,
            message: `Kubernetes ${cluster.kubernetes.text} can read its issuer from a file: it takes every algorithm, refuses names that begin with system:, and reloads without a restart`,
            fix: 'write `method: structured` when it suits you; it replaces the flags on every control-plane node',
          },
        ]
      : [],
};

const redirects: Rule = {
  code: 'KF108',
  title: 'kubelogin has no redirect URL to come back to, or too many are let through',
  severity: 'warning',
  onConfig: ({ config }) => {
    const used = new Set([...config.clusters.values()].map(({ client }) => client));
    return [...config.clients.values()].flatMap((client): Finding[] => {
      const loopback = loopbackUrls(client);
      if (used.has(client.name) && loopback.length === 0 && !client.localhostRedirects) {
        return [
          {
            path: client.path,
            at: 'key',
            message: `client ${client.name} has no redirect URL on this machine: kubelogin signs in, and Kanidm refuses to send the browser back`,
            fix: 'add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls`',
          },
        ];
      }
      if (client.localhostRedirects && loopback.length > 0) {
        return [
          {
            path: [...client.path, 'localhostRedirects'],
            severity: 'note',
            message: `client ${client.name} lets every local port and path through, beside the ${loopback.length === 1 ? 'one' : loopback.length} that it lists`,
            fix: 'list `http://localhost:8000` and `http://localhost:18000`, which is what kubelogin tries, and remove `localhostRedirects`',
          },
        ];
      }
      return [];
    });
  },
};

const changeable: Record<string, string> = {
  preferred_username: 'people can rename themselves in Kanidm, and take a name that somebody else has left',
  email: 'whoever may change a mail address becomes the user that it belonged to',
};

const changeableName: Rule = {
  code: 'KF109',
  title: 'A name that can change is used as identity',
  severity: 'warning',
  onCluster: ({ config, cluster }) =>
    authenticators(config, cluster)
      .slice(0, 1)
      .flatMap(({ username: { claim } }): Finding[] =>
        changeable[claim] === undefined
          ? []
          : [
              {
                path: [...cluster.path, 'authentication', 'claim'],
                cluster: cluster.name,
                ...(claim === 'email' ? { severity: 'note' as const } : {}),
                message: `${cluster.name} knows people by ${claim}: ${changeable[claim]}`,
                fix: 'write `claim: sub`, the UUID, which lasts',
              },
            ],
      ),
};

const noAuthority: Rule = {
  code: 'KF112',
  title: 'The kubeconfig does not know the CA of the API server',
  severity: 'note',
  onCluster: ({ cluster }) => {
    const { name, path, controlPlane, kubeconfig } = cluster;
    const where = certificateAuthorities[controlPlane];
    if (where === undefined || kubeconfig.certificateAuthority) return [];
    return [
      {
        path,
        at: 'key',
        cluster: name,
        message: `the API server of ${name} shows a certificate of a CA of its own, which the rendered kubeconfig does not hold: kubectl refuses it, unless people's own kubeconfig brings the CA`,
        fix: `write \`kubeconfig: { certificateAuthority: { file: ca.crt } }\`; the file is ${where}`,
      },
    ];
  },
};

export const signInRules: readonly Rule[] = [legacyCrypto, structured, redirects, changeableName, noAuthority];
