import type { Authentication, Version } from '../config/config';
import type { Authenticator } from '../identity/authenticator';
import { toYaml } from '../output/yaml';
import { has } from '../upstream/kubernetes';

/** What decides how a kube-apiserver is told whom it trusts: a cluster of the config, or as much of one. */
export interface ApiServer {
  readonly kubernetes: Version;
  readonly authentication: Pick<Authentication, 'method' | 'ca' | 'anonymous'>;
}

/** Refuses whoever would pass for a part of Kubernetes itself, above all for a member of `system:masters`. */
const userValidationRules = [
  { expression: "!user.username.startsWith('system:')", message: 'a user name must not begin with system:' },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: 'a group name must not begin with system:',
  },
];

/**
 * The AuthenticationConfiguration of a cluster, in the newest API version that its Kubernetes serves as its own. One
 * `jwt` entry for each client that it trusts; no algorithms, since the API server takes any asymmetric one here.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export function authenticationConfiguration(server: ApiServer, trusted: readonly Authenticator[]): string {
  return toYaml(authenticationConfigurationObject(server, trusted));
}

/** The same as an object, for what carries it inside a document of its own. */
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
 * A joined string is taken apart by an expression; without the claim there are no groups. `"teams" in claims` compiles,
 * and then refuses every token (kube-apiserver 1.34.4: `no such overload`): the optional lookup asks the same.
 */
function groupsMapping({ claim, prefix, separator }: NonNullable<Authenticator['groups']>): object {
  if (separator === undefined) return { claim, prefix };
  const groups = `claims[${cel(claim)}].split(${cel(separator)}).map(group, ${cel(prefix)} + group)`;
  return { expression: `claims[?${cel(claim)}].hasValue() ? ${groups} : []` };
}

/** A string in CEL, which reads JSON's escapes as JSON does. */
const cel = (text: string): string => JSON.stringify(text);
