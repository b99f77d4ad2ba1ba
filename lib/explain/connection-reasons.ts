import { type Connection, look, lower, reasons } from './connection-errors';

export type { Connection };

export interface Because {
  /** The reason for the failure, as a full sentence. */
  readonly why: string;
  readonly fix: string;
}

/**
 * If the URL in the error does not have the form of a URL of Kanidm, the server may be another identity provider.
 * Returns the connection with the host from the error as its target in this case, and otherwise unchanged.
 */
function named(text: string, connection: Connection): Connection {
  const host = /\b(?:Get|Post|Head) "?https?:\/\/([^\s"/]{1,253})(?!\/(?:ui\/)?oauth2\/)[/"]/.exec(text)?.[1];
  return host === undefined || connection.to !== 'Kanidm'
    ? connection
    : { ...connection, to: host, trust: `Give ${lower(connection.from)} the CA of ${host}.` };
}

/** Explains a failed connection; an error that is not in the table is quoted as it is. */
export function because(text: string, meant: Connection): Because {
  const connection = named(text, meant);
  for (const { pattern, why, fix } of reasons) {
    const match = pattern.exec(text);
    if (!match) continue;
    const facts = Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, value ?? '']));
    return { why: why(connection, facts), fix: fix(connection, facts) };
  }
  const quoted = text
    .trim()
    .replace(/[.:]+$/, '')
    .replace(/^Get "[^"]{1,300}"$/, '');
  return {
    why: quoted === '' ? 'The line does not contain the reason.' : `The program reports: “${quoted.slice(0, 300)}”.`,
    fix: look(connection, 'run `curl -v` against'),
  };
}

/** Returns whether the table explains this error. */
export const hasReason = (text: string): boolean => reasons.some(({ pattern }) => pattern.test(text));

/** The connection on which the API server reads the discovery document and the keys. */
export const apiServerToKanidm: Connection = {
  from: 'The API server',
  to: 'Kanidm',
  trust: `Give the API server the CA of Kanidm: set \`authentication.ca.file\` of the cluster, which Kaniflux renders as \`--oidc-ca-file\` or \`certificateAuthority\`. To check the certificate of Kanidm, run \`kaniflux doctor\` on a control-plane node.`,
};
export const kubeloginToKanidm: Connection = {
  from: 'kubelogin',
  to: 'Kanidm',
  trust:
    'Give kubelogin the CA of Kanidm: set `authentication.ca.file` of the cluster, which Kaniflux adds to the rendered kubeconfig, or add the CA to the trust store of the machine.',
};
export const kubectlToApiServer: Connection = {
  from: 'kubectl',
  to: 'the API server',
  trust:
    "Put the CA of the cluster into the kubeconfig (`certificate-authority-data`). On a kubeadm node, the CA is in /etc/kubernetes/pki/ca.crt. The error has nothing to do with Kanidm's certificate.",
};
