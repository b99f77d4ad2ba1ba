import { type Field, type FieldRow, row, whenAdded, whenRemoved } from './field';

const claims: Readonly<Record<string, string>> = {
  sub: 'the UUID, which never changes',
  email: 'whoever has the mail address in Kanidm is that user',
  preferred_username: 'people can change their name, and somebody else can then take the old one',
  name: 'the display name, which anybody may share',
};

const claimMeans = ({ after }: Field): string =>
  claims[String(after)] ?? 'whoever can set this claim decides the user name';

const prefixMeans = ({ after }: Field): string | undefined =>
  after === '' ? 'without a prefix, a name from Kanidm can equal a name that Kubernetes itself uses' : undefined;

const noPrefix = ({ after }: Field) => (after === '' ? ('high' as const) : ('medium' as const));

/** Rows below `clusters.*`. The name of the cluster is printed before the text. */
export const clusterFields: readonly FieldRow[] = [
  row(
    'server',
    ['trust', 'high'],
    'the address of the API server',
    'kubectl sends the tokens of all people to this address',
  ),
  row('kubernetes', ['settings', 'low'], 'the version of Kubernetes'),
  row(
    'client',
    ['trust', 'high'],
    'the client whose tokens the API server accepts',
    'everybody who may use that client can sign in to the cluster, and whoever runs it gets their tokens',
  ),
  row(
    'trust',
    ['trust', whenAdded('high')],
    'the other clients whose tokens the API server accepts',
    'everybody who may use one of these clients can sign in to the cluster, and whoever runs the client gets their tokens',
  ),
  row('controlPlane', ['settings', 'low'], 'the kind of control plane'),
  row('controlPlaneVersion', ['settings', 'none'], 'the version of the control-plane software'),
  row('authentication.method', ['trust', 'low'], 'how the API server is configured to trust Kanidm'),
  row('authentication.claim', ['trust', 'medium'], 'the claim that names people', claimMeans),
  row('authentication.prefix', ['trust', noPrefix], 'the prefix of the names of people', prefixMeans),
  row('authentication.groups', ['trust', 'medium'], 'whether the API server reads groups from the token'),
  row('authentication.groups.claim', ['trust', 'medium'], 'the claim that lists the groups'),
  row('authentication.groups.prefix', ['trust', noPrefix], 'the prefix of the names of groups', prefixMeans),
  row('authentication.ca', ['trust', 'high'], 'the CA that the API server trusts for the issuer'),
  row(
    'authentication.ca.pem',
    ['trust', 'high'],
    'the CA that the API server trusts for the issuer',
    'whoever holds its key can impersonate the issuer',
  ),
  row(
    'authentication.ca.nodePath',
    ['trust', 'medium'],
    'the file on the nodes with the CA that the API server trusts for the issuer',
  ),
  row('authentication.requiredClaims', ['trust', 'medium'], 'the claims that a token must carry'),
  row(
    'authentication.requiredClaims.*',
    ['trust', whenRemoved('medium')],
    'the value of claim $1 that a token must carry',
    ({ after }) => (after === undefined ? 'tokens without it are accepted' : undefined),
  ),
  row('authentication.anonymous', ['trust', 'medium'], 'the setting that lets in requests without credentials'),
  row(
    'authentication.anonymous.enabled',
    ['trust', whenAdded('medium')],
    'the setting that lets in requests without credentials',
    ({ after }) =>
      after === true ? 'anybody on the network has the rights of the group system:unauthenticated' : undefined,
  ),
  row(
    'authentication.anonymous.paths',
    ['trust', (field) => (field.after === undefined ? 'medium' : whenAdded('medium')(field))],
    'the only paths that accept requests without credentials',
  ),
  row('kubeconfig.user', ['settings', 'none'], 'the name of the user in the kubeconfig'),
  row('kubeconfig.certificateAuthority', ['trust', 'high'], 'the CA with which kubectl verifies the API server'),
  row(
    'kubeconfig.certificateAuthority.pem',
    ['trust', 'high'],
    'the CA with which kubectl verifies the API server',
    'whoever holds its key can impersonate the API server and get the tokens of all people',
  ),
  row(
    'kubeconfig.certificateAuthority.path',
    ['trust', 'medium'],
    'the file with the CA with which kubectl verifies the API server',
  ),
  row('kubeconfig.plugin', ['settings', 'low'], 'the program that signs in for kubectl'),
  row('kubeconfig.signIn', ['settings', 'low'], 'the way kubectl signs in'),
  row('kubeconfig.tokenCache', ['settings', 'low'], 'where kubelogin stores tokens on the machines of people'),
  row('breakGlass', ['settings', 'low'], 'the emergency access for when Kanidm is down'),
  row('flux.source', ['trust', 'high'], 'the Flux source that is applied to the cluster'),
  row('flux.source.kind', ['trust', 'high'], 'the kind of the Flux source that is applied to the cluster'),
  row('flux.source.name', ['trust', 'high'], 'the Flux source that is applied to the cluster'),
  row('flux.source.namespace', ['trust', 'high'], 'the namespace of the Flux source that is applied to the cluster'),
  row('flux.namespace', ['settings', 'low'], 'the namespace of the Flux Kustomizations'),
  row('flux.path', ['trust', 'medium'], 'the folder of the Flux source that is applied to the cluster'),
  row('flux.interval', ['settings', 'none'], 'how often Flux reconciles'),
  row('flux.retryInterval', ['settings', 'none'], 'how soon Flux tries again after a failure'),
  row('flux.timeout', ['settings', 'none'], 'how long Flux waits for Kanidm'),
  row('flux.serviceAccountName', ['trust', 'medium'], 'the service account with which Flux applies objects'),
  row('grants.*.roleKind', ['access', 'none'], 'the kind of the role of the grant $1'),
  row('grants.*.roleName', ['access', 'none'], 'the role of the grant $1'),
  row('grants.*.namespaces', ['access', 'none'], 'the namespaces of the grant $1', ({ after }) =>
    Array.isArray(after) && after.length === 0 ? 'it applies to the whole cluster' : undefined,
  ),
  row('grants.*.people', ['access', 'none'], 'the people of the grant $1'),
  row('grants.*.groups', ['access', 'none'], 'the groups of the grant $1'),
  row('grants.*.serviceAccounts', ['access', 'none'], 'the service accounts of the grant $1'),
  row('roles.*.rules', ['access', 'none'], 'the rules of the role $1'),
  row('roles.*.namespaces', ['access', 'none'], 'the namespaces of the role $1'),
  row('roles.*.aggregateTo', ['access', 'none'], 'the built-in roles that the role $1 adds to'),
];

export const checksFields: readonly FieldRow[] = [
  row('checks.ignore.*.reason', ['settings', 'none'], 'the reason why `kaniflux check` leaves out $1'),
  row(
    'checks.maxClusterAdmins',
    ['settings', 'low'],
    'how many people may hold cluster-admin before `kaniflux check` reports it',
  ),
];
