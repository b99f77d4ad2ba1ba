import type { Config } from '../../lib/config/config';
import { accessDiff } from '../../lib/diff/access-changes';
import { asJson, asText } from '../../lib/diff/diff-format';
import { asMarkdown } from '../../lib/diff/diff-markdown';
import { fieldChanges } from '../../lib/diff/field-changes';
import { accessLines } from '../../lib/diff/line-changes';
import { live } from '../../lib/diff/live-diff';
import { objectChanges, objectDiff } from '../../lib/diff/object-changes';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const jane = { displayName: 'Jane Doe', id: '00000000-0000-4000-8000-000000000001' };
const joe = { displayName: 'Joe', id: '00000000-0000-4000-8000-000000000002' };
/** The home lab with a nested group. The outer group is cluster-admin. */
const team = (
  { people = {}, groups = {}, ...change }: Record<string, Record<string, unknown>> = {},
  cluster: Record<string, unknown> = {},
  clusters: Record<string, unknown> = {},
) =>
  configOf({
    people: { jane, ...people },
    groups: {
      devs: { members: [] },
      k8s_admins: { members: ['devs', 'datosh'] },
      k8s_users: { members: ['datosh', 'jane'] },
      ...groups,
    },
    clusters: {
      homelab: {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
          { name: 'look', clusterRole: 'view', people: ['jane'], namespaces: ['web'] },
        ],
        ...cluster,
      },
      ...clusters,
    },
    ...change,
  });
const said = (before: Config, after: Config) => accessLines(accessDiff(rendered(before), rendered(after)));
const inDevs = { groups: { devs: { members: ['jane'] } } };

/** The team in which jane has another name and the same UUID. */
const renamed = (name: string, kanidm: Record<string, unknown> = {}, person: Record<string, unknown> = jane) =>
  configOf({
    kanidm,
    people: { [name]: person },
    groups: {
      devs: { members: [name] },
      k8s_admins: { members: ['devs', 'datosh'] },
      k8s_users: { members: ['datosh', name] },
    },
    clusters: {
      homelab: { grants: [{ name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] }] },
    },
  });

