import { gains, rejections, valuesLost } from '../../lib/adopt/changes';
import type { KanidmIssuer } from '../../lib/adopt/kanidm-issuer';
import type { Dropped } from '../../lib/adopt/settle';
import type { OwnKanidm } from '../../lib/adopt/which-kanidm';
import type { Issuer } from '../../lib/existing/api-server-issuers';
import { nothing } from '../../lib/existing/facts';
import type { ReadEntry } from '../../lib/existing/kanidm-entries';
import { adoptFiles, all, binding, jwt, structured } from './adopted';
import { issuer } from './worlds';

describe('parts of a client that are left out', () => {
  const client = (name: string, source: string): ReadEntry => ({
    source,
    kind: 'client',
    name,
    unread: [],
    fields: { landingUrl: 'x', redirectUrls: ['a', 'b', 'c'] },
  });
  const lost = (path: Dropped['path'], config: object = { clients: { k8s: { scopes: {}, claims: {} } } }) => {
    const finding = {
      code: 'x',
      severity: 'error' as const,
      file: 'f',
      line: 1,
      column: 1,
      excerpt: '',
      path,
      message: 'm',
      fix: 'f',
    };
    const kanidm: OwnKanidm = { others: new Map(), foreign: new Map([[0, 'other']]) };
    const group: ReadEntry = { source: 'group.json', kind: 'group', name: 'k8s', unread: [], fields: {} };
    const entries = [client('k8s', 'test.json'), group, client('web', 'web.json'), client('k8s', 'own.json')];
    return valuesLost([{ path, finding }], { config: config as never, facts: { ...nothing, entries }, kanidm });
  };

  test('are removed by the runbook if the client still has the map', () => {
    expect(lost(['clients', 'k8s', 'claims', 'role'])).toEqual([
      { source: 'own.json', text: 'the runbook and the migrations remove claims.role of client k8s in Kanidm' },
    ]);
    expect(lost(['clients', 'k8s', 'scopes', 'ops'])).toEqual([
      {
        source: 'own.json',
        text: 'the runbook and the migrations remove scopes.ops of client k8s in Kanidm: people who are in no other group of `scopes` can no longer sign in',
      },
    ]);
  });

  test('stay in Kanidm if the client has the map no longer', () => {
    expect(lost(['clients', 'k8s', 'supplementaryScopes', 'ops'])).toEqual([
      {
        source: 'own.json',
        text: 'supplementaryScopes.ops of client k8s is not in the config, so Kanidm keeps the old value',
      },
    ]);
    expect(lost(['clients', 'k8s', 'scopes'], {})).toEqual([
      { source: 'own.json', text: 'scopes of client k8s is not in the config, so Kanidm keeps the old value' },
    ]);
    // The entry was not read, so the scopes were an assumption.
    expect(lost(['clients', 'argo', 'scopes'], {})).toEqual([
      { source: '', text: 'scopes of client argo is not in the config, so Kanidm keeps the value, if there is one' },
    ]);
  });

  test('are named by their values in a list', () => {
    const path = ['clients', 'k8s', 'redirectUrls', 0];
    expect(lost(path, { clients: { k8s: { redirectUrls: ['b'] } } })).toEqual([
      {
        source: 'own.json',
        text: 'the runbook and the migrations remove a, c from redirectUrls of client k8s in Kanidm',
      },
    ]);
    expect(lost(path)[0]?.text).toBe(
      'redirectUrls.0 of client k8s is not in the config, so Kanidm keeps the old value',
    );
    expect(lost(['groups', 'k8s', 'members'])).toEqual([
      { source: 'group.json', text: 'members of group k8s is not in the config, so Kanidm keeps the old value' },
    ]);
  });

  test('have no source if the client was assumed, and no effect elsewhere', () => {
    expect(lost(['clients', 'other', 'claims', 'role'])[0]?.source).toBe('');
    expect(lost(['clients', 'k8s', 'image'])).toEqual([]);
    expect(lost(['clients', 'k8s'])).toEqual([]);
    expect(lost(['groups', 'k8s', 'claims'])).toEqual([]);
  });
});

describe('the users of an issuer that is left out', () => {
  const other: Issuer = { ...issuer(), source: 'a.yaml', url: 'https://ci.example.com' };
  const own: KanidmIssuer = { issuer: issuer(), items: [], origin: 'https://idm.example.org', client: 'k8s' };
  const of = (left: Issuer, taken: readonly Issuer[] = [], one: KanidmIssuer | undefined = own) =>
    rejections(
      [{ issuer: left, items: [] }],
      taken.map((issuer) => ({ issuer, items: [] })),
      one,
    );

  test('cannot sign in', () => {
    expect(of(other)).toEqual([
      {
        source: 'a.yaml',
        text: 'with the new config, the API server rejects tokens of https://ci.example.com (401), so its users cannot sign in',
      },
    ]);
    expect(of({ ...other, entry: {} })[0]?.text).toBe(
      'with the new config, the API server rejects tokens of https://ci.example.com (401), so its users cannot sign in until you add the entry of this issuer by hand',
    );
  });

  test('lose nothing if there are none, or another entry has the issuer', () => {
    expect(of({ ...other, url: '' })).toEqual([]);
    expect(of(other, [issuer(), other])).toEqual([]);
    expect(of(other, [issuer()])).toHaveLength(1);
  });

  test('are unknown if the issuer has a variable and may be Kanidm', () => {
    const vague = { ...other, url: `https://\${HOST}` };
    expect(rejections([{ issuer: vague, items: [] }], [], undefined)).toEqual([]);
    expect(of(vague)).toHaveLength(1);
    expect(rejections([{ issuer: other, items: [] }], [], undefined)).toHaveLength(1);
  });
});

