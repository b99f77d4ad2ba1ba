import type { Meaning } from './meaning';

const of = 'kube-apiserver';

/** The most particular ones first. Tried on 1.34.4 and 1.37.2. */
export const apiServerMeanings: readonly Meaning[] = [
  {
    of,
    pattern: /unsupported algorithm, expected \[.*RS256.*\] got \[?"?ES256/,
    means: 'Kanidm signs with ES256, and without --oidc-signing-algs the API server accepts RS256 alone.',
    fix: 'Give it `--oidc-signing-algs=ES256`: it is in what `kaniflux synth` renders under control-planes/.',
  },
  {
    of,
    pattern: /unsupported algorithm, expected \[.*\] got \[?"?RS256/,
    means: 'The client signs with RS256 (`legacyCrypto`), which the API server is not told to accept.',
    fix: 'Remove `legacyCrypto` from the client, or render and apply the API server settings again.',
  },
  {
    of,
    pattern: /unsupported algorithm|unexpected signature algorithm/,
    means: 'The token is signed with an algorithm that the API server does not accept.',
    fix: 'Compare `kaniflux explain --token -` with the settings under control-planes/.',
  },
  {
    of,
    pattern: /failed to verify (id token )?signature/,
    means:
      'None of the keys that the issuer publishes has signed the token: it was changed, comes from elsewhere, or is older than the keys.',
    fix: 'Get a new token (`kubectl oidc-login clean`, then again), and look whether the origin leads to the right Kanidm.',
  },
  {
    of,
    pattern: /expected audience|token audiences? .* (is|are) not .*|audience .* (invalid|mismatch)/i,
    means: 'The token was made for another client than the one that the API server trusts.',
    fix: 'Use the same client id in `clusters.<name>.client`, the API server settings and the kubeconfig: render all three again.',
  },
  {
    of,
    pattern: /before the nbf \(not before\) time/,
    means: 'The token is not valid yet: the clock of the API server is more than a minute behind Kanidm’s.',
    fix: 'Set the clocks of both machines by NTP.',
  },
  {
    of,
    pattern: /token is expired|verify token:.*expired/,
    means: 'The token is too old (Kanidm’s live 15 minutes), or the clocks differ.',
    fix: 'Let kubelogin renew it (`kubectl oidc-login clean`, then again), and look at the clocks of both machines.',
  },
  {
    of,
    pattern: /issued by a different provider|issuer did not match|expected issuer .* got/,
    means:
      'The issuer in the token or in the discovery document is not, byte for byte, the one that the API server was given: often a slash at the end.',
    fix: 'Write the issuer as `<origin>/oauth2/openid/<client>`, without a slash: `kanidm.origin` decides it.',
  },
  {
    of,
    pattern:
      /x509: certificate signed by unknown authority|x509: certificate is valid for|x509: certificate has expired|failed to verify certificate/,
    means:
      'The API server does not believe the certificate of Kanidm, so it never gets the keys; it is ready all the same, and every login is a 401.',
    fix: 'Set `authentication.ca.file` of the cluster to the CA of the origin, and look at the certificate: `kaniflux doctor`.',
  },
  {
    of,
    pattern:
      /oidc: authenticator not initialized|initializing plugin: .*(discovery|connection refused|no such host|timeout)/,
    means: 'The API server could not read the discovery document of the issuer yet, so it refuses every token.',
    fix: 'Look whether the control-plane nodes reach the origin, by name and by certificate. It tries again by itself.',
  },
  {
    of,
    pattern: /email not verified|email_verified/,
    means: 'The user name is made of `email`, and the token says that the address is not verified.',
    fix: 'Verify it in Kanidm, or set `authentication.claim: sub`.',
  },
  {
    of,
    pattern: /parse username claims? "?(\w+)"?: claim not present|claim not present/,
    means: 'The token lacks the claim that the user name is made of.',
    fix: 'Add the scope that brings it to the scope map of the client (`email` for email, `profile` for preferred_username).',
  },
  {
    of,
    pattern: /required claim \S+ (not present|value does not match)|oidc: parse claim \S+: json/,
    means:
      'The token lacks a claim of `authentication.requiredClaims`, or has another value there; only a text counts.',
    fix: 'Give the group a value in the claim map of the client, with `join: csv` or `ssv`, or take the claim out.',
  },
  {
    of,
    pattern: /error evaluating group claim expression/,
    means:
      'The groups are taken from a joined text, and the claim is none, or the settings are from an older Kaniflux.',
    fix: 'Render the settings again, and let `join` of the claim map be what Kanidm has.',
  },
  {
    of,
    pattern: /parse groups claim/,
    means: 'The claim that the groups are read from is neither a text nor a list of texts.',
    fix: 'Set `authentication.groups.claim` to `groups`, or make the claim map an array (`join: array`).',
  },
  {
    of,
    pattern: /error evaluating user info validation rule/,
    means:
      'A user or group name begins with `system:`, and the rendered rules refuse whoever would pass for a part of Kubernetes.',
    fix: 'Rename the group or the value of the claim map, or set a prefix.',
  },
  {
    of,
    pattern: /prefix is required when claim is set/,
    means: 'An AuthenticationConfiguration has a claim without a prefix; the server does not start.',
    fix: 'Write `prefix: ""` for none. What Kaniflux renders has it.',
  },
  {
    of,
    pattern: /oidc-client-id must be specified together/,
    means: 'There is an issuer and no client id; the server does not start.',
    fix: 'Give both: they are rendered together.',
  },
  {
    of,
    pattern: /authentication-config file and oidc-\* flags are mutually exclusive/,
    means: 'Both `--authentication-config` and `--oidc-*` flags are given; the server does not start.',
    fix: 'Take the flags of the other method out: `authentication.method` says which is meant.',
  },
  {
    of,
    pattern: /issuer\.url: Invalid value: .*URL scheme must be https/,
    means: 'The issuer is not https; the server does not start.',
    fix: 'Set `kanidm.origin` to an https address.',
  },
  {
    of,
    pattern: /oidc: unsupported signing alg\b/,
    means: 'A name in --oidc-signing-algs is no algorithm; the server does not start.',
    fix: 'Write `ES256`.',
  },
  {
    of,
    pattern: /anonymous: Forbidden: changed from initial configuration file/,
    means:
      'The AuthenticationConfiguration was read again, and `anonymous` in it changed: the old one stays, all of it.',
    fix: 'Restart the API server: what concerns anonymous requests is read at start only.',
  },
  {
    of,
    pattern:
      /failed to (load|validate) authentication config|invalid authentication configuration:|Object 'Kind' is missing/,
    means:
      'The AuthenticationConfiguration is empty, incomplete, has something that this server does not know, or breaks a rule of it. At start that is an outage; while it runs, the old one stays.',
    fix: 'Render it again for the `kubernetes` version of the cluster, and replace the file by a rename.',
  },
  {
    of,
    pattern: /Unable to authenticate the request" err="invalid bearer token"/,
    means: 'No issuer that the API server trusts is, byte for byte, the one in the token; or it is no ID token at all.',
    fix: 'Pipe the token into `kaniflux explain --token -`, which compares the two.',
  },
];
