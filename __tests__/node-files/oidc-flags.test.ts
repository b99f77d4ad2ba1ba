import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authenticators } from '../../lib/identity/authenticator';
import { oidcFlags, toFlag } from '../../lib/node-files/oidc-flags';
import { clusterOf } from './cluster';

function flagsOf(authentication: object, top?: object): string[] {
  const { config, cluster } = clusterOf({ authentication }, top);
  const [own] = authenticators(config, cluster);
  return own ? oidcFlags(own).map(toFlag) : [];
}
const added = (authentication: object) => flagsOf(authentication).slice(3);

test("the home lab gets its three flags and nothing that is kube-apiserver's default", () => {
  const file = readFileSync(join(__dirname, '..', 'fixtures', 'home-lab', 'apiserver-flags.txt'), 'utf8');
  expect(flagsOf({})).toEqual(file.trim().split('\n'));
});

test('a prefix that equals the default is left out, and an empty one is the dash of user names', () => {
  expect(added({ prefix: 'https://sso.kammel.dev/oauth2/openid/k8s#' })).toEqual([]);
  expect(added({ prefix: '' })).toEqual(['--oidc-username-prefix=-']);
  expect(added({ claim: 'email' })).toEqual(['--oidc-username-claim=email']);
  expect(added({ claim: 'email', prefix: '' })).toEqual(['--oidc-username-claim=email']);
  expect(added({ claim: 'email', prefix: 'kanidm:' })).toEqual([
    '--oidc-username-claim=email',
    '--oidc-username-prefix=kanidm:',
  ]);
});

test('an empty prefix of groups is no flag: a dash would be put before each', () => {
  expect(added({ groups: {} })).toEqual(['--oidc-groups-claim=groups', '--oidc-groups-prefix=kanidm:']);
  expect(added({ groups: { prefix: '' } })).toEqual(['--oidc-groups-claim=groups']);
});

test('required claims come one a flag, in one order', () => {
  const claims = {
    a: { join: 'csv', values: { k8s_users: ['1', '3'] } },
    b: { join: 'csv', values: { k8s_users: ['2'] } },
  };
  const flags = flagsOf({ requiredClaims: { b: '2', a: '1,3' } }, { clients: { k8s: { claims } } });
  expect(flags.slice(3)).toEqual(['--oidc-required-claim=a=1,3', '--oidc-required-claim=b=2']);
});

test('a client with legacy crypto is signed for with RS256', () => {
  expect(flagsOf({}, { clients: { k8s: { legacyCrypto: true } } })[2]).toBe('--oidc-signing-algs=RS256');
});

test('the CA of Kanidm is a flag, and an expression is an error', () => {
  const { config, cluster } = clusterOf({});
  const [own] = authenticators(config, cluster);
  if (!own) throw new Error('no client');
  const expression = { expression: 'claims.sub' };
  const message = 'flags do not support CEL expressions; use `method: "structured"`';
  expect(oidcFlags(own, '/ca.crt').slice(3).map(toFlag)).toEqual(['--oidc-ca-file=/ca.crt']);
  expect(() => oidcFlags({ ...own, username: expression })).toThrow(message);
  expect(() => oidcFlags({ ...own, groups: expression })).toThrow(message);
});
