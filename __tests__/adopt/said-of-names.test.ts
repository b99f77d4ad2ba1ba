import { saidOf } from './said-of';

const expected: Readonly<Record<string, string>> = {
  'short names, by k3s': `
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 11 are adopted unchanged, 0 with changes, and 1 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'short names, by a unit': `
Adopted with changes:
  k3s.service: a command line: k3s: the command line of the server has precedence over its files: before you install the rendered file, remove every \`--kube-apiserver-arg\` from the command line, and add those that are not in the rendered file to /etc/rancher/k3s/config.yaml
Left alone, because it has nothing to do with signing in with Kanidm:
  k3s.service: ExecStart, --disable, 2 more words: Kaniflux does not change it
Assumed, or not known:
  k3s.service: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  k3s.service: the data read from Kanidm does not contain jane, sam_t, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 16 things that were read, 12 are adopted unchanged, 1 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'short names, structured': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain jane, ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 10 things that were read, 9 are adopted unchanged, 1 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'names with a domain': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 9 things that were read, 8 are adopted unchanged, 1 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'names of both forms': `
Adopted with changes:
  rbac.yaml: User oidc:sam in ClusterRoleBinding v: the grant lists the name unchanged under \`subjects\`, so the rendered binding still contains it; Kanidm gives names with @idm.example.org, so nobody signs in with this name. This is wrong if the client has \`preferShortUsername\`: adopt did not read the client, and assumes that this setting is off
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain jane, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 10 things that were read, 8 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'two groups without a prefix': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain k8s_admins, k8s_users, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 11 things that were read, 10 are adopted unchanged, 1 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'groups and people by mail': `
Left alone, because it has nothing to do with signing in with Kanidm:
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  config.yaml: the data read from Kanidm does not contain jane, jane-b.example, ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 13 things that were read, 12 are adopted unchanged, 0 with changes, and 1 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'groups of a domain above the origin': `
Assumed, or not known:
  flags: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  flags: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 7 things that were read, 7 are adopted unchanged, 0 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'expressions that name a claim': `
Adopted with changes:
  auth.json: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
  auth.json: jwt[0].userValidationRules[1]: Kaniflux renders the rule {"expression":"! user.username.startsWith( \\"system:\\" )"}, and replaces its \`message\` by its own
Assumed, or not known:
  auth.json: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.json: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 10 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'expressions with a prefix': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain ops, person-a39bd23b, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 8 things that were read, 7 are adopted unchanged, 1 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'expressions of several functions': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Left alone, because it has nothing to do with signing in with Kanidm:
  rbac.yaml: ClusterRoleBinding cert (User jane): no Kanidm token has this user name: user names begin with \`k:\`; Kaniflux does not change the binding
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 12 things that were read, 9 are adopted unchanged, 1 with changes, and 2 are not adopted.
Next: fill in, synth`,
  'expressions that nobody can evaluate here': `
Adopted with changes:
  rbac.yaml: Group k:spo in ClusterRoleBinding users: the expression \`dyn(claims.groups).map(g, "k:" + g.lowerAscii().trim())\` may produce this name, so adopt cannot tell which group has it; the config has the literal name from the binding, and no reference to an entry
  rbac.yaml: User k:jane in ClusterRoleBinding jane: the expression \`"k:" + string(claims.iat)\` may produce this name, so adopt cannot tell which person or group has it; the config has the literal name from the binding, and no reference to an entry
  rbac.yaml: User other in ClusterRoleBinding jane: the grant lists the name unchanged under \`subjects\`, so the rendered binding still contains it
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 10 things that were read, 6 are adopted unchanged, 4 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'the display name': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
  auth.yaml: jwt[0].claimMappings.username.claim, jwt[0].claimMappings.username.prefix: \`name\` is the display name: two people can have the same one, and people can change theirs; \`claim: sub\` is rendered, so that users are named by their UUID
Not adopted:
  rbac.yaml: ClusterRoleBinding me (User oidc:Jane Doe): this is the display name of an unknown person: find the person with \`kanidm person list\`, and add a grant to the config; Kaniflux does not change the binding
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Effects of the rendered files on people:
  auth.yaml: client k8s: user names come from \`name\` with the prefix \`oidc:\` today, and from \`sub\` with the prefix \`oidc:\` with the new config
  rbac.yaml: User oidc:Jane Doe loses cluster-admin by ClusterRoleBinding me: this is the display name of an unknown person: find the person with \`kanidm person list\`, and add a grant to the config
Of 11 things that were read, 6 are adopted unchanged, 3 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'the display name by an expression': `
Adopted with changes:
  rbac.yaml: User oidc:Jane Doe in ClusterRoleBinding me: the config has the literal name from the binding, and no reference to an entry, because this is the display name of an unknown person: find the person with \`kanidm person list\`, and add a grant to the config
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Of 9 things that were read, 7 are adopted unchanged, 2 with changes, and 0 are not adopted.
Next: fill in, synth`,
  'a claim of groups as a name': `
Adopted with changes:
  config.yaml: --oidc-username-claim, --oidc-username-prefix: the value of the claim \`team\` depends on the groups of a person, so the claim does not identify a person; \`claim: sub\` is rendered, so that users are named by their UUID
Left alone, because it has nothing to do with signing in with Kanidm:
  rbac.yaml: ClusterRoleBinding t (User blue): the claim team cannot have this value; this may be the user of a certificate; Kaniflux does not change the binding
  config.yaml: flannel-backend: Kaniflux does not change it
Assumed, or not known:
  config.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Effects of the rendered files on people:
  config.yaml: client k8s: user names come from \`team\` with no prefix today, and from \`sub\` with no prefix with the new config
Of 10 things that were read, 5 are adopted unchanged, 2 with changes, and 3 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'a nickname': `
Adopted with changes:
  auth.yaml: issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
  auth.yaml: jwt[0].claimMappings.username.claim, jwt[0].claimMappings.username.prefix: the value of the claim \`nickname\` depends on the groups of a person, so the claim does not identify a person; \`claim: sub\` is rendered, so that users are named by their UUID
Not adopted:
  rbac.yaml: ClusterRoleBinding t (User k:blue): the claim nickname does not identify a person: find out who is meant, and add a grant to the config; Kaniflux does not change the binding
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes, the group k8s_users; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
Effects of the rendered files on people:
  auth.yaml: client k8s: user names come from \`nickname\` with the prefix \`k:\` today, and from \`sub\` with the prefix \`k:\` with the new config
  rbac.yaml: User k:blue loses view by ClusterRoleBinding t: the claim nickname does not identify a person: find out who is meant, and add a grant to the config
Of 7 things that were read, 2 are adopted unchanged, 3 with changes, and 2 are not adopted.
Next: fill in, ask Kanidm, synth`,
  'two issuers of CI': `
Adopted with changes:
  auth.yaml: issuer https://git.example.net/api/actions, issuer https://token.actions.githubusercontent.com, issuer https://idm.example.org/oauth2/openid/k8s: Kaniflux also renders rules that reject names beginning with \`system:\`
  auth.yaml: jwt[0].issuer.audienceMatchPolicy: Kaniflux renders the policy only for several audiences, since a single audience needs no policy
Assumed, or not known:
  auth.yaml: client k8s was not read from Kanidm, so adopt assumes the following: addresses, scopes; to replace the assumptions, use --kanidm, or run adopt with the JSON of the client
  auth.yaml: the data read from Kanidm does not contain ops, but adopt assumes that Kanidm has them; to verify, use --kanidm, or run adopt with the JSON that the kanidm client prints
Of 23 things that were read, 19 are adopted unchanged, 4 with changes, and 0 are not adopted.
Next: fill in, ask Kanidm, synth`,
};

test.each(Object.entries(expected))('%s', (name, said) => expect(saidOf(name)).toBe(said));
