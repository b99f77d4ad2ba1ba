import { type Json, listOf, mapAt } from '../guards';
import { type Arguments, apiServerArguments } from './api-server-arguments';

/** What somebody else's file tells an API server about one issuer. */
export interface ApiServerSettings {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** `undefined` where every asymmetric algorithm is accepted. */
  readonly algorithms?: readonly string[];
  readonly username: Mapping;
  readonly groups?: Mapping;
}

/** `undefined` where an expression makes the names, which can't be compared with a claim. */
type Mapping = { readonly claim: string; readonly prefix: string } | undefined;

/** The issuers that an object configures: an AuthenticationConfiguration, or arguments of kube-apiserver. */
export function apiServerSettings(object: Json): ApiServerSettings[] {
  if (object.kind === 'AuthenticationConfiguration') return listOf(object.jwt).map(structured);
  if (object.kind === 'KubeAuthenticationConfig') return listOf(mapAt(object, 'configuration').jwt).map(structured);
  const args = apiServerArguments(object);
  return args?.has('oidc-issuer-url') ? [fromArguments(args)] : [];
}

function structured(jwt: unknown): ApiServerSettings {
  const { url, audiences } = mapAt(jwt, 'issuer');
  const mapping = (what: string): Mapping => {
    const { claim, prefix, expression } = mapAt(jwt, 'claimMappings', what);
    return expression === undefined ? { claim: text(claim), prefix: text(prefix) } : undefined;
  };
  return {
    issuer: text(url),
    audiences: listOf(audiences).map(text),
    username: mapping('username'),
    ...(mapAt(jwt, 'claimMappings').groups ? { groups: mapping('groups') } : {}),
  };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server */
function fromArguments(args: Arguments): ApiServerSettings {
  const last = (name: string) => args.get(name)?.at(-1);
  const issuer = last('oidc-issuer-url') ?? '';
  const claim = last('oidc-username-claim') ?? 'sub';
  const prefix = last('oidc-username-prefix');
  const groupsClaim = last('oidc-groups-claim');
  const standard = claim === 'email' ? '' : `${issuer}#`;
  return {
    issuer,
    audiences: [last('oidc-client-id') ?? ''],
    algorithms: (last('oidc-signing-algs') ?? 'RS256').split(',').map((one) => one.trim()),
    username: { claim, prefix: prefix === '-' ? '' : prefix || standard },
    ...(groupsClaim ? { groups: { claim: groupsClaim, prefix: last('oidc-groups-prefix') ?? '' } } : {}),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
