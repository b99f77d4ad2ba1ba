import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenClaims } from '../../lib/identity/claims';

export type Method = 'flags' | 'structured';
type Change = Readonly<Record<string, unknown>>;

/** Settings for how tokens become users, and the resulting user for the home lab's person. */
export interface Row {
  /** The name of its namespaces and, with an AuthenticationConfiguration, of its client. */
  readonly name: string;
  /** The fields of `authentication` of the cluster, except `method`. */
  readonly authentication: Change;
  /** A change of the client. */
  readonly client?: Change;
  /** A change of the config. */
  readonly change?: Change;
  /** Clients that are trusted in addition to the cluster's own. */
  readonly trust?: readonly string[];
  /** The user name, in which ISS stands for the issuer of the client. */
  readonly user: string;
  readonly groups: readonly string[];
  /** @default both */
  readonly method?: Method;
  /** The token of a real Kanidm, instead of the claims that lib/identity predicts. */
  readonly real?: Readonly<Record<string, unknown>>;
  /** Whether the nodes do not trust the certificate authority of the origin, so that the config must contain it. */
  readonly ca?: boolean;
}

const uuid = '7b89b6ea-1e8b-4aa8-98fb-a70cba498d16';
const users = '91793d00-d9f0-4f9d-b352-8bb6142e7069';
const admins = '91793d00-d9f0-4f9d-b352-8bb6142e7070';

const scopes = (...more: string[]) => ({ k8s_users: ['openid', 'email', 'profile', ...more] });
const newKanidm = { kanidm: { version: '1.11' } };
const withId = { groups: { k8s_users: { id: users } } };
const nested = {
  groups: { k8s_users: { members: ['k8s_admins'], id: users }, k8s_admins: { members: ['datosh'], id: admins } },
};
const map = (claim: string, join: string, values: readonly string[]) => ({
  claims: { [claim]: { join, values: { k8s_users: values } } },
});

