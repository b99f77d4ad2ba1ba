import type { Authentication, Cluster, Flux, Grant, Kubeconfig, Role } from './config';
import { error, type Path, type Problem } from './problem';
import type { Reader } from './reader';
import type { ClusterInput, ConfigInput } from './schema';
import { parseVersion } from './version';

/** A cluster with its defaults, and with the certificates that it names read. */
export function resolveCluster(
  name: string,
  input: ClusterInput,
  grants: readonly Grant[],
  roles: readonly Role[],
  flux: ConfigInput['flux'],
  reader: Reader,
  problems: Problem[],
): Cluster {
  const path: Path = ['clusters', name];
  const pem = (file: string, at: Path) => readCertificate(file, [...path, ...at], reader, problems);
  return {
    name,
    path,
    server: input.server,
    kubernetes: parseVersion(input.kubernetes),
    client: input.client,
    trust: [...(input.trust ?? [])].sort(),
    controlPlane: input.controlPlane,
    ...(input.controlPlaneVersion === undefined
      ? {}
      : { controlPlaneVersion: parseVersion(input.controlPlaneVersion) }),
    authentication: toAuthentication(input.authentication ?? {}, grants, pem),
    kubeconfig: toKubeconfig(name, input.kubeconfig ?? {}, pem),
    flux: toFlux({ ...flux, ...input.flux, source: { ...flux?.source, ...input.flux?.source } }),
    ...(input.breakGlass === undefined ? {} : { breakGlass: input.breakGlass }),
    grants,
    roles,
  };
}

type ReadPem = (file: string, at: Path) => string;

function toAuthentication(
  input: NonNullable<ClusterInput['authentication']>,
  grants: readonly Grant[],
  pem: ReadPem,
): Authentication {
  const groups = input.groups ?? (grants.some((grant) => grant.groups.length > 0) ? {} : undefined);
  const { ca } = input;
  return {
    method: input.method ?? 'flags',
    claim: input.claim ?? 'sub',
    ...(input.prefix === undefined ? {} : { prefix: input.prefix }),
    ...(groups ? { groups: { claim: groups.claim ?? 'groups', prefix: groups.prefix ?? 'kanidm:' } } : {}),
    ...(ca
      ? {
          ca: {
            ...(ca.file === undefined ? {} : { pem: pem(ca.file, ['authentication', 'ca', 'file']) }),
            ...(ca.nodePath === undefined ? {} : { nodePath: ca.nodePath }),
          },
        }
      : {}),
    requiredClaims: input.requiredClaims ?? {},
    ...(input.anonymous ? { anonymous: input.anonymous } : {}),
  };
}

function toKubeconfig(cluster: string, input: NonNullable<ClusterInput['kubeconfig']>, pem: ReadPem): Kubeconfig {
  const { certificateAuthority: ca } = input;
  return {
    user: input.user ?? `oidc-${cluster}`,
    ...(ca
      ? {
          certificateAuthority:
            ca.inline === false
              ? { path: ca.file }
              : { pem: pem(ca.file, ['kubeconfig', 'certificateAuthority', 'file']) },
        }
      : {}),
    plugin: input.plugin ?? 'oidc-login',
    signIn: input.signIn ?? 'browser',
    tokenCache: input.tokenCache ?? 'disk',
  };
}

function toFlux(input: NonNullable<ConfigInput['flux']>): Flux {
  const path = (input.path ?? './dist')
    .replace(/\/+$/, '')
    .replace(/^(\.\/|(?!\/))/, './')
    .replace(/^\.\/\.$/, '.');
  return {
    source: {
      kind: input.source?.kind ?? 'GitRepository',
      name: input.source?.name ?? 'flux-system',
      namespace: input.source?.namespace ?? 'flux-system',
    },
    namespace: input.namespace ?? 'flux-system',
    path,
    interval: input.interval ?? '10m',
    retryInterval: input.retryInterval ?? '1m',
    timeout: input.timeout ?? '10m',
    ...(input.serviceAccountName === undefined ? {} : { serviceAccountName: input.serviceAccountName }),
  };
}

function readCertificate(file: string, path: Path, reader: Reader, problems: Problem[]): string {
  let text: string;
  try {
    text = new TextDecoder().decode(reader.read(file));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^(\w+): ([^,]*).*$/, '$2') : String(thrown);
    problems.push(
      error('ca-unreadable', path, `\`${file}\` can't be read: ${why}`, 'write a path relative to this file'),
    );
    return '';
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (/PRIVATE KEY/.test(text)) {
    problems.push(
      error('ca-holds-key', path, `\`${file}\` holds a private key`, 'name a file that holds certificates only'),
    );
  } else if (!certificates) {
    problems.push(
      error('ca-not-pem', path, `\`${file}\` holds no PEM certificate`, 'convert it: `openssl x509 -inform der -in …`'),
    );
  }
  return (certificates ?? []).map((certificate) => `${certificate.replaceAll('\r', '')}\n`).join('');
}
