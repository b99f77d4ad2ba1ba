/**
 * The expected findings for each case of `check-cases.ts`, in its order: severity, place (a path of the config, or file
 * and line), subject, and fix.
 */
const notExposed =
  'note kanidm.manifests cluster=homelab | add `kanidm.manifests.gateway` or `kanidm.manifests.ingress`; if something else makes the Service kanidm reachable, pass its manifests to --manifests, or accept this finding under `checks.ignore`';

export const expected: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'expectation-failed': [
    [
      'error expect.0.never cluster=homelab | remove the grant or the membership, or list under `except` who may have the right',
    ],
    ['error expect.0.atMost cluster=homelab | remove grants or memberships, or raise `atMost`'],
    ['error expect.0.always cluster=homelab | grant a role that gives the right, or change `who`'],
    [
      'error expect.0.exclusive cluster=homelab | remove the grant of one of the roles, or list under `except` who may hold both roles',
    ],
  ],
  'expectation-undecided': [
    [
      'warning expect.0.never cluster=homelab | list the members of the group in the config, define the role in the config, or pass the folder that defines the role to --manifests; if the unknown people are allowed to have the right, list their group under `except`',
    ],
  ],
  'expectation-unknown-name': [
    [
      'error expect.0.exclusive | choose one of `admin`, `cluster-admin`, `edit`, `view`, or pass the folder with its definition to --manifests',
    ],
    ['error expect.0.in | write `payments` if that is the intended namespace'],
  ],
  'access-ended': [
    [
      'error clusters.homelab.grants.0.until cluster=homelab grant=ops | to remove the grant, run `kaniflux expire`; to extend it, write a later day',
    ],
    [
      'error groups.k8s_users.members.0.until group=k8s_users | to remove the membership, run `kaniflux expire`; to extend it, write a later day',
    ],
  ],
  'access-ends-soon': [
    ['note clusters.homelab.grants.0.until cluster=homelab grant=ops | to extend the grant, write a later day now'],
    ['note groups.k8s_users.members.0.until group=k8s_users | to extend the membership, write a later day now'],
  ],
  'api-server-algorithm': [
    ['error 0.yaml:1 cluster=homelab | write `--oidc-signing-algs=ES256`'],
    ['error 0.yaml:1 cluster=homelab | write `--oidc-signing-algs=ES256`'],
  ],
  'api-server-start': [
    ['error 0.yaml:1 | remove the `oidc-*` arguments, or `authentication-config`'],
    ['error 0.yaml:1 | write `https://sso.kammel.dev/oauth2/openid/k8s`'],
    ['error 0.yaml:1 | write `https://sso.kammel.dev/oauth2/openid/k8s`'],
    [
      'error 0.yaml:1 | write one or more of RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512, separated by commas without spaces',
    ],
    [
      'error 0.yaml:1 | write one or more of RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512, separated by commas without spaces',
    ],
  ],
  'api-server-issuer': [
    ['error 0.yaml:1 cluster=homelab | write `https://sso.kammel.dev/oauth2/openid/k8s`'],
    ['error 0.yaml:1 cluster=homelab | write `https://sso.kammel.dev/oauth2/openid/k8s`'],
  ],
  'api-server-audience': [
    ['error 0.yaml:1 cluster=homelab | write the client id `k8s`'],
    ['error 0.yaml:1 cluster=homelab | write the client id `k8s`'],
  ],
  'api-server-username': [
    [
      'error 0.yaml:1 cluster=homelab | use the same claim and prefix in both: apply the rendered settings, or change `authentication` of the cluster',
    ],
    [
      'error 0.yaml:1 cluster=homelab | use the same claim and prefix in both: apply the rendered settings, or change `authentication` of the cluster',
    ],
    [
      'error 0.yaml:1 cluster=homelab | use the same claim and prefix in both: apply the rendered settings, or change `authentication` of the cluster',
    ],
  ],
  'api-server-groups': [
    [
      'error 0.yaml:1 cluster=homelab | use the same claim and prefix in both: apply the rendered settings, or change `authentication.groups` of the cluster',
    ],
    ['error 0.yaml:1 cluster=homelab | apply the rendered settings, which split the string with an expression'],
  ],
  'legacy-crypto': [
    ['warning clients.k8s.legacyCrypto | remove `legacyCrypto`'],
    ['warning clients.headlamp.legacyCrypto | remove `legacyCrypto`'],
  ],
  'structured-available': [
    [
      'note clusters.homelab.authentication cluster=homelab | write `authentication: { method: structured }`: an AuthenticationConfiguration then replaces the OIDC flags on every control-plane node',
    ],
  ],
  'wide-redirects': [
    [
      'note clients.k8s.localhostRedirects | list `http://localhost:8000` and `http://localhost:18000`, which kubelogin tries, and remove `localhostRedirects`',
    ],
    ['note clients.cli.localhostRedirects | list the URLs that the program uses and remove `localhostRedirects`'],
  ],
  'loopback-beside-https': [
    [
      'warning clients.app | upgrade Kanidm one minor version at a time, at least to 1.9 and preferably to 1.11.1 (`kanidm.version`); until then, write `localhostRedirects: true`',
    ],
    [
      'warning clients.app | upgrade Kanidm one minor version at a time, at least to 1.9 and preferably to 1.11.1 (`kanidm.version`)',
    ],
  ],
  'service-account-version': [
    [
      'warning kanidm.version | upgrade Kanidm one minor version at a time, at least to 1.9 and preferably to 1.11.1 (`kanidm.version`)',
    ],
  ],
  'browser-stops-redirect': [
    [
      'warning kanidm | sign in with Firefox, or upgrade Kanidm one minor version at a time, at least to 1.8 and preferably to 1.11.1 (`kanidm.version`)',
    ],
    [
      'warning kanidm.version | sign in with Firefox, or upgrade Kanidm one minor version at a time, at least to 1.8 and preferably to 1.11.1 (`kanidm.version`)',
    ],
  ],
  'pkce-disabled': [['warning clients.web.disablePkce | turn on PKCE in the application, and remove `disablePkce`']],
  'runbook-description': [
    ['warning people.datosh.description | remove the description, or write `kanidm.provision: migrations`'],
  ],
  'runbook-validity': [
    [
      'warning serviceAccounts.robot.expires | write `managedBy: idm_admins`, or remove the time from the config, and let the manager set it',
    ],
    [
      'warning serviceAccounts.robot.expires | write `managedBy: idm_admins`, or remove the time from the config, and let the manager set it',
    ],
    [
      'warning serviceAccounts.robot.validFrom | write `managedBy: idm_admins`, or remove the time from the config, and let the manager set it',
    ],
  ],
  'person-uuid-unknown': [
    [
      'warning clusters.homelab.grants.0.people.0 cluster=homelab grant=oidc-cluster-admin | run `kaniflux synth` and `sh dist/kanidm/runbook.sh`, and set `people.datosh.id` to the UUID that the runbook prints',
    ],
  ],
  'changeable-claim': [
    ['note clusters.homelab.authentication.claim cluster=homelab | write `claim: sub`, the UUID, which never changes'],
    ['warning clusters.homelab.authentication.claim cluster=homelab | write `sub`, the UUID, which never changes'],
    [
      'note clusters.homelab.authentication.username.expression cluster=homelab | read `claims.sub`, the UUID, which never changes',
    ],
    [
      'note clusters.homelab.authentication.clients.app.claim cluster=homelab | write `claim: sub`, the UUID, which never changes',
    ],
  ],
  'names-not-known': [
    [
      'warning clusters.homelab.authentication.username.expression cluster=homelab | use a simpler expression, or grant roles to groups, or to user names under `subjects.users`',
    ],
    [
      'warning clusters.homelab.authentication.groups.expression cluster=homelab | use a simpler expression, or under `subjects.groups` of the grants, write the names that the API server has for the groups',
      'warning clusters.homelab.jwt.0 cluster=homelab | move the issuer to `issuers`, if the fields there are enough',
    ],
  ],
  'claim-overwritten': [
    ['warning clients.k8s.claims.groups | remove the scope from the scope map, or choose another name for the claim'],
  ],
  'consent-public': [['warning clients.k8s.consentPrompt | remove `consentPrompt`']],
  'api-server-ca-unknown': [
    [
      'note clusters.homelab cluster=homelab | write `kubeconfig: { certificateAuthority: { file: ca.crt } }`; the file is a copy of /etc/kubernetes/pki/ca.crt',
    ],
    [
      'note clusters.homelab cluster=homelab | write `kubeconfig: { certificateAuthority: { file: ca.crt } }`; the file is a copy of /var/lib/rancher/k3s/server/tls/server-ca.crt',
    ],
    [
      'note clusters.homelab cluster=homelab | write `kubeconfig: { certificateAuthority: { file: ca.crt } }`; the file is what `aws eks describe-cluster --query cluster.certificateAuthority.data --output text --name <cluster> | base64 -d` prints',
    ],
  ],
  'public-issuer': [
    [
      'warning clusters.homelab.issuers.ci cluster=homelab | accept only your own tokens: `requiredClaims: { repository_owner: … }`',
    ],
    [
      'warning clusters.homelab.jwt.0 cluster=homelab | accept only your own tokens: `claimValidationRules: [{ claim: namespace_path, requiredValue: … }]`',
    ],
    [
      'warning clusters.homelab.issuers.ci cluster=homelab | accept only your own tokens: `requiredClaims: { organization_slug: … }`',
    ],
    [
      'warning clusters.homelab.issuers.ci cluster=homelab | accept only your own tokens: `requiredClaims: { repository_owner: … }`',
    ],
    [
      'warning clusters.homelab.issuers.ci cluster=homelab | accept only your own tokens: `requiredClaims: { repository_owner: … }`',
    ],
    [
      'warning clusters.homelab.issuers.ci cluster=homelab | accept only your own tokens: `requiredClaims: { repository_owner: … }`',
    ],
  ],
  'unknown-subject': [
    [
      'warning 0.yaml:1 cluster=homelab | remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | write `https://sso.kammel.dev/oauth2/openid/k8s#7b89b6ea-1e8b-4aa8-98fb-a70cba498d16` if that is the intended user',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | remove the subject, or grant the role in the config; if the name comes from a client certificate, or from an account or group that is in Kanidm but not in the config, accept this finding under `checks.ignore`',
    ],
  ],
  'everybody-granted': [
    [
      'error clusters.homelab.grants.0.groups.0 cluster=homelab grant=look group=k8s_users | remove idm_all_persons from k8s_users and from the groups that are members of k8s_users',
    ],
    [
      'error clusters.homelab.grants.0.groups.0 cluster=homelab grant=look group=k8s_users | remove idm_all_accounts from k8s_users and from the groups that are members of k8s_users',
    ],
    [
      'error clusters.homelab.grants.1.subjects.groups cluster=homelab grant=all | bind the role to a group of your own',
    ],
    [
      'error clusters.homelab.grants.1.subjects.groups cluster=homelab grant=all | bind the role to a group of your own',
    ],
  ],
  'look-alike-name': [
    ['warning people.datosh.displayName | write the name without invisible characters, with the letters of one script'],
    ['warning roles.vi\u0435w | write the name without invisible characters, with the letters of one script'],
    [
      'warning clusters.homelab.grants.0.name cluster=homelab grant=ad\u200bmin | write the name without invisible characters, with the letters of one script',
    ],
    ['warning 0.yaml:1 cluster=homelab | write the name without invisible characters, with the letters of one script'],
  ],
  'owned-twice': [
    ['error 0.yaml:1 cluster=homelab | remove the object from this file, or give one of the two objects another name'],
  ],
  'empty-group': [
    [
      'warning clusters.homelab.grants.0.groups.0 cluster=homelab grant=g group=empty | add members to `groups.empty`, or remove the grant: if an unused grant stays, whoever is added to the group later gets the role without a review',
    ],
  ],
  'person-without-access': [
    [
      'warning people.jane | add a grant or a membership, or remove the person (`absent: true` removes them from Kanidm too)',
    ],
    [
      'note people.jane | add a grant or a membership, or remove the person (`absent: true` removes them from Kanidm too)',
    ],
    [
      'note people.jane | add a grant or a membership, or remove the person (`absent: true` removes them from Kanidm too)',
    ],
  ],
  'system-group-bound': [
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['warning 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['warning 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
    ['error 0.yaml:1 cluster=homelab | bind the role to one of your own groups'],
  ],
  'member-outside-scope-map': [
    [
      'warning clusters.homelab.grants.0.groups.0 cluster=homelab grant=g group=team | add `team` to `clients.k8s.scopes`, with the scopes `openid` and `groups`',
    ],
    [
      'warning clusters.homelab.grants.0.groups.0 cluster=homelab grant=g group=team | add `team` to `clients.k8s.scopes`, with the scopes `openid` and `groups`',
    ],
  ],
  'expression-refused': [
    [
      "warning clusters.homelab.authentication.claimValidationRules.0.expression cluster=homelab | write `has(claims.NAME)` or `claims[?'NAME'].hasValue()`",
    ],
  ],
  'groups-prefix-empty': [
    ['warning clusters.homelab.authentication.groups.prefix cluster=homelab | write a prefix such as `kanidm:`'],
  ],
  'admin-group': [
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g group=admins | grant the role to people by name, or grant a smaller role to the group',
    ],
  ],
  'many-admins': [
    ['warning clusters.homelab cluster=homelab | grant smaller roles, or raise the limit in `checks.maxClusterAdmins`'],
  ],
  'wildcard-role': [
    ['warning roles.own cluster=homelab | list the verbs, API groups and resources that are needed'],
    ['warning roles.own cluster=homelab | list the verbs, API groups and resources that are needed'],
    ['warning 0.yaml:1 cluster=homelab | list the verbs, API groups and resources that are needed'],
  ],
  'becomes-admin': [
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g | block at least one step of each way that `kaniflux who-can become cluster-admin` lists; docs/becoming.md says how',
    ],
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=own | block at least one step of each way that `kaniflux who-can become cluster-admin` lists; docs/becoming.md says how',
    ],
  ],
  'privilege-escalation': [
    ['warning clusters.homelab.grants.0 cluster=homelab grant=own | remove these verbs from the role'],
    ['warning clusters.homelab.grants.0 cluster=homelab grant=own | remove these verbs from the role'],
    ['note clusters.homelab.grants.0 cluster=homelab grant=own | remove these verbs from the role'],
    ['warning clusters.homelab.grants.0 cluster=homelab grant=own | remove these verbs from the role'],
    ['warning clusters.homelab.grants.0 cluster=homelab grant=own | remove these verbs from the role'],
    ['warning clusters.homelab.grants.0 cluster=homelab grant=g | grant a smaller role, such as view'],
  ],
  'reads-secrets': [
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g | grant the role only in the namespaces that need it, or grant a role without Secrets, such as view',
    ],
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=own | grant the role only in the namespaces that need it, or grant a role without Secrets, such as view',
    ],
  ],
  'pod-exec': [
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g | grant the role only in the namespaces that need it, or grant a role without pods/exec',
    ],
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=own | grant the role only in the namespaces that need it, or grant a role without pods/exec',
    ],
    ['note clusters.homelab.grants.0 cluster=homelab grant=own | grant a role without pods/exec, if that is enough'],
  ],
  'service-account-access': [
    [
      'note clusters.homelab.grants.0 cluster=homelab grant=g | grant a role without access to service accounts, such as view',
    ],
    [
      'note clusters.homelab.grants.0 cluster=homelab grant=own | grant a role without access to service accounts, such as view',
    ],
  ],
  'undefined-role': [
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g | define the role under `roles`, or pass the folder with its definition to --manifests',
    ],
    [
      'warning clusters.homelab.grants.0 cluster=homelab grant=g | add `homelab` to `roles.seer.clusters`, or do not grant the role on homelab',
    ],
  ],
  'prerequisite-missing': [
    [
      'note kanidm.manifests cluster=homelab | run `kubectl get secret -n kanidm kanidm-tls` to see whether it exists; docs/prerequisites.md describes how to create it',
    ],
    [
      'note kanidm.helm.certSecretRef cluster=homelab | run `kubectl get secret -n kanidm ca` to see whether it exists; docs/prerequisites.md describes how to create it',
    ],
    [
      'note kanidm.manifests.ingress.className cluster=homelab | run `kubectl get ingressclass haproxy` to see whether it exists; docs/prerequisites.md describes how to create it',
    ],
    [
      'note kanidm.manifests cluster=homelab | run `kubectl get storageclass local`, `kubectl get secret -n kanidm kanidm-tls`, `kubectl get ingressclass haproxy` to see whether they exist, or pass the folder that defines them to --manifests; docs/prerequisites.md describes how to create them',
    ],
  ],
  'kanidm-not-exposed': [[notExposed], [notExposed], [notExposed]],
  'rule-without-effect': [
    [
      'warning roles.own.rules.0.resources.0 | write `deployments`',
      'warning roles.own.rules.0.resources.1 | write `deployments/scale`',
      'warning roles.own.rules.0.verbs.0 | write `get`',
    ],
    [
      'warning roles.own.rules.0.apiGroups.0 | write `apps`',
      'warning roles.own.rules.0.apiGroups.1 | write `""`',
      'warning roles.own.rules.0.apiGroups.2 | write `""`',
    ],
    [
      'warning roles.own.rules.0.resources.0 | write it in a rule with `apiGroups: [apps]`',
      'warning roles.own.rules.0.resources.1 | write `pods/log`',
      'warning roles.own.rules.0.verbs.0 | write one of `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`',
      'warning roles.own.rules.0.verbs.1 | write `list`',
    ],
    ['warning roles.own.rules.0.resources.0 | write it in a rule with `apiGroups: [""]`'],
    ['warning roles.own.rules.0.resources.0 | write what `kubectl api-resources` prints'],
    ['warning roles.own.rules.0.verbs.0 | write `get`'],
    [
      'warning clusters.homelab.grants.0.namespaces cluster=homelab grant=own | remove `namespaces`, or grant another role',
    ],
    [
      'warning roles.own.rules.0.resources.0 | write each subresource, such as `pods/status`',
      'warning roles.own.rules.0.resources.1 | write each subresource, such as `*/status`',
    ],
    [
      'warning roles.own.rules.0.resources.0 | write `pods`, `services`',
      'warning roles.own.rules.0.resources.1 | write `secrets`',
    ],
    ['warning roles.own.rules.0.verbs.0 | write `create`', 'warning roles.own.rules.0.verbs.1 | remove this verb'],
    [
      'warning roles.own.rules.0.verbs.0 | write `get`',
      'warning roles.own.rules.0.verbs.1 | write `get`',
      'warning roles.own.rules.0.verbs.2 | write `delete`',
    ],
    [
      'warning roles.own.rules.0.resources.0 | write `deployments`',
      'warning roles.own.rules.0.resources.1 | write `jobs` in a rule with `apiGroups: [batch]`',
    ],
  ],
  'unused-role': [
    [
      'note roles.own cluster=homelab | grant the role, or remove it; if only some clusters need the role, name them in `clusters` of the role',
    ],
  ],
  'no-break-glass': [
    [
      'warning clusters.homelab cluster=homelab | keep a kubeconfig with an administrator certificate, and write its location in `breakGlass`',
    ],
  ],
  'server-shared': [
    [
      'warning clusters.edge.server cluster=edge | write the address of the API server of edge, or remove one of the two clusters',
    ],
  ],
  'no-grants': [['warning clusters.homelab cluster=homelab | add `grants`']],
  'not-appliable': [['error 0.yaml:1 | remove the file: one such file makes the whole Flux Kustomization fail']],
  'flux-lockdown': [
    [
      'warning flux.lockdown cluster=homelab | set `flux.namespace` to `flux-system`, or set `flux.source` to a source in the namespace `platform`',
    ],
    [
      'warning flux.lockdown cluster=homelab | set `flux.serviceAccountName` to the service account with which Flux should apply these folders, such as `kustomize-controller`; this service account must be in the same namespace',
      'warning flux.lockdown cluster=homelab | bind this service account to a role that may create the objects of the chart, or write `kanidm.manifests` in place of `kanidm.helm`',
    ],
    [
      'warning flux.lockdown cluster=homelab | set `flux.serviceAccountName` to the service account with which Flux should apply these folders, such as `kustomize-controller`; this service account must be in the same namespace',
    ],
  ],
  'flux-path-overlap': [
    [
      'error 0.yaml:1 cluster=homelab | apply flux/homelab.yaml instead: it has a Flux Kustomization for each folder of API objects',
    ],
    [
      'error 0.yaml:1 cluster=homelab | apply flux/homelab.yaml instead: it has a Flux Kustomization for each folder of API objects',
    ],
    [
      'error 0.yaml:1 cluster=homelab | apply flux/homelab.yaml instead: it has a Flux Kustomization for each folder of API objects',
    ],
    ['error 0.yaml:1 cluster=homelab | remove this Flux Kustomization: flux/homelab.yaml already applies the folder'],
    [
      'error 0.yaml:1 cluster=homelab | apply flux/homelab.yaml instead: it has a Flux Kustomization for each folder of API objects',
    ],
    [
      'error 0.yaml:1 cluster=homelab | apply flux/homelab.yaml instead: it has a Flux Kustomization for each folder of API objects',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | write a kustomization.yaml that lists flux/homelab.yaml of the output and everything else that Flux should apply',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | write a kustomization.yaml that lists flux/homelab.yaml of the output and everything else that Flux should apply',
    ],
    [
      'warning 0.yaml:1 cluster=homelab | write a kustomization.yaml that lists flux/homelab.yaml of the output and everything else that Flux should apply',
    ],
  ],
  'kanidm-unsupported': [
    [
      'warning kanidm.version | start from the version that is running, and upgrade Kanidm one minor version at a time, until you reach `kanidm.version: "1.11.1"`',
    ],
    [
      'warning kanidm.helm | start from the version that is running, and upgrade Kanidm one minor version at a time, until you reach `kanidm.version: "1.11.1"`',
    ],
  ],
  'no-kanidm-version': [['note kanidm | set `kanidm.version` to the version that is running']],
  'overlapping-servers': [
    [
      'warning kanidm.helm | set `kanidm.version` to the version that is running: Kaniflux then sets the update strategy to Recreate, so the old pod stops before the new pod starts',
    ],
  ],
  'ingress-backend-tls': [
    [
      'note kanidm.manifests.ingress.className | write the annotation of this controller in `annotations`, or use TLS passthrough instead, with a Gateway (`kanidm.manifests.gateway`)',
    ],
    [
      'warning kanidm.manifests.ingress.className | use TLS passthrough instead, with a Gateway (`kanidm.manifests.gateway`), or with an IngressRouteTCP of your own in place of `ingress`',
    ],
    [
      'warning kanidm.manifests.ingress.className | use TLS passthrough instead, with a Gateway (`kanidm.manifests.gateway`), or with an IngressRouteTCP of your own in place of `ingress`',
    ],
  ],
  'retired-ingress': [
    [
      'warning kanidm.helm.values.ingress.className | move to a Gateway (`kanidm.manifests.gateway`) or to another controller that connects to its backend with TLS',
    ],
    [
      'warning kanidm.helm.version | move to a Gateway (`kanidm.manifests.gateway`) or to another controller that connects to its backend with TLS',
    ],
    [
      'warning kanidm.helm.values.ingress.className | move to a Gateway (`kanidm.manifests.gateway`) or to another controller that connects to its backend with TLS',
    ],
  ],
  'prunable-kanidm': [['error 0.yaml:1 cluster=homelab | add the annotation, and apply it before any other change']],
  'kanidm-version-newer': [['warning kanidm.version | use a newer Kaniflux']],
  'uuid-changed': [['error people.datosh | write `id: 00000000-0000-4000-8000-000000000009`']],
  'version-jump': [
    [
      'error kanidm.version | write `version: "1.10"`, wait until this version is running, and continue with these versions in order: 1.10, 1.11',
    ],
  ],
  'version-back': [['error kanidm.version | write `version: "1.11.1"`; to go back, restore a backup that 1.10.0 made']],
  'domain-changed': [
    [
      'error kanidm.domain | write `idm.example.com` again, or rename the domain in Kanidm first (`kanidmd domain rename`) and give each entry its `id`',
    ],
  ],
  'deployment-changed': [
    [
      'error kanidm.helm.version | take a backup, deploy the change, and restore the backup on the new volumes (docs/kanidm.md, "Moving to other volumes")',
    ],
  ],
  'kanidm-moves': [
    [
      'error kanidm.namespace | take a backup, remove the old Kanidm but not its volumes, deploy the change, and restore the backup on the new volumes (docs/kanidm.md, "Moving to other volumes")',
    ],
  ],
  'storage-changed': [
    [
      'error kanidm.manifests.storage.size | write `size: 2Gi`; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it',
    ],
    [
      'error kanidm.manifests.storage.size | write `size: 2Gi`; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it',
    ],
    [
      'error kanidm.manifests.storage.className | write `className: fast`',
      'error kanidm.manifests.storage.size | write `size: 2Gi`; to get more space, grow the PersistentVolumeClaim if its StorageClass allows it',
    ],
  ],
  'entry-left': [
    [
      'warning people | to delete the entry from Kanidm, write it into the config again, with `absent: true`; if the entry was renamed, write `formerly: jane` under its new key',
    ],
  ],
  'made-anew': [['warning people.jane.incarnation | restore the old `incarnation` if this is not intended']],
  'removal-misses': [['error people.jane | write `id: 0a6b7c8d-1111-4222-8333-444455556666`']],
  'return-without-incarnation': [['error people.jane | write `incarnation: 2`']],
  'takeover-without-id': [
    [
      'error people.jane | set `id` to the `uuid` that Kanidm shows for the entry',
      'error groups.k8s_users group=k8s_users | set `id` to the `uuid` that Kanidm shows for the entry',
      'error clients.k8s | set `id` to the `uuid` that Kanidm shows for the entry',
    ],
  ],
  'unique-held': [['error people.joe.mail | write the new value into `people.jane`, such as `mail: []`']],
  'unique-swap': [
    [
      'error people.joe | in an earlier change, give `people.joe` another name that no entry has. Then make this change',
    ],
  ],
  'unused-ignore': [['note checks.ignore.0 | remove this entry']],
  'kanidm-stopped': [['warning kanidm.backup.restore | remove `restore` when the Job has completed']],
  'repository-plaintext': [
    [
      'warning kanidm.helm.repository | serve the repository with TLS; if a private CA signed its certificate, set `certSecretRef` to the name of the Secret with this CA',
    ],
    [
      'warning kanidm.helm.insecure | serve the repository with TLS; if a private CA signed its certificate, set `certSecretRef` to the name of the Secret with this CA',
    ],
  ],
  'kanidm-not-deployed': [['warning kanidm.cluster | add `helm` or `manifests`, or remove `cluster`']],
  'unsuitable-domain': [
    [
      'warning kanidm.domain | if nobody has a passkey yet, use a name for Kanidm alone, such as `idm.example.com`: a later change of the domain breaks every passkey',
    ],
    ['warning kanidm.domain | use a DNS name of your own, such as `idm.example.com`'],
  ],
  'flux-retry': [['warning clusters.homelab.flux.retryInterval cluster=homelab | write a `retryInterval` below `5m`']],
  'device-code': [
    [
      'warning clusters.homelab.kubeconfig.signIn cluster=homelab | write `signIn: keyboard`, which does not need a browser on this machine either',
    ],
  ],
  'kubernetes-untried': [
    [
      'warning clusters.homelab.kubernetes cluster=homelab | use a newer Kaniflux if there is one, and try the rendered settings on one control-plane node first',
    ],
  ],
  'anonymous-join': [
    [
      'warning clusters.homelab.authentication.anonymous cluster=homelab | join nodes with `--discovery-file`, or add `/api/v1/namespaces/kube-public/configmaps/cluster-info`',
    ],
  ],
  'issuer-own': [
    [
      'warning clusters.homelab.issuers.ci.url cluster=homelab | remove this issuer: the API server accepts the tokens of its own service accounts anyway',
    ],
  ],
  'talos-flags': [['warning clusters.homelab.authentication.method cluster=homelab | write `method: structured`']],
};
