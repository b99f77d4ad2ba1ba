import { discoveryChecks } from '../../../lib/checks/live/discovery-checks';
import { LiveSystem, type Tools } from '../../../lib/checks/live/live-system';
import { entry } from '../../../lib/config/config';
import { configOf } from '../../config';

const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const healthy = {
  issuer,
  jwks_uri: `${issuer}/public_key.jwk?v=1`,
  scopes_supported: ['openid', 'groups', 'email'],
  id_token_signing_alg_values_supported: ['ES256'],
  code_challenge_methods_supported: ['S256'],
};
const es256 = { kty: 'EC', crv: 'P-256' };

interface Answers {
  readonly document?: object | string;
  readonly status?: number;
  readonly location?: string;
  /** Headers of the discovery document. @default - with the version of Kanidm */
  readonly headers?: object;
  readonly keys?: unknown;
  readonly keysStatus?: number;
  readonly config?: Record<string, unknown>;
}

/** Returns the results of a check for the answers of a Kanidm. */
async function say(code: string, answers: Answers = {}): Promise<string[]> {
  const { document = healthy, status = 200, location, keys = { keys: [es256] }, keysStatus = 200 } = answers;
  const { headers = { 'x-kanidm-version': '1.11.1' } } = answers;
  const config = configOf({ ...answers.config, clusters: { homelab: { authentication: { groups: {} } } } });
  const system = new LiveSystem(config, [entry(config.clusters, 'homelab')], {} as Tools);
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  Object.assign(system, {
    discovery: async () => ({ value: { status, headers: { location, ...headers }, text: asText(document) } }),
    kanidm: async (path: string) =>
      path === '/oauth2/openid/k8s/public_key.jwk?v=1'
        ? { value: { status: keysStatus, headers: {}, text: asText(keys) } }
        : { reason: `unexpected ${path}` },
  });
  const check = discoveryChecks.find((one) => one.code === code);
  const results = (await check?.run(system)) ?? [];
  return results.map((one) => {
    if (one.state !== 'failed') return `${one.state}: ${one.text}`;
    const { message, fix, place } = one.finding;
    return `${place.path.join('.')}: ${message}. ${fix}`;
  });
}

test.each([
  ['no-discovery-document', 'passed: client k8s has a discovery document'],
  ['kanidm-issuer', `passed: the issuer is ${issuer}`],
  ['kanidm-algorithm', 'passed: client k8s signs with ES256'],
  ['no-pkce', 'passed: client k8s supports PKCE with S256'],
  ['scope-not-offered', 'passed: client k8s offers openid, groups'],
  ['kanidm-keys', 'passed: client k8s has 1 key for ES256'],
])('%s of a healthy Kanidm', async (code, text) => {
  expect(await say(code)).toEqual([text]);
});