describe('access in plain words', () => {
  test('somebody new in a nested group gains what the outer one has', () => {
    expect(said(team(), team(inDevs))).toEqual([
      '+ jane may do everything on homelab (cluster-admin, by k8s_admins through devs): jane is now in devs',
    ]);
  });

  test('and loses it when taken out', () => {
    expect(said(team(inDevs), team())).toEqual([
      '- jane may no longer do everything on homelab (cluster-admin, by k8s_admins through devs): jane is no longer in devs',
    ]);
  });

  test('what is held anyway is neither gained nor lost', () => {
    const grants = [
      { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
      { name: 'again', clusterRole: 'view', people: ['datosh'] },
    ];
    expect(
      said(
        team(),
        team({}, { grants: [...grants, { name: 'look', clusterRole: 'view', people: ['jane'], namespaces: ['web'] }] }),
      ),
    ).toEqual([]);
  });

  test('a grant that names another role', () => {
    const grants = [
      { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
      { name: 'look', clusterRole: 'edit', people: ['jane'], namespaces: ['web'] },
    ];
    const [gain, ...others] = said(team(), team({}, { grants }));
    expect(gain).toMatch(
      /^\+ jane may .*read Secrets.* in namespace web on homelab \(edit\): the grant look gives edit in place of view$/,
    );
    expect(others).toEqual([]);
  });

  test('a role of our own that allows more', () => {
    const with_ = (verbs: string[]) =>
      team(
        { roles: { seer: { rules: [{ resources: ['secrets'], verbs }] } } },
        { grants: [{ name: 'see', clusterRole: 'seer', people: ['jane'] }] },
      );
    expect(said(with_(['delete']), with_(['delete', 'get']))).toEqual([
      '+ jane may read Secrets on homelab (seer): the role seer allows more',
    ]);
  });

  test('a changed prefix changes subjects and nobody’s access', () => {
    const after = team({}, { authentication: { method: 'flags', prefix: 'kanidm:', groups: { prefix: 'oidc:' } } });
    expect(said(team(), after)).toEqual([]);
    expect(objectDiff(rendered(team()), rendered(after)).map(({ object }) => object)).toEqual([
      'ClusterRoleBinding.rbac.authorization.k8s.io oidc-cluster-admin',
      'RoleBinding.rbac.authorization.k8s.io web/look',
    ]);
  });

  test('a group whose members Kanidm keeps is named as such', () => {
    expect(said(team(), team({ groups: { devs: {}, k8s_users: { members: ['datosh', 'jane', 'devs'] } } }))).toContain(
      '+ every member of devs (only Kanidm knows the members) may do everything on homelab (cluster-admin, by k8s_admins): the config no longer lists the members of devs',
    );
  });

  test('a renamed person is the same person where Kanidm renames by the UUID', () => {
    const named = (name: string) => renamed(name, { version: '1.11.1', provision: 'migrations' });
    expect(said(named('jan'), named('janet'))).toEqual([]);
  });

  test('by the UUID that the config gives, too, and by `formerly` alone only where the UUID follows from it', () => {
    expect(said(renamed('jan'), renamed('janet'))).toEqual([]);
    const formerly = { displayName: 'Jane Doe', formerly: 'jan' };
    expect(said(renamed('jan', {}, { displayName: 'Jane Doe' }), renamed('janet', {}, formerly))).toContain(
      '+ janet may do everything on homelab (cluster-admin, by k8s_admins through devs): janet is new in the config, and the runbook renames jan to janet',
    );
  });
});

test('gains come in an order that does not depend on the order of the config: the whole cluster first', () => {
  const roles = { seer: { rules: [{ resources: ['secrets'], verbs: ['get'] }] } };
  const see = (name: string, ...namespaces: string[]) => ({ name, clusterRole: 'seer', people: ['jane'], namespaces });
  const grants = [see('d', 'db'), see('a', 'api'), see('c', 'cache'), see('b', 'web')];
  const whole = { name: 'all', clusterRole: 'seer', people: ['datosh'] };
  const found = (...all: object[]) =>
    accessDiff(rendered(team({ roles }, { grants: [] })), rendered(team({ roles }, { grants: all })))
      .filter(({ danger }) => danger === 'secrets')
      .map(({ who, held }) => `${who.name} ${held.namespace}`);
  const order = ['datosh undefined', 'jane api', 'jane cache', 'jane db', 'jane web'];
  expect(found(...grants, whole)).toEqual(order);
  expect(found(whole, ...grants.toReversed())).toEqual(order);
});

describe('who is who', () => {
  const named = (name: string, person: Record<string, unknown>, kanidm: Record<string, unknown> = {}) =>
    configOf({
      kanidm,
      people: { [name]: { displayName: 'Jane Doe', ...person } },
      groups: { k8s_users: { members: ['datosh', name] } },
      clusters: { homelab: { grants: [{ name: 'all', clusterRole: 'cluster-admin', people: [name] }] } },
    });
  const provisioned = { version: '1.11.1', provision: 'migrations' };
  const everything = (before: Config, after: Config) =>
    said(before, after).filter((line) => line.includes('everything'));

  test('a name that somebody with another UUID takes is a gain of theirs, and a loss of who had it', () => {
    const [one, other] = ['1', '9'].map((end) => named('jane', { id: `00000000-0000-4000-8000-00000000000${end}` }));
    expect(everything(one as Config, other as Config)).toEqual([
      '+ jane may do everything on homelab (cluster-admin): jane is another account than before, with another UUID',
      '- jane may no longer do everything on homelab (cluster-admin): jane is another account from now on, with another UUID',
    ]);
  });

  test('so is an account that is made anew', () => {
    const lines = everything(named('jane', {}, provisioned), named('jane', { incarnation: 2 }, provisioned));
    expect(lines).toHaveLength(2);
  });

  test('a rename by `formerly` is none, also where it was left in', () => {
    const before = named('jane', {}, provisioned);
    const after = named('janet', { formerly: 'jane' }, provisioned);
    expect(said(before, after)).toEqual([]);
    expect(said(after, after)).toEqual([]);
  });

  test('what everybody may who is signed in is one line', () => {
    expect(said(named('jane', jane), named('joe', { id: '00000000-0000-4000-8000-000000000002' }))).toEqual([
      expect.stringMatching(/^\+ joe may do everything on homelab/),
      expect.stringMatching(/^- jane may no longer do everything on homelab/),
      '+ joe may do what every signed-in user may do on homelab: joe is new in the config',
      '- jane may no longer do what every signed-in user may do on homelab: jane is no longer in the config',
    ]);
  });
});

describe('fields', () => {
  test('lists are compared by what names their entries, not by place', () => {
    const a = {
      subjects: [
        { kind: 'User', name: 'a' },
        { kind: 'User', name: 'b' },
      ],
    };
    const b = {
      subjects: [
        { kind: 'User', name: 'b' },
        { kind: 'User', name: 'c' },
      ],
    };
    expect(fieldChanges(a, b)).toEqual([
      { path: 'subjects[User/a]', before: { kind: 'User', name: 'a' } },
      { path: 'subjects[User/c]', after: { kind: 'User', name: 'c' } },
    ]);
  });

  test('a field inside of an entry', () => {
    const env = (value: string) => ({ containers: [{ name: 'kanidm', env: [{ name: 'A', value }] }] });
    expect(fieldChanges(env('1'), env('2'))).toEqual([
      { path: 'containers[kanidm].env[A].value', before: '1', after: '2' },
    ]);
  });

  test('the order of verbs is nothing, the order of arguments is something', () => {
    expect(fieldChanges({ verbs: ['get', 'list'] }, { verbs: ['list', 'get'] })).toEqual([]);
    expect(fieldChanges({ args: ['a', 'b'] }, { args: ['b', 'a'] })).toHaveLength(1);
  });

  test('the claims of a StatefulSet are matched by name, whatever the API server has filled in', () => {
    const claim = (size: string) => ({
      metadata: { name: 'db' },
      spec: { resources: { requests: { storage: size } } },
    });
    const spec = (...volumeClaimTemplates: object[]) => ({ spec: { volumeClaimTemplates } });
    const live = spec({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'db' },
      spec: { ...claim('2Gi').spec, volumeMode: 'Filesystem' },
      status: { phase: 'Pending' },
    });
    expect(fieldChanges(live, spec(claim('2Gi')), 'written')).toEqual([]);
    expect(fieldChanges(live, spec(claim('5Gi')), 'written')).toEqual([
      { path: 'spec.volumeClaimTemplates[db].spec.resources.requests.storage', before: '2Gi', after: '5Gi' },
    ]);
    expect(fieldChanges(live, spec(claim('2Gi'), { metadata: { name: 'backup' } }), 'written')).toEqual([
      { path: 'spec.volumeClaimTemplates[backup]', after: { metadata: { name: 'backup' } } },
    ]);
  });

  test('a route is as written where the API server has filled in kinds and weights', () => {
    const route = (port: number) => ({
      spec: { parentRefs: [{ name: 'web' }], rules: [{ backendRefs: [{ name: 'kanidm', port }] }] },
    });
    const live = {
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' }],
        rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'kanidm', port: 443, weight: 1 }] }],
      },
    };
    expect(fieldChanges(live, route(443), 'written')).toEqual([]);
    expect(fieldChanges(live, route(8443), 'written')).not.toEqual([]);
  });

  test('a migration whose number changes is compared with itself', () => {
    const map = (data: Record<string, unknown>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, JSON.stringify(value)])),
    });
    const fieldsOf = (before: object, after: object) =>
      objectChanges('lab', [before], [after]).flatMap(({ fields }) => fields.map(({ path }) => path));
    expect(fieldsOf(map({ '20-0000-a.json': { x: 1 } }), map({ '20-0001-a.json': { x: 2 } }))).toEqual([
      'name of data."20-0001-a.json"',
      'data."20-0001-a.json".x',
    ]);
    // Two keys are removed and one is added. It is unknown which of the two was renamed, so none counts as renamed.
    expect(fieldsOf(map({ '1-a.json': 1, '2-a.json': 2 }), map({ '3-a.json': 1 })).length).toBe(3);
    expect(fieldsOf(map({ '1-a.json': 1 }), map({ '1-b.json': 1 })).length).toBe(2);
    expect(fieldsOf(map({ 'a.json': 1 }), map({ '1-a.json': 1 }))).toEqual(['name of data."1-a.json"']);
  });

  test('a rule of a role that only the cluster narrows is another rule', () => {
    const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
    const live = { rules: [{ ...rule, resourceNames: ['one'] }] };
    expect(fieldChanges(live, { rules: [rule] }, 'written')).toHaveLength(2);
  });

  test('what a server fills in is left out where only the written is compared', () => {
    expect(fieldChanges({ a: 1, uid: 'x' }, { a: 1 }, 'written')).toEqual([]);
    expect(fieldChanges({ a: 1, uid: 'x' }, { a: 1 })).toEqual([{ path: 'uid', before: 'x' }]);
  });
});

