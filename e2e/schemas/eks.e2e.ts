import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { filesOf } from '../../__tests__/node-files/cluster';
import { ensurePart } from '../parts/build';

/**
 * Returns what the client of AWS sends for the input of `associate-identity-provider-config`. Rejects with its error if
 * it refuses the input.
 */
async function sent(input: string): Promise<{ target: string; body: { oidc: object } }> {
  const running = promisify(execFile)(await ensurePart('eks'));
  running.child.stdin?.end(input);
  const [target = '', body = ''] = (await running).stdout.split('\n');
  return { target, body: JSON.parse(body) };
}

const legacy = { clients: { k8s: { legacyCrypto: true } } };
const rendered = (authentication: object) =>
  filesOf({ controlPlane: 'eks', authentication }, legacy)['associate-identity-provider-config.json'] as string;

test.each([
  ['the least', {}],
  ['every field', { claim: 'email', prefix: 'kanidm:', groups: {}, requiredClaims: { azp: 'k8s', name: 'ops' } }],
])('AWS’s client sends %s of what is rendered as it is, and to the cluster', async (_, authentication) => {
  const input = rendered(authentication);
  const { target, body } = await sent(input);
  expect(target).toBe('POST /clusters/homelab/identity-provider-configs/associate');
  expect(body.oidc).toEqual(JSON.parse(input).oidc);
});

test('it refuses a name that the API does not know, and a request that lacks something', async () => {
  await expect(sent(rendered({}).replace('issuerUrl', 'issuerURI'))).rejects.toThrow('unknown field "issuerURI"');
  await expect(
    sent(
      rendered({})
        .replace(/^.*clientId.*$/m, '')
        .replace(/,(\s*})/, '$1'),
    ),
  ).rejects.toThrow('missing required field');
});
