import { AccessMd } from '../../lib/access/access-md';
import type { Config } from '../../lib/config/config';
import { entry } from '../../lib/config/config';
import { clusterFolders, clusterObjects, render } from '../../lib/render';
import { configOf } from '../config';

const textOf = (config: Config) => [...render(config)].find(({ path }) => path === 'ACCESS.md')?.text ?? '';
const person = (i: number) => ({ displayName: `P${i}`, id: `00000000-0000-4000-8000-00000000000${i}` });
const team = (members: string[], people: Record<string, unknown> = {}) =>
  configOf({
    people: { jane: person(1), joe: person(2), ...people },
    groups: { devs: { members }, k8s_users: { members: ['datosh', 'jane', 'joe', 'devs'] } },
    clusters: {
      homelab: {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', people: ['datosh'] },
          { name: 'deploy', clusterRole: 'edit', groups: ['devs'], namespaces: ['web'] },
        ],
      },
    },
  });

test('who has what, and by which group and grant', () => {
  const text = textOf(team(['jane']));
  expect(text).toContain('| `datosh` | `cluster-admin` | everywhere | grant `oidc-cluster-admin` |\n');
  expect(text).toContain('| `jane` | `edit` | namespace `web` | grant `deploy`, in `devs` |\n');
  expect(text).toContain('```mermaid\nflowchart LR\n');
});

test('a new member changes lines of their own alone', () => {
  const before = new Set(textOf(team(['jane'])).split('\n'));
  const after = textOf(team(['jane', 'joe'])).split('\n');
  expect([...before].filter((line) => !after.includes(line))).toEqual([]);
  const added = after.filter((line) => !before.has(line));
  expect(added).toHaveLength(4);
  for (const line of added) expect(line).toMatch(/joe|6a6f65/);
});

const granted = (groups: Record<string, unknown>, grants: object[], more: Record<string, unknown> = {}) =>
  textOf(
    configOf({
      people: { jane: person(1) },
      groups: { k8s_users: { members: ['datosh', 'jane', 'devs'] }, ...groups },
      clusters: { homelab: { grants } },
      ...more,
    }),
  )
    .split('\n')
    .filter((line) => line.startsWith('| `'));

test('the members of a group that Kanidm keeps, directly and in another group', () => {
  const grants = [{ name: 'deploy', clusterRole: 'edit', groups: ['devs'] }];
  expect(granted({ devs: { members: ['kept'] }, kept: {} }, grants)).toEqual([
    '| `every member of kept (only Kanidm knows the members)` | `edit` | everywhere | grant `deploy`, in `devs` |',
  ]);
  expect(granted({ devs: {} }, grants)).toEqual([
    '| `every member of devs (only Kanidm knows the members)` | `edit` | everywhere | grant `deploy`, in `devs` |',
  ]);
});

test('everybody, where a built-in group is a member: the people of the config, and whoever else is in Kanidm', () => {
  const grants = [{ name: 'deploy', clusterRole: 'edit', groups: ['devs'] }];
  expect(granted({ devs: { members: ['inner'] }, inner: { members: ['idm_all_persons'] } }, grants)).toEqual([
    '| `datosh` | `edit` | everywhere | grant `deploy`, in `idm_all_persons`, in `inner`, in `devs` |',
    '| `every person in Kanidm (idm_all_persons)` | `edit` | everywhere | grant `deploy`, in `inner`, in `devs` |',
    '| `jane` | `edit` | everywhere | grant `deploy`, in `idm_all_persons`, in `inner`, in `devs` |',
  ]);
});

test('a service account in a group', () => {
  const serviceAccounts = { ci: { displayName: 'CI', id: person(3).id }, out: { displayName: 'O', id: person(4).id } };
  const groups = { k8s_users: { members: ['datosh', 'jane', 'ci'] }, devs: { members: ['ci', 'out', 'jane'] } };
  const grants = [{ name: 'deploy', clusterRole: 'edit', groups: ['devs'] }];
  expect(granted(groups, grants, { serviceAccounts })).toEqual([
    '| `jane` | `edit` | everywhere | grant `deploy`, in `devs` |',
    '| `service account ci` | `edit` | everywhere | grant `deploy`, in `devs` |',
  ]);
});