describe('the forms', () => {
  const before = team();
  const after = team(inDevs);
  const review = (one: Config, other: Config) => reviewDiff({ before: rendered(one), after: rendered(other) });
  const diff = review(before, after);
  const sentence = 'jane may do everything on homelab (cluster-admin, by k8s_admins through devs): jane is now in devs';

  test('Markdown shows the cluster role that a new member of a nested group gains, first', () => {
    expect(diff.objects).toEqual([]);
    const [first] = asMarkdown(diff)
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(first).toMatch(
      /^- 🔴 jane may do everything on homelab \\\(cluster\\-admin, by k8s\\_admins through devs\\\)/,
    );
  });

  test('what two bindings of Kubernetes give everybody is said once', () => {
    const joined = { people: { joe }, groups: { k8s_users: { members: ['datosh', 'jane', 'joe'] } } };
    const lines = asMarkdown(review(team(), team(joined)))
      .split('\n')
      .filter((line) => line.includes('what every signed\\-in user may do'));
    expect(lines).toEqual([expect.stringMatching(/^- joe /)]);
  });

  test('the same on many clusters is one line', () => {
    const fleet = (members: string[]) => {
      const cluster = {
        server: 'https://192.0.2.10:6443',
        kubernetes: '1.34',
        client: 'k8s',
        controlPlane: 'kubeadm',
        grants: [{ name: 'admins', clusterRole: 'cluster-admin', groups: ['devs'] }],
      };
      return configOf({
        people: { jane },
        groups: { devs: { members: ['datosh', ...members] }, k8s_users: { members: ['datosh', 'jane'] } },
        clusters: {
          homelab: { ...cluster, grants: [] },
          ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`c${i}`, cluster])),
        },
      });
    };
    const gains = asText(review(fleet([]), fleet(['jane'])))
      .split('\n')
      .filter((line) => line.includes('jane may do everything'));
    expect(gains).toEqual([
      '  🔴 + jane may do everything on c0, c1, c2, c3, c4, c5, c6, c7, c8 and c9 (cluster-admin, by devs): jane is now in devs',
    ]);
  });

  describe('a grant in several namespaces', () => {
    const look = (...grants: Record<string, unknown>[]) =>
      team({}, { grants: grants.map((grant) => ({ clusterRole: 'edit', people: ['datosh'], ...grant })) });
    const gains = (after: Config) =>
      asText(review(look(), after))
        .split('\n')
        .filter((line) => line.includes('datosh may '))
        .map((line) => line.replace(/^.*? in (namespaces? .*? on homelab) .*: /, '$1: '));

    test('is one line', () => {
      expect(gains(look({ name: 'a', namespaces: ['web', 'api', 'db'] }))).toEqual([
        'namespaces api, db and web on homelab: the grant a is new',
      ]);
    });

    test('two grants are two lines', () => {
      expect(gains(look({ name: 'a', namespaces: ['web'] }, { name: 'b', namespaces: ['api'] })).sort()).toEqual([
        'namespace api on homelab: the grant b is new',
        'namespace web on homelab: the grant a is new',
      ]);
    });

    test('a right that is held in one of them already is named for the others', () => {
      const before = look({ name: 'a', namespaces: ['web'] });
      const lines = asText(review(before, look({ name: 'a', namespaces: ['web', 'api'] }))).split('\n');
      expect(lines.filter((line) => line.includes('datosh may '))).toEqual([
        expect.stringMatching(/ in namespace api on /),
      ]);
    });
  });

  test('a rename is one statement: references follow it, and kubeconfigs stay', () => {
    const renames = review(renamed('jane'), renamed('jill'));
    const text = asText(renames);
    expect(text).toContain('person jane is renamed to jill: the same account');
    expect(text).not.toContain('the members of group');
    expect(renames.afterMerging?.flatMap(({ commands }) => commands).join('\n')).not.toContain('kubeconfig');
    const joins = asText(review(renamed('jane'), renamed('jill', {}, { ...jane, id: joe.id })));
    expect(joins).toContain('the members of group devs changed (added jill; removed jane)');
  });

  test('a rename is part of the statement about a gain, and has its own if the access stays', () => {
    const nobody = (name: string) =>
      configOf({ people: { [name]: jane }, groups: { k8s_users: { members: ['datosh', name] } } });
    const own = 'the account jane is renamed to jill';
    const gains = asText(review(nobody('jane'), renamed('jill')));
    expect(gains).toContain('the account jane (which becomes jill) may do everything on homelab');
    expect(gains).not.toContain(own);
    expect(asText(review(renamed('jane'), renamed('jill')))).toContain(own);
  });

  test('a cluster that leaves keeps its access until somebody deletes its objects', () => {
    const with2 = (names: string[]) => {
      const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
      const grants = [{ name: 'admins', clusterRole: 'cluster-admin', groups: ['k8s_admins'] }];
      return team({}, {}, Object.fromEntries(names.map((name) => [name, { ...cluster, grants }])));
    };
    const text = asText(review(with2(['edge']), with2([])));
    expect(text).toMatch(
      /- datosh may still do everything on edge .*, but only until somebody deletes the objects that give this access: /,
    );
    expect(text).not.toMatch(/datosh may (still|no longer) .* on homelab/);
  });

  test('and managers and ways of others stay', () => {
    const cluster = { server: 'https://192.0.2.10:6443', kubernetes: '1.34', client: 'k8s', controlPlane: 'kubeadm' };
    const edit = { name: 'work', clusterRole: 'edit', people: ['datosh'], namespaces: ['web'] };
    const grants = [{ name: 'admins', clusterRole: 'cluster-admin', groups: ['devs'] }, edit];
    const managed = (clusters: Record<string, unknown>) =>
      team(
        {
          kanidm: { version: '1.11.1' },
          groups: { devs: { members: [], managedBy: 'jane' }, k8s_users: { members: ['datosh', 'jane', 'devs'] } },
        },
        { grants: [] },
        clusters,
      );
    const text = asText(review(managed({ edge: { ...cluster, grants } }), managed({})));
    expect(text).toMatch(
      /- jane can still add members to devs, .* on edge .*, but only until somebody deletes the objects /,
    );
    expect(text).toMatch(
      /- datosh can still become cluster-admin on edge, .*, but only until somebody deletes the objects /,
    );
    expect(text).not.toMatch(/(jane|datosh) can no longer/);
  });

  test('Markdown stays under its limit, the most dangerous first, and counts what it leaves out', () => {
    const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const many = team(
      {
        people: Object.fromEntries(
          names.map((name, i) => [
            name,
            { ...jane, id: `00000000-0000-4000-8000-0000000001${String(i).padStart(2, '0')}` },
          ]),
        ),
        groups: { k8s_users: { members: ['datosh', 'jane', ...names] }, devs: { members: ['jane'] } },
      },
      {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
          { name: 'look', clusterRole: 'view', people: names },
        ],
      },
    );
    const text = asMarkdown(review(before, many), {}, 4000);
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(text).toMatch(/… and \d+ more: run `kaniflux diff`/);
    expect(text).toContain('### After merging');
    expect(text.split('\n').find((line) => line.startsWith('- '))).toContain('jane may do everything');
  });

  test('text and JSON', () => {
    const text = asText(diff);
    expect(text).toContain(`Can give full control of a cluster\n  🔴 + ${sentence}\n`);
    expect(text).toMatch(
      /\nAfter merging\n {2}Flux applies the objects of the clusters by itself\. Everything else changes only when.*\n {2}1\. Change Kanidm/,
    );
    expect(text).toContain('     kanidm group add-members devs jane\n');
    const json = JSON.parse(asJson(diff));
    expect(json.access[0]).toMatchObject({ change: 'gained', danger: 'everything', groups: ['devs', 'k8s_admins'] });
    expect(json.statements[0]).toEqual({
      part: 'access',
      level: 'high',
      change: 'added',
      clusters: ['homelab'],
      details: [],
      danger: 'everything',
      text: sentence,
    });
    for (const form of [asText, asMarkdown])
      expect(form(review(before, team()))).toMatch(/^(## .*\n\n)?No differences\.\n$/);
  });

  test('every changed file, with its lines on request', () => {
    const changed = review(before, team({}, { kubeconfig: { user: 'other' } }));
    expect(changed.files.map(({ path }) => path)).toEqual(['kubeconfigs/homelab.yaml']);
    expect(asText(changed)).toContain('  ~ dist/kubeconfigs/homelab.yaml (lines: +2 -2)\n');
    expect(asText(changed, { lines: true })).toContain('      +   - name: other\n');
  });
});

