import { type Codes, error, reporting, warning } from '../../findings/code';

const kanidm = {
  'backup-elsewhere': error('`backup` is set, but Kaniflux does not configure the backups'),
  'backup-schedule': error('Kanidm cannot read the schedule of its backups'),
  'chart-origin': error('The chart cannot serve this origin'),
  'chart-value': error('The chart does not accept a value'),
  'chart-version': error('The version of the chart is not exact, or not known'),
  'field-version': error('A field needs a newer Kanidm'),
  'flux-namespace': error('Kanidm would share the namespace of Flux'),
  'kanidm-not-deployed': warning('`kanidm.cluster` is set without `helm` or `manifests`'),
  'kanidm-stopped': warning('Kanidm is stopped to restore a backup'),
  'kanidm-unsupported': warning('The version of Kanidm has known vulnerabilities or is no longer supported'),
  'kanidm-version': error('Kaniflux does not support this version of Kanidm'),
  'kanidm-version-newer': warning('Kaniflux does not know this newer version of Kanidm'),
  'manifests-version': error('The manifests do not fit this version of Kanidm'),
  'migrations-chart': error('Kaniflux cannot add migrations to this chart'),
  'migrations-version': error('This version of Kanidm cannot run the migrations'),
  'origin-domain': error('The origin is not within the domain'),
  'origin-form': error('The origin is not an https origin'),
  'repository-insecure': error('`insecure` has no effect on this repository'),
  'repository-plaintext': warning('The chart is fetched without TLS'),
  'two-deployments': error('Kanidm would be deployed twice'),
  'unsuitable-domain': warning('The domain is not suitable for Kanidm'),
  'values-domain': error('The domain of Kanidm is set in two places'),
  'values-null': error('A chart value is null'),
};

const entries = {
  'built-in-name': error('An entry has the name of a built-in entry'),
  'control-character': error('A text holds a control character'),
  'entry-too-large': error('An entry does not fit into a ConfigMap'),
  'gid-reserved': error('A gid is in a reserved range'),
  'gid-twice': error('Two entries have the same gid'),
  'group-cycle': error('Groups are members of each other'),
  'id-and-history': error('An entry with an `id` also has `formerly` or `incarnation`'),
  'mail-twice': error('Two people have the same mail address'),
  'name-is-uuid': error('A name looks like a UUID'),
  'name-twice': error('Two entries have the same name'),
  'never-valid': error('An account expires before it becomes valid'),
  'no-such-time': error('A date or time does not exist'),
  'runbook-description': warning('The runbook cannot write the description of an account'),
  'ssh-key': error('An SSH public key is not valid'),
  'uuid-system': error('A UUID is reserved for the built-in entries of Kanidm'),
  'uuid-twice': error('Two entries have the same UUID'),
};

const clients = {
  'claim-overwritten': warning('Kanidm overwrites a claim of the client'),
  'claim-reserved': error('A custom claim has a name that Kanidm reserves'),
  'consent-public': warning('A public client cannot turn off the consent prompt'),
  'image-type': error('The image has an unknown file type'),
  'localhost-basic': error('`localhostRedirects` is set on a client with a secret'),
  'pkce-disabled': warning('A client accepts logins without PKCE'),
  'pkce-public': error('PKCE is turned off for a public client'),
  'redirect-form': error('A redirect URL is not valid'),
  'redirect-fragment': error('A redirect URL has a fragment'),
  'redirect-http': error('An http redirect URL is not a loopback address'),
  'scope-without-openid': error('A scope map lacks `openid`'),
};

