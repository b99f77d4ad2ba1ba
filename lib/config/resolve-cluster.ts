import type { Finding, Path } from '../findings/finding';
import { appsOf } from './apps';
import { readCertificates } from './certificates';
import type { Authentication, Cluster, Flux, Grant, Kubeconfig, Mapping, Role } from './config';
import { defaultsOf } from './defaults';
import type { Reader } from './reader';
import { resolveIssuer } from './resolve-issuer';
import type { FilledClusterInput } from './schema/config-schema';
import { parseVersion } from './version';

interface ClusterContext {
  readonly grants: readonly Grant[];
  readonly roles: readonly Role[];
  /** The Flux settings at the top level of the config. */
  readonly flux: Flux;
  readonly reader: Reader;
  /** Receives findings about files to which the cluster refers. */
  readonly problems: Finding[];
}

/** Resolves a cluster: merges the settings from the top of the config, and reads the certificates that it names. */
export function resolveCluster(name: string, input: FilledClusterInput, context: ClusterContext): Cluster {
  const { grants, roles, flux, reader, problems } = context;
  const path: Path = ['clusters', name];
  const apps = appsOf(name, input);
  const certificates = { reader, problems };
  const pem: ReadPem = (ca, at) => readCertificates(ca, [...path, ...at], certificates);
  return {
    name,
    path,
    server: input.server,
    kubernetes: parseVersion(input.kubernetes),
    client: input.client,
    trust: [...new Set([...input.trust, ...apps.map(({ client }) => client)])].sort(),
    issuers: Object.entries(input.issuers)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, issuer]) =>
        resolveIssuer(key, issuer, {
          path: [...path, 'issuers', key],
          ...(issuer.ca ? { ca: pem(issuer.ca, ['issuers', key, 'ca']) } : {}),
        }),
      ),
    jwt: input.jwt,
    apps,
    controlPlane: input.controlPlane,
    ...(input.controlPlaneVersion === undefined
      ? {}
      : { controlPlaneVersion: parseVersion(input.controlPlaneVersion) }),
    authentication: toAuthentication(input.authentication, grants, pem),
    kubeconfig: toKubeconfig(name, input.kubeconfig, pem),
    flux: toFlux(flux, input.flux),
    ownFlux: Object.keys(input.flux ?? {}),
    ...(input.podSecurity === undefined ? {} : { podSecurity: input.podSecurity }),
    ...(input.breakGlass === undefined ? {} : { breakGlass: input.breakGlass }),
    grants,
    roles,
  };
}

type ReadPem = (ca: { readonly file?: string; readonly pem?: string }, at: Path) => string;

function toAuthentication(
  { ca, clients = {}, ...fields }: FilledClusterInput['authentication'],
  grants: readonly Grant[],
  pem: ReadPem,
): Authentication {
  const readsGroups = grants.some((grant) => grant.groups.length > 0);
  return {
    ...withGroups(fields, readsGroups),
    clients: Object.fromEntries(
      Object.entries(clients).map(([key, mapping]) => [key, withGroups(mapping, readsGroups)]),
    ),
    ...(ca
      ? {
          ca: {
            ...(ca.file === undefined && ca.pem === undefined ? {} : { pem: pem(ca, ['authentication', 'ca']) }),
            ...(ca.nodePath === undefined ? {} : { nodePath: ca.nodePath }),
          },
        }
      : {}),
  };
}

/** Makes the API server read groups from the tokens of Kanidm if a group has a grant. */
const withGroups = <T extends Mapping>(mapping: T, readsGroups: boolean): T =>
  mapping.groups || !readsGroups ? mapping : { ...mapping, groups: defaultsOf('tokenGroups') };

const toKubeconfig = (
  cluster: string,
  { certificateAuthority: ca, ...fields }: FilledClusterInput['kubeconfig'],
  pem: ReadPem,
): Kubeconfig => ({
  ...fields,
  user: fields.user ?? `oidc-${cluster}`,
  ...(ca
    ? {
        certificateAuthority: ca.inline ? { pem: pem(ca, ['kubeconfig', 'certificateAuthority']) } : { path: ca.file },
      }
    : {}),
});

const toFlux = (shared: Flux, own: FilledClusterInput['flux']): Flux => {
  const flux = { ...shared, ...own, source: { ...shared.source, ...own?.source } };
  const path = flux.path
    .replace(/\/+$/, '')
    .replace(/^(\.\/|(?!\/))/, './')
    .replace(/^\.\/\.$/, '.');
  return { ...flux, path };
};