describe('the effects', () => {
  const effects = (mappings: object, rbac: string, ...more: readonly object[]) =>
    adoptFiles({
      'auth.yaml': structured(jwt(mappings), ...more),
      'rbac.yaml': rbac,
    }).changes.map(({ source, text }) => `${source}: ${text}`);
  const bySub = { username: { claim: 'sub', prefix: 'k:' }, groups: { claim: 'groups', prefix: 'k:' } };
  const uuid = 'a39bd23b-9919-4ae2-b299-fc6223227c5b';

  test('are none if names and roles stay', () => {
    expect(effects(bySub, all(binding('a', 'view', `User k:${uuid}`, 'Group k:ops@idm.example.org')))).toEqual([]);
  });

  test('name a person whose name comes from another claim with the new config', () => {
    const mappings = { username: { claim: 'name', prefix: 'k:' } };
    const person = { attrs: { class: ['person'], name: ['sam'], uuid: [uuid], displayname: ['Sam T'] } };
    const said = adoptFiles({
      'auth.yaml': structured(jwt(mappings)),
      'p.json': JSON.stringify([person]),
      'rbac.yaml': all(binding('web/v', 'view', 'User k:Sam T'), binding('e', 'edit', 'User k:Else')),
    });
    expect(said.changes).toEqual([
      {
        source: 'auth.yaml',
        text: 'client k8s: user names come from `name` with the prefix `k:` today, and from `sub` with the prefix `k:` with the new config',
      },
      {
        source: 'rbac.yaml',
        text: `User k:Sam T (person sam) is called k:${uuid} with the new config, and has view in web by RoleBinding web/v only under that name`,
      },
      {
        source: 'rbac.yaml',
        text: 'User k:Else loses edit by ClusterRoleBinding e: this is the display name of an unknown person: find the person with `kanidm person list`, and add a grant to the config',
      },
    ]);
    expect(said.items.find(({ what }) => what === 'User k:Sam T in RoleBinding web/v')).toMatchObject({
      treatment: 'different',
      text: `the rendered binding names the person by the UUID; the name becomes k:${uuid}`,
    });
  });

  test('name each holder that gets a role under another name too', () => {
    const second = jwt({ username: { claim: 'sub', prefix: 'w:' }, groups: { claim: 'groups', prefix: 'w:' } }, 'web');
    const rbac = all(
      binding('web/a', 'view', `User k:${uuid}`, 'Group k:ops@idm.example.org'),
      binding('b', 'edit', `User k:${uuid}`, `User w:${uuid}`),
      binding('web/c', 'edit', 'Group w:ops@idm.example.org'),
    );
    const every = 'Kaniflux renders the grant for every client that the cluster trusts';
    expect(effects(bySub, rbac, second)).toEqual([
      `rbac.yaml: person-a39bd23b also gets view in web by RoleBinding web/a under another name (w:${uuid}): ${every}`,
      `rbac.yaml: group ops also gets view in web by RoleBinding web/a under another name (w:ops@idm.example.org): ${every}`,
      `rbac.yaml: group ops also gets edit in web by RoleBinding web/c under another name (k:ops@idm.example.org): ${every}`,
    ]);
    expect(gains(nothing, undefined, [])).toEqual([]);
  });

  test('are none if the required claims stay, although validation rejects one', () => {
    const claimValidationRules = [
      { claim: 'azp', requiredValue: 'k8s' },
      { claim: 'aud', requiredValue: 'k8s' },
    ];
    const said = adoptFiles({
      'auth.yaml': structured(jwt(bySub, 'k8s', { claimValidationRules })),
      'rbac.yaml': binding('a', 'view', `User k:${uuid}`),
    });
    expect(said.changes).toEqual([]);
    expect(JSON.stringify(said.config)).toContain('"requiredClaims":{"azp":"k8s","aud":"k8s"}');
  });

  test('are none for expressions, which stay', () => {
    const mappings = { username: { expression: '"k:" + claims.sub' }, groups: { expression: 'claims.groups' } };
    expect(effects(mappings, all(binding('a', 'view', `User k:${uuid}`, 'Group ops@idm.example.org')))).toEqual([]);
  });
});
