import type { Authentication, Cluster, Config, Version } from '../config/config';
import type { Json } from '../guards';
import {
  type Authenticator,
  authenticators,
  type IssuerAuthenticator,
  issuerAuthenticators,
  type TokenMapping,
} from '../identity/authenticator';
import { toYaml } from '../output/yaml';
import { has } from '../upstream/kubernetes';

/** The fields of a cluster that determine its AuthenticationConfiguration or flags. */
export interface ApiServer {
  readonly kubernetes: Version;
  readonly authentication: Pick<Authentication, 'method' | 'ca' | 'anonymous'>;
}

/** Refuses names that are reserved for Kubernetes, above all the group `system:masters`. */
export const systemRules = [
  { expression: "!user.username.startsWith('system:')", message: 'a user name must not begin with system:' },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'a group name must not begin with system:',
  },
];

/** The issuers that an API server trusts: an authenticator for each client, its own first, and those of others. */
export interface Trusted {
  readonly clients: readonly Authenticator[];
  readonly issuers: readonly IssuerAuthenticator[];
  /** Entries that are rendered as they are. */
  readonly jwt: readonly Json[];
}

/** The issuers that the API server of a cluster trusts. */
export const trustedBy = (config: Config, cluster: Cluster): Trusted => ({
  clients: authenticators(config, cluster),
  issuers: issuerAuthenticators(cluster),
  jwt: cluster.jwt,
});

/**
 * The AuthenticationConfiguration of a cluster, in the newest API version that its Kubernetes supports by default. It
 * has a
 * `jwt` entry for each trusted client, each other issuer, and then those that are taken as they are. There is no
 * setting
 * for algorithms: all asymmetric ones are accepted.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export const authenticationConfiguration = (server: ApiServer, trusted: Trusted): string =>
  toYaml(authenticationConfigurationObject(server, trusted));

/** Returns the AuthenticationConfiguration as an object, to embed it in another document. */
export function authenticationConfigurationObject(server: ApiServer, { clients, issuers, jwt }: Trusted): object {
  const { anonymous, ca } = server.authentication;
  return {
    apiVersion: `apiserver.config.k8s.io/${has(server.kubernetes, 'structuredV1') ? 'v1' : 'v1beta1'}`,
    kind: 'AuthenticationConfiguration',
    jwt: [...clients.map((one) => clientEntry(one, ca?.pem)), ...issuers.map(issuerEntry), ...jwt],
    ...(anonymous
      ? {
          anonymous: {
            enabled: anonymous.enabled,
            ...(anonymous.paths ? { conditions: anonymous.paths.map((path) => ({ path })) } : {}),
          },
        }
      : {}),
  };
}

const clientEntry = (authenticator: Authenticator, ca: string | undefined): object => ({
  issuer: {
    url: authenticator.issuer,
    audiences: [authenticator.audience],
    ...(ca === undefined ? {} : { certificateAuthority: ca }),
  },
  ...mappingOf(authenticator),
});

function issuerEntry(authenticator: IssuerAuthenticator): object {
  const { url, discoveryUrl, audiences, egressSelectorType, ca } = authenticator.source;
  return {
    issuer: {
      url,
      ...(discoveryUrl === undefined ? {} : { discoveryURL: discoveryUrl }),
      ...(ca === undefined ? {} : { certificateAuthority: ca }),
      audiences,
      ...(audiences.length > 1 ? { audienceMatchPolicy: 'MatchAny' } : {}),
      ...(egressSelectorType === undefined ? {} : { egressSelectorType }),
    },
    ...mappingOf(authenticator),
  };
}

function mappingOf(mapping: TokenMapping): object {
  const { username, groups, requiredClaims, uid, extra } = mapping;
  const claimRules = [
    ...Object.keys(requiredClaims)
      .sort()
      .map((claim) => ({ claim, requiredValue: requiredClaims[claim] })),
    ...(mapping.claimValidationRules ?? []),
  ];
  return {
    ...(claimRules.length > 0 ? { claimValidationRules: claimRules } : {}),
    claimMappings: {
      username,
      ...(groups ? { groups: groupsMapping(groups) } : {}),
      ...(uid ? { uid } : {}),
      ...(extra ? { extra } : {}),
    },
    userValidationRules: [...systemRules, ...(mapping.userValidationRules ?? [])],
  };
}

/**
 * A joined string is split by an expression. Without the claim there are no groups: the expression uses an optional
 * lookup,
 * because `"teams" in claims` compiles but refuses every token (kube-apiserver 1.34.4: `no such overload`).
 */
function groupsMapping(mapping: NonNullable<TokenMapping['groups']>): object {
  if (mapping.separator === undefined) return mapping;
  const { claim, prefix, separator } = mapping;
  const groups = `claims[${cel(claim)}].split(${cel(separator)}).map(group, ${cel(prefix)} + group)`;
  return { expression: `claims[?${cel(claim)}].hasValue() ? ${groups} : []` };
}

/** A CEL string. CEL has the same escapes as JSON. */
const cel = (text: string): string => JSON.stringify(text);
