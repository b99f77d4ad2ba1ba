import { codesOf, homeLab, load } from '../../config';
import { pem } from '../../node-files/cluster';

const codes = (change: object, top: object = {}) =>
  codesOf(homeLab({ kanidm: { version: '1.11.1' }, clusters: { homelab: change }, ...top }), { 'ca.crt': pem });
const structured = { method: 'structured' };

test('the home lab has nothing that its control plane can’t do', () => {
  expect(codes({})).toEqual(codes({ authentication: { groups: {} } }));
});

test.each([
  ['changeable-claim', { authentication: { claim: 'preferred_username' } }],
  ['groups-prefix-empty', { authentication: { groups: { prefix: '' } } }],
  ['kubernetes-untried', { kubernetes: '1.38' }],
  ['talos-flags', { controlPlane: 'talos', controlPlaneVersion: '1.14' }],
  [
    'anonymous-join',
    {
      kubernetes: '1.34',
      authentication: { ...structured, anonymous: { enabled: true, paths: ['/livez', '/readyz', '/healthz'] } },
    },
  ],
  ['device-code', { kubeconfig: { signIn: 'device-code' } }],
])('%s is a warning: the config is rendered all the same', (code, change) => {
  expect(codes(change)).toContain(code);
});

test.each([
  ['192.0.2.10:6443', 'write `https://192.0.2.10:6443`'],
  ['http://192.0.2.10:6443', 'write `https://192.0.2.10:6443`'],
  // `URL` repairs these addresses, and kubectl does not.
  ...[
    'https:/192.0.2.10:6443',
    'https:192.0.2.10:6443',
    'https://192.0.2.10:6443 ',
    'https://https://192.0.2.10:6443',
    'https:\\\\192.0.2.10:6443',
  ].map((server): [string, unknown] => [server, 'write `https://192.0.2.10:6443`']),
  ...[
    'https://$(SERVER):6443',
    'https://2001:db8::1:6443',
    'https://192.0.2.310',
    'https://192.0.2:6443',
    'https://api.example.com:6443\\x',
    'https://api.example.com/a b',
    'https://a:644300',
    '<IP>',
    'https://a:b@192.0.2.10',
  ].map((server): [string, unknown] => [server, expect.stringMatching(/^write an address such as .* in brackets/)]),
])('the fix of the server %s', (server, fix) => {
  expect(load(homeLab({ clusters: { homelab: { server } } })).findings).toContainEqual(
    expect.objectContaining({ code: 'server-url', fix }),
  );
});

test.each([
  'https://k8s_api.example.com:6443/k8s/clusters/c-1',
  'https://[2001:DB8:0::1]:6443',
  'https://API.example.com:443',
  'https://Büro.example/',
])('the server %s is fine', (server) => expect(codes({ server })).not.toContain('server-url'));

test.each(['1.21', '1.99', '0.34'])('Kubernetes %s is out of range', (kubernetes) => {
  expect(codes({ kubernetes })).toContain('kubernetes-version');
});

test.each([
  ['bad-value', { kubernetes: 'latest' }],
  ['bad-value', { kubernetes: '1' }],
  ['bad-value', { kubernetes: '1.34.4-rc.1' }],
  ['bad-value', { kubernetes: '1.034' }],
  ['bad-value', { kubernetes: '1.34+k3s1' }],
  ['bad-value', { kubernetes: '1.34.4+' }],
  ['not-text', { kubernetes: 1.34 }],
  ['not-a-choice', { authentication: { method: 'both' } }],
  ['wrong-type', { authentication: { method: ['flags', 'structured'] } }],
  ['ca-unreadable', { authentication: { ca: { file: 'absent.crt' } } }],
])('%s: %j', (code, change) => {
  expect(codes(change)).toContain(code);
});

test.each([
  [
    'EKS',
    { controlPlane: 'eks', kubernetes: '1.34', authentication: { ...structured, ca: {} } },
    ['eks-structured', 'eks-ca'],
  ],
  ['kubeadm', { kubernetes: '1.34', authentication: { ...structured, ca: {} } }, ['ca-inline']],
  [
    'Kubernetes without `anonymous`',
    { kubernetes: '1.29', authentication: { ...structured, anonymous: { enabled: false } } },
    ['structured-version', 'anonymous-version'],
  ],
  [
    'Kubernetes with it',
    { kubernetes: '1.34', authentication: { ...structured, anonymous: { enabled: false } } },
    ['anonymous-probes'],
  ],
])('one field has one fix on %s', (_, change, wanted) => {
  const fields = ['structured-version', 'ca-', 'eks-structured', 'eks-ca', 'anonymous-'];
  const found = codes({ controlPlane: 'kubeadm', ...change });
  expect(found.filter((code) => fields.some((one) => code.startsWith(one)))).toEqual(wanted);
});

