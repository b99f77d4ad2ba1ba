import { Subjects } from '../../lib/adopt/adopt-subjects';
import type { Others } from '../../lib/adopt/named';
import type { Issuer, NameMapping } from '../../lib/existing/api-server-issuers';
import { claim, foreign, group, identities, issuer, jane, lost, nobody, noOthers, user, world } from './worlds';

const other = (host: string, username?: NameMapping, groups?: NameMapping): Issuer => ({
  ...issuer(username, groups),
  url: `https://${host}`,
});
const own = issuer(claim('sub', 'k:'), claim('groups', 'k:'));
const subjectsOf = (others: Others = noOthers, ...issuers: readonly Issuer[]) =>
  new Subjects(
    (issuers.length > 0 ? issuers : [own]).map((one) => world(one)),
    others,
    [],
  );

describe('a subject that is no name of a token', () => {
  const subjects = subjectsOf();

  test('is a service account of Kubernetes, with its namespace or that of the binding', () => {
    const robot = { kind: 'ServiceAccount', name: 'robot' };
    expect(subjects.named({ ...robot, namespace: 'ci' }, 'web')).toEqual(
      foreign('a service account of Kubernetes (ci)'),
    );
    expect(subjects.named(robot, 'web')).toEqual(foreign('a service account of Kubernetes (web)'));
    expect(subjects.named(robot)).toEqual(foreign('a service account of Kubernetes (no namespace)'));
  });

  test('is of a kind that Kubernetes does not have', () => {
    expect(subjects.named({ kind: 'Team', name: `k:${jane}` })).toEqual(
      nobody('Kubernetes has no subjects of kind Team'),
    );
  });

  test('contains a variable, or is reserved', () => {
    expect(subjects.named(user(`k:\${NAME}`))).toEqual(
      nobody(
        'the name contains a variable: read the cluster with --live, or run adopt with a copy of the file that has the value in place of the variable',
      ),
    );
    expect(subjects.named(group('system:masters'))).toEqual(foreign('a name of Kubernetes itself'));
    expect(subjects.named(group('systems'))).toEqual(
      foreign('no Kanidm token has this group: group names begin with `k:`'),
    );
  });

  test('is unknown without a client of Kanidm', () => {
    expect(new Subjects([], noOthers, []).named(user('jane'))).toEqual(nobody('no client of Kanidm was read'));
  });
});

describe('the name of another issuer', () => {
  const ci = other('ci.example.com', claim('sub', 'ci:'), { expression: '"ci:" + claims.team' });
  const bare = other('login.example.com', claim('email'));

  test('stays as it is if the config has the issuer', () => {
    expect(subjectsOf({ taken: [ci], left: [] }).named(user('ci:web'))).toEqual({ kind: 'literal' });
    expect(subjectsOf({ taken: [ci], left: [] }).named(group('ci:web'))).toEqual({ kind: 'literal' });
    expect(subjectsOf({ taken: [ci], left: [] }).named(user('ci:'))).toEqual(
      foreign('no Kanidm token has this user name: user names begin with `k:`'),
    );
    expect(subjectsOf({ taken: [bare], left: [] }).named(user('sam@example.com'))).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because the issuer https://login.example.com may have a user or group with this name',
    });
    expect(subjectsOf({ taken: [bare], left: [] }).named(group('team'))).toEqual(
      foreign('no Kanidm token has this group: group names begin with `k:`'),
    );
  });

  test('can begin with each prefix of an expression, or be the whole text of one', () => {
    const two = other('ci.example.com', { expression: "has(claims.a) ? 'a:' + claims.a : 'b:all'" });
    const named = (name: string) => subjectsOf({ taken: [two], left: [] }).named(user(name));
    expect(named('a:web')).toEqual({ kind: 'literal' });
    expect(named('b:all')).toEqual({ kind: 'literal' });
    expect(named('c:web')).toEqual(foreign('no Kanidm token has this user name: user names begin with `k:`'));
  });

  test('is lost if the config does not have the issuer', () => {
    expect(subjectsOf({ taken: [], left: [ci] }).named(user('ci:web'))).toEqual(
      lost(
        'https://ci.example.com is an issuer that gives this name, but it is not adopted: add its entry to the rendered file by hand',
      ),
    );
    expect(subjectsOf({ taken: [], left: [bare] }).named(user('sam@example.com'))).toEqual(
      lost('the issuer https://login.example.com, which is not adopted, may have a user or group with this name'),
    );
  });

  test('is certain before it is possible, and taken before it is lost', () => {
    expect(subjectsOf({ taken: [bare], left: [ci] }).named(user('ci:web'))).toMatchObject({ isLost: true });
    expect(subjectsOf({ taken: [bare, ci], left: [ci] }).named(user('ci:web'))).toEqual({ kind: 'literal' });
    expect(subjectsOf({ taken: [bare], left: [bare] }).named(user('x'))).toMatchObject({ kind: 'literal' });
  });

  test('is that of the issuer with the longest prefix', () => {
    const longer = other('ci.example.com', claim('sub', 'k:ci:'));
    expect(subjectsOf({ taken: [longer], left: [] }).named(user('k:ci:web'))).toEqual({ kind: 'literal' });
    expect(subjectsOf({ taken: [], left: [longer] }).named(user('k:ci:web'))).toMatchObject({ isLost: true });
    const same = other('ci.example.com', claim('sub', 'k:'));
    expect(subjectsOf({ taken: [same], left: [] }).named(user(`k:${jane}`))).toEqual({ kind: 'person', key: 'jane' });
  });

  test('is also that of a person, which is said if the config does not have the issuer', () => {
    const difference =
      'the issuer https://ci.example.com, which is not adopted, may also have a user or group with this name, which then loses the role';
    const same = other('ci.example.com', claim('sub', 'k:'));
    expect(subjectsOf({ taken: [], left: [same] }).named(user(`k:${jane}`))).toEqual({
      kind: 'person',
      key: 'jane',
      difference,
    });
    expect(
      subjectsOf({ taken: [], left: [other('ci.example.com', claim('sub'))] }).named(user(`k:${jane}`)),
    ).toMatchObject({ difference });
    expect(subjectsOf({ taken: [], left: [ci] }).named(user(`k:${jane}`))).toEqual({ kind: 'person', key: 'jane' });
    expect(subjectsOf({ taken: [], left: [same] }).named(group('k:team@idm.example.org'))).toEqual({
      kind: 'group',
      key: 'team',
    });
  });

  test('is not asked for if a client of Kanidm knows why the name is nobody', () => {
    expect(subjectsOf({ taken: [bare], left: [] }).named(user('k:jane'))).toEqual(
      nobody('the claim sub is a UUID in lower case, so no Kanidm token has this user name'),
    );
  });

  test('is asked for if Kanidm gives a name that identifies nobody', () => {
    const byName = issuer(claim('name', 'k:'));
    const reason =
      'this is the display name of an unknown person: find the person with `kanidm person list`, and add a grant to the config';
    expect(subjectsOf(noOthers, byName).named(user('k:Sam'))).toEqual(lost(reason));
    expect(
      subjectsOf({ taken: [other('x.example.com', claim('sub'))], left: [] }, byName).named(user('k:Sam')),
    ).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because the issuer https://x.example.com may have a user or group with this name',
    });
  });
});

