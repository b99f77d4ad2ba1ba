import type { Facts } from '../existing/facts';
import type { KanidmIssuer } from './kanidm-issuer';
import type { OwnKanidm } from './which-kanidm';

/**
 * Returns the CA of Kanidm, if the API server is configured with one. If the API server only names a file on the nodes,
 * returns the CA that was read elsewhere, because kubelogin, the runbook and `doctor` need the CA in a file beside the
 * config.
 */
export const issuerCaOf = (own: KanidmIssuer | undefined, { ca }: OwnKanidm): string | undefined =>
  own?.issuer.ca?.pem ?? (own?.issuer.ca?.nodePath === undefined ? undefined : ca);

/**
 * Returns the files of the CAs, and fields for the cluster in the config. Some of the fields refer to these files, and
 * some come from a kubeconfig.
 */
export function certificates(
  cluster: string,
  { serverCa, logins }: Facts,
  own: KanidmIssuer | undefined,
  kanidm: OwnKanidm,
) {
  const [oidc, file] = [`${cluster}-oidc-ca.crt`, `${cluster}-ca.crt`];
  const login = logins.find(({ issuer }) => own && issuer === own.issuer.url);
  const issuerCa = issuerCaOf(own, kanidm);
  const ca = serverCa ?? login?.ca;
  const kubeconfig = {
    ...(login?.user === undefined ? {} : { user: login.user }),
    ...login?.kubelogin,
    ...(ca ? { certificateAuthority: { file } } : {}),
  };
  return {
    files: { ...(issuerCa ? { [oidc]: issuerCa } : {}), ...(ca ? { [file]: ca } : {}) },
    ca: issuerCa ? { file: oidc } : undefined,
    kubeconfig: Object.keys(kubeconfig).length > 0 ? kubeconfig : undefined,
  };
}