test.each<[string, Answers, RegExp]>([
  ['no-discovery-document', { document: '<html>' }, /^kanidm\.origin: .* is not JSON\. check which program/],
  ['no-discovery-document', { document: '[]' }, /^kanidm\.origin: .* is not JSON/],
  [
    'no-discovery-document',
    { status: 302, location: 'https://a.example' },
    /is a redirect to https:\/\/a\.example, but/,
  ],
  ['no-discovery-document', { status: 300, location: 'x' }, /is a redirect to x/],
  ['no-discovery-document', { status: 399, location: 'x' }, /is a redirect to x/],
  ['no-discovery-document', { status: 400 }, /^clients\.k8s: .* returns status 400\. check the log of Kanidm/],
  ['no-discovery-document', { status: 404 }, /^clients\.k8s: Kanidm has no client k8s: .*404\. run the runbook/],
  [
    'no-discovery-document',
    { status: 404, config: { kanidm: { provision: 'migrations', version: '1.11' } } },
    /404\. check the log of Kanidm for a migration/,
  ],
  ['kanidm-issuer', { document: { ...healthy, issuer: `${issuer}/` } }, /^kanidm\.origin: the issuer of Kanidm is "/],
  ['kanidm-issuer', { document: {} }, /the issuer of Kanidm is undefined, but the API server expects/],
  [
    'kanidm-algorithm',
    { document: { ...healthy, id_token_signing_alg_values_supported: ['RS256'] } },
    /^clients\.k8s\.legacyCrypto: client k8s signs with RS256, but the API server expects ES256\. .*disable-legacy-crypto k8s/,
  ],
  [
    'kanidm-algorithm',
    { config: { clients: { k8s: { legacyCrypto: true } } } },
    /client k8s signs with ES256, but the API server expects RS256\. .*warning-enable-legacy-crypto k8s/,
  ],
  [
    'kanidm-algorithm',
    { document: { ...healthy, id_token_signing_alg_values_supported: 'ES256' } },
    /the discovery document of client k8s names no signing algorithm, but .* ES256\. check which program answers/,
  ],
  [
    'no-pkce',
    { document: { ...healthy, code_challenge_methods_supported: ['plain'] } },
    /^clients\.k8s: client k8s does not support PKCE with S256.*enable-pkce k8s/,
  ],
  [
    'scope-not-offered',
    { document: { ...healthy, scopes_supported: ['openid', 'email'] } },
    /^clients\.k8s\.scopes: client k8s does not offer groups: .*update-scope-map k8s GROUP openid groups/,
  ],
  ['scope-not-offered', { document: { ...healthy, scopes_supported: ['groups'] } }, /does not offer openid:/],
  ['kanidm-keys', { document: { ...healthy, jwks_uri: 7 } }, /^clients\.k8s: client k8s has no `jwks_uri`/],
  ['kanidm-keys', { document: { ...healthy, jwks_uri: '/keys' } }, /has no `jwks_uri`/],
  [
    'kanidm-keys',
    { document: { ...healthy, jwks_uri: 'https://other.example/keys' } },
    /^kanidm\.origin: the keys of client k8s are at https:\/\/other\.example and not at https:\/\/sso\.kammel\.dev/,
  ],
  [
    'kanidm-keys',
    { keys: { keys: [] } },
    /^clients\.k8s: client k8s serves no key for ES256\. .*rotate-cryptographic-keys/,
  ],
  ['kanidm-keys', { keys: { keys: [{ kty: 'EC', crv: 'P-384' }] } }, /serves no key for ES256/],
  ['kanidm-keys', { keys: { keys: [{ kty: 'OKP', crv: 'P-256' }] } }, /serves no key for ES256/],
  ['kanidm-keys', { keys: 'x' }, /the keys of client k8s cannot be read: the answer is not JSON\. `curl/],
  ['kanidm-keys', { keysStatus: 500 }, /the keys of client k8s cannot be read: status 500\. `curl/],
  [
    'no-discovery-document',
    { status: 404, headers: {} },
    /^kanidm\.origin: .* 404, and the answer has no header of Kanidm.* missing: run/,
  ],
  [
    'no-discovery-document',
    { status: 503, headers: {} },
    /503, and the answer has no header of Kanidm: .* reaches Kanidm, and what the log of this program says$/,
  ],
  [
    'no-discovery-document',
    { status: 302, location: 'https://a.example/login?state=secret' },
    /is a redirect to https:\/\/a\.example\/login, but/,
  ],
  [
    'kanidm-algorithm',
    { document: { ...healthy, id_token_signing_alg_values_supported: ['EdDSA'] } },
    /signs with EdDSA, but the API server expects ES256\. check which program answers/,
  ],
])('%s: %j', async (code, answers, expected) => {
  const [said, ...more] = await say(code, answers);
  expect(said).toMatch(expected);
  expect(more).toEqual([]);
});

test('the keys of an algorithm count alone', async () => {
  const keys = { keys: [es256, { kty: 'RSA' }, es256] };
  expect(await say('kanidm-keys', { keys })).toEqual(['passed: client k8s has 2 keys for ES256']);
});

test('what follows from another fault is skipped with its reason', async () => {
  const rsa = { document: { ...healthy, id_token_signing_alg_values_supported: ['RS256'] } };
  expect(await say('kanidm-keys', rsa)).toEqual([
    'skipped: the keys of client k8s: Kanidm signs with another algorithm (see kanidm-algorithm)',
  ]);
  expect(await say('kanidm-issuer', { status: 404 })).toEqual(['skipped: client k8s: there is no discovery document']);
  expect(await say('kanidm-keys', { document: { ...healthy, jwks_uri: 'https://sso.kammel.dev/x' } })).toEqual([
    expect.stringMatching(/^clients\.k8s: the keys of client k8s cannot be read: unexpected \/x\. `curl/),
  ]);
});
