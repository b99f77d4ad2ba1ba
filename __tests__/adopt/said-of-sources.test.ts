import { saidOf } from './said-of';

const expected: Readonly<Record<string, string>> = {
  'a unit with variables': `
Left alone, because it has nothing to do with signing in with Kanidm:
  kube-apiserver.service: Environment, NAMES, ExecStart, 1 more word: Kaniflux does not change it
Assumed, or not known:
  kube-apiserver.service: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  kube-apiserver.service: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 8 are adopted unchanged, 0 with changes, and 4 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a required claim twice, where an argument comes once': `
Adopted with changes:
  k0s.yaml: --oidc-required-claim: this is an error in the config: only one required claim is possible, because k0s accepts each API server argument only once; fix: keep one required claim, or write \`method: structured\`; the field stays in the config nevertheless, because without this field, more people could sign in
Assumed, or not known:
  k0s.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the claim \`acr\` that the API server requires, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Apart from empty fields, the config has these errors, and synth rejects it until you correct them:
kaniflux.yaml:34:7 error only one required claim is possible, because k0s accepts each API server argument only once (required-claims)
  34 |       requiredClaims:
     |       ^
  fix: keep one required claim, or write \`method: structured\`
Of 6 things that were read, 5 are adopted unchanged, 1 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, read the bindings, synth`,
  'two clients with the prefix of their issuers': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/web: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client web was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Effects of the rendered files on people:
  rbac.yaml: person-a39bd23b also gets view by ClusterRoleBinding a under another name (https://idm.example.org/oauth2/openid/web#a39bd23b-9919-4ae2-b299-fc6223227c5b): Kaniflux renders the grant for every client that the cluster trusts
Of 12 things that were read, 10 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a group without its domain': `
Not adopted:
  rbac.yaml: ClusterRoleBinding admins (Group oidc:k8s_admins): the client was not read. If it has the scope \`groups\`, group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can; bind \`oidc:k8s_admins@idm.example.org\`. If it has the scope \`groups_name\` (Kanidm 1.8 or later) instead of \`groups\`, run adopt with its entry in Kanidm too; Kaniflux does not change the binding
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain devs, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 13 things that were read, 10 are adopted unchanged, 0 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a group of another domain': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  rbac.yaml: ClusterRoleBinding admins (Group kanidm:ops@idm.example.com): group names of this Kanidm server end in @idm.example.org, so nobody is in this group; bind \`kanidm:ops@idm.example.org\`; Kaniflux does not change the binding
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 9 things that were read, 6 are adopted unchanged, 1 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a group by its UUID': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  rbac.yaml: ClusterRoleBinding admins (Group kanidm:a39bd23b-9919-4ae2-b299-fc6223227c5b): this is the UUID of a group that was not read: run adopt with the output of \`kanidm group list -o json\` too; Kaniflux does not change the binding
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 9 things that were read, 6 are adopted unchanged, 1 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a group while no groups are read': `
Left alone, because it has nothing to do with signing in with Kanidm:
  rbac.yaml: ClusterRoleBinding admins (Group ops@idm.example.org): the API server reads no groups from Kanidm's tokens; Kaniflux does not change the binding
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 8 things that were read, 5 are adopted unchanged, 0 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'names that objects have': `
Not adopted:
  rbac.yaml: ClusterRoleBinding b-proto (User oidc:__proto__): Kanidm does not allow the name \`__proto__\`, so nobody signs in with it; Kaniflux does not change the binding
  rbac.yaml: ClusterRoleBinding groups (Group oidc:constructor@idm.example.org, Group oidc:__proto__@idm.example.org): constructor is not a group: an account in Kanidm has this name; Kanidm does not allow the group name \`__proto__\`; Kaniflux does not change the binding
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain constructor, hasownproperty, tostring, valueof, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 23 things that were read, 17 are adopted unchanged, 0 with changes, and 6 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'mail addresses that objects have': `
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain admin-b.example, constructor, constructor-b.example, tostring, x-1, x-__proto__, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 14 things that were read, 13 are adopted unchanged, 0 with changes, and 1 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'variables of Flux': `
Not adopted:
  rbac.yaml: ClusterRoleBinding a (Group oidc:\${ADMINS}@idm.example.org): the name contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable; Kaniflux does not change the binding
  rbac.yaml: ClusterRoleBinding \${NAME}: the binding contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable; Kaniflux does not change the binding
  rbac.yaml: User oidc:jane in ClusterRoleBinding \${NAME}: ClusterRoleBinding \${NAME} is not adopted: the binding contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 14 things that were read, 9 are adopted unchanged, 0 with changes, and 5 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a variable in the issuer': `
Not adopted:
  rbac.yaml: ClusterRoleBinding a (User jane): adopt cannot tell whom this binding names, because an issuer of the API server contains a variable: run adopt with a copy of the file that has the value in place of the variable; the binding stays as it is
  flags: --oidc-issuer-url, --oidc-client-id: part of https://\${KANIDM}/oauth2/openid/k8s, which is left out
  flags: issuer https://\${KANIDM}/oauth2/openid/k8s: the issuer contains a variable in its URL: run adopt with a copy of the file that has the value in place of the variable
Of 5 things that were read, 0 are adopted unchanged, 0 with changes, and 5 are not adopted.
Next: fill in, give the value, ask Kanidm, synth`,
  'a RoleBinding without a namespace': `
Not adopted:
  rbac.yaml: RoleBinding dev: the namespace is missing, so the namespace depends on who applies the binding: write \`metadata.namespace\`; Kaniflux does not change the binding
  rbac.yaml: User oidc:jane in RoleBinding dev: RoleBinding dev is not adopted: the namespace is missing, so the namespace depends on who applies the binding: write \`metadata.namespace\`
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 9 are adopted unchanged, 0 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'subjects of several kinds': `
Not adopted:
  rbac.yaml: ClusterRoleBinding mixed: the binding also names ServiceAccount robot, but a grant would remove these subjects: first split the binding in two; Kaniflux does not change the binding
  rbac.yaml: User oidc:jane in ClusterRoleBinding mixed: ClusterRoleBinding mixed is not adopted: the binding also names ServiceAccount robot, but a grant would remove these subjects: first split the binding in two
  rbac.yaml: ServiceAccount robot in ClusterRoleBinding mixed: a service account of Kubernetes (default)
  rbac.yaml: ClusterRoleBinding odd (Team oidc:jane): Kubernetes has no subjects of kind Team; Kaniflux does not change the binding
Left alone, because it has nothing to do with signing in with Kanidm:
  rbac.yaml: ClusterRoleBinding robots (ServiceAccount robot): a service account of Kubernetes (default); Kaniflux does not change the binding
  rbac.yaml: ClusterRoleBinding certificate (User kubernetes-admin): no Kanidm token has this user name: user names begin with \`oidc:\`; Kaniflux does not change the binding
  rbac.yaml: ClusterRoleBinding kube (Group system:nodes): a name of Kubernetes itself; Kaniflux does not change the binding
  rbac.yaml: ClusterRoleBinding nobody: the binding has no subjects; Kaniflux does not change the binding
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 22 things that were read, 9 are adopted unchanged, 0 with changes, and 13 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'labels, and no apiGroup': `
Adopted with changes:
  rbac.yaml: ClusterRoleBinding a: the labels (team) and annotations (note) of the binding are not rendered
  rbac.yaml: User oidc:jane in ClusterRoleBinding a: the subject has no apiGroup; Kaniflux renders it with rbac.authorization.k8s.io
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  rbac.yaml: ClusterRoleBinding a has no apiGroup in roleRef; Kaniflux renders it with the apiGroup
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 9 are adopted unchanged, 2 with changes, and 1 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'the same binding twice, and another of its name': `
Not adopted:
  b.yaml: ClusterRoleBinding a (User oidc:sam): a.yaml has a different binding with the same name, and adopt took that one
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 16 things that were read, 13 are adopted unchanged, 0 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'sources that disagree': `
Not adopted:
  cc.yaml: kubeadm: kubeadm: the config has k3s, from config.yaml
  cc.yaml: --oidc-issuer-url: the config follows config.yaml, which has https://idm.example.org/oauth2/openid/k8s
  cc.yaml: --oidc-client-id: the config follows config.yaml, which has k8s
  cc.yaml: issuer https://idm.example.org/oauth2/openid/web: the issuers in the config are from config.yaml, which does not have this issuer
Left alone, because it has nothing to do with signing in with Kanidm:
  cc.yaml: --audit-log-maxage: Kaniflux does not change it
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 18 things that were read, 12 are adopted unchanged, 0 with changes, and 6 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a file that names another': `
Not adopted:
  rbac.yaml: ClusterRoleBinding a (User oidc:jane): without the settings of the API server, adopt cannot tell whom this binding names: run adopt with these settings too; the binding stays as it is
  flags: --authentication-config: copy /etc/kubernetes/auth.yaml from a control-plane node, and run adopt with the copy too: this file configures who may sign in
Left alone, because it has nothing to do with signing in with Kanidm:
  flags: --v: Kaniflux does not change it
Of 4 things that were read, 0 are adopted unchanged, 0 with changes, and 4 are not adopted.
Next: fill in, read the API server, ask Kanidm, synth`,
  'a flag that there is not': `
Not adopted:
  config.yaml: --oidc-client-secret: kube-apiserver does not have this flag, and does not start with it
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 8 things that were read, 6 are adopted unchanged, 0 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, read the bindings, synth`,
  'files that nobody understands': `
Not adopted:
  notes.txt: the whole file, 1 line: adopt does not understand this item
  broken.yaml: the whole file, which is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 5: adopt does not understand this item
  deploy.yaml: Deployment web (3): adopt does not understand this item
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 13 things that were read, 9 are adopted unchanged, 0 with changes, and 4 are not adopted.
Next: fill in, ask Kanidm, read the bindings, synth`,
  'Talos 1.14': `
Adopted with changes:
  cp.yaml: issuer https://idm.example.org/oauth2/openid/headlamp: Kaniflux also renders rules that reject names beginning with \`system:\`
Left alone, because it has nothing to do with signing in with Kanidm:
  cp.yaml: --enable-aggregator-routing, certExtraSANs (2): Kaniflux does not change it
Assumed, or not known:
  cp.yaml: client headlamp was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  cp.yaml: the data read from Kanidm does not contain apps, sam, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 17 things that were read, 14 are adopted unchanged, 1 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  RKE2: `
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: --audit-log-maxage, --anonymous-auth, write-kubeconfig-mode, cni, profile, disable (1): Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 11 things that were read, 5 are adopted unchanged, 0 with changes, and 6 are not adopted.
Next: fill in, ask Kanidm, read the bindings, synth`,
  kaniop: `
Adopted with changes:
  kaniop.yaml: group ops: the config does not have these members, because their entries were not read: ghost; the rendered runbook and migrations remove these members from the group
Not adopted:
  kaniop.yaml: entry r: a config has nothing that corresponds to a KanidmRestore of kaniop (fields left out: 1)
Left alone, because it has nothing to do with signing in with Kanidm:
  kaniop.yaml: Kanidm kanidm: spec.replicaGroups (2): Kaniflux does not change it
  config.yaml: flannel-backend: Kaniflux does not change it
Of 20 things that were read, 16 are adopted unchanged, 1 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, a hint, synth`,
  'kanidm-provision': `
Adopted with changes:
  state.json: group k8s.access: \`overwriteMembers: false\` keeps members that are not listed, but a config lists all members, and Kaniflux removes any others
Not adopted:
  state.json: entry old: kanidm-provision removes this entry; to let Kaniflux remove it, write \`absent: true\`
  state.json: k8s: imageFile: adopt does not take over the logo image; to let Kaniflux set it, write its file, or its address and its SHA-256, into the config as \`image\` of the client
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Of 15 things that were read, 11 are adopted unchanged, 1 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, read the bindings, a hint, synth`,
  'a kubeconfig and a HelmRelease': `
Adopted with changes:
  kubeconfig: user oidc (client k8s): Kaniflux renders its own kubeconfig, without --oidc-client-secret
Left alone, because it has nothing to do with signing in with Kanidm:
  kubeconfig: apiVersion, clusters.0.name, contexts (3), users.0.user.exec.apiVersion, users.1 (2): Kaniflux does not change it
  kanidm.yaml: HelmRepository idm/k (4): Kaniflux does not change it
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 18 things that were read, 10 are adopted unchanged, 1 with changes, and 7 are not adopted.
Next: fill in, ask Kanidm, read the bindings, synth`,
  EKS: `
Assumed, or not known:
  idp.json: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, \`legacyCrypto\` (EKS accepts RS256 only); to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  idp.json: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 9 things that were read, 9 are adopted unchanged, 0 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'nothing but bindings': `
Not adopted:
  rbac.yaml: ClusterRoleBinding a (User oidc:jane): without the settings of the API server, adopt cannot tell whom this binding names: run adopt with these settings too; the binding stays as it is
Of 2 things that were read, 0 are adopted unchanged, 0 with changes, and 2 are not adopted.
Next: fill in, read the API server, ask Kanidm, synth`,
};

test.each(Object.entries(expected))('%s', (name, said) => expect(saidOf(name)).toBe(said));