/** Rows with equal flags are next to each other, so that one API server serves them. */
const rows: readonly Row[] = [
  { name: 'home-lab', authentication: {}, user: `ISS#${uuid}`, groups: [] },
  { name: 'no-prefix', authentication: { prefix: '' }, user: uuid, groups: [] },
  { name: 'mail', authentication: { claim: 'email' }, user: 'fabian@kammel.dev', groups: [] },
  {
    name: 'mail-with-prefix',
    authentication: { claim: 'email', prefix: 'kanidm:', groups: { prefix: '' } },
    user: 'kanidm:fabian@kammel.dev',
    groups: ['k8s_users@sso.kammel.dev'],
  },
  {
    name: 'spn',
    authentication: { claim: 'preferred_username' },
    user: 'ISS#datosh@sso.kammel.dev',
    groups: [],
  },
  {
    name: 'spn-with-prefix',
    authentication: { claim: 'preferred_username', prefix: 'kanidm:' },
    user: 'kanidm:datosh@sso.kammel.dev',
    groups: [],
  },
  {
    name: 'short-name',
    authentication: { claim: 'preferred_username', prefix: 'kanidm:' },
    client: { preferShortUsername: true },
    user: 'kanidm:datosh',
    groups: [],
  },
  {
    name: 'legacy-crypto',
    authentication: { groups: { prefix: '' } },
    client: { legacyCrypto: true },
    user: `ISS#${uuid}`,
    groups: ['k8s_users@sso.kammel.dev'],
  },
  {
    name: 'required-claims',
    authentication: { claim: 'preferred_username', prefix: '', requiredClaims: { team: 'ops', unit: 'a,b' } },
    client: { claims: { ...map('team', 'ssv', ['ops']).claims, ...map('unit', 'csv', ['a', 'b']).claims } },
    user: 'datosh@sso.kammel.dev',
    groups: [],
  },
  {
    name: 'claim-map',
    authentication: { prefix: 'kanidm:', groups: { claim: 'k8s', prefix: 'oidc:' } },
    client: map('k8s', 'array', ['viewer', 'auditor']),
    user: `kanidm:${uuid}`,
    groups: ['oidc:auditor', 'oidc:viewer'],
  },
  {
    name: 'claim-map-called-groups',
    authentication: { groups: {} },
    client: { ...map('groups', 'array', ['viewer']), scopes: scopes() },
    user: `ISS#${uuid}`,
    groups: ['kanidm:viewer'],
  },
  {
    name: 'groups-scope',
    authentication: { groups: {} },
    change: withId,
    user: `ISS#${uuid}`,
    groups: [`kanidm:${users}`, 'kanidm:k8s_users@sso.kammel.dev'],
  },
  {
    name: 'groups-spn-scope',
    authentication: { groups: {} },
    client: { scopes: scopes('groups_spn') },
    change: { ...newKanidm, ...nested },
    user: `ISS#${uuid}`,
    groups: ['kanidm:k8s_admins@sso.kammel.dev', 'kanidm:k8s_users@sso.kammel.dev'],
  },
  {
    name: 'groups-name-scope',
    authentication: { groups: {} },
    client: { scopes: scopes('groups_name') },
    change: newKanidm,
    user: `ISS#${uuid}`,
    groups: ['kanidm:k8s_users'],
  },
  {
    name: 'groups-uuid-scope',
    authentication: { groups: {} },
    client: { scopes: scopes('groups_uuid') },
    change: { ...newKanidm, ...withId },
    user: `ISS#${uuid}`,
    groups: [`kanidm:${users}`],
  },
  {
    name: 'commas',
    authentication: { groups: { claim: 'teams' } },
    client: map('teams', 'csv', ['ops', 'dev']),
    user: `ISS#${uuid}`,
    groups: ['kanidm:dev', 'kanidm:ops'],
    method: 'structured',
  },
  {
    name: 'spaces',
    authentication: { groups: { claim: 'k8s:teams', prefix: '' } },
    client: map('k8s:teams', 'ssv', ['ops', 'dev']),
    user: `ISS#${uuid}`,
    groups: ['dev', 'ops'],
    method: 'structured',
  },
  {
    name: 'two-clients',
    authentication: { groups: {} },
    trust: ['dashboard'],
    change: { clients: { dashboard: { landingUrl: 'https://dashboard.example.com', scopes: scopes('groups') } } },
    user: `ISS#${uuid}`,
    groups: ['kanidm:k8s_users@sso.kammel.dev'],
    method: 'structured',
  },
  ...['real', '.'].map((folder): Row => {
    const file = join(__dirname, '..', '..', '__tests__', 'fixtures', 'kanidm', folder, 'id-token.json');
    const { claims } = JSON.parse(readFileSync(file, 'utf8')) as { claims: TokenClaims };
    return {
      name: folder === '.' ? 'real-token-earlier' : 'real-token',
      authentication: { groups: {} },
      change: {
        ...nested,
        kanidm: { domain: 'localhost', origin: 'https://idm.localhost', helm: null, cluster: null, version: '1.11.1' },
      },
      user: `ISS#${claims.sub}`,
      groups: [
        'kanidm:00000000-0000-0000-0000-000000000035',
        'kanidm:idm_all_persons@localhost',
        'kanidm:00000000-0000-0000-0000-000000000036',
        'kanidm:idm_all_accounts@localhost',
        'kanidm:00000000-0000-0000-0000-000000000048',
        'kanidm:idm_people_self_name_write@localhost',
        `kanidm:${admins}`,
        'kanidm:k8s_admins@localhost',
        `kanidm:${users}`,
        'kanidm:k8s_users@localhost',
      ],
      real: claims,
      ca: true,
    };
  }),
];

export const rowsOf = (method: Method): readonly Row[] => rows.filter((row) => (row.method ?? method) === method);
