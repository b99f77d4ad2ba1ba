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

type Json = Readonly<Record<string, unknown>>;

/** The issuers that an object configures: AuthenticationConfiguration, static pod, kubeadm, Cluster API, K3s or Talos. */
export function apiServerSettings(object: Json): ApiServerSettings[] {
  if (object.kind === 'AuthenticationConfiguration') return list(object.jwt).map(structured);
  if (object.kind === 'KubeAuthenticationConfig') return list(map(object.configuration).jwt).map(structured);
  const flags = flagsOf(object);
  return flags.has('oidc-issuer-url') ? [fromFlags(flags)] : [];
}

function structured(jwt: Json): ApiServerSettings {
  const issuer = map(jwt.issuer);
  const { username, groups } = map(jwt.claimMappings) as { username?: unknown; groups?: unknown };
  const mapping = (value: unknown): Mapping => {
    const { claim, prefix, expression } = map(value);
    return expression === undefined ? { claim: text(claim), prefix: text(prefix) } : undefined;
  };
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
  const rancher = object['kube-apiserver-arg'] ?? object['kube-apiserver-arg+'];
  if (rancher !== undefined) {
    return parsed((typeof rancher === 'string' ? [rancher] : strings(rancher)).map((one) => `--${one}`));
  }
  return object.kind === undefined ? extraArgs(map(object.cluster)) : new Map(); // Talos
}

function extraArgs(configuration: Json): Map<string, string> {
  const { extraArgs: args } = map(configuration.apiServer);
  if (Array.isArray(args)) return new Map(list(args).map(({ name, value }) => [text(name), text(value)]));
  return new Map(Object.entries(map(args)).map(([name, value]) => [name, text(value)]));
}

/** `--name=value`, or `--name` and the value after it. Of two equal names the last counts, as for kube-apiserver. */
function parsed(args: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [i, arg] of args.entries()) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) continue;
    const next = args[i + 1];
    found.set(name, value ?? (next === undefined || next.startsWith('--') ? 'true' : next));
  }
  return found;
}

const map = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(map) : []);
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
