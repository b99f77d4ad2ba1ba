import { type Codes, error, reporting, warning } from '../../findings/code';

const kanidm = {
  'backup-elsewhere': error('`backup` is set where Kaniflux does not make backups'),
  'chart-origin': error('The chart cannot serve this origin'),
  'chart-value': error('The chart has no such value'),
  'chart-version': error('The version of the chart is not known'),
  'field-version': error('A field needs a newer Kanidm'),
  'flux-namespace': error('Kanidm would share the namespace of Flux'),
  'kanidm-not-deployed': warning('Nothing says how Kanidm is deployed on its cluster'),
  'kanidm-unsupported': warning('The version of Kanidm has known vulnerabilities or is no longer supported'),
  'kanidm-version': error('The version of Kanidm is not known'),
  'kanidm-version-newer': warning('The version of Kanidm is newer than this Kaniflux'),
  'manifests-version': error('The manifests do not fit this version of Kanidm'),
  'migrations-chart': error('The chart cannot run migrations'),
  'migrations-version': error('This version of Kanidm cannot run the migrations'),
  'origin-domain': error('The origin is not within the domain'),
  'origin-form': error('The origin is not an https origin'),
  'two-deployments': error('Kanidm would be deployed twice'),
  'unsuitable-domain': warning('The domain of Kanidm is not a name of its own'),
  'values-domain': error('The domain is set twice'),
  'values-null': error('A chart value is null'),
};

const entries = {
  'built-in-name': error('An entry has the name of a built-in entry'),
  'control-character': error('A text holds a control character'),
  'entry-too-large': error('An entry does not fit into a ConfigMap'),
  'gid-reserved': error('A gid is reserved'),
  'gid-twice': error('Two entries have the same gid'),
  'group-cycle': error('Groups are members of each other'),
  'id-and-history': error('An entry has both an id and a history'),
  'mail-twice': error('Two people have the same mail address'),
  'name-is-uuid': error('A name looks like a UUID'),
  'name-twice': error('Two entries have the same name'),
  'never-valid': error('An account expires before it becomes valid'),
  'no-such-time': error('A time does not exist'),
  'runbook-description': warning('The runbook cannot write the description of an account'),
  'ssh-key': error('An SSH public key is not valid'),
  'uuid-system': error('A UUID belongs to Kanidm itself'),
  'uuid-twice': error('Two entries have the same UUID'),
};

const clients = {
  'claim-overwritten': warning('Kanidm overwrites a claim of the client'),
  'claim-reserved': error('A claim of the client is one that Kanidm sets itself'),
  'consent-public': warning('A public client cannot turn off the consent prompt'),
  'image-type': error('The image has an unknown file type'),
  'localhost-basic': error('A client with a secret allows any loopback redirect'),
  'pkce-disabled': warning('A client takes logins without PKCE'),
  'pkce-public': error('A public client cannot do without PKCE'),
  'redirect-form': error('A redirect URL is not valid'),
  'redirect-fragment': error('A redirect URL has a fragment'),
  'redirect-http': error('A redirect URL is http and not on this machine'),
  'scope-without-openid': error('A scope map lacks `openid`'),
};

const controlPlanes = {
  'anonymous-flag-set': error('`anonymous` conflicts with a flag that the distribution sets'),
  'anonymous-flags': error('`anonymous` needs the structured configuration'),
  'anonymous-join': warning('Nodes cannot join with a token'),
  'anonymous-probes': error('The probes of the API server would be refused'),
  'anonymous-version': error('`anonymous` needs a newer Kubernetes'),
  'ca-inline': error('The structured configuration needs the CA itself'),
  'ca-node-path': error('The structured configuration cannot read a CA from the nodes'),
  'ca-unnamed': error('`ca` names no file'),
  'cluster-api-file': error('A file is too long for Cluster API'),
  'control-plane-managed': error('The control plane cannot be given an issuer'),
  'control-plane-version': error('`controlPlaneVersion` does not apply to this control plane'),
  'eks-algorithm': error('EKS does not accept the signing algorithm'),
  'eks-ca': error('EKS does not accept a CA'),
  'eks-structured': error('EKS does not accept an AuthenticationConfiguration'),
  'kubernetes-untried': warning('Kaniflux has not been tested with this version of Kubernetes'),
  'kubernetes-version': error('The version of Kubernetes is out of range'),
  'required-claims': error('The control plane takes only one required claim'),
  'structured-version': error('The structured configuration needs a newer Kubernetes'),
  'talos-flags': warning('New machine configurations of Talos refuse OIDC flags'),
  'talos-version': error('The version of Talos is missing'),
  'trust-flags': error('Flags allow only one issuer'),
};

const claims = {
  'changeable-claim': warning('User names come from a claim that can change'),
  'claim-email-scope': error('The client does not give the scope `email`'),
  'claim-escape': error('The name of a claim cannot be used in an expression'),
  'claim-name': error('User names come from the display name'),
  'claim-shared': error('User names come from a claim that several people share'),
  'groups-joined': error('Flags cannot read groups from a joined claim'),
  'groups-prefix-empty': warning('Group names have no prefix'),
  'prefix-dash': error('A prefix is a dash'),
  'prefix-shared': error('Two clients give one group name to different people'),
  'required-claim-list': error('A required claim is a list'),
  'system-subject': error('Names would begin with `system:`'),
};

const access = {
  'duplicate-binding': error('Two bindings have the same name'),
  'group-claim-shared': error('The claim does not tell two groups apart'),
  'group-not-in-claim': error('The claim does not carry the group'),
  'group-scope-missing': error('Tokens carry no groups'),
  'member-outside-scope-map': warning('Members of a granted group may not use the client'),
  'outside-scope-map': error('Whoever holds the grant may not use the client'),
  'person-uuid-unknown': warning('The UUID of a person or service account is not known'),
  'person-without-mail': error('A person or service account has no mail address'),
  'role-aggregated': error('A Role in a namespace cannot be aggregated'),
  'role-built-in': error('A role has the name of a built-in role'),
  'role-kind': error('A grant names the wrong kind of role'),
  'role-namespace': error('The Role does not exist in a namespace of the grant'),
  'rule-path': error('A path of a rule matches nothing'),
  'rule-path-in-role': error('A Role in a namespace cannot name paths'),
  'rule-target': error('A rule names neither resources nor paths, or both'),
  'scope-not-given': error('Sign-in asks for a scope that the client does not give'),
};

const others = {
  'device-code': warning('Kanidm offers no device codes'),
  'flux-retry': warning('Flux retries less often than it reconciles'),
  'ignore-refused': error('An ignore names an error that cannot be ignored'),
  'kubeconfig-redirect': error('The client has no loopback redirect URL'),
  'kubeconfig-secret': error('The kubeconfig would need a client secret'),
  'kubeconfig-user': error('Two kubeconfig users have the same name'),
  'server-url': error('The address of the API server is not https'),
  'unknown-code': error('An ignore names a code that does not exist'),
};

/** What the rules of a config can report. A config with errors is refused; `check` also reports the warnings. */
export const configCodes = {
  ...kanidm,
  ...entries,
  ...clients,
  ...controlPlanes,
  ...claims,
  ...access,
  ...others,
} as const satisfies Codes;

export const configFinding = reporting(configCodes);
