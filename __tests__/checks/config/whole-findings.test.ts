import { homeLab, load } from '../../config';

/** Returns the findings with a code, each as its path, message and fix. */
const told = (code: string, change: Record<string, unknown>) =>
  load(homeLab(change))
    .findings.filter((finding) => finding.code === code)
    .map(({ path, message, fix }) => `${path?.join('.')}: ${message} | ${fix}`);

const grant = { name: 'ops', clusterRole: 'view', people: ['datosh'] };
const homelab = (fields: Record<string, unknown>) => ({ clusters: { homelab: fields } });

test.each<[string, string, Record<string, unknown>, string[]]>([
  [
    'a last day that is not in the calendar',
    'no-such-time',
    homelab({ grants: [{ ...grant, until: '2027-02-30' }] }),
    ['clusters.homelab.grants.0.until: `2027-02-30` is not a day of the calendar | write a date that exists'],
  ],
  ['the last day of a month', 'no-such-time', homelab({ grants: [{ ...grant, until: '2027-02-28' }] }), []],
  [
    'an ignored code that does not exist',
    'unknown-code',
    { checks: { ignore: [{ code: 'no-grant', reason: 'none yet' }] } },
    ['checks.ignore.0.code: there is no code `no-grant` | write `no-grants`'],
  ],
  [
    'an ignored code of an error',
    'ignore-refused',
    { checks: { ignore: [{ code: 'no-such-time', reason: 'none yet' }] } },
    [
      'checks.ignore.0.code: `no-such-time` cannot be ignored, because Kaniflux renders nothing from a config with this error | fix the error, and remove this entry',
    ],
  ],
  [
    'ignored findings of a grant and a group, but there are none',
    'unknown-reference',
    {
      groups: null,
      clients: { k8s: { scopes: { k8s_users: null, idm_all_persons: ['openid'] } } },
      clusters: { homelab: { grants: [] } },
      checks: {
        ignore: [
          { code: 'no-grants', reason: 'x', grant: 'ops' },
          { code: 'no-grants', reason: 'x', group: 'ops' },
        ],
      },
    },
    [
      'checks.ignore.0.grant: there is no grant `ops` | remove this entry, which matches no finding',
      'checks.ignore.1.group: there is no group `ops` | remove this entry, which matches no finding',
    ],
  ],
  ['an ignored code of a warning', 'ignore-refused', { checks: { ignore: [{ code: 'no-grants', reason: 'x' }] } }, []],
  [
    'a cluster for Kanidm without a deployment',
    'kanidm-not-deployed',
    { kanidm: { helm: null, cluster: 'homelab' } },
    [
      'kanidm.cluster: `cluster` names the cluster that runs Kanidm, but neither `helm` nor `manifests` is set | add `helm` or `manifests`, or remove `cluster`',
    ],
  ],
  ['no cluster for Kanidm', 'kanidm-not-deployed', { kanidm: { helm: null, cluster: null } }, []],
  [
    'a rule without a target',
    'rule-target',
    { roles: { own: { rules: [{ verbs: ['get'] }] } } },
    ['roles.own.rules.0: the rule names neither resources nor paths | write `resources`, or `nonResourceURLs`'],
  ],
  [
    'a rule with two targets',
    'rule-target',
    {
      roles: { own: { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/x'] }] } },
    },
    ['roles.own.rules.0: the rule names both resources and paths | write `resources`, or `nonResourceURLs`'],
  ],
  [
    'a rule with one target',
    'rule-target',
    { roles: { own: { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] } } },
    [],
  ],
  [
    'a prefix of Kubernetes',
    'system-subject',
    homelab({ authentication: { prefix: 'system:' } }),
    [
      'clusters.homelab.authentication.prefix: `system:` begins with `system:`, which Kubernetes reserves | write a prefix such as `kanidm:`',
    ],
  ],
  [
    'a built-in group',
    'built-in-name',
    { groups: { idm_admins: {} } },
    [
      'groups.idm_admins: `idm_admins` is a built-in entry of Kanidm | to use the built-in entry, remove this one, because the config can refer to a built-in entry without defining it; otherwise, choose another name',
    ],
  ],
  ...['root', 'domain_local', 'idm_acp_mine'].map((name): [string, string, Record<string, unknown>, string[]] => [
    'a name that Kanidm refuses, and to which a config cannot refer',
    'built-in-name',
    { groups: { [name]: {} } },
    [`groups.${name}: Kanidm does not accept the name \`${name}\` | choose another name`],
  ]),
  ['a name like those', 'built-in-name', { groups: { roots: {} } }, []],
  ['another prefix', 'system-subject', homelab({ authentication: { prefix: 'systems:' } }), []],
])('%s', (_, code, change, findings) => {
  expect(told(code, change)).toEqual(findings);
});

describe('what anonymous requests may read', () => {
  const anonymous = (controlPlane: string) => ({
    clusters: {
      homelab: {
        kubernetes: '1.34',
        controlPlane,
        authentication: {
          method: 'structured',
          anonymous: { enabled: true, paths: ['/livez', '/readyz', '/healthz'] },
        },
      },
    },
  });

  test('does not include what joining nodes of kubeadm need', () => {
    expect(told('anonymous-join', anonymous('kubeadm'))).toEqual([
      'clusters.homelab.authentication.anonymous: `kubeadm join` with a token reads the ConfigMap cluster-info without credentials, and `paths` does not include it | join nodes with `--discovery-file`, or add `/api/v1/namespaces/kube-public/configmaps/cluster-info`',
    ]);
  });

  test('is enough for Talos, whose nodes join without kubeadm', () => {
    expect(told('anonymous-join', anonymous('talos'))).toEqual([]);
  });
});

describe('issuers', () => {
  const issuers = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `ci${i}`,
        { url: `https://ci${i}.example.com`, audiences: ['kubernetes'] },
      ]),
    );
  const jwt = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      issuer: { url: `https://ci${i}.example.com`, audiences: ['kubernetes'] },
      claimMappings: { username: { claim: 'sub', prefix: `ci${i}:` } },
    }));
  const cluster = (fields: Record<string, unknown>) => ({
    clusters: { homelab: { kubernetes: '1.34', authentication: { method: 'structured' }, ...fields } },
  });

  test.each([
    [64, 'issuers', { issuers: issuers(64) }],
    [64, 'jwt', { jwt: jwt(64) }],
  ])('%s of them besides the client are too many: %s', (_, field, fields) => {
    expect(told('issuers-too-many', cluster(fields))).toEqual([
      `clusters.homelab.${field}: the cluster has 65 issuers (each trusted client of Kanidm is one), but Kubernetes accepts only 64 | let several applications share one client`,
    ]);
  });

  test('63 besides the client are not too many', () => {
    expect(told('issuers-too-many', cluster({ issuers: issuers(63) }))).toEqual([]);
  });
});
