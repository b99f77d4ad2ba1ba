import { codesOf, homeLab } from '../../config';

const id = (text: string) => text.padStart(12, '0').replace(/^/, '00000000-0000-4000-8000-');
const jane = (more: object = {}) => ({ people: { jane: { displayName: 'Jane', id: id('1'), ...more } } });
const formerOwner = (more: object) => ({
  people: {
    old: { displayName: 'Old', id: id('2'), mail: 'jane@example.com', ...more },
    ...jane({ mail: 'jane@example.com' }).people,
  },
});
const client = (more: object) => ({ clients: { k8s: more } });
const cluster = (more: object, rest: object = {}) => ({ clusters: { homelab: more }, ...rest });
const role = (rule: object, more: object = {}) => ({
  roles: { seer: { rules: [{ verbs: ['get'], ...rule }], ...more } },
});
const granted = (grant: object) => ({ grants: [{ name: 'g', people: ['datosh'], clusters: '*', ...grant }] });
const pods = { resources: ['pods'] };
const roleCalled = (name: string, namespaces?: string[]) => ({
  roles: { [name]: { ...(namespaces ? { namespaces } : {}), rules: [{ verbs: ['get'], ...pods }] } },
});
const grantCalled = (name: string, more: object = {}) => granted({ name, clusterRole: 'view', ...more });
/** The controllers of Flux are in the namespace of the source, and the Kustomizations in another one. */
const fluxIn = (namespace: string, more: object) => ({
  ...more,
  flux: { namespace: 'apps', source: { kind: 'GitRepository', name: 's', namespace } },
});
const issuer = (url: string) =>
  cluster({
    kubernetes: '1.34',
    authentication: { method: 'structured' },
    issuers: { pods: { url, audiences: ['kubernetes'] } },
  });
const jwt = (more: object, claimMappings: object) =>
  cluster({
    kubernetes: '1.34',
    authentication: { method: 'structured' },
    jwt: [{ issuer: { url: 'https://ci.example.com', audiences: ['a'], ...more }, claimMappings }],
  });
const manifests = (more: object) => ({ kanidm: { helm: null, version: '1.11.1', manifests: more } });
const issued = (annotations: object, more: object = { certificate: { issuer: 'le' } }) =>
  manifests({ ...more, ingress: { className: 'haproxy', annotations } });
const restored = (restore: object, version = '1.11.1') => ({
  kanidm: { helm: null, version, manifests: {}, backup: { restore } },
});
const valued = (from: object) => ({
  kanidm: {
    helm: { repository: 'https://charts.example.com', valuesFrom: [{ kind: 'Secret', name: 'vals', ...from }] },
  },
});

