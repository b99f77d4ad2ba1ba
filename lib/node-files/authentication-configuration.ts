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

/** Rules that refuse names which are reserved for Kubernetes, above all the group `system:masters`. */
export const systemRules = [
  { expression: "!user.username.startsWith('system:')", message: 'a user name must not begin with system:' },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'a group name must not begin with system:',
  },
];

/** The clients and issuers whose tokens an API server accepts. The cluster's own client is the first client. */
export interface Trusted {
  readonly clients: readonly Authenticator[];
  readonly issuers: readonly IssuerAuthenticator[];
  /** Entries that are rendered unchanged. */
  readonly jwt: readonly Json[];
}

/**
 * Returns all issuers whose tokens an API server accepts: clients of Kanidm, other issuers, and the entries of `jwt`,
 * which are rendered unchanged.
 */
export const trustedBy = (config: Config, cluster: Cluster): Trusted => ({
  clients: authenticators(config, cluster),
  issuers: issuerAuthenticators(cluster),
  jwt: cluster.jwt,
});

/**
 * Renders the AuthenticationConfiguration of a cluster, in the newest API version that its Kubernetes supports by
 * default. It has a `jwt` entry for each trusted client, then for each other issuer, and then the entries that are
 * rendered unchanged. It has no setting for algorithms, since all algorithms that kube-apiserver supports are accepted.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export const authenticationConfiguration = (server: ApiServer, trusted: Trusted): string =>
  toYaml(authenticationConfigurationObject(server, trusted));

/** Returns the AuthenticationConfiguration as an object, which can be embedded in another document. */
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
    userValidationRules: userRules(mapping),
  };
}

/** Returns the rules for users. A rule that the config has too is listed only once: Kubernetes refuses duplicates. */
function userRules({ userValidationRules: own = [] }: TokenMapping): object[] {
  const isOwn = (rule: { readonly expression: string }) => own.some(({ expression }) => expression === rule.expression);
  return [...systemRules.filter((rule) => !isOwn(rule)), ...own];
}

/**
 * Returns the mapping of groups. If the claim is a joined string, an expression splits it. The expression reads the
 * claim with an optional lookup, so that a token without the claim has no groups. `"teams" in claims` would compile,
 * but refuse every token (kube-apiserver 1.34.4: `no such overload`).
 */
function groupsMapping(mapping: NonNullable<TokenMapping['groups']>): object {
  if (mapping.separator === undefined) return mapping;
  const { claim, prefix, separator } = mapping;
  const groups = `claims[${cel(claim)}].split(${cel(separator)}).map(group, ${cel(prefix)} + group)`;
  return { expression: `claims[?${cel(claim)}].hasValue() ? ${groups} : []` };
}

/** Returns a CEL string literal. CEL accepts the escapes of JSON. */
const cel = (text: string): string => JSON.stringify(text);
