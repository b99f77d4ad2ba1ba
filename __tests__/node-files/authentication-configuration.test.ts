import { parse } from 'yaml';
import { filesOf, pem } from './cluster';

const structured = (authentication: object, rest: object = {}, top?: object) =>
  parse(
    filesOf({ kubernetes: '1.34', ...rest, authentication: { method: 'structured', ...authentication } }, top)[
      'authentication-config.yaml'
    ] ?? '',
  );

test('the API version is that of the cluster', () => {
  expect(structured({}).apiVersion).toBe('apiserver.config.k8s.io/v1');
  expect(structured({}, { kubernetes: '1.33' }).apiVersion).toBe('apiserver.config.k8s.io/v1beta1');
});

test('names the issuer, the audience and always a prefix, since kube-apiserver exits without one', () => {
  const { jwt } = structured({});
  expect(jwt[0].issuer).toEqual({ url: 'https://sso.kammel.dev/oauth2/openid/k8s', audiences: ['k8s'] });
  expect(jwt[0].claimMappings).toEqual({
    username: { claim: 'sub', prefix: 'https://sso.kammel.dev/oauth2/openid/k8s#' },
  });
  expect(structured({ claim: 'email' }).jwt[0].claimMappings.username).toEqual({ claim: 'email', prefix: '' });
});

test('names the claim of the groups, with the prefix of the config', () => {
  const groupsOf = (groups: object) => structured({ groups }).jwt[0].claimMappings.groups;
  expect(groupsOf({})).toEqual({ claim: 'groups', prefix: 'kanidm:' });
  expect(groupsOf({ prefix: 'oidc:' })).toEqual({ claim: 'groups', prefix: 'oidc:' });
  expect(groupsOf({ prefix: '' })).toEqual({ claim: 'groups', prefix: '' });
});

test('refuses users and groups of Kubernetes itself', () => {
  const expressions = structured({}).jwt[0].userValidationRules.map((rule: { expression: string }) => rule.expression);
  expect(expressions).toEqual([
    "!user.username.startsWith('system:')",
    "user.groups.all(group, !group.startsWith('system:'))",
  ]);
});

test('has a rule of the config once, because Kubernetes refuses the same rule twice', () => {
  const own = { expression: "!user.username.startsWith('system:')", message: 'reserved' };
  const rules: object[] = structured({ userValidationRules: [own] }).jwt[0].userValidationRules;
  expect(rules).toEqual([
    { expression: "user.groups.all(group, !group.startsWith('system:'))", message: expect.any(String) },
    own,
  ]);
});

test('holds the CA itself', () => {
  expect(structured({ ca: { file: 'ca.crt' } }).jwt[0].issuer.certificateAuthority).toBe(pem);
});

test('a joined claim is taken apart by an expression, and one that is missing is no group', () => {
  const clients = { k8s: { claims: { teams: { join: 'csv', values: { k8s_users: ['ops', 'dev'] } } } } };
  const { groups } = structured({ groups: { claim: 'teams' } }, {}, { clients }).jwt[0].claimMappings;
  expect(groups).toEqual({
    expression: 'claims[?"teams"].hasValue() ? claims["teams"].split(",").map(group, "kanidm:" + group) : []',
  });
});

test('required claims, and anonymous requests for some paths', () => {
  const paths = ['/livez', '/readyz'];
  const config = structured({ requiredClaims: { azp: 'k8s' }, anonymous: { enabled: true, paths } });
  expect(config.jwt[0].claimValidationRules).toEqual([{ claim: 'azp', requiredValue: 'k8s' }]);
  expect(config.anonymous).toEqual({ enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] });
});

test('required claims are sorted, and one audience needs no policy', () => {
  const claims = { a: { join: 'csv', values: { k8s_users: ['1'] } }, b: { join: 'csv', values: { k8s_users: ['2'] } } };
  const issuers = { ci: { url: 'https://ci.example.com', audiences: ['ci'] } };
  const { jwt } = structured({ requiredClaims: { b: '2', a: '1' } }, { issuers }, { clients: { k8s: { claims } } });
  expect(jwt[0].claimValidationRules).toEqual([
    { claim: 'a', requiredValue: '1' },
    { claim: 'b', requiredValue: '2' },
  ]);
  expect(jwt[1].issuer).toEqual({ url: 'https://ci.example.com', audiences: ['ci'] });
});

test('each client that is trusted is an issuer with a prefix of its own', () => {
  const second = { landingUrl: 'http://localhost:8000', scopes: { k8s_users: ['openid'] } };
  const { jwt } = structured({}, { trust: ['second'] }, { clients: { second } });
  expect(jwt.map((entry: { issuer: { url: string } }) => entry.issuer.url)).toEqual([
    'https://sso.kammel.dev/oauth2/openid/k8s',
    'https://sso.kammel.dev/oauth2/openid/second',
  ]);
  const prefixes = jwt.map(
    (entry: { claimMappings: { username: { prefix: string } } }) => entry.claimMappings.username.prefix,
  );
  expect(new Set(prefixes).size).toBe(2);
});