const controlPlanes = {
  'anonymous-flag-set': error('`anonymous` conflicts with a flag that the distribution sets'),
  'anonymous-flags': error('`anonymous` needs `method: structured`'),
  'anonymous-join': warning('Nodes cannot join with a token'),
  'anonymous-probes': error('The probes of the API server would be refused'),
  'anonymous-version': error('`anonymous` needs a newer Kubernetes'),
  'ca-inline': error('`method: structured` needs `ca.file`'),
  'ca-node-path': error('`method: structured` cannot use `ca.nodePath`'),
  'ca-unnamed': error('`ca` sets neither `file` nor `nodePath`'),
  'cluster-api-file': error('A file is too long for Cluster API'),
  'control-plane-managed': error('The control plane does not accept an OIDC issuer'),
  'control-plane-version': error('`controlPlaneVersion` does not apply to this control plane'),
  'eks-algorithm': error('EKS does not accept the signing algorithm'),
  'eks-ca': error('EKS does not accept a CA'),
  'eks-structured': error('EKS does not accept an AuthenticationConfiguration'),
  'egress-version': error('`egressSelectorType` needs a newer Kubernetes'),
  'issuer-twice': error('Two issuers have the same URL'),
  'issuer-url': error('The URL of an issuer is not valid'),
  'issuers-flags': error('OIDC flags cannot configure other issuers'),
  'issuers-too-many': error('A cluster has too many issuers'),
  'kubernetes-untried': warning('Kaniflux has not been tested with this version of Kubernetes'),
  'kubernetes-version': error('The version of Kubernetes is not supported'),
  'required-claims': error('The control plane accepts only one required claim'),
  'structured-version': error('`method: structured` needs a newer Kubernetes'),
  'talos-flags': warning('Machine configurations of Talos 1.14 reject OIDC flags'),
  'talos-version': error('The version of Talos is missing'),
  'trust-flags': error('OIDC flags configure only one issuer'),
};

const claims = {
  'changeable-claim': warning('User names come from a claim that can change'),
  'claim-email-scope': error('The client does not give the scope `email`'),
  'claim-escape': error('The name of a claim cannot be used in an expression'),
  'claim-name': error('User names come from the display name'),
  'claim-shared': error('User names come from a claim that several people share'),
  'expression-email': error('An expression reads the mail address without checking that it is verified'),
  'expression-invalid': error('An expression is not valid'),
  'groups-joined': error('OIDC flags cannot split a joined groups claim'),
  'groups-prefix-empty': warning('Group names have no prefix'),
  'mapping-flags': error('OIDC flags cannot map tokens in this way'),
  'mapping-unused': error('A mapping is for a client that the cluster does not accept'),
  'names-not-known': warning('Kaniflux does not know the names that an expression gives'),
  'names-shared': error('Two issuers can give the same name to different people'),
  'prefix-dash': error('The prefix `-` does not mean "no prefix" here'),
  'prefix-shared': error('Two clients use one group name for different people'),
  'rule-twice': error('A mapping has the same rule or attribute twice'),
  'required-claim-list': error('A required claim is a list in the tokens'),
  'required-claim-unmet': error('No token can have a required claim'),
  'system-subject': error('User or group names would begin with `system:`'),
};

const access = {
  'duplicate-binding': error('Two bindings have the same name'),
  'group-claim-shared': error('No value of the claim belongs to the granted group alone'),
  'group-not-in-claim': error('The groups claim has no value for a group that has a grant'),
  'group-scope-missing': error('Tokens carry no groups'),
  'member-outside-scope-map': warning('Some members of a granted group cannot use the client'),
  'outside-scope-map': error('A grant names somebody who cannot use the client'),
  'person-uuid-unknown': warning('The UUID of a person or service account is not known'),
  'person-without-mail': error('A person or service account has no mail address'),
  'role-aggregated': error('A Role in a namespace cannot be aggregated'),
  'role-built-in': error('A role has the name of a built-in role'),
  'role-kind': error('A grant names the wrong kind of role'),
  'role-namespace': error('The Role does not exist in a namespace of the grant'),
  'rule-path': error('A path of a rule matches nothing'),
  'rule-path-in-role': error('A Role in a namespace cannot name paths'),
  'rule-target': error('A rule names both resources and paths, or neither'),
  'subject-not-known': error('A grant names somebody whose name at the API server is not known'),
  'scope-not-given': error('Sign-in requests a scope that the scope map does not grant'),
};

const others = {
  'device-code': warning('Kanidm does not support the device code flow'),
  'expectation-right': error('An expectation names a right that does not exist'),
  'flux-retry': warning('Flux retries less often than it reconciles'),
  'ignore-refused': error('An entry of `checks.ignore` names an error that cannot be ignored'),
  'kubeconfig-redirect': error('The client has no loopback redirect URL'),
  'kubeconfig-secret': error('The client of a kubeconfig has a secret'),
  'kubeconfig-user': error('Two kubeconfig users have the same name'),
  'server-url': error('The address of the API server is not https'),
  'unknown-code': error('An entry of `checks.ignore` names a code that does not exist'),
};

/**
 * The codes that the rules of a config can report. A config with an error is not rendered. `check` also reports the
 * warnings.
 */
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
