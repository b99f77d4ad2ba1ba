import { listed } from '../../access/rights-in-words';
import type { Config } from '../../config/config';
import type { Level } from '../statement';
import { clientMeans, newClients, trustText } from './client-users';
import { type Field, type FieldRow, parts, row, whenAdded } from './field';
import { endsBy, longer } from './kanidm-entry-fields';
import { mappingRows } from './mapping-fields';

/**
 * Returns what Flux does with a binding whose role changes. Returns `undefined` if the grant has no namespace in common
 * with the old grant: its bindings are then new objects.
 */
function boundAgain({ keys: [name], cluster = '', sides }: Field): string | undefined {
  const of = (config: Config) => config.clusters.get(cluster)?.grants.find((grant) => grant.name === name)?.namespaces;
  const [was, is] = [of(sides.before), of(sides.after)];
  const isSameBinding = was && is && (was.length === 0 ? is.length === 0 : is.some((one) => was.includes(one)));
  return isSameBinding
    ? 'Kubernetes cannot change the role of a binding, so Flux deletes the binding and creates it again (annotation `kustomize.toolkit.fluxcd.io/force`)'
    : undefined;
}

const places = (namespaces: unknown): string =>
  Array.isArray(namespaces) && namespaces.length > 0
    ? `namespace${namespaces.length > 1 ? 's' : ''} ${listed(namespaces.map(String), 10)}`
    : 'the whole cluster';

const isWide = (namespaces: unknown): boolean => Array.isArray(namespaces) && namespaces.length === 0;

/** The meaning of fields from which nothing is rendered. */
const described = 'the field only describes the cluster, and changes nothing on it';

/** Returns how closely to review a change of a Pod Security level. */
const lessSecure: FieldRow['level'] = ({ after }) =>
  after === 'restricted' ? 'none' : after === 'baseline' ? 'low' : 'medium';

/** Returns `medium` if an expectation no longer applies to a cluster that the config still has. */
const narrower = ({ before, after, sides }: Field): Level => {
  const isIn = (clusters: unknown, name: string) =>
    clusters === '*' || (Array.isArray(clusters) && clusters.includes(name));
  const isLeftOut = (name: string) => isIn(before, name) && !isIn(after, name);
  return [...sides.after.clusters.keys()].some(isLeftOut) ? 'medium' : 'none';
};

