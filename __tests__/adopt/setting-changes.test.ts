import { settingChanges } from '../../lib/adopt/changes';
import type { KanidmIssuer } from '../../lib/adopt/kanidm-issuer';
import { settle } from '../../lib/adopt/settle';
import type { Issuer } from '../../lib/existing/api-server-issuers';
import { claim, issuer } from './worlds';

const scopes = { ops: ['openid', 'email', 'profile', 'groups'] };
const addresses = { landingUrl: 'http://localhost:8000', redirectUrls: ['http://localhost:8000'] };
/** Returns a resolved config whose API server has these settings. */
const configWith = (authentication: object) =>
  settle(
    {
      kanidm: { domain: 'idm.example.org' },
      groups: { ops: {} },
      clients: { k8s: { ...addresses, scopes } },
      clusters: {
        a: {
          server: 'https://192.0.2.1:6443',
          kubernetes: '1.34',
          client: 'k8s',
          controlPlane: 'flags',
          authentication: { method: 'structured', ...authentication },
        },
      },
    },
    {},
  ).resolved;
const byName = { claim: 'preferred_username', prefix: 'k:', groups: { claim: 'groups', prefix: 'k:' } };
const today = (more: Partial<Issuer> = {}, client = 'k8s'): KanidmIssuer => ({
  issuer: { ...issuer(claim('preferred_username', 'k:'), claim('groups', 'k:')), ...more },
  items: [],
  origin: 'https://idm.example.org',
  client,
});
const changes = (authentication: object, one: KanidmIssuer, keepsClaims = false) =>
  settingChanges(configWith(authentication), [one], { keepsClaims });
const textsOf = (...args: Parameters<typeof changes>) => changes(...args).map(({ text }) => text);

test('nothing changes if the settings are the same', () => {
  expect(textsOf(byName, today())).toEqual([]);
  const expression = 'claims.sub + "@k"';
  expect(
    textsOf(
      { ...byName, claim: undefined, prefix: undefined, username: { expression } },
      today({ username: { expression } }),
    ),
  ).toEqual([]);
});

test('another claim, prefix or expression is a change at the source of the issuer', () => {
  expect(changes(byName, today({ username: claim('email') }))).toEqual([
    {
      source: 'auth.yaml',
      text: 'client k8s: user names come from `email` with no prefix today, and from `preferred_username` with the prefix `k:` with the new config',
    },
  ]);
  expect(textsOf(byName, today({ username: claim('preferred_username', 'x:') }))).toEqual([
    'client k8s: user names come from `preferred_username` with the prefix `x:` today, and from `preferred_username` with the prefix `k:` with the new config',
  ]);
  expect(textsOf(byName, today({ username: { expression: 'claims.sub' } }))).toEqual([
    'client k8s: user names come from the expression `claims.sub` today, and from `preferred_username` with the prefix `k:` with the new config',
  ]);
  const expression = 'claims.sub + "@k"';
  const rendered = { username: { expression }, groups: byName.groups };
  expect(textsOf(rendered, today())).toEqual([
    'client k8s: user names come from `preferred_username` with the prefix `k:` today, and from the expression `claims.sub + "@k"` with the new config',
  ]);
});

test('other groups are a change', () => {
  const { groups: _, ...noGroups } = today().issuer;
  expect(textsOf(byName, { ...today(), issuer: noGroups })).toEqual([
    'client k8s: group names come from nothing today, and from `groups` with the prefix `k:` with the new config',
  ]);
  expect(textsOf(byName, today({ groups: claim('groups', 'x:') }))).toEqual([
    'client k8s: group names come from `groups` with the prefix `x:` today, and from `groups` with the prefix `k:` with the new config',
  ]);
});

test('a claim that is required no longer is a change, unless the config keeps it', () => {
  const requiredClaims = new Map([
    ['acr', '2'],
    ['azp', 'k8s'],
  ]);
  const lost = 'client k8s: with the new config, the API server accepts tokens without the claim';
  expect(textsOf(byName, today({ requiredClaims }))).toEqual([`${lost} acr, azp`]);
  expect(textsOf({ ...byName, requiredClaims: { azp: 'k8s' } }, today({ requiredClaims }))).toEqual([`${lost} acr`]);
  expect(textsOf(byName, today({ requiredClaims }), true)).toEqual([]);
});

test('nothing is known without a config, or of another client', () => {
  expect(settingChanges(undefined, [today({ username: claim('email') })], { keepsClaims: false })).toEqual([]);
  expect(textsOf(byName, today({ username: claim('email') }, 'web'))).toEqual([]);
});
