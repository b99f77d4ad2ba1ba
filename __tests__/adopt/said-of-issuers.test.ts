import { saidOf } from './said-of';

const expected: Readonly<Record<string, string>> = {
  'another provider for people': `
Adopted with changes:
  rbac.yaml: User sam@example.com in ClusterRoleBinding b: the config has the literal name from the binding, and no reference to an entry, because the issuer https://login.example.com may have a user or group with this name
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://login.example.com: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 16 things that were read, 13 are adopted unchanged, 3 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'another Kanidm': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.net/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 14 things that were read, 12 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'two clients with other names': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/headlamp: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client headlamp was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain apps, ops, sam, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Effects of the rendered files on people:
  rbac.yaml: group ops also gets cluster-admin by ClusterRoleBinding kubectl under another name (oidc:ops@idm.example.org): Kaniflux renders the grant for every client that the cluster trusts
  rbac.yaml: group apps also gets cluster-admin by ClusterRoleBinding headlamp under another name (kanidm:apps@idm.example.org): Kaniflux renders the grant for every client that the cluster trusts
Of 19 things that were read, 17 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, a hint, synth`,
  'two clients with the same names': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/headlamp: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client headlamp was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 16 things that were read, 14 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, a hint, synth`,
  'two clients with the same names, spelled in other ways': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/headlamp, issuer https://idm.example.org/oauth2/openid/web: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client headlamp was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client web was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain sam, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 19 things that were read, 16 are adopted unchanged, 3 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, a hint, synth`,
  'three clients, two with the same names': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/argocd, issuer https://idm.example.org/oauth2/openid/headlamp: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client argocd was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: client headlamp was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 26 things that were read, 23 are adopted unchanged, 3 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, a hint, synth`,
  'issuers of CI with all their settings': `
Adopted with changes:
  rbac.yaml: User kubernetes-admin in RoleBinding web/both: the grant lists the name unchanged under \`subjects\`, so the rendered binding still contains it
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://gitlab.example.com: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  rbac.yaml: RoleBinding web/robot: the binding also names ServiceAccount robot, but a grant would remove these subjects: first split the binding in two; Kaniflux does not change the binding
  rbac.yaml: User forgejo:repo:org/web in RoleBinding web/robot: RoleBinding web/robot is not adopted: the binding also names ServiceAccount robot, but a grant would remove these subjects: first split the binding in two
  rbac.yaml: ServiceAccount robot in RoleBinding web/robot: a service account of Kubernetes (default)
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 44 things that were read, 38 are adopted unchanged, 3 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'names that two issuers share': `
Adopted with changes:
  rbac.yaml: User jane@example.org in ClusterRoleBinding a: the issuer https://login.example.com, which is not adopted, may also have a user or group with this name, which then loses the role
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  auth.yaml: issuer https://login.example.com (4 settings): the config would have an error if it contained this: a user of client k8s and a user of issuer login-example-com can have the same name: both have no prefix, and both use a mail address; fix: give issuer login-example-com a prefix of its own, such as \`prefix: "login-example-com:"\`; the rendered AuthenticationConfiguration replaces the whole file and does not have this issuer: its tokens are rejected (401) until you add the entry of this issuer by hand
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Effects of the rendered files on people:
  auth.yaml: with the new config, the API server rejects tokens of https://login.example.com (401), so its users cannot sign in until you add the entry of this issuer by hand
These entries of your AuthenticationConfiguration are missing in the rendered one; add them before you replace your file:
- issuer:
    url: https://login.example.com
    audiences:
      - k8s
  claimMappings:
    username:
      claim: email
      prefix: ""
Of 12 things that were read, 5 are adopted unchanged, 2 with changes, and 5 are not adopted.
Next: fill in, keep issuers, ask Kanidm, synth`,
  'an issuer whose prefix begins with that of Kanidm': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://git.example.net/api/actions: Kaniflux also renders rules that reject names beginning with \`system:\`
  auth.yaml: jwt[1].issuer.audienceMatchPolicy: Kaniflux renders the policy only for several audiences, since a single audience needs no policy
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 15 things that were read, 12 are adopted unchanged, 3 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'another Kanidm with the same client': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.net/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 15 things that were read, 13 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'the same issuer twice': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s (6 settings): another entry has this issuer URL, so an API server rejects the file; the rendered AuthenticationConfiguration replaces the whole file and does not have this issuer: its tokens are rejected (401) until you add the entry of this issuer by hand
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
These entries of your AuthenticationConfiguration are missing in the rendered one; add them before you replace your file:
- issuer:
    url: https://idm.example.org/oauth2/openid/k8s
    audiences:
      - k8s
  claimMappings:
    username:
      claim: email
      prefix: "oidc:"
    groups:
      claim: groups
      prefix: "oidc:"
Of 14 things that were read, 6 are adopted unchanged, 1 with changes, and 7 are not adopted.
Next: fill in, keep issuers, ask Kanidm, read the bindings, synth`,
  'a client with a discovery URL beside kubectl': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s, issuer https://idm.example.org/oauth2/openid/web: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 15 things that were read, 13 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'nothing but a kubeconfig': `
Not adopted:
  kubeconfig: user me (client k8s): the settings of the API server were not read: run adopt with them too; Kaniflux renders its own kubeconfig, without refresh-token
Left alone, because it has nothing to do with signing in with Kanidm:
  kubeconfig: apiVersion, clusters.0.name, users.0.user.auth-provider.name: Kaniflux does not change it
Assumed, or not known:
  kubeconfig: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 4 things that were read, 0 are adopted unchanged, 0 with changes, and 4 are not adopted.
Next: fill in, read the API server, ask Kanidm, read the bindings, synth`,
  'a Kanidm by manifests': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Not adopted:
  kanidm.yaml: StatefulSet idm/kanidm (8), Kanidm 1.11.1, Service kanidm (4): Kaniflux does not take over a Kanidm that something else deploys: this Kanidm stays unchanged, and the config treats it as a Kanidm that runs elsewhere; to move its data, see docs/backup.md
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 11 things that were read, 8 are adopted unchanged, 1 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'arguments in several files': `
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml.d/oidc.yaml: --v: Kaniflux does not change it
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 10 are adopted unchanged, 0 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'arguments that a drop-in replaces': `
Not adopted:
  config.yaml: --oidc-issuer-url, --oidc-client-id, --oidc-signing-algs, --oidc-username-claim, issuer https://idm.example.org/oauth2/openid/k8s: \`kube-apiserver-arg\` in config.yaml.d/oidc.yaml replaces the arguments of this file; only \`kube-apiserver-arg+\` would add to them
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml.d/oidc.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml.d/oidc.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 15 things that were read, 9 are adopted unchanged, 0 with changes, and 6 are not adopted.
Next: fill in, ask Kanidm, synth`,
};

test.each(Object.entries(expected))('%s', (name, said) => expect(saidOf(name)).toBe(said));