describe('several clients of Kanidm', () => {
  const web = issuer(claim('email', 'web:'), undefined, 'web');
  const mail = issuer(claim('email'), undefined, 'web');

  test('the first one that has the name decides', () => {
    expect(subjectsOf(noOthers, own, web).named(user('web:jane@example.com'))).toEqual({
      kind: 'person',
      key: 'jane',
    });
    expect(subjectsOf(noOthers, web, own).named(user(`k:${jane}`))).toEqual({ kind: 'person', key: 'jane' });
  });

  test('a name with the prefix of one is no mail address of another', () => {
    expect(subjectsOf(noOthers, mail, own).named(user('k:sam@example.com'))).toEqual(
      nobody('the claim sub is a UUID in lower case, so no Kanidm token has this user name'),
    );
  });

  test('the one whose names have this form says why the name is nobody', () => {
    expect(subjectsOf(noOthers, own, web).named(user('web:jane'))).toEqual(
      nobody('user names come from the claim email, but this is not a mail address'),
    );
    expect(subjectsOf(noOthers, own, mail).named(user('sam'))).toEqual(
      foreign('no Kanidm token has this user name: user names begin with `k:`'),
    );
  });

  test('a name that stays as it is ends the search', () => {
    const byName = issuer(claim('preferred_username', 'k:'));
    expect(subjectsOf(noOthers, byName, own).named(user('k:idm_admin@idm.example.org'))).toMatchObject({
      kind: 'literal',
    });
  });

  test('what one assumes, the other knows', () => {
    const there = identities();
    const second = issuer(claim('email', 'm:'), undefined, 'web');
    const subjects = new Subjects(
      [world(issuer(claim('email', 'k:')), { identities: there }), world(second, { identities: there, client: 'web' })],
      noOthers,
      [],
    );
    expect(subjects.named(user('k:sam@example.com'))).toEqual({ kind: 'person', key: 'sam' });
    expect(subjects.named(user('m:sam@example.com'))).toEqual({ kind: 'person', key: 'sam' });
    expect([...subjects.assumed]).toEqual(['sam']);
  });

  test('short names are inferred for each', () => {
    const unread = identities({ clients: new Map() });
    const subjects = new Subjects(
      [
        world(issuer(claim('preferred_username', 'k:')), { identities: unread }),
        world(issuer(claim('preferred_username', 'm:')), { identities: unread, client: 'web' }),
      ],
      noOthers,
      [user('k:jane@idm.example.org'), user('m:jane')],
    );
    expect([subjects.isShortInferred('k8s'), subjects.isShortInferred('web')]).toEqual([false, true]);
  });
});