/** The fields below `clusters.*`. The name of the cluster is printed before the text. */
export const clusterFields: readonly FieldRow[] = [
  row(
    'server',
    ['trust', 'high'],
    'the address of the API server',
    'kubectl sends tokens of people to this address, and whoever runs the server there can use these tokens',
  ),
  row(
    'kubernetes',
    ['settings', 'low'],
    'the version of Kubernetes',
    'Kaniflux does not upgrade the cluster, and assumes this version from now on',
  ),
  row('client', ['trust', newClients], 'the client whose tokens the API server accepts', clientMeans),
  {
    ...row('trust', ['trust', newClients], 'the other clients whose tokens the API server accepts'),
    instead: trustText,
  },
  row(
    'issuers.*.url',
    ['trust', 'high'],
    'the URL of the issuer $1',
    'whoever runs the issuer decides who its users are',
  ),
  row(
    'issuers.*.discoveryUrl',
    ['trust', 'high'],
    'the address of the discovery document of the issuer $1',
    'whoever runs that server can sign tokens of all users of the issuer',
  ),
  row(
    'issuers.*.audiences',
    ['trust', whenAdded('high')],
    'the audiences that are accepted in tokens of the issuer $1',
    'everybody who can get a token of the issuer for one of these audiences can sign in to the cluster',
  ),
  row('issuers.*.egressSelectorType', ['settings', 'low'], 'the egress selector for the issuer $1'),
  row(
    'issuers.*.ca',
    ['trust', 'high'],
    'the CA that the API server trusts for the issuer $1',
    'whoever holds the key of this CA can impersonate the issuer',
  ),
  ...mappingRows('issuers.*', 'of the issuer $1'),
  row(
    'jwt.**',
    ['trust', 'high'],
    'the entry of the AuthenticationConfiguration for $1',
    'Kaniflux does not evaluate this entry, so the effect of the change is not known',
  ),
  row(
    'apps.*.url',
    ['trust', 'high'],
    'the address of $1',
    'Kanidm redirects people to this address, and whoever runs that server gets their tokens',
  ),
  row('apps.*.groups', ['settings', 'none'], 'the groups whose members may sign in to $1'),
  row('apps.*.client', ['settings', 'low'], 'the client of $1 in Kanidm'),
  row(
    'apps.*.id',
    ['settings', 'medium'],
    'the UUID of the client of $1',
    'Kanidm identifies the client by its UUID, so the config now means another client',
  ),
  row('apps.*.namespace', ['settings', 'low'], 'the namespace of $1'),
  row(
    'controlPlane',
    ['settings', 'low'],
    'the kind of control plane',
    'Kaniflux renders the settings for the new kind, and does not convert the control plane',
  ),
  row('controlPlaneVersion', ['settings', 'none'], 'the version of the control-plane software'),
  row('authentication.method', ['trust', 'low'], 'how the API server is configured to trust Kanidm'),
  ...mappingRows('authentication', 'of people'),
  ...mappingRows('authentication.clients.*', 'in tokens of client $1'),
  row(
    'authentication.ca.pem',
    ['trust', 'high'],
    'the CA that the API server trusts for the issuer',
    'whoever holds the key of this CA can impersonate the issuer',
  ),
  row(
    'authentication.ca.nodePath',
    ['trust', 'medium'],
    'the CA file (a path on the nodes) with which the API server verifies the issuer',
  ),
  row(
    'authentication.anonymous.enabled',
    ['trust', whenAdded('medium')],
    'the setting that allows requests without credentials',
    ({ before, after }) => {
      const flag = 'without the setting, the flag --anonymous-auth of the API server decides';
      if (after === undefined) return flag;
      if (after !== true) return undefined;
      const open = 'anybody on the network has the rights of the group system:unauthenticated';
      return before === undefined ? `${open}; ${flag}` : open;
    },
  ),
  row(
    'authentication.anonymous.paths',
    ['trust', (field) => (field.after === undefined ? 'medium' : whenAdded('medium')(field))],
    'the only paths that accept requests without credentials',
    ({ after, cluster = '', sides }) =>
      after === undefined && sides.after.clusters.get(cluster)?.authentication.anonymous?.enabled
        ? 'anybody on the network has the rights of the group system:unauthenticated on every path'
        : undefined,
  ),
  row('kubeconfig.user', ['settings', 'none'], 'the name of the user in the kubeconfig'),
  row(
    'kubeconfig.certificateAuthority.pem',
    ['trust', 'high'],
    'the CA with which kubectl verifies the API server',
    'whoever holds the key of this CA can impersonate the API server and get the tokens of all people',
  ),
  row(
    'kubeconfig.certificateAuthority.path',
    ['trust', 'medium'],
    'the CA file with which kubectl verifies the API server',
  ),
  row('kubeconfig.plugin', ['settings', 'low'], 'the program that signs in for kubectl'),
  row('kubeconfig.signIn', ['settings', 'low'], 'how kubectl signs in'),
  row('kubeconfig.tokenCache', ['settings', 'low'], 'where kubelogin stores tokens on the machines of people'),
  row('breakGlass', ['settings', 'low'], 'the emergency access for when Kanidm is down'),
  row('flux.source.kind', ['trust', 'high'], 'the kind of the Flux source that is applied to the cluster'),
  row('flux.source.name', ['trust', 'high'], 'the Flux source that is applied to the cluster'),
  row('flux.source.namespace', ['trust', 'high'], 'the namespace of the Flux source that is applied to the cluster'),
  row('flux.namespace', ['settings', 'low'], 'the namespace of the Flux Kustomizations'),
  row(
    'flux.path',
    ['trust', 'high'],
    'the folder of the Flux source that Flux applies to the cluster',
    'Flux applies what is in this folder, as cluster-admin by default',
  ),
  row('flux.interval', ['settings', 'none'], 'how often Flux reconciles'),
  row('flux.retryInterval', ['settings', 'none'], 'how soon Flux tries again after a failure'),
  row('flux.timeout', ['settings', 'none'], 'how long Flux waits for Kanidm'),
  row('flux.alerts.type', ['settings', 'low'], 'where Flux sends its messages'),
  row('flux.alerts.secretName', ['settings', 'low'], 'the Secret that says where Flux sends its messages'),
  row('flux.alerts.channel', ['settings', 'low'], 'the channel of the messages of Flux'),
  row('flux.alerts.severity', ['settings', 'low'], 'the events about which Flux sends messages'),
  row(
    'flux.serviceAccountName',
    ['trust', 'medium'],
    'the service account with which Flux applies objects',
    'Flux applies objects with the rights of this service account',
  ),
  row(
    'flux.lockdown.noCrossNamespaceRefs',
    ['trust', ({ after }) => (after === true ? 'none' : 'medium')],
    'whether Flux objects can refer only to Flux objects in their own namespace (--no-cross-namespace-refs)',
    described,
  ),
  row(
    'flux.lockdown.defaultServiceAccount',
    ['trust', ({ after }) => (after === undefined ? 'medium' : 'low')],
    'the service account with which Flux applies a Kustomization or HelmRelease that names none (--default-service-account)',
    described,
  ),
  ...(['people', 'groups', 'serviceAccounts'] as const).map((kind) =>
    row(
      `flux.writers.${kind}`,
      ['trust', whenAdded('high')],
      `the ${kind === 'serviceAccounts' ? 'service accounts' : kind} that may push to the Flux source`,
      'whoever pushes to the source decides what Flux applies',
    ),
  ),
  row('podSecurity.default', ['trust', lessSecure], 'the Pod Security level of namespaces without a label'),
  row('podSecurity.namespaces.*', ['trust', lessSecure], 'the Pod Security level of namespace $1'),
  row('grants.*.roleKind', ['settings', 'none'], 'the kind of the role of the grant $1', boundAgain),
  row('grants.*.roleName', ['settings', 'none'], 'the role of the grant $1', boundAgain),
  {
    ...row('grants.*.namespaces', ['settings', 'none'], 'the namespaces of the grant $1'),
    instead: (field) => {
      const { keys, before, after } = field;
      if (isWide(before) || isWide(after))
        return `the grant ${keys[0]} applies to ${places(after)} instead of ${places(before)}`;
      const { added, removed } = parts(field);
      const changes = [
        ...(added.length > 0 ? [`added ${added.join(', ')}`] : []),
        ...(removed.length > 0 ? [`removed ${removed.join(', ')}`] : []),
      ];
      return `the namespaces of the grant ${keys[0]} changed (${changes.join('; ')})`;
    },
  },
  row('grants.*.people', ['settings', 'none'], 'the people of the grant $1'),
  row('grants.*.groups', ['settings', 'none'], 'the groups of the grant $1'),
  row('grants.*.serviceAccounts', ['settings', 'none'], 'the service accounts of the grant $1'),
  row('grants.*.subjects.users', ['settings', 'none'], 'the users under `subjects` of the grant $1'),
  row('grants.*.subjects.groups', ['settings', 'none'], 'the groups under `subjects` of the grant $1'),
  row('grants.*.until', ['settings', longer], 'the last day of the grant $1', endsBy),
  row('grants.*.reason', ['settings', 'none'], 'the reason for the grant $1'),
  row('roles.*.rules', ['settings', 'none'], 'the rules of the role $1'),
  row('roles.*.namespaces', ['settings', 'none'], 'the namespaces of the role $1'),
  row('roles.*.aggregateTo', ['settings', 'none'], 'the built-in roles to which the rules of the role $1 are added'),
];

export const checksFields: readonly FieldRow[] = [
  row('checks.ignore.*.reason', ['settings', 'none'], 'the reason why `kaniflux check` leaves out $1'),
  // Not a field of the config: an unchanged path can lead to another item of a list.
  row(
    'checks.ignore.*.target',
    ['settings', 'medium'],
    'what `checks.ignore` accepts with the entry $1',
    () => 'the path of the entry contains a number in a list',
  ),
  row(
    'checks.maxClusterAdmins',
    ['settings', 'low'],
    'how many people may hold cluster-admin before `kaniflux check` reports it',
  ),
  row('expect.*.clusters', ['settings', narrower], 'the clusters of the expectation that $1', (field) =>
    narrower(field) === 'medium'
      ? '`kaniflux check` no longer tests this expectation on the other clusters'
      : undefined,
  ),
  row('expect.*.reason', ['settings', 'none'], 'the reason for the expectation that $1'),
];