/** Values on both sides of each boundary: what a rule reports, and what it does not. */
test.each<[string, object, string[]]>([
  ['an issuer with an escape', issuer('https://ci.example.com/a%20b'), []],
  ['an issuer with capital letters in its scheme', issuer('HTTPS://ci.example.com'), []],
  ['an issuer with an empty user name', issuer('https://@ci.example.com'), ['issuer-url']],
  ['an issuer with @ in its path', issuer('https://ci.example.com/@team'), []],
  ['an issuer with a percent sign', issuer('https://ci.example.com/a%zb'), ['issuer-url']],
  ['an issuer with a percent sign at its end', issuer('https://ci.example.com/a%2'), ['issuer-url']],
  ['an issuer with a space in its path', issuer('https://ci.example.com/a b|c'), []],
  ...['https://ci.example.com ', 'https://ci.example.com\n', 'https://ci.example.com/a\t', `https://${'$'}{ISS}`].map(
    (url): [string, object, string[]] => ['an issuer that Go cannot parse', issuer(url), ['issuer-url']],
  ),
  ...['https://{host}/x', 'https://ci`x.com', 'https://ci.example.com\\x'].map((url): [string, object, string[]] => [
    'an issuer with a character that a host cannot have',
    issuer(url),
    ['issuer-url'],
  ]),
  ['a time in a leap year', jane({ expires: '2028-02-29T23:59:59.5+02:00' }), []],
  ...['2027-02-30T00:00:00Z', '2027-04-31T12:00:00+02:00', '2027-01-01T24:00:00Z', '2027-02-29T00:00:00Z'].map(
    (expires): [string, object, string[]] => [`the time ${expires}`, jane({ expires }), ['no-such-time']],
  ),
  ...['kanidm/kanidm', './charts/kanidm', 'kanidm '].map((chart): [string, object, string[]] => [
    `the chart ${chart}`,
    { kanidm: { helm: { chart } } },
    ['bad-value'],
  ]),
  ['a chart with another name', { kanidm: { helm: { chart: 'kanidm-2.x_y' } } }, []],
  [
    'anonymous requests that are refused on every path',
    cluster({
      kubernetes: '1.34',
      controlPlane: 'k3s',
      authentication: { method: 'structured', anonymous: { enabled: false } },
    }),
    [],
  ],
  ['a path', role({ nonResourceURLs: ['/metrics', '/a/*', '*', '/'] }), []],
  ['a path with a star within', role({ nonResourceURLs: ['/a*b'] }), ['rule-path']],
  ['a path without a slash', role({ nonResourceURLs: ['metrics'] }), ['rule-path']],
  ['resources and paths', role({ ...pods, nonResourceURLs: ['/metrics'] }), ['rule-target']],
  ['neither', role({}), ['rule-target']],
  ['paths and names', role({ nonResourceURLs: ['/x'], resourceNames: ['a'] }), ['rule-target']],
  ['paths and an API group', role({ nonResourceURLs: ['/x'], apiGroups: ['apps'] }), ['rule-target']],
  ['paths and the core group', role({ nonResourceURLs: ['/x'], apiGroups: [''] }), []],
  ['no API group', role({ ...pods, apiGroups: [] }), ['rule-target']],
  ['paths and no API group', role({ nonResourceURLs: ['/x'], apiGroups: [] }), []],
  ['a path in a Role', role({ nonResourceURLs: ['/x'] }, { namespaces: ['web'] }), ['rule-path-in-role']],
  ['a Role that is aggregated', role(pods, { namespaces: ['web'], aggregateTo: ['view'] }), ['role-aggregated']],
  ['a ClusterRole that is aggregated', role(pods, { aggregateTo: ['view'] }), []],
  ['a ClusterRole on the cluster', { ...role(pods), ...granted({ clusterRole: 'seer' }) }, []],
  ['a ClusterRole in a namespace', { ...role(pods), ...granted({ clusterRole: 'seer', namespaces: ['web'] }) }, []],
  ['a Role', { ...role(pods, { namespaces: ['web'] }), ...granted({ role: 'seer', namespaces: ['web'] }) }, []],
  [
    'a Role as ClusterRole',
    { ...role(pods, { namespaces: ['web'] }), ...granted({ clusterRole: 'seer' }) },
    ['role-kind'],
  ],
  ['a ClusterRole as Role', { ...role(pods), ...granted({ role: 'seer', namespaces: ['web'] }) }, ['role-kind']],
  [
    'a Role where it is not',
    { ...role(pods, { namespaces: ['web'] }), ...granted({ role: 'seer', namespaces: ['web', 'db'] }) },
    ['role-namespace'],
  ],
  ['a built-in name', { roles: { view: { rules: [{ verbs: ['get'], ...pods }] } } }, ['role-built-in']],
  ['the name in a namespace', { roles: { view: { namespaces: ['web'], rules: [{ verbs: ['get'], ...pods }] } } }, []],
  ['the name of a ClusterRole of kubeadm', roleCalled('kubeadm:get-nodes'), ['role-built-in']],
  ['the name of a ClusterRole of Flux', roleCalled('crd-controller-flux-system'), ['role-built-in']],
  ['that of another Flux', roleCalled('crd-controller-team'), []],
  [
    'the name of a Role of Kubernetes',
    roleCalled('extension-apiserver-authentication-reader', ['kube-system']),
    ['role-built-in'],
  ],
  ['the same name elsewhere', roleCalled('extension-apiserver-authentication-reader', ['web']), []],
  ['a Role of the scheduler', roleCalled('system::leader-locking-kube-scheduler', ['kube-system']), ['role-built-in']],
  ['a binding of kubeadm', grantCalled('kubeadm:cluster-admins'), ['binding-built-in']],
  ['a binding of Flux', grantCalled('cluster-reconciler-flux-system'), ['binding-built-in']],
  ['a binding of Flux elsewhere', fluxIn('gitops', grantCalled('cluster-reconciler-gitops')), ['binding-built-in']],
  ['a binding that is not of Flux there', fluxIn('gitops', grantCalled('cluster-reconciler-apps')), []],
  ['a ClusterRole of Flux elsewhere', fluxIn('gitops', roleCalled('crd-controller-gitops')), ['role-built-in']],
  ['a ClusterRole that is not of Flux there', fluxIn('gitops', roleCalled('crd-controller-apps')), []],
  ['a binding of Kubernetes', grantCalled('cluster-admin'), ['binding-built-in']],
  ['a binding in its namespace', grantCalled('system:x', { namespaces: ['kube-system'] }), ['binding-built-in']],
  ['a binding in a namespace', grantCalled('kubeadm:cluster-admins', { namespaces: ['web'] }), []],
  ['a binding with the name of a role', grantCalled('view'), []],

  ['the issuer of service accounts', issuer('https://kubernetes.default.svc.cluster.local'), ['issuer-own']],
  ['its short form', issuer('https://kubernetes.default.svc'), ['issuer-own']],
  ['another service', issuer('https://kubernetes.default.svc.example.com/dex'), []],
  ['a service with a longer name', issuer('https://kubernetes.default.svcs'), []],
  ['an entry', jwt({}, { username: { claim: 'sub', prefix: '' } }), ['names-not-known']],
  ['an entry with an expression', jwt({}, { username: { expression: 'claims.sub' } }), ['names-not-known']],
  [
    'an entry with an expression and an empty claim',
    jwt({}, { username: { expression: 'claims.sub', claim: null }, groups: { expression: 'claims.g', claim: '' } }),
    ['names-not-known'],
  ],
  ['a claim without a prefix', jwt({}, { username: { claim: 'sub' } }), ['names-not-known', 'jwt-entry']],
  ['an entry without a user name', jwt({}, {}), ['names-not-known', 'jwt-entry']],
  ['an empty claim', jwt({}, { username: { claim: '', prefix: '' } }), ['names-not-known', 'jwt-entry']],
  [
    'no audiences',
    jwt({ audiences: [] }, { username: { expression: 'claims.sub' } }),
    ['names-not-known', 'jwt-entry'],
  ],
  [
    'a claim with an empty prefix field',
    jwt({}, { username: { claim: 'sub', prefix: null } }),
    ['names-not-known', 'jwt-entry'],
  ],
  [
    'groups without a prefix',
    jwt({}, { username: { claim: 'sub', prefix: '' }, groups: { claim: 'groups' } }),
    ['names-not-known', 'jwt-entry'],
  ],
  [
    'two audiences',
    jwt({ audiences: ['a', 'b'] }, { username: { claim: 'sub', prefix: '' } }),
    ['names-not-known', 'jwt-entry'],
  ],
  [
    'two audiences with an empty policy field',
    jwt({ audiences: ['a', 'b'], audienceMatchPolicy: null }, { username: { claim: 'sub', prefix: '' } }),
    ['names-not-known', 'jwt-entry'],
  ],
  [
    'two audiences with a policy',
    jwt({ audiences: ['a', 'b'], audienceMatchPolicy: 'MatchAny' }, { username: { claim: 'sub', prefix: '' } }),
    ['names-not-known'],
  ],
  ['an image with a port', manifests({ image: 'Registry.example.com:5000/kanidm/server-1_x' }), []],
  ['an image with a capital letter', manifests({ image: 'registry.example.com/Kanidm' }), ['bad-value']],
  ...['cert-manager.io/issuer', 'cert-manager.io/cluster-issuer'].map((name): [string, object, string[]] => [
    `a Certificate and ${name}`,
    issued({ [name]: 'le' }),
    ['certificate-twice'],
  ]),
  ['a Certificate and tls-acme', issued({ 'kubernetes.io/tls-acme': 'true' }), ['certificate-twice']],
  ['a Certificate and no tls-acme', issued({ 'kubernetes.io/tls-acme': 'false' }), []],
  ['a Certificate and another annotation', issued({ 'cert-manager.io/duration': '2160h' }), []],
  [
    'a Certificate with the name of its Secret',
    issued({ 'cert-manager.io/issuer': 'le' }, { certificate: { issuer: 'le' }, tlsSecretName: 'kanidm' }),
    [],
  ],
  ['a Certificate because of an annotation', issued({ 'cert-manager.io/issuer': 'le' }, {}), []],
  ['a backup in a Secret', restored({ file: 'b.json.gz', secretName: 'b' }), ['kanidm-stopped']],
  ['a colon in a Secret', restored({ file: 'b:c.gz', secretName: 'b' }), ['kanidm-stopped', 'backup-key']],
  ['a colon in the backup volume', restored({ file: 'b:c.gz' }), ['kanidm-stopped']],
  ['a restore with 1.9', restored({ file: 'b.gz' }, '1.9.4'), ['kanidm-stopped']],
  ['a restore with 1.8', restored({ file: 'b.gz' }, '1.8.6'), ['kanidm-stopped', 'field-version']],
  ['a path with a dot in a key', valued({ targetPath: 'a.cert-manager\\.io/x' }), []],
  ['a path with quotes', valued({ targetPath: 'a."cert-manager.io/x"' }), ['bad-value']],
  ['a key of values', valued({ valuesKey: 'my-values.yaml' }), []],
  ['a key with a space', valued({ valuesKey: 'my values.yaml' }), ['bad-value']],
  ['a listener', manifests({ gateway: { name: 'g', sectionName: 'tls.idm' } }), []],
  ['a listener with a capital letter', manifests({ gateway: { name: 'g', sectionName: 'TLS' } }), ['bad-value']],

  ['a prefix', cluster({ authentication: { prefix: 'kanidm:' } }), []],
  ['a dash', cluster({ authentication: { prefix: '-' } }), ['prefix-dash']],
  ['a dash for groups', cluster({ authentication: { groups: { prefix: '-' } } }), ['prefix-dash']],
  ['a dash within', cluster({ authentication: { prefix: '-a', groups: { prefix: '-b' } } }), []],
  ['a reserved prefix', cluster({ authentication: { prefix: 'system:x' } }), ['system-subject']],
  ['nearly reserved', cluster({ authentication: { prefix: 'my-system:', groups: { prefix: 'systems:' } } }), []],
  ['a reserved prefix of groups', cluster({ authentication: { groups: { prefix: 'system:' } } }), ['system-subject']],
  ...["'a' in claims", "claims.sub == 'a' || !('a' in claims)"].map(
    (expression): [string, Record<string, unknown>, string[]] => [
      `a search in all claims: ${expression}`,
      cluster({ kubernetes: '1.34', authentication: { method: 'structured', claimValidationRules: [{ expression }] } }),
      ['expression-refused'],
    ],
  ),
  ...(
    [
      ["'a' in claims", '1.33', []],
      ["claims.a__dash__b == 'c'", '1.33', ['expression-refused']],
      ["claims.a__dash__b == 'c'", '1.34', []],
      ["claims['a-b'] == 'c'", '1.33', []],
      ["claims.no__dash__map == 'c'", '1.33', ['expression-refused']],
      ["claims.no__dash__map == 'c'", '1.34', ['required-claim-unmet']],
      ["dyn(claims['a-b']).sort()[0] == 'c'", '1.33', ['expression-invalid']],
      ["dyn(claims['a-b']).sort()[0] == 'c'", '1.34', []],
      ["claims.`a-b` == 'c'", '1.36', ['expression-invalid']],
      ["claims.`a-b` == 'c'", '1.37', []],
    ] as const
  ).map(([expression, kubernetes, codes]): [string, Record<string, unknown>, string[]] => [
    `${expression} with Kubernetes ${kubernetes}`,
    cluster(
      { kubernetes, authentication: { method: 'structured', claimValidationRules: [{ expression }] } },
      client({ claims: { 'a-b': { values: { k8s_users: ['c'] } } } }),
    ),
    [...codes],
  ]),
  ...["'a' in claims.sub.split(',')", "claims.sub != 'a in claims'", "claims[?'a'].hasValue()"].map(
    (expression): [string, Record<string, unknown>, string[]] => [
      `another condition: ${expression}`,
      cluster({ kubernetes: '1.34', authentication: { method: 'structured', claimValidationRules: [{ expression }] } }),
      [],
    ],
  ),
  [
    'a reserved name in the second list',
    cluster({
      kubernetes: '1.34',
      authentication: {
        method: 'structured',
        prefix: 'kanidm:',
        groups: { expression: "['kanidm:x'] + ['system:y']" },
      },
    }),
    ['system-subject'],
  ],
  [
    'a name in the second list',
    cluster({
      kubernetes: '1.34',
      authentication: {
        method: 'structured',
        prefix: 'kanidm:',
        groups: { expression: "['kanidm:x'] + ['kanidm:y']" },
      },
    }),
    [],
  ],
  [
    'a value that the prefix completes',
    cluster(
      { authentication: { groups: { prefix: 'sys', claim: 'team' } } },
      client({ claims: { team: { values: { k8s_users: ['tem:masters'] } } } }),
    ),
    ['system-subject'],
  ],

  [
    'mail with the scope in one of two maps',
    cluster(
      { authentication: { claim: 'email' } },
      client({ scopes: { k8s_users: ['openid', 'email'], idm_admins: ['openid'] } }),
    ),
    [],
  ],
  [
    'mail without the scope',
    cluster({ authentication: { claim: 'email' } }, client({ scopes: { k8s_users: ['openid'] } })),
    ['claim-email-scope', 'scope-not-given'],
  ],
  [
    'a joined claim for flags',
    cluster(
      { authentication: { groups: { claim: 'team' } } },
      client({ claims: { team: { join: 'csv', values: { k8s_users: ['a'] } } } }),
    ),
    ['groups-joined'],
  ],
  [
    'a list for flags',
    cluster(
      { authentication: { groups: { claim: 'team' } } },
      client({ claims: { team: { join: 'array', values: { k8s_users: ['a'] } } } }),
    ),
    [],
  ],

  ['an https redirect', client({ redirectUrls: ['http://localhost:8000', 'https://app.example.com/x'] }), []],
  ['loopback addresses', client({ redirectUrls: ['http://127.1.2.3:8000', 'http://[::1]:8000'] }), []],
  [
    'http elsewhere',
    client({ redirectUrls: ['http://localhost:8000', 'http://localhost.example.com/'] }),
    ['redirect-http'],
  ],
  [
    'http on a name like it',
    client({ redirectUrls: ['http://localhost:8000', 'http://127.0.0.1.example.com/'] }),
    ['redirect-http'],
  ],
  ['an application', client({ redirectUrls: ['http://localhost:8000', 'com.example.app:/callback'] }), []],
  ['a script', client({ redirectUrls: ['http://localhost:8000', 'JavaScript:alert(1)'] }), ['redirect-form']],
  [
    'an empty fragment',
    client({ redirectUrls: ['http://localhost:8000', 'https://a.example/#'] }),
    ['redirect-fragment'],
  ],

  ['one below the reserved gids', jane({ posix: { gid: 60000 } }), []],
  ['the first reserved gid', jane({ posix: { gid: 60001 } }), ['gid-reserved']],
  ['the last of the range', jane({ posix: { gid: 60577 } }), ['gid-reserved']],
  ['the one above it', jane({ posix: { gid: 60578 } }), []],
  ['the first of the next', jane({ posix: { gid: 61184 } }), ['gid-reserved']],
  ['the last of that', jane({ posix: { gid: 65519 } }), ['gid-reserved']],
  ['the highest', jane({ posix: { gid: 65535 } }), ['gid-reserved']],
  ['the first that is free', jane({ posix: { gid: 65536 } }), []],
  ['the last UUID of Kanidm', jane({ id: '00000000-0000-0000-0000-ffffffffffff' }), ['uuid-system']],
  ['the first that is free', jane({ id: '00000000-0000-0000-0001-000000000000' }), []],
  ['the UUID of another person', jane({ id: '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16' }), ['uuid-twice']],
  ['the mail address of another', jane({ mail: 'FABIAN@kammel.dev' }), ['mail-twice']],
  ['the mail address of somebody who is removed', formerOwner({ absent: true }), []],
  ['the mail address of somebody who stays', formerOwner({}), ['mail-twice']],
  ['another mail address', jane({ mail: 'fabian@kammel.example' }), []],
  ['a tab in a name', jane({ displayName: 'Jane\tDoe' }), ['control-character']],
  ['no id and a history', jane({ formerly: 'janet' }), ['id-and-history']],
  ['a name with the form of a UUID', { groups: { 'abcdef01-2345-6789-abcd-ef0123456789': {} } }, ['name-is-uuid']],
  ['a name that is almost a UUID', { groups: { 'abcdef01-2345-6789-abcd-ef012345678': {} } }, []],
  ['a login shell with capital letters', jane({ posix: { shell: '/opt/Cellar/bash' } }), ['bad-value']],
  ['a login shell', jane({ posix: { shell: '/opt/cellar/bash-5.2/bin/bash' } }), []],
  ['a name of 32 hexadecimal digits', { groups: { ['a'.repeat(32)]: {} } }, ['name-is-uuid']],
  ['one of 31', { groups: { ['a'.repeat(31)]: {} } }, []],
  ['a name of two kinds', { groups: { datosh: {} } }, ['name-twice']],
  ['groups in a chain', { groups: { a: { members: ['b'] }, b: { members: ['c'] }, c: {} } }, []],
  [
    'groups in a ring',
    { groups: { a: { members: ['b'] }, b: { members: ['c'] }, c: { members: ['a'] } } },
    ['group-cycle'],
  ],
])('%s: %j', (_name, change, codes) => {
  expect(codesOf(homeLab(change as Record<string, unknown>))).toEqual(codes);
});
