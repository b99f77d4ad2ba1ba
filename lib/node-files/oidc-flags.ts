import { type Authenticator, defaultPrefix } from '../identity/authenticator';

/** One argument of kube-apiserver. A name may occur several times. */
export interface Argument {
  /** The name without the leading dashes. */
  readonly name: string;
  readonly value: string;
}

/** Returns an argument as on the command line. */
export const toFlag = ({ name, value }: Argument): string => `--${name}=${value}`;

/**
 * Returns what in the value of an argument prevents kube-apiserver from getting the value unchanged. In a pod, `$$`
 * becomes `$`, and `$(NAME)` can become the value of a variable.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
export function changedPart(value: string, inPod: boolean): string | undefined {
  if (/\p{Cc}/u.test(value)) return 'a line break, a tab or another control character';
  return inPod && /\$\$|\$\(.*\)/.test(value)
    ? '`$$` or `$(…)`: kube-apiserver runs in a pod, and Kubernetes can replace both in arguments of pods'
    : undefined;
}

/**
 * Returns the `--oidc-*` arguments of an authenticator. Defaults of kube-apiserver are left out, except the signing
 * algorithm, which is always written.
 *
 * The prefix `-` means "none" for user names only; `--oidc-groups-prefix=-` would add `-` to each group.
 * @throws Error if an expression gives the user name or the groups, because flags have no expressions
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export function oidcFlags(authenticator: Authenticator, caFile?: string): Argument[] {
  const { issuer, audience, signingAlgorithm, username, groups, requiredClaims } = authenticator;
  const args: Argument[] = [
    { name: 'oidc-issuer-url', value: issuer },
    { name: 'oidc-client-id', value: audience },
    { name: 'oidc-signing-algs', value: signingAlgorithm },
  ];
  if (username.expression !== undefined || groups?.expression !== undefined) {
    throw new Error('flags do not support CEL expressions; use `method: "structured"`');
  }
  const add = (name: string, value: string) => args.push({ name, value });
  if (caFile !== undefined) add('oidc-ca-file', caFile);
  if (username.claim !== 'sub') add('oidc-username-claim', username.claim);
  if (username.prefix !== defaultPrefix(username.claim, issuer)) add('oidc-username-prefix', username.prefix || '-');
  if (groups) {
    add('oidc-groups-claim', groups.claim);
    if (groups.prefix !== '') add('oidc-groups-prefix', groups.prefix);
  }
  for (const claim of Object.keys(requiredClaims).sort())
    add('oidc-required-claim', `${claim}=${requiredClaims[claim]}`);
  return args;
}
