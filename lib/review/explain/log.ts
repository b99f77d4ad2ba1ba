/** What a line of a log means, and what mends it. */
export interface Meaning {
  /** Which program says it. */
  readonly of: string;
  readonly pattern: RegExp;
  readonly means: string;
  readonly mend: string;
}

const apiServer = 'kube-apiserver';

/** The most particular ones first: of a line, the first that fits counts. */
export const meanings: readonly Meaning[] = [
  {
    of: apiServer,
    pattern: /unsupported algorithm, expected \[.*RS256.*\] got \[?"?ES256/,
    means: 'Kanidm signs with ES256, and without --oidc-signing-algs the API server accepts RS256 alone.',
    mend: 'Give it `--oidc-signing-algs=ES256`: it is in what `kaniflux synth` renders under control-planes/.',
  },
  {
    of: apiServer,
    pattern: /unsupported algorithm, expected \[.*\] got \[?"?RS256/,
    means: 'The client signs with RS256 (`legacyCrypto`), which the API server is not told to accept.',
    mend: 'Remove `legacyCrypto` from the client, or render and apply the API server settings again.',
  },
  {
    of: apiServer,
    pattern: /unsupported algorithm|unexpected signature algorithm/,
    means: 'The token is signed with an algorithm that the API server does not accept.',
    mend: 'Compare `kaniflux explain --token -` with the settings under control-planes/.',
  },
  {
    of: apiServer,
    pattern: /expected audience|token audiences? .* (is|are) not .*|audience .* (invalid|mismatch)/i,
    means: 'The token was made for another client than the one that the API server trusts.',
    mend: 'Use the same client id in `clusters.<name>.client`, the API server settings and the kubeconfig: render all three again.',
  },
  {
    of: apiServer,
    pattern: /token is expired|verify token:.*expired/,
    means: 'The token is too old (Kanidm’s live 15 minutes), or the clocks differ.',
    mend: 'Let kubelogin renew it (`kubectl oidc-login clean`, then again), and look at the clocks of both machines.',
  },
  {
    of: apiServer,
    pattern: /issued by a different provider|issuer did not match|expected issuer .* got/,
    means:
      'The issuer in the token or in the discovery document is not, byte for byte, the one that the API server was given: often a slash at the end.',
    mend: 'Write the issuer as `<origin>/oauth2/openid/<client>`, without a slash: `kanidm.origin` decides it.',
  },
  {
    of: apiServer,
    pattern:
      /x509: certificate signed by unknown authority|x509: certificate is valid for|x509: certificate has expired|failed to verify certificate/,
    means:
      'The API server does not believe the certificate of Kanidm, so it never gets the keys; it is ready all the same, and every login is a 401.',
    mend: 'Set `authentication.ca.file` of the cluster to the CA of the origin, and look at the certificate: `kaniflux doctor`.',
  },
  {
    of: apiServer,
    pattern:
      /oidc: authenticator not initialized|initializing plugin: .*(discovery|connection refused|no such host|timeout)/,
    means: 'The API server could not read the discovery document of the issuer yet, so it refuses every token.',
    mend: 'Look whether the control-plane nodes reach the origin, by name and by certificate. It tries again by itself.',
  },
  {
    of: apiServer,
    pattern: /email not verified|email_verified/,
    means: 'The user name is made of `email`, and the token says that the address is not verified.',
    mend: 'Verify it in Kanidm, or set `authentication.claim: sub`.',
  },
  {
    of: apiServer,
    pattern: /parse username claims? "?(\w+)"?: claim not present|claim not present/,
    means: 'The token lacks the claim that the user name is made of.',
    mend: 'Add the scope that brings it to the scope map of the client (`email` for email, `profile` for preferred_username).',
  },
  {
    of: apiServer,
    pattern: /parse groups claim/,
    means: 'The claim that the groups are read from is neither a text nor a list of texts.',
    mend: 'Set `authentication.groups.claim` to `groups`, or make the claim map an array (`join: array`).',
  },
  {
    of: apiServer,
    pattern: /must not begin with system:|user(name)? validation|userValidationRules/i,
    means:
      'A user or group name begins with `system:`, and the rendered rules refuse whoever would pass for a part of Kubernetes.',
    mend: 'Rename the group or the value of the claim map, or set a prefix.',
  },
  {
    of: apiServer,
    pattern: /prefix is required when claim is set/,
    means: 'An AuthenticationConfiguration has a claim without a prefix; the server does not start.',
    mend: 'Write `prefix: ""` for none. What Kaniflux renders has it.',
  },
  {
    of: apiServer,
    pattern: /authentication-config.*(mutually exclusive|can not be used|cannot be specified|conflict)|oidc-\* flags/i,
    means: 'Both `--authentication-config` and `--oidc-*` flags are given; the server does not start.',
    mend: 'Take the flags of the other method out: `authentication.method` says which is meant.',
  },
  {
    of: apiServer,
    pattern: /'?oidc-issuer-url'? .*(https|scheme)|URL scheme must be https/i,
    means: 'The issuer is not https; the server does not start.',
    mend: 'Set `kanidm.origin` to an https address.',
  },
  {
    of: apiServer,
    pattern: /oidc-client-id|oidc.*client.?ID.*(required|empty)/i,
    means: 'There is an issuer and no client id; the server does not start.',
    mend: 'Give both: they are rendered together.',
  },
  {
    of: apiServer,
    pattern: /unsupported signing algorithm|not in list of supported/i,
    means: 'A name in --oidc-signing-algs is no algorithm; the server does not start.',
    mend: 'Write `ES256`.',
  },
  {
    of: apiServer,
    pattern:
      /no kind .* registered|Object 'Kind' is missing|strict decoding error.*AuthenticationConfiguration|failed to load authentication configuration/,
    means:
      'The AuthenticationConfiguration is empty, incomplete or of a version that this server does not know. At start that is an outage; while it runs, the old one stays.',
    mend: 'Render it again for the `kubernetes` version of the cluster, and replace the file by a rename.',
  },
  {
    of: 'kubeadm',
    pattern: /old API spec.*kubeadm\.k8s\.io|this version of kubeadm only supports.*kubeadm/i,
    means: 'This kubeadm no longer reads v1beta3.',
    mend: 'Set `kubernetes` of the cluster to its real version: from 1.31 on, v1beta4 is rendered.',
  },
  {
    of: 'kubeadm',
    pattern: /(cannot unmarshal|error unmarshaling).*(extraArgs|Arg)/i,
    means: 'The form of `extraArgs` is that of another version: v1beta3 has a map, v1beta4 a list.',
    mend: 'Set `kubernetes` of the cluster to its real version and render again.',
  },
  {
    of: 'kubeadm',
    pattern: /patches.*can'?t be combined with|can not mix '--config' with arguments/,
    means: 'kubeadm takes a file or flags, not both.',
    mend: 'Name the folder in `InitConfiguration.patches.directory`.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind "?(ClusterConfiguration|AuthenticationConfiguration|InitConfiguration)/,
    means: 'A file that nodes read lies in a folder that Flux applies; nothing of that folder is applied.',
    mend: 'Point Flux at dist/clusters/<cluster> alone, never at control-planes/.',
  },
  {
    of: 'Flux',
    pattern: /no matches for kind/,
    means: 'The cluster does not know this kind: its CRD is missing, or it is a file for something else.',
    mend: 'Install what brings the kind first, or take the file out of the folder.',
  },
  {
    of: 'Flux',
    pattern: /field not declared in schema/,
    means: 'The object has a field that this kind does not have.',
    mend: 'Compare the versions of Flux in the cluster and of Kaniflux.',
  },
  {
    of: 'Flux',
    pattern: /may not add resource with an already registered id/,
    means: 'The same object stands twice in one folder.',
    mend: 'Remove the one written by hand.',
  },
  {
    of: 'Flux',
    pattern: /cannot change roleRef|roleRef.*immutable/,
    means: 'The role of a binding changed, and that field cannot be changed in place.',
    mend: 'Keep the annotation `kustomize.toolkit.fluxcd.io/force: enabled` that Kaniflux renders, with which Flux makes it anew.',
  },
  {
    of: 'Flux',
    pattern: /namespaces? "?[\w-]+"? not found/,
    means: 'A RoleBinding is for a namespace that does not exist, and holds back the others of its Kustomization.',
    mend: 'Make the namespace, or take it out of `namespaces` of the grant.',
  },
  {
    of: 'Helm',
    pattern: /cannot be imported into the current release: invalid ownership metadata/,
    means: 'The chart wants to make an object, the Namespace mostly, that exists already.',
    mend: 'Let Flux take it over (it does unless `disableTakeOwnership` is set).',
  },
  {
    of: 'kanidmd',
    pattern: /Failed to apply migration/,
    means: 'Kanidm refused something in a migration file, and left out the whole file; it runs all the same.',
    mend: 'Look at the lines before for the attribute or the entry; `kaniflux synth` refuses what is known to be refused.',
  },
  {
    of: 'kanidmd',
    pattern: /Uuid duplicate found in database/i,
    means: 'An entry comes back that was made `absent`: its UUID lies in the recycle bin.',
    mend: 'Write `incarnation: 2` for it, or revive the old entry by hand.',
  },
  {
    of: 'kanidm',
    pattern: /409 Conflict/,
    means: 'The entry exists already.',
    mend: 'Nothing is to be done when the runbook runs a second time.',
  },
  {
    of: 'kanidm',
    pattern: /No matching entries/,
    means: 'There is no entry of that name in Kanidm.',
    mend: 'Look at the name, and at the part of the runbook that makes it.',
  },
  {
    of: 'kanidmd',
    pattern: /invalid_?origin|redirect_?uri.*(mismatch|not match|invalid|denied)|Invalid OAuth2 redirect/i,
    means:
      'The address that the browser should go back to is none of the client’s redirect URLs, which are compared exactly.',
    mend: 'Add `http://localhost:8000` and `http://localhost:18000` to `redirectUrls` of the client.',
  },
  {
    of: 'kanidmd',
    pattern: /scope map|access_?denied|not (authori[sz]ed|allowed) to access.*oauth2|identity does not have access/i,
    means: 'The person is in none of the groups of the scope map, or asks for a scope outside of it: 403.',
    mend: 'Add the person to a group in `scopes` of the client.',
  },
  {
    of: 'kubelogin',
    pattern: /address already in use/,
    means: 'Something else listens on the port that kubelogin comes back to.',
    mend: 'Stop it, or add `http://localhost:18000` to `redirectUrls`, which is tried next.',
  },
  {
    of: 'kubectl',
    pattern: /interactiveMode must be specified/,
    means: 'An exec plugin of client.authentication.k8s.io/v1 has to say whether it may ask.',
    mend: 'Take the kubeconfig that Kaniflux renders.',
  },
  {
    of: 'kubectl',
    pattern: /User "[^"]*" cannot \w+ resource|is forbidden/,
    means: 'Signing in works; no binding gives this user the right.',
    mend: 'Ask `kaniflux explain <person>` and compare the user name: a wrong prefix or claim looks like this too.',
  },
  {
    of: 'kubectl',
    pattern: /You must be logged in|Unauthorized/,
    means: 'The API server refused the token and says why only in its own log.',
    mend: 'Pipe the token into `kaniflux explain --token -`, or the log of the API server into `kaniflux explain --log -`.',
  },
];

/** What a line means, or `undefined` where it is not known here. */
export const meaningOf = (line: string): Meaning | undefined => meanings.find(({ pattern }) => pattern.test(line));
