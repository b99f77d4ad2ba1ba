import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adopt } from '../../lib/adopt/adopt-config';
import { adoptedText } from '../../lib/adopt/config-yaml';
import { migrations } from '../../lib/constructs/migrations';
import { together } from '../../lib/existing/facts';
import { factsOf } from '../../lib/existing/read-documents';
import { load } from '../config';

/*
 * A Kanidm 1.11.1 that was set up by hand with its client, as returned by its REST API, and the SHA-256 of the
 * migrations that this server then accepted. docs/verified.md describes how this was recorded.
 */
const read = (name: string) => readFileSync(join(__dirname, '../fixtures/adopt/real', name), 'utf8');
const flags = [
  '--oidc-issuer-url=https://localhost:8464/oauth2/openid/k8s',
  '--oidc-client-id=k8s',
  '--oidc-signing-algs=ES256',
  '--oidc-groups-claim=groups',
  '--oidc-groups-prefix=kanidm:',
];

const facts = together(
  [
    factsOf('kube-apiserver.flags', flags.join('\n')),
    ...['person', 'service_account', 'group', 'oauth2'].map((list) => factsOf(list, read(`${list}.json`))),
  ].flatMap((one) => one ?? []),
);
const adopted = adopt({ ...facts, servers: [{ source: 'me', version: '1.11.1' }] }, 'homelab');
const text = adoptedText(adopted.config)
  .replace(/server: #.*/, 'server: https://192.0.2.10:6443')
  .replace(/kubernetes: #.*/, 'kubernetes: "1.34"')
  .replace(/controlPlane: #.*/, 'controlPlane: flags')
  .replace('version: 1.11.1', 'version: 1.11.1\n  provision: migrations');

test('a config is accepted once the three things that nobody told are filled in', () => {
  const { config, findings } = load(text);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(config?.groups.get('team')).toMatchObject({
    description: 'A team: of, {some} "people"',
    members: ['old', 'jane'],
    posix: { gid: 20001 },
    policy: { credentialMinimum: 'passkey', sessionExpiry: 7200, privilegeExpiry: 300, passwordMinimumLength: 14 },
    id: '9762fe3f-cf83-4ed0-9665-0b17c893e004',
  });
});

test('its migrations are those that the server took, byte for byte', () => {
  const { config } = load(text);
  if (!config) throw new Error('no config');
  const ours = migrations(config).map((file) => [file.name, createHash('sha256').update(file.text).digest('hex')]);
  expect(Object.fromEntries(ours)).toEqual(JSON.parse(read('accepted.json')));
});

test('what a config has no field for is listed, and nothing that is always so', () => {
  const unread = adopted.items.filter(({ text }) => text?.includes('a config has no field for this attribute'));
  expect(unread.map(({ what }) => what)).toEqual([
    'team: allow_primary_cred_fallback',
    'team: limit_search_max_results',
    'team: mail',
  ]);
});
