import { entry } from '../../lib/config/config';
import { neverHas, unmetBecause } from '../../lib/identity/required-claims';
import { configOf } from '../config';

const claims = {
  team: { join: 'csv', values: { k8s_users: ['a', 'b'], idm_all_persons: ['a'], idm_all_accounts: ['d', 'e'] } },
  list: { join: 'array', values: { k8s_users: ['a', 'b'] } },
};
const why = (claim: string, value: string, more: object = {}) => {
  const config = configOf({ clients: { k8s: { claims, ...more } } });
  return unmetBecause(config, entry(config.clients, 'k8s'), claim, value);
};
const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const issuer = 'https://sso.kammel.dev/oauth2/openid/k8s';
const withoutEmail = { scopes: { k8s_users: ['openid'] } };
const notThis = 'the claim map of `team` does not give this value';

test.each<[string, string, object, string | undefined]>([
  ['iss', issuer, {}, undefined],
  ['iss', `${issuer}/`, {}, `the value is always ${issuer}`],
  ['aud', 'k8s', {}, undefined],
  ['azp', 'k8s', {}, undefined],
  ['aud', 'other', {}, 'the value is always k8s'],
  ['azp', 'other', {}, 'the value is always k8s'],
  ['nonce', 'x', {}, 'each token has another value'],
  ['jti', 'x', {}, 'each token has another value'],
  ['sub', uuid, {}, undefined],
  ['sub', `x${uuid}`, {}, 'the value is always a UUID'],
  ['sub', `${uuid}x`, {}, 'the value is always a UUID'],
  ['preferred_username', 'a@sso.kammel.dev', {}, undefined],
  ['preferred_username', '@sso.kammel.dev', {}, 'the value always ends in @sso.kammel.dev'],
  ['preferred_username', 'a@sso.kammel.example', {}, 'the value always ends in @sso.kammel.dev'],
  ['preferred_username', 'a', { preferShortUsername: true }, undefined],
  [
    'preferred_username',
    'a@sso.kammel.dev',
    { preferShortUsername: true },
    '`preferShortUsername` leaves out the domain',
  ],
  ['email', 'a@b.example', {}, undefined],
  ['email', 'a', {}, 'the value is always a mail address'],
  ['email', 'a@b.example', withoutEmail, 'no scope map of the client grants the scope `email`'],
  ['email', 'a@b.example', { ...withoutEmail, supplementaryScopes: { k8s_users: ['email'] } }, undefined],
  ['name', 'Anybody', {}, undefined],
  ['hd', 'x', {}, 'neither Kanidm nor a claim map sets this claim'],
  ['team', 'a', {}, undefined],
  ['team', 'a,b', {}, undefined],
  ['team', 'a,b,d,e', {}, undefined],
  // Nobody has one value of a group without the others.
  ['team', 'b', {}, notThis],
  ['team', 'a,d', {}, notThis],
  ['team', 'b,a', {}, notThis],
  ['team', 'a,a', {}, notThis],
  ['team', 'c', {}, notThis],
  ['team', 'a,c', {}, notThis],
  ['team', 'a b', {}, notThis],
  ['list', 'b', {}, 'the claim map of `list` does not give this value'],
  ['list', 'a,b', {}, 'the claim map of `list` does not give this value'],
  [
    'nobody',
    '',
    { claims: { nobody: { join: 'ssv', values: {} } } },
    'the claim map of `nobody` does not give this value',
  ],
  [
    'words',
    'B A',
    { claims: { words: { join: 'ssv', values: { k8s_users: ['A', 'B'] } } } },
    notThis.replace('team', 'words'),
  ],
  ['words', 'A B', { claims: { words: { join: 'ssv', values: { k8s_users: ['A', 'B'] } } } }, undefined],
  ['words', 'a b', { claims: { words: { join: 'ssv', values: { k8s_users: ['b', 'a'] } } } }, undefined],
])('%s: %s of %j', (claim, value, more, expected) => {
  expect(why(claim, value, more)).toBe(expected);
});

test.each<[string, object, boolean]>([
  ['sub', {}, false],
  ['team', { claims }, false],
  ['upn', { claims }, true],
  ['groups', { scopes: { k8s_users: ['openid'] } }, true],
  ['groups', { scopes: { k8s_users: ['openid', 'groups'] } }, false],
  ['ssh_publickeys', { scopes: { k8s_users: ['openid'] } }, true],
  ['ssh_publickeys', { scopes: { k8s_users: ['openid', 'ssh_publickeys'] } }, false],
])('whether no token has the claim %s of the client %j: %s', (claim, more, expected) => {
  const config = configOf({ clients: { k8s: more } });
  expect(neverHas(entry(config.clients, 'k8s'), claim)).toBe(expected);
});
