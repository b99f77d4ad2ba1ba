/** Error texts in the sources that have no separate explanation, each with the reason. */
export const unexplained: readonly (readonly [RegExp, string])[] = [
  [
    /distributed claim|untrusted issuer|could not parse claim sources|no claim sources|_claim_names|while calling|claim names: /,
    'distributed claims: only within `could not expand distributed claims`, which is explained, and Kanidm makes none',
  ],
  [
    /^token is not compact JWT$|^malformed token$|^error decoding token|^while unmarshaling token/,
    'never logged: a token that cannot be read is no token of this issuer',
  ],
  [
    /^claim not present$|^expression must return|claim expression must return|^validation expression/,
    'only within another error, which is explained',
  ],
  [/^invalid type conversion/, 'cannot happen: an internal check'],
  [/mutually exclusive$/, 'cannot happen: kube-apiserver gives one of the two'],
  [
    /audiences cannot be empty|clientID must be provided|verify token: %v$/,
    'cannot happen, or only a frame around another error',
  ],
  [/^Invalid value$/, 'the rest of the text comes from a library; it is quoted'],
  [/^%s: %s$/, 'only a frame: HTTP status and body, known by the status'],
  [
    /userinfo|user info endpoint|get access token|create GET request|at_hash|access token hash|claims not set/,
    'kube-apiserver asks for no user info and checks no at_hash',
  ],
  [
    /oidc: unsupported signing algorithm|internal error, payload parsed|obtain source from claim name|source does not exist|claim doesn't exist|malformed request|malformed response body|Request to endpoint failed|^oidc: request failed/,
    'parts of the library that kube-apiserver does not use',
  ],
  [/service-account|service account keys/, 'about service accounts, and not about how people sign in'],
  [
    /webhook retry|client CA file|client-ca-file|uninitialized OpenAPIConfig|feature gate can only be enabled/,
    'other parts of the settings of the API server',
  ],
  [/^watching authentication config file$/, 'only a frame around an error of the file system'],
  [/^Forbidden: (?:changed from|--anonymous-auth)/, 'explained with the name of its field, `anonymous`, in front'],
  [
    /GetCert already set|wrapped Dial function|encode ExecCredentials|client key\/certificate|client leaf certificate/,
    'internal, or about client certificates, which kubelogin does not give',
  ],
  [
    /^standard input is (?:not a terminal|unavailable)/,
    'only within `exec plugin cannot support interactive mode`, which is explained',
  ],
  [
    /^(?:getting|refreshing) credentials: %v$|^exec: %v$|^(?:clean|get-token|setup|login|invalid option): %w$|^(?:authentication|authorization|oidc|authorization code flow|authcode-browser|authcode-keyboard) error: %w$/,
    'only a frame around another error',
  ],
  [
    /(?:generate|write) ExecCredential|^could not write the token to client-go|^render the template/,
    'writing to standard output failed',
  ],
  [
    /^(?:read|write) error: %w$|^could not generate (?:a|the PKCE)|^load error: |^nil input$/,
    'only within another error, or random numbers are missing',
  ],
  [
    /^could not (?:read|decode base64): %w$|^invalid certificate$|^file %s: %w$|^remove the directory/,
    'only within `could not load the certificate` or an error of the token cache, which are explained',
  ],
  [
    /could not (?:decode|indent) the|^invalid base64: |^wants %d segments/,
    'only within `you got an invalid token`, which is explained',
  ],
];
