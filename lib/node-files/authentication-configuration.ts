import type { Authentication, Version } from '../config/config';
import type { Authenticator } from '../identity/authenticator';
import { toYaml } from '../output/yaml';
import { has } from '../upstream/kubernetes';

/** The fields of a cluster that determine its AuthenticationConfiguration or flags. */
export interface ApiServer {
  readonly kubernetes: Version;
  readonly authentication: Pick<Authentication, 'method' | 'ca' | 'anonymous'>;
}

/** Refuses names that are reserved for Kubernetes, above all the group `system:masters`. */
const userValidationRules = [
  { expression: "!user.username.startsWith('system:')", message: 'a user name must not begin with system:' },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'a group name must not begin with system:',
  },
];

/**
 * The AuthenticationConfiguration of a cluster, in the newest API version that its Kubernetes supports by default. It has a
 * `jwt` entry for each trusted client. There is no setting for algorithms: all asymmetric ones are accepted.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export function authenticationConfiguration(server: ApiServer, trusted: readonly Authenticator[]): string {
  return toYaml(authenticationConfigurationObject(server, trusted));
}

/** The same as an object, to be embedded in another document. */
export function authenticationConfigurationObject(server: ApiServer, trusted: readonly Authenticator[]): object {
  const { anonymous, ca } = server.authentication;
  return {
    apiVersion: `apiserver.config.k8s.io/${has(server.kubernetes, 'structuredV1') ? 'v1' : 'v1beta1'}`,
    kind: 'AuthenticationConfiguration',
    jwt: trusted.map((authenticator) => authenticatorEntry(authenticator, ca?.pem)),
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

function authenticatorEntry(
  { issuer, audience, username, groups, requiredClaims }: Authenticator,
  ca?: string,
): object {
  const required = Object.keys(requiredClaims).sort();
  return {
    issuer: { url: issuer, audiences: [audience], ...(ca === undefined ? {} : { certificateAuthority: ca }) },
    ...(required.length > 0
      ? { claimValidationRules: required.map((claim) => ({ claim, requiredValue: requiredClaims[claim] })) }
      : {}),
    claimMappings: { username, ...(groups ? { groups: groupsMapping(groups) } : {}) },
    userValidationRules,
  };
}

/**
 * A joined string is split by an expression. Without the claim there are no groups: the expression uses an optional lookup,
 * because `"teams" in claims` compiles but refuses every token (kube-apiserver 1.34.4: `no such overload`).
 */
function groupsMapping({ claim, prefix, separator }: NonNullable<Authenticator['groups']>): object {
  if (separator === undefined) return { claim, prefix };
  const groups = `claims[${cel(claim)}].split(${cel(separator)}).map(group, ${cel(prefix)} + group)`;
  return { expression: `claims[?${cel(claim)}].hasValue() ? ${groups} : []` };
}

/** A CEL string. CEL has the same escapes as JSON. */
const cel = (text: string): string => JSON.stringify(text);
