import type { Finding, Path } from '../findings/finding';
import type { Authentication, Cluster, Flux, Grant, Kubeconfig, Role } from './config';
import { defaultsOf } from './defaults';
import type { Reader } from './reader';
import { readingFinding } from './reading-codes';
import type { FilledClusterInput } from './schema/config-schema';
import { parseVersion } from './version';

interface Around {
  readonly grants: readonly Grant[];
  readonly roles: readonly Role[];
  /** Of all clusters. */
  readonly flux: Flux;
  readonly reader: Reader;
  /** Findings about the files that the cluster names are added here. */
  readonly problems: Finding[];
}

/** Resolves a cluster: merges the settings from the top of the config, and reads the certificates that it names. */
export function resolveCluster(name: string, input: FilledClusterInput, around: Around): Cluster {
  const { grants, roles, flux, reader, problems } = around;
  const path: Path = ['clusters', name];
  const pem = (file: string, at: Path) => readCertificate(file, [...path, ...at], reader, problems);
  return {
    name,
    path,
    server: input.server,
    kubernetes: parseVersion(input.kubernetes),
    client: input.client,
    trust: [...input.trust].sort(),
    controlPlane: input.controlPlane,
    ...(input.controlPlaneVersion === undefined
      ? {}
      : { controlPlaneVersion: parseVersion(input.controlPlaneVersion) }),
    authentication: toAuthentication(input.authentication, grants, pem),
    kubeconfig: toKubeconfig(name, input.kubeconfig, pem),
    flux: toFlux(flux, input.flux),
    ...(input.breakGlass === undefined ? {} : { breakGlass: input.breakGlass }),
    grants,
    roles,
  };
}

type ReadPem = (file: string, at: Path) => string;

function toAuthentication(
  { groups: written, ca, ...fields }: FilledClusterInput['authentication'],
  grants: readonly Grant[],
  pem: ReadPem,
): Authentication {
  const groups = written ?? (grants.some((grant) => grant.groups.length > 0) ? defaultsOf('tokenGroups') : undefined);
  return {
    ...fields,
    ...(groups ? { groups } : {}),
    ...(ca
      ? {
          ca: {
            ...(ca.file === undefined ? {} : { pem: pem(ca.file, ['authentication', 'ca', 'file']) }),
            ...(ca.nodePath === undefined ? {} : { nodePath: ca.nodePath }),
          },
        }
      : {}),
  };
}

const toKubeconfig = (
  cluster: string,
  { certificateAuthority: ca, ...fields }: FilledClusterInput['kubeconfig'],
  pem: ReadPem,
): Kubeconfig => ({
  ...fields,
  user: fields.user ?? `oidc-${cluster}`,
  ...(ca
    ? {
        certificateAuthority: ca.inline
          ? { pem: pem(ca.file, ['kubeconfig', 'certificateAuthority', 'file']) }
          : { path: ca.file },
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

function readCertificate(file: string, path: Path, reader: Reader, problems: Finding[]): string {
  let text: string;
  try {
    text = new TextDecoder().decode(reader.read(file));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^(\w+): ([^,]*).*$/, '$2') : String(thrown);
    problems.push(
      readingFinding('ca-unreadable', path, `\`${file}\` can't be read: ${why}`, 'write a path relative to this file'),
    );
    return '';
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (/PRIVATE KEY/.test(text)) {
    problems.push(
      readingFinding(
        'ca-holds-key',
        path,
        `\`${file}\` holds a private key`,
        'name a file that holds only certificates',
      ),
    );
  } else if (!certificates) {
    problems.push(
      readingFinding(
        'ca-not-pem',
        path,
        `\`${file}\` holds no PEM certificate`,
        'convert it: `openssl x509 -inform der -in …`',
      ),
    );
  }
  return (certificates ?? []).map((certificate) => `${certificate.replaceAll('\r', '')}\n`).join('');
}