test('structured needs no warning about an empty prefix: its rules refuse system:masters', () => {
  const authentication = { ...structured, groups: { prefix: '' } };
  expect(codes({ kubernetes: '1.34', authentication })).not.toContain('groups-prefix-empty');
});

test('a prefix that only makes system: with what follows is found too', () => {
  const clients = { k8s: { claims: { teams: { values: { k8s_users: ['tem:masters'] } } } } };
  expect(codes({ authentication: { groups: { claim: 'teams', prefix: 'sys' } } }, { clients })).toContain(
    'system-subject',
  );
});

test.each(['1.34', '1.34.4', 'v1.34.4', 'v1.34.4+k3s1', '1.33.1+rke2r1', 'v1.32.9-eks-7f9249a'])(
  'Kubernetes %s is a version, as programs print it',
  (kubernetes) => {
    expect(codes({ kubernetes, authentication: structured })).toEqual(
      codes({ kubernetes: '1.34', authentication: structured }),
    );
  },
);

test('what K3s puts after its version hides no patch', () => {
  const authentication = { ...structured, anonymous: { enabled: false } };
  const on = (kubernetes: string) => codes({ controlPlane: 'k3s', kubernetes, authentication });
  expect(on('v1.32.4+k3s1')).toContain('anonymous-flag-set');
  expect(on('v1.32.5+k3s1')).not.toContain('anonymous-flag-set');
});

test.each([
  ['groups', {}, true],
  ['email_verified', {}, true],
  ['team', { team: { values: { k8s_users: ['ops'] } } }, true],
  ['team', { team: { join: 'array', values: { k8s_users: ['ops'] } } }, true],
  ['team', { team: { join: 'csv', values: { k8s_users: ['ops'] } } }, false],
  ['azp', {}, false],
])('a required claim must be a text: %s of %j', (claim, claims, refused) => {
  const found = codes({ authentication: { requiredClaims: { [claim]: 'ops' } } }, { clients: { k8s: { claims } } });
  expect(found.includes('required-claim-list')).toBe(refused);
});

const csv = { team: { join: 'csv', values: { k8s_users: ['ops'], idm_admins: ['dev'], idm_all_persons: ['root'] } } };
const id = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';

test.each([
  ['hd', 'example.com', 'example.org', csv],
  ['constructor', 'ops', 'x', csv],
  ['locale', 'de', 'en', {}],
  ['nonce', 'a', 'b', {}],
  ['jti', 'a', 'b', {}],
  ['team', 'ops,dev', 'ops ', csv],
  ['team', 'sre', 'dev,dev', csv],
  ['azp', 'other', 'K8S', {}],
  ['aud', 'other', 'k8s,k8s', {}],
  ['iss', 'https://sso.kammel.dev/', 'https://sso.kammel.dev/oauth2/openid/k8s/', {}],
  ['sub', 'datosh', id.toUpperCase(), {}],
  ['preferred_username', 'datosh', '@sso.kammel.dev', {}],
  ['email', 'fabian', 'x', {}],
])('no token has the required claim %s with %j or %j', (claim, one, another, claims) => {
  for (const value of [one, another]) {
    const found = codes({ authentication: { requiredClaims: { [claim]: value } } }, { clients: { k8s: { claims } } });
    expect(found).toContain('required-claim-unmet');
  }
});

test.each([
  ['team', 'ops', csv],
  ['team', 'dev,ops', csv],
  ['team', 'dev,ops,root', csv],
  ['azp', 'k8s', {}],
  ['aud', 'k8s', {}],
  ['iss', 'https://sso.kammel.dev/oauth2/openid/k8s', {}],
  ['sub', id, {}],
  ['preferred_username', 'datosh@sso.kammel.dev', {}],
  ['email', 'somebody@example.com', {}],
  ['name', 'Somebody', {}],
])('a token can have the required claim %s with %j', (claim, value, claims) => {
  const found = codes({ authentication: { requiredClaims: { [claim]: value } } }, { clients: { k8s: { claims } } });
  expect(found).not.toContain('required-claim-unmet');
});

const structuredWith = (authentication: object, client: object = {}) =>
  codes({ kubernetes: '1.34', authentication: { ...structured, ...authentication } }, { clients: { k8s: client } });
const extra = (valueExpression: string) => ({ extra: [{ key: 'example.com/t', valueExpression }] });
const rule = (expression: string) => ({ claimValidationRules: [{ expression }] });

