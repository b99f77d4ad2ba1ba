import type { Version } from '../config/config';

/** A feature of Kubernetes, by the minor version of 1.x that introduced it. */
interface Since {
  readonly minor: number;
  /** The first minor version without it. */
  readonly until?: number;
  readonly source: string;
}

/**
 * The signing algorithms that kube-apiserver accepts for tokens.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export const signingAlgorithms: readonly string[] = 'RS256 RS384 RS512 ES256 ES384 ES512 PS256 PS384 PS512'.split(' ');

const authenticationDocs = 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/';

/**
 * Features with the minor version that introduced them. The features of kubeadm were tested with 1.34.4, 1.36.3 and
 * 1.37.2, AuthenticationConfiguration with 1.34.4 and 1.37.2.
 */
export const kubernetes = {
  /**
   * The oldest supported version. It has kubectl's `client.authentication.k8s.io/v1` and kubeadm's v1beta3, and nothing
   * older is rendered.
   */
  oldest: {
    minor: 22,
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins',
  },
  /** The newest version on which the output was tested. */
  newest: { minor: 37, source: 'https://kubernetes.io/releases/' },
  kubeadmV1beta3: {
    minor: 22,
    until: 37,
    source: 'https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta3/',
  },
  kubeadmV1beta4: { minor: 31, source: 'https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/' },
  kubeadmConfigValidate: { minor: 28, source: 'https://github.com/kubernetes/kubernetes/pull/118013' },
  /** kubeadm mounts only two folders below /etc/pki into kube-apiserver. Older versions mount /etc/pki. */
  kubeadmPartOfPki: { minor: 31, source: 'https://github.com/kubernetes/kubernetes/pull/124361' },
  /** AuthenticationConfiguration v1beta1. From this version on, its feature gate is on by default. */
  structuredV1beta1: { minor: 30, source: `${authenticationDocs}#using-authentication-configuration` },
  /** The field `egressSelectorType` of AuthenticationConfiguration. Its feature gate is on by default too. */
  structuredEgress: { minor: 34, source: 'https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/' },
  structuredV1: { minor: 34, source: 'https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/' },
  /**
   * The claims of a token are no map, and kube-apiserver replaces escape sequences such as `__dash__` in their names.
   * In older versions, CEL gets an ordinary map.
   */
  claimsByName: {
    minor: 34,
    source:
      'https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/authentication/cel/mapper.go',
  },
  /** The field `anonymous` of AuthenticationConfiguration. Its feature gate is on by default too. */
  structuredAnonymous: { minor: 32, source: `${authenticationDocs}#anonymous-authenticator-configuration` },
  /**
   * A WebSocket to `exec`, `attach` or `portforward` of a pod needs `create`. Before, `get` is enough. The feature gate
   * AuthorizePodWebsocketUpgradeCreatePermission is on by default. Tested with 1.34.4 and 1.37.2.
   */
  execNeedsCreate: { minor: 35, source: 'https://github.com/kubernetes/kubernetes/issues/133515' },
  /** The verbs `impersonate:…` and `impersonate-on:…`. Their feature gate is on by default from this version on. */
  constrainedImpersonation: {
    minor: 36,
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/#constrained-impersonation',
  },
} as const satisfies Readonly<Record<string, Since>>;

export type KubernetesFeature = keyof typeof kubernetes;

export function has(version: Version, feature: KubernetesFeature): boolean {
  const { minor, until = Number.POSITIVE_INFINITY }: Since = kubernetes[feature];
  return version.major === 1 && version.minor >= minor && version.minor < until;
}

/**
 * How many minor versions after the newest tested version are accepted. A higher version is probably a typing error.
 */
const untestedMinors = 3;

/** Whether Kaniflux accepts a version of Kubernetes. */
export const isSupported = ({ major, minor }: Version): boolean =>
  major === 1 && minor >= kubernetes.oldest.minor && minor <= kubernetes.newest.minor + untestedMinors;

/** The oldest accepted and the newest tested version, for messages: `1.22 to 1.37`. */
export const supportedRange = `1.${kubernetes.oldest.minor} to 1.${kubernetes.newest.minor}`;

/** Returns the version that introduced a feature, for messages. */
export const since = (feature: KubernetesFeature): string => `1.${kubernetes[feature].minor}`;