test('a role that comes directly and by a group is one line', () => {
  const grants = [
    { name: 'deploy', clusterRole: 'edit', groups: ['devs'] },
    { name: 'own', clusterRole: 'edit', people: ['jane'] },
    { name: 'inside', clusterRole: 'edit', people: ['jane'], namespaces: ['web'] },
  ];
  expect(granted({ devs: { members: ['jane'] } }, grants)).toEqual([
    '| `jane` | `edit` | everywhere | grant `deploy`, in `devs`; grant `own` |',
    '| `jane` | `edit` | namespace `web` | grant `inside` |',
  ]);
});

test('more clusters than a person reads get a line each', () => {
  const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const grants = [{ name: 'all', clusterRole: 'view', people: ['datosh'], clusters: '*' }];
  const clusters = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`c${i}`, cluster]));
  const text = textOf(configOf({ clusters, grants }));
  expect(text).toContain('| `homelab` | 1 | 2 | 1 |\n');
  expect(text).toContain('| `c59` | 1 | 1 | 0 |\n');
});

test('a cluster whose list nobody would read is said in figures', () => {
  const people = Object.fromEntries(
    Array.from({ length: 501 }, (_, i) => [
      `p${i}`,
      { displayName: `P${i}`, id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` },
    ]),
  );
  const text = textOf(
    configOf({
      people,
      groups: { k8s_users: { members: ['datosh', ...Object.keys(people)] } },
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: 'view', groups: ['k8s_users'] }] } },
    }),
  );
  expect(text).toContain('Too many to list: 502 people hold one grant. Of these people, 0 have cluster-admin.\n');
  expect(text.length).toBeLessThan(1000);
});

describe('the picture', () => {
  const lines = (text: string) => (/```mermaid\n([\s\S]*?)\n```/.exec(text)?.[1] ?? '').split('\n');
  const [kind, ...rest] = lines(textOf(team(['jane', 'joe'])));
  const nodes = rest.filter((line) => !line.includes('-->'));
  const edges = rest.filter((line) => line.includes('-->'));

  test('is a flowchart of nodes that are defined once, and edges between them', () => {
    expect(kind).toBe('flowchart LR');
    const ids = nodes.map(
      (line) => /^ {2}((?:person|group|role)_[0-9a-f]+)(\(".*"\)|\{\{".*"\}\}|\[".*"\])$/.exec(line)?.[1],
    );
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
    for (const edge of edges) {
      const [, from, to] = /^ {2}(\w+) --> (\w+)$/.exec(edge) ?? [];
      expect(ids).toEqual(expect.arrayContaining([from, to]));
    }
    expect(edges.length).toBeGreaterThan(3);
  });

  test('has no word that Mermaid keeps for itself as the name of a node', () => {
    for (const node of nodes) expect(node).not.toMatch(/^ {2}(end|graph|subgraph|class|click|style|default)\b/);
  });

  test('is left out where it would be a knot', () => {
    const names = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const people = Object.fromEntries(
      names.map((name, i) => [
        name,
        { displayName: name, id: `00000000-0000-4000-8000-${String(i + 100).padStart(12, '0')}` },
      ]),
    );
    const text = textOf(team(['jane', ...names], people));
    expect(text).toContain('| `p59` |');
    const many = configOf({
      people,
      groups: { k8s_users: { members: ['datosh', ...names] }, a: { members: names }, b: { members: names } },
      clusters: { homelab: { grants: ['a', 'b'].map((name) => ({ name, clusterRole: 'view', groups: [name] })) } },
    });
    expect(textOf(many)).not.toContain('mermaid');
  });
});

test('clusters added in another order than the config’s stand in its order all the same', () => {
  const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
  const config = configOf({ clusters: { other: { ...cluster, grants: [] } } });
  const access = new AccessMd(config);
  for (const one of [...config.clusters.values()].reverse()) {
    expect(access.has(one)).toBe(false);
    access.add(
      one,
      clusterFolders(config, one).flatMap(({ objects }) => objects),
    );
  }
  const { path, text } = access.artifact();
  expect(path).toBe('ACCESS.md');
  // The order is that of the config, not that in which the clusters were added.
  expect(text.match(/^## .*$/gm)).toEqual(['## `homelab`', '## `other`']);
  expect(text).toContain('| `datosh` | `cluster-admin` | everywhere | grant `oidc-cluster-admin` |\n');
});

test('holders who can sign in only if Kanidm lists them in a group of a scope map', () => {
  const text = (scopes: Record<string, string[]>) =>
    textOf(
      configOf({
        people: { jane: person(1) },
        groups: { k8s_users: { members: ['datosh'] }, ops: {}, visitors: {} },
        clients: { k8s: { scopes: { k8s_users: ['openid', 'groups'], ...scopes } } },
        clusters: {
          homelab: {
            grants: [
              { name: 'deploy', clusterRole: 'edit', people: ['jane', 'datosh'] },
              { name: 'read', clusterRole: 'view', groups: ['ops'] },
            ],
          },
        },
      }),
    );
  const unknown =
    "Only Kanidm knows whether the following can sign in, because the config puts them in no group of a client's scope map: ";
  expect(text({ visitors: ['openid'] })).toContain(
    `${unknown}\`every member of ops (only Kanidm knows the members)\`, \`jane\`.\n`,
  );
  expect(text({ ops: ['openid', 'groups'] })).toContain(`${unknown}\`jane\`.\n`);
  expect(text({ idm_all_persons: ['openid', 'groups'] })).not.toContain('Can sign in only if');
});

const hex = (text: string) => Buffer.from(text).toString('hex');

test('the section of a cluster, as a whole', () => {
  const config = configOf({
    kanidm: { version: '1.11.1', cluster: null, helm: null },
    people: { datosh: null, ann: person(1), jane: person(2), joe: person(3) },
    groups: {
      k8s_users: { members: ['ann', 'devs'] },
      devs: { members: [{ name: 'jane', until: '2027-01-31', reason: 'on *call*' }, 'kept'] },
      kept: {},
    },
    clients: { k8s: { scopes: { k8s_users: ['openid', 'groups_name'] } } },
    clusters: {
      homelab: {
        kubernetes: '1.34',
        authentication: { method: 'structured', groups: {} },
        jwt: ['https://ci.example.com/a|b', 'https://example.net'].map((url) => ({
          issuer: { url, audiences: ['a'] },
          claimMappings: { username: { claim: 'sub', prefix: 'ci:' } },
        })),
        grants: [
          { name: 'admins', clusterRole: 'cluster-admin', people: ['ann'] },
          { name: 'team', clusterRole: 'edit', groups: ['devs'], namespaces: ['web'], until: '2026-12-31' },
          { name: 'look', clusterRole: 'view', people: ['joe', 'ann'], subjects: { users: ['root'] } },
        ],
      },
    },
  });
  const access = new AccessMd(config);
  for (const cluster of config.clusters.values()) access.add(cluster, clusterObjects(config, cluster));
  const kept = 'every member of kept (only Kanidm knows the members)';
  const way =
    '`create a Kustomization in namespace web, which Flux applies as the service account flux-system/kustomize-controller`';
  expect(access.artifact().text).toBe(`# Who has what

Generated from kaniflux.yaml by Kaniflux: make changes there. \`kaniflux explain PERSON\` and \`kaniflux who-can\` print what
the roles allow.

## \`homelab\`

| Who | Role | Where | By |
|---|---|---|---|
| \`ann\` | \`cluster-admin\` | everywhere | grant \`admins\` |
| \`ann\` | \`view\` | everywhere | grant \`look\` |
| \`${kept}\` | \`edit\` | namespace \`web\` | grant \`team\` until 2026-12-31, in \`devs\` |
| \`jane\` | \`edit\` | namespace \`web\` | grant \`team\` until 2026-12-31, in \`devs\` until 2027-01-31 (on \\*call\\*) |
| \`joe\` | \`view\` | everywhere | grant \`look\` |
| \`user root\` | \`view\` | everywhere | grant \`look\` |

\`\`\`mermaid
flowchart LR
  group_${hex('devs')}{{"devs"}}
  person_${hex('ann')}("ann")
  person_${hex(kept)}("every member of kept #40;only Kanidm knows the members#41;")
  person_${hex('jane')}("jane")
  person_${hex('joe')}("joe")
  person_${hex('user root')}("user root")
  role_${hex('cluster-admin')}["cluster-admin"]
  role_${hex('edit in web')}["edit in web"]
  role_${hex('view')}["view"]
  group_${hex('devs')} --> role_${hex('edit in web')}
  person_${hex('ann')} --> role_${hex('cluster-admin')}
  person_${hex('ann')} --> role_${hex('view')}
  person_${hex(kept)} --> group_${hex('devs')}
  person_${hex('jane')} --> group_${hex('devs')}
  person_${hex('joe')} --> role_${hex('view')}
  person_${hex('user root')} --> role_${hex('view')}
\`\`\`

Only Kanidm knows whether the following can sign in, because the config puts them in no group of a client's scope map: \`joe\`.

Who can become cluster-admin step by step, and the shortest way (\`kaniflux who-can become cluster-admin\` also lists other ways):

- \`${kept}\`: ${way}
- \`jane\`: ${way}

Kaniflux does not know the following users and groups, so roles that bindings give to them may be missing here: the users and groups of the issuer https://ci.example.com/ab; the users and groups of the issuer https://example.net.
`);
});

describe('the limits of ACCESS.md', () => {
  const config = configOf({});
  const homelab = entry(config.clusters, 'homelab');
  const bound = (role: string, names: string[], more: object = {}) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: role },
    subjects: names.map((name) => ({ kind: 'User', name })),
    ...more,
  });
  const sectionOf = (names: string[]) => {
    const access = new AccessMd(config);
    access.add(homelab, [bound('missing', names)]);
    return access.artifact().text.split('\n').slice(5);
  };
  const many = (count: number) => Array.from({ length: count }, (_, i) => `u${i}`);

  test('a cluster without holders', () => {
    expect(sectionOf([])).toEqual(['## `homelab`', '', 'Nobody is granted anything.', '']);
  });

  test('a cluster with one holder who can become nothing else', () => {
    expect(sectionOf(['a'])).toEqual([
      '## `homelab`',
      '',
      '| Who | Role | Where | By |',
      '|---|---|---|---|',
      '| `user a` | `missing` | everywhere | grant `b` |',
      '',
      '```mermaid',
      'flowchart LR',
      `  person_${hex('user a')}("user a")`,
      `  role_${hex('missing')}["missing"]`,
      `  person_${hex('user a')} --> role_${hex('missing')}`,
      '```',
      '',
    ]);
  });

  test('a name with `|` stays in its cell', () => {
    expect(sectionOf(['a|b'])[4]).toBe('| `user a\\|b` | `missing` | everywhere | grant `b` |');
  });

  test('100 edges are a picture, and 101 are not', () => {
    expect(sectionOf(many(100)).filter((line) => line.includes(' --> '))).toHaveLength(100);
    expect(sectionOf(many(101)).filter((line) => /mermaid| --> /.test(line))).toEqual([]);
  });

  test('500 rows are a table, and 501 are not', () => {
    expect(sectionOf(many(500)).filter((line) => line.startsWith('| `user u'))).toHaveLength(500);
    expect(sectionOf(many(501))).toEqual([
      '## `homelab`',
      '',
      'Too many to list: 501 people hold one grant. Of these people, 0 have cluster-admin.',
      '',
    ]);
  });

  test('groups of unknown size are not counted as people', () => {
    const access = new AccessMd(config);
    const groups = (...names: string[]) => ({ subjects: names.map((name) => ({ kind: 'Group', name })) });
    access.add(homelab, [
      bound('view', many(501)),
      bound('view', [], groups('a', 'b')),
      bound('cluster-admin', [], groups('a')),
      bound('cluster-admin', ['u0']),
    ]);
    expect(access.artifact().text.split('\n')).toContain(
      'Too many to list: 501 people and the members of 2 groups hold one grant. Of these people, 1 and the members of 1 group have cluster-admin.',
    );
  });

  const fleet = (count: number) => {
    const clusters = many(count).map((name) => [name, { ...homelab, name }] as const);
    return { ...config, clusters: new Map(clusters) };
  };

  test('50 clusters have sections, and 51 have lines, in which each subject counts once', () => {
    const objects = [
      bound('view', ['a', 'b']),
      bound('cluster-admin', ['a']),
      bound('cluster-admin', ['c'], { kind: 'RoleBinding', metadata: { name: 'c', namespace: 'web' } }),
      bound('edit', [], { subjects: [{ kind: 'Group', name: 'a' }] }),
      bound('edit', [], { subjects: undefined }),
    ];
    const [few, more] = [50, 51].map((count) => {
      const all = fleet(count);
      const access = new AccessMd(all);
      const [first] = all.clusters.values();
      if (first) access.add(first, objects);
      return access.artifact().text.split('\n').slice(4);
    });
    expect(few?.[1]).toBe('## `u0`');
    expect(more).toEqual([
      '',
      '| Cluster | People | Grants | cluster-admin |',
      '|---|---|---|---|',
      '| `u0` | 3 and the members of 1 group | 1 | 1 |',
      '',
    ]);
  });

  test('a cluster that is left out has no text', () => {
    const access = new AccessMd(config);
    expect(access.has(homelab)).toBe(false);
    access.leaveOut(homelab);
    expect(access.has(homelab)).toBe(true);
    expect(access.artifact().text.split('\n').slice(5)).toEqual(['']);
  });
});