test.each<[object, object?]>([
  [{ uid: { claim: 'uid' } }],
  [{ uid: { expression: "'a' + claims.uid" } }],
  [{ username: { expression: 'claims.upn' } }],
  [{ groups: { expression: "dyn(claims['roles']).map(g, 'a' + g)" } }],
  [{ groups: { expression: 'claims.groups' } }, { scopes: { k8s_users: ['openid', 'email'] } }],
  [extra('claims.team')],
  [extra("claims.?sub.orValue('') + claims.team.?a.orValue('')")],
  [extra('[claims.team]')],
  [extra("has(claims.a) ? claims.b : claims.c + 'a'")],
  [rule("claims.hd == 'x'")],
  [rule("claims.hd == 'x' || claims.hd == 'y'")],
  [rule('has(claims.hd.team)')],
  [{ clients: { k8s: { claim: 'sub', ...extra('claims.team') } } }],
])('each token is refused, because it lacks a claim: %j %j', (authentication, client = {}) => {
  expect(structuredWith(authentication, client)).toContain('required-claim-unmet');
});

const team = { claims: { team: { join: 'csv', values: { k8s_users: ['ops'] } } } };

test.each<[object, object?]>([
  [{ uid: { claim: 'sub' } }],
  [{ uid: { claim: 'team' } }, team],
  [extra('claims.team'), team],
  [extra("has(claims.team) ? claims.team : ''")],
  [extra("claims.?team.orValue('') + claims[?'team'].orValue(claims.?sub.orValue(claims.team))")],
  [extra("claims.sub == 'a' ? claims.team : ''")],
  [extra('dyn(claims.?groups.orValue([])).map(g, claims.team + g)')],
  [extra("claims.?sub.optMap(g, claims.team).orValue('')")],
  [rule("claims.hd == 'x' || claims.sub != ''")],
  [rule("!(claims.hd == 'x' && claims.sub == '')")],
  [{ groups: { expression: 'claims.groups' } }],
  [{ groups: { expression: 'claims.groups' } }, { supplementaryScopes: { k8s_users: ['groups_spn'] } }],
  [{ uid: { expression: 'claims.iat' } }],
])('a token may have the claims, or may not need them: %j %j', (authentication, client = {}) => {
  expect(structuredWith(authentication, client)).not.toContain('required-claim-unmet');
});

test.each([
  ['upn', {}, 'no token has the claim `upn`: neither Kanidm nor a claim map sets it'],
  ['Sub', {}, 'no token has the claim `Sub`: neither Kanidm nor a claim map sets it'],
  ['email_verified', {}, 'the claim `email_verified` does not identify a person'],
  ['team', team, 'the claim `team` is shared by the members of a group, so it cannot identify a person'],
])('the claim %s cannot be a user name', (claim, client, message) => {
  const { findings } = load(
    homeLab({ clients: { k8s: client }, clusters: { homelab: { authentication: { claim } } } }),
  );
  expect(findings).toContainEqual(expect.objectContaining({ code: 'claim-shared', message }));
});

test('the claims of the client matter: a short name, and a scope map without email', () => {
  const on = (requiredClaims: object, client: object) =>
    codes({ authentication: { requiredClaims } }, { clients: { k8s: client } }).includes('required-claim-unmet');
  expect(on({ preferred_username: 'datosh' }, { preferShortUsername: true })).toBe(false);
  expect(on({ preferred_username: 'datosh@sso.kammel.dev' }, { preferShortUsername: true })).toBe(true);
  expect(on({ email: 'a@example.com' }, { scopes: { k8s_users: ['openid', 'groups'] } })).toBe(true);
});

test('several required claims are fine where an argument may come twice', () => {
  const requiredClaims = { azp: 'k8s', email: 'a@example.com' };
  expect(codes({ kubernetes: '1.31', authentication: { requiredClaims } })).not.toContain('required-claims');
  expect(codes({ controlPlane: 'k3s', authentication: { requiredClaims } })).not.toContain('required-claims');
  expect(codes({ controlPlane: 'talos', authentication: { requiredClaims } })).toContain('required-claims');
  expect(codes({ controlPlane: 'k0s', authentication: { requiredClaims } })).toContain('required-claims');
  // In v1beta2 the arguments are a list, and its CRD allows each name only once.
  expect(codes({ controlPlane: 'cluster-api', authentication: { requiredClaims } })).toContain('required-claims');
});

