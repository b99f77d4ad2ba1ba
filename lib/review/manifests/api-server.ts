/** What somebody else's file tells an API server about one issuer. */
export interface ApiServerSettings {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** `undefined` where every asymmetric algorithm is accepted. */
  readonly algorithms?: readonly string[];
  readonly username: { readonly claim: string; readonly prefix: string };
  readonly groups?: { readonly claim: string; readonly prefix: string };
}

type Json = Readonly<Record<string, unknown>>;

/** The issuers that an object configures: AuthenticationConfiguration, static pod, kubeadm, Cluster API or k3s. */
export function apiServerSettings(object: Json): ApiServerSettings[] {
  if (object.kind === 'AuthenticationConfiguration') return list(object.jwt).map(structured);
  const flags = flagsOf(object);
  return flags.has('oidc-issuer-url') ? [fromFlags(flags)] : [];
}

function structured(jwt: Json): ApiServerSettings {
  const issuer = map(jwt.issuer);
  const { username, groups } = map(jwt.claimMappings) as { username?: unknown; groups?: unknown };
  const mapping = (value: unknown) => ({ claim: text(map(value).claim), prefix: text(map(value).prefix) });
  return {
    issuer: text(issuer.url),
    audiences: Array.isArray(issuer.audiences) ? issuer.audiences.map(text) : [],
    username: mapping(username),
    ...(groups ? { groups: mapping(groups) } : {}),
  };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server */
function fromFlags(flags: ReadonlyMap<string, string>): ApiServerSettings {
  const issuer = flags.get('oidc-issuer-url') ?? '';
  const claim = flags.get('oidc-username-claim') ?? 'sub';
  const prefix = flags.get('oidc-username-prefix');
  const groupsClaim = flags.get('oidc-groups-claim');
  const standard = claim === 'email' ? '' : `${issuer}#`;
  return {
    issuer,
    audiences: [flags.get('oidc-client-id') ?? ''],
    algorithms: (flags.get('oidc-signing-algs') ?? 'RS256').split(',').map((one) => one.trim()),
    username: { claim, prefix: prefix === '-' ? '' : prefix || standard },
    ...(groupsClaim ? { groups: { claim: groupsClaim, prefix: flags.get('oidc-groups-prefix') ?? '' } } : {}),
  };
}

function flagsOf(object: Json): Map<string, string> {
  if (object.kind === 'Pod') {
    const containers = list(map(object.spec).containers);
    return parsed(containers.flatMap(({ command, args }) => [...strings(command), ...strings(args)]));
  }
  if (object.kind === 'ClusterConfiguration') return extraArgs(object);
  if (object.kind === 'KubeadmControlPlane') {
    return extraArgs(map(map(map(object.spec).kubeadmConfigSpec).clusterConfiguration));
  }
  return parsed(strings(object['kube-apiserver-arg']).map((one) => `--${one}`));
}

function extraArgs(configuration: Json): Map<string, string> {
  const { extraArgs: args } = map(configuration.apiServer);
  if (Array.isArray(args)) return new Map(list(args).map(({ name, value }) => [text(name), text(value)]));
  return new Map(Object.entries(map(args)).map(([name, value]) => [name, text(value)]));
}

const parsed = (args: readonly string[]) =>
  new Map(
    args
      .filter((arg) => arg.startsWith('--'))
      .map((arg): [string, string] => {
        const at = arg.indexOf('=');
        return at < 0 ? [arg.slice(2), 'true'] : [arg.slice(2, at), arg.slice(at + 1)];
      }),
  );

const map = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(map) : []);
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
