import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../lib/config/config';
import { accessDiff } from '../../lib/diff/access-changes';
import { asJson, asMarkdown, asText } from '../../lib/diff/diff-format';
import { fieldChanges } from '../../lib/diff/field-changes';
import { fileDiff } from '../../lib/diff/file-changes';
import { accessLines } from '../../lib/diff/line-changes';
import { live } from '../../lib/diff/live-diff';
import { objectDiff } from '../../lib/diff/object-changes';
import { rendered } from '../../lib/diff/side';
import { gitReaders, RevisionError } from '../../lib/existing/git';
import { configOf } from '../config';

const jane = { displayName: 'Jane Doe', id: '00000000-0000-4000-8000-000000000001' };
const joe = { displayName: 'Joe', id: '00000000-0000-4000-8000-000000000002' };
/** The home lab with a nested group whose outer one is cluster-admin. */
const team = (
  { people = {}, groups = {}, ...change }: Record<string, Record<string, unknown>> = {},
  cluster: Record<string, unknown> = {},
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
    },
    ...change,
  });
const said = (before: Config, after: Config) => accessLines(accessDiff(rendered(before), rendered(after)));
const inDevs = { groups: { devs: { members: ['jane'] } } };

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
      '+ every member of devs (kept in Kanidm) may do everything on homelab (cluster-admin, by k8s_admins): who is in devs is no longer said in the config',
    );
  });

  test('a renamed person is the same person', () => {
    const after = team(
      {
        people: { jane: null, janet: jane },
        groups: { devs: { members: [] }, k8s_users: { members: ['datosh', 'janet'] } },
      },
      {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
          { name: 'look', clusterRole: 'view', people: ['janet'], namespaces: ['web'] },
        ],
      },
    );
    expect(said(team(), after)).toEqual([]);
  });
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
      '+ joe may do what everybody who is signed in may on homelab: joe is new in the config',
      '- jane may no longer do what everybody who is signed in may on homelab: jane is gone in the config',
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

  test('what a server fills in is left out where only the written is compared', () => {
    expect(fieldChanges({ a: 1, uid: 'x' }, { a: 1 }, 'written')).toEqual([]);
    expect(fieldChanges({ a: 1, uid: 'x' }, { a: 1 })).toEqual([{ path: 'uid', before: 'x' }]);
  });
});

describe('the forms', () => {
  const before = team();
  const after = team(inDevs);
  const diff = {
    access: accessDiff(rendered(before), rendered(after)),
    objects: objectDiff(rendered(before), rendered(after)),
  };

  test('Markdown shows the cluster role that a new member of a nested group gains', () => {
    expect(diff.objects).toEqual([]);
    const text = asMarkdown(diff);
    expect(text).toContain('### Gained');
    expect(text).toMatch(/jane may do everything on homelab \\\(cluster\\-admin, by k8s\\_admins through devs\\\)/);
  });

  test('Markdown says once what two bindings of Kubernetes give, with the mark of the more dangerous', () => {
    const text = asMarkdown({
      access: accessDiff(
        rendered(team()),
        rendered(team({ people: { joe }, groups: { k8s_users: { members: ['datosh', 'jane', 'joe'] } } })),
      ),
      objects: [],
    });
    const lines = text.split('\n').filter((line) => line.includes('what everybody who is signed in may'));
    expect(lines).toEqual([expect.stringMatching(/^- 🟡 joe /)]);
  });

  test('Markdown stays under its limit, the most dangerous first, and counts what it leaves out', () => {
    const many = team(
      {
        people: Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [
            `p${i}`,
            { ...jane, id: `00000000-0000-4000-8000-0000000001${String(i).padStart(2, '0')}` },
          ]),
        ),
        groups: {
          k8s_users: { members: ['datosh', 'jane', ...Array.from({ length: 40 }, (_, i) => `p${i}`)] },
          devs: { members: ['jane'] },
        },
      },
      {
        grants: [
          { name: 'oidc-cluster-admin', clusterRole: 'cluster-admin', groups: ['k8s_admins'] },
          { name: 'look', clusterRole: 'view', people: Array.from({ length: 40 }, (_, i) => `p${i}`) },
        ],
      },
    );
    const text = asMarkdown({ access: accessDiff(rendered(before), rendered(many)), objects: [] }, 3000);
    expect(text.length).toBeLessThanOrEqual(3000);
    expect(text).toMatch(/… and \d+ more lines/);
    expect(text.split('\n').find((line) => line.startsWith('- '))).toContain('jane may do everything');
  });

  test('text and JSON', () => {
    expect(asText(diff)).toBe(
      'Access\n  + jane may do everything on homelab (cluster-admin, by k8s_admins through devs): jane is now in devs\n',
    );
    expect(JSON.parse(asJson(diff)).access[0]).toMatchObject({
      change: 'gained',
      danger: 'everything',
      groups: ['devs', 'k8s_admins'],
    });
    expect(asText({ access: [], objects: [] })).toBe('No differences.\n');
  });

  test('files on request', () => {
    const paths = fileDiff(before, team({}, { kubeconfig: { user: 'other' } })).map(({ path }) => path);
    expect(paths).toContain('kubeconfigs/homelab.yaml');
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
      objects: require('../../lib/diff/object-changes').objectChanges('homelab', both.before, both.after, 'written'),
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
      metadata: { name: 'old', labels: { 'kustomize.toolkit.fluxcd.io/name': 'kaniflux-access' } },
    };
    expect(compare([...applied, old as never]).objects).toMatchObject([
      { change: 'removed', object: expect.stringContaining(' old') },
    ]);
  });
});

describe('a git revision', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaniflux-git-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  beforeAll(() => {
    git('init', '-q');
    execFileSync('mkdir', ['-p', join(folder, 'clusters')]);
    writeFileSync(join(folder, 'a.yaml'), 'old');
    writeFileSync(join(folder, 'clusters', 'one.yaml'), 'one');
    writeFileSync(join(folder, 'clusters', 'two ü.yaml'), 'two');
    git('add', '.');
    git('commit', '-qm', 'first');
    writeFileSync(join(folder, 'a.yaml'), 'new');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read without touching the work tree', () => {
    expect(Buffer.from(gitReaders('HEAD')(folder).read('./a.yaml')).toString()).toBe('old');
  });

  test('lists folders and reads what it listed', () => {
    const reader = gitReaders('HEAD')(folder);
    expect(reader.list('clusters')).toEqual(['clusters/one.yaml', 'clusters/two ü.yaml']);
    expect(Buffer.from(reader.read('clusters/two ü.yaml')).toString()).toBe('two');
    expect(reader.list('')).toHaveLength(3);
  });

  test.each([
    ['nothing', 'git knows no revision'],
    ['--output=x', 'git knows no revision'],
  ])('%s is no revision', (revision, message) => {
    expect(() => gitReaders(revision)(folder)).toThrow(RevisionError);
    expect(() => gitReaders(revision)(folder)).toThrow(message);
  });

  test('a file that is not in it', () => {
    expect(() => gitReaders('HEAD')(folder).read('b.yaml')).toThrow('b.yaml is not in HEAD');
  });
});