test('K3s and RKE2 take anonymous from the patch on that sets no flag beside it', () => {
  const authentication = { ...structured, anonymous: { enabled: false } };
  const on = (controlPlane: string, kubernetes: string) => codes({ controlPlane, kubernetes, authentication });
  for (const kind of ['k3s', 'rke2']) {
    for (const old of ['1.32', '1.32.4', '1.33', '1.33.0']) expect(on(kind, old)).toContain('anonymous-flag-set');
    for (const now of ['1.32.5', '1.33.1', '1.34']) expect(on(kind, now)).not.toContain('anonymous-flag-set');
  }
});

test('k0s takes anonymous from the release on that leaves its flag out', () => {
  const authentication = { ...structured, anonymous: { enabled: false } };
  const on = (kubernetes: string) => codes({ controlPlane: 'k0s', kubernetes, authentication });
  for (const old of ['1.34', '1.35.9', '1.36.3+k0s.0']) expect(on(old)).toContain('anonymous-flag-set');
  for (const now of ['1.36.4+k0s.0', '1.37.1']) expect(on(now)).not.toContain('anonymous-flag-set');
  expect(codes({ controlPlane: 'k0s', kubernetes: '1.34', authentication: structured })).not.toContain(
    'anonymous-flag-set',
  );
});

test('a file that Cluster API would refuse for its length is found before', () => {
  const on = (change: object, certificates: number) =>
    codesOf(homeLab({ clusters: { homelab: { controlPlane: 'cluster-api', kubernetes: '1.34', ...change } } }), {
      'ca.crt': pem.repeat(certificates),
    });
  const ca = { file: 'ca.crt' };
  for (const authentication of [{ ca }, { ...structured, ca }]) {
    expect(on({ authentication }, 1)).not.toContain('cluster-api-file');
    expect(on({ authentication }, 200)).toContain('cluster-api-file');
    expect(on({ controlPlane: 'kubeadm', authentication }, 200)).not.toContain('cluster-api-file');
  }
});

test('Talos with its document takes anonymous, older ones set a flag that excludes it', () => {
  const anonymous = { enabled: true, paths: ['/livez', '/readyz'] };
  const on = (controlPlaneVersion: string) =>
    codes({
      controlPlane: 'talos',
      controlPlaneVersion,
      kubernetes: '1.34',
      authentication: { ...structured, anonymous },
    });
  expect(on('1.14')).not.toContain('anonymous-flag-set');
  expect(on('1.13')).toContain('anonymous-flag-set');
});

test('Talos creates the CA file only below /var; another file may be there already', () => {
  const on = (controlPlane: string, ca: object) => codes({ controlPlane, authentication: { ca } });
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
  expect(on('talos', { pem, nodePath: '/etc/kubernetes/ca.crt' })).toContain('talos-node-path');
  expect(on('talos', { pem, nodePath: '/variable/ca.crt' })).toContain('talos-node-path');
  expect(on('talos', { pem, nodePath: '/var/oidc/ca.crt' })).not.toContain('talos-node-path');
  expect(on('talos', { pem })).not.toContain('talos-node-path');
  expect(on('talos', { nodePath: '/etc/ssl/certs/ca-certificates' })).not.toContain('talos-node-path');
  expect(on('k0s', { pem, nodePath: '/etc/kubernetes/ca.crt' })).not.toContain('talos-node-path');
});

describe('the value of an argument', () => {
  const prefix = (text: string) => ({ prefix: text });
  const talos = { controlPlaneVersion: '1.13' };

  test.each([
    ['a name in brackets', 'kubeadm', prefix('$(POD_IP):')],
    ['two dollar signs', 'rke2', { groups: prefix('a$$b:') }],
    ['two dollar signs', 'talos', { ...prefix('$$:') }],
    ['two dollar signs', 'cluster-api', { requiredClaims: { aud_id: '$$' } }],
    ['a line break', 'flags', prefix('a\nb:')],
    ['a tab', 'k3s', prefix('a\tb:')],
  ])('%s is refused for %s', (_, controlPlane, authentication) => {
    const version = controlPlane === 'talos' ? talos : {};
    expect(codes({ controlPlane, ...version, authentication })).toContain('argument-value');
  });

  test.each([
    ['one dollar sign', 'kubeadm', prefix('$a:')],
    ['a bracket that is not closed', 'kubeadm', prefix('$(a:')],
    ['two dollar signs, without a pod', 'k3s', prefix('a$$b:')],
    ['two dollar signs, in a file', 'kubeadm', { ...structured, ...prefix('a$$b:') }],
    ['quotes and spaces', 'kubeadm', prefix('"my users":')],
  ])('%s is fine for %s', (_, controlPlane, authentication) => {
    expect(codes({ controlPlane, kubernetes: '1.34', authentication })).not.toContain('argument-value');
  });
});
