import { ableLine, whoCan } from '../../lib/access/able-people';
import { requestOf } from '../../lib/access/resource-request';
import { entry } from '../../lib/config/config';
import { accessOn, rendered } from '../../lib/diff/side';
import { explainLog } from '../../lib/explain/explain-log';
import { logLines } from '../../lib/explain/log-report';
import { explainPerson, personLines } from '../../lib/explain/person';
import { judge } from '../../lib/explain/token';
import { render } from '../../lib/render';
import { configOf } from '../config';

const scopes = ['openid', 'email', 'groups'];
const web = 'https://headlamp.example.com';

/**
 * A config in which kubectl's client is for k8s_users and that of Headlamp for web_users. User names are mail
 * addresses.
 */
const both = (headlamp: object = {}, authentication: object = {}, k8s: object = { k8s_users: scopes }) =>
  configOf({
    people: {
      jane: { displayName: 'Jane', mail: 'jane@example.com', id: '00000000-0000-4000-8000-000000000001' },
      joe: { displayName: 'Joe', mail: 'joe@example.com', id: '00000000-0000-4000-8000-000000000002' },
      ann: { displayName: 'Ann', mail: 'ann@example.com', id: '00000000-0000-4000-8000-000000000003' },
    },
    groups: { k8s_users: { members: ['jane'] }, web_users: { members: ['jane', 'joe'] } },
    clients: {
      k8s: { scopes: k8s },
      headlamp: { type: 'basic', landingUrl: web, scopes: { web_users: scopes }, ...headlamp },
    },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        trust: ['headlamp'],
        authentication: { method: 'structured', claim: 'email', prefix: 'oidc:', groups: {}, ...authentication },
        grants: [
          { name: 'people', clusterRole: 'edit', people: ['jane', 'joe'] },
          { name: 'group', clusterRole: 'view', groups: ['web_users'] },
        ],
      },
    },
  });
const config = both();

test('a person has one name through both clients, and a binding names it once', () => {
  const text = [...render(config)].map((file) => file.text).join('\n');
  expect(text.match(/name: oidc:jane@example.com/g)).toHaveLength(1);
  expect(text.match(/name: kanidm:web_users@/g)).toHaveLength(1);
});

test('explain, who-can and ACCESS.md name a person once', () => {
  const lines = personLines('jane', explainPerson(config, 'jane', ['homelab']));
  expect(lines.filter((line) => line.includes('is known as'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('grant people'))).toHaveLength(1);
  const access = accessOn(rendered(config), 'homelab');
  const able = access ? whoCan(access, requestOf('delete', 'pods', {})).filter(({ known }) => known) : [];
  expect(able.map(ableLine)).toEqual(['jane (edit; binding people)', 'joe (edit; binding people)']);
  const text = [...render(config)].find(({ path }) => path === 'ACCESS.md')?.text ?? '';
  expect(text.match(/^\| `jane` \| `edit`/gm)).toHaveLength(1);
});

test('whoever may use either client signs in, and nobody else', () => {
  const known = (name: string) => explainPerson(config, name, ['homelab'])[0]?.as.map(({ client }) => client);
  expect(known('jane')).toEqual(['k8s', 'headlamp']);
  expect(known('joe')).toEqual(['headlamp']);
  expect(known('ann')).toEqual([]);
});

test('who-can says who can sign in only if Kanidm lists them in a group of a scope map', () => {
  const able = (headlamp: object, k8s: object) => {
    const access = accessOn(rendered(both(headlamp, {}, k8s)), 'homelab');
    return access
      ? whoCan(access, requestOf('get', 'pods', {}))
          .filter(({ known }) => known)
          .map(ableLine)
      : [];
  };
  const open = "; can sign in only if Kanidm lists them in a group of the client's scope map)";
  // Only Kanidm knows who is in idm_service_desk. Through Headlamp's client, jane and joe surely sign in.
  expect(able({}, { idm_service_desk: scopes })).toEqual(['jane (edit; binding people)', 'joe (edit; binding people)']);
  expect(able({ scopes: { k8s_users: scopes } }, { idm_service_desk: scopes })).toEqual([
    'jane (edit; binding people)',
    `joe (edit; binding people${open}`,
  ]);
});

test('who-can counts the group of somebody whose scopes only Kanidm knows', () => {
  const config = configOf({
    people: {
      jane: { displayName: 'Jane', id: '00000000-0000-4000-8000-000000000001' },
      ann: { displayName: 'Ann', id: '00000000-0000-4000-8000-000000000003' },
    },
    groups: { k8s_users: { members: ['datosh'] }, devs: { members: ['jane'] } },
    clients: { k8s: { scopes: { k8s_users: scopes, idm_service_desk: scopes } } },
    clusters: { homelab: { grants: [{ name: 'group', clusterRole: 'view', groups: ['devs'] }] } },
  });
  const access = accessOn(rendered(config), 'homelab');
  const able = access ? whoCan(access, requestOf('get', 'pods', {})).filter(({ known }) => known) : [];
  expect(able.map(({ who, isSignInUnknown }) => [who, isSignInUnknown])).toEqual([['jane', true]]);
});

test('names that differ by client are both there', () => {
  const short = both({ preferShortUsername: true }, { claim: 'preferred_username' });
  const [as] = explainPerson(short, 'jane', ['homelab']);
  expect(as?.as.map(({ user }) => user)).toEqual(['oidc:jane@sso.kammel.dev', 'oidc:jane']);
  const text = [...render(short)].map((file) => file.text).join('\n');
  expect(text).toContain('name: oidc:jane@sso.kammel.dev\n');
  expect(text).toContain('name: oidc:jane\n');
});

test('a token of either client becomes the same person', () => {
  const cluster = entry(config.clusters, 'homelab');
  for (const client of ['k8s', 'headlamp']) {
    const claims = {
      iss: `https://sso.kammel.dev/oauth2/openid/${client}`,
      aud: client,
      sub: 'x',
      exp: 2000,
      email: 'jane@example.com',
      email_verified: true,
    };
    expect(judge(config, cluster, { token: { claims }, now: 1000 })).toMatchObject({
      accepted: null,
      user: 'oidc:jane@example.com',
    });
  }
});

test('what a log line calls a person has the roles through all clients', () => {
  const line =
    'Error from server (Forbidden): secrets is forbidden: User "oidc:jane@example.com" cannot list resource "secrets" in API group ""';
  // Here, only tokens of Headlamp's client contain groups.
  const config = both({}, {}, { k8s_users: ['openid', 'email'] });
  const beside = { config, clusters: ['homelab'] };
  expect(logLines(explainLog(line), 'docs', beside).join('\n')).toContain(
    'this user is jane and has edit, view on homelab',
  );
});

test('a token with several scopes for groups has the names of groups in each form', () => {
  const config = configOf({
    kanidm: { version: '1.11.1' },
    groups: { one: { members: ['datosh'] }, two: { members: ['datosh'] } },
    clients: {
      k8s: {
        scopes: { one: ['openid', 'groups_name'], two: ['openid', 'groups_name'] },
        supplementaryScopes: { one: ['groups_spn'] },
      },
    },
    clusters: { homelab: { grants: [{ name: 'group', clusterRole: 'edit', groups: ['two'] }] } },
  });
  const access = accessOn(rendered(config), 'homelab');
  const able = access ? whoCan(access, requestOf('delete', 'pods', {})).filter(({ known }) => known) : [];
  expect(able.map(ableLine)).toEqual(['datosh (edit, by two; binding group)']);
});