describe('a live cluster', () => {
  const config = team();
  const ours = rendered(config).objects('homelab') as { kind: string; metadata: Record<string, unknown> }[];
  const applied = ours.map((object) => ({
    ...object,
    metadata: { ...object.metadata, uid: 'x', labels: { 'kustomize.toolkit.fluxcd.io/name': 'kaniflux-access' } },
  }));
  const server = (objects: readonly { kind: string }[]) => (args: readonly string[], input?: string) => {
    if (!input) return JSON.stringify({ kind: 'List', items: objects.filter(({ kind }) => /Role/.test(kind)) });
    const asked = (JSON.parse(input) as { items: { kind: string; metadata: { name: string } }[] }).items;
    if (asked.some(({ kind }) => kind === 'HelmRelease') && !objects.some(({ kind }) => kind === 'HelmRelease')) {
      throw new Error(`kubectl ${args[0]}: no matches for kind "HelmRelease"`);
    }
    const items = objects.filter((object) =>
      asked.some(
        (one) => one.kind === object.kind && one.metadata.name === (object as never as typeof one).metadata.name,
      ),
    );
    return items.length === 0 ? '' : JSON.stringify(items.length === 1 ? items[0] : { kind: 'List', items });
  };
  const compare = (objects: readonly { kind: string }[]) => {
    const { before, after, objects: both } = live(config, 'homelab', server(objects));
    return {
      access: accessDiff(before, after),
      objects: objectChanges('homelab', both.before, both.after, 'written'),
    };
  };

  test('to which all is applied shows nothing', () => {
    expect(compare(applied)).toEqual({ access: [], objects: [] });
  });

  test('in which a binding was made by hand without our annotations shows nothing either', () => {
    const byHand = applied.map((object) => ({ ...object, metadata: { ...object.metadata, annotations: {} } }));
    expect(compare(byHand as never)).toEqual({ access: [], objects: [] });
  });

  test('that is empty gains everything', () => {
    const { objects } = compare([]);
    expect(objects.every(({ change }: { change: string }) => change === 'added')).toBe(true);
    expect(objects).toHaveLength(ours.length);
  });

  test('where a binding of ours is no longer in the config: Flux takes it away', () => {
    const old = {
      ...applied.find(({ kind }) => kind === 'ClusterRoleBinding'),
      metadata: {
        name: 'old',
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'kaniflux-access',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      },
    };
    expect(compare([...applied, old as never]).objects).toMatchObject([
      { change: 'removed', object: expect.stringContaining(' old') },
    ]);
  });
});

test('a changed .sourceignore is reported, also if nothing else changed', () => {
  const side = rendered(configOf());
  const text = asText(reviewDiff({ before: side, after: side, sourceIgnores: ['../.sourceignore'] }));
  expect(text).toContain(
    '🟠 ~ ../.sourceignore changed: Flux leaves the files that match a pattern in this file out of the source. If these include files below dist/, Flux does not apply changes in them, and access that the change takes away can stay',
  );
  expect(asText(reviewDiff({ before: side, after: side }))).toBe('No differences.\n');
});
