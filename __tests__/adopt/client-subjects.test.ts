import { ClientSubjects } from '../../lib/adopt/client-subjects';
import type { World } from '../../lib/adopt/named';
import type { NameMapping } from '../../lib/existing/api-server-issuers';
import {
  assumed,
  bot,
  claim,
  foreign,
  group,
  identities,
  issuer,
  jane,
  lost,
  nobody,
  team,
  user,
  world,
} from './worlds';

/** Returns what a user name refers to, if names come from this mapping. */
const userBy = (mapping: NameMapping | undefined, name: string, more: Partial<World> = {}) =>
  new ClientSubjects(world(issuer(mapping), more), assumed(), []).named(user(name));

describe('a user by the claim sub', () => {
  const by = (name: string) => userBy(claim('sub', 'k:'), name);

  test('is the person or the service account with this UUID', () => {
    expect(by(`k:${jane}`)).toEqual({ kind: 'person', key: 'jane' });
    expect(by(`k:${bot}`)).toEqual({ kind: 'service account', key: 'bot' });
  });

  test('is a new person if no account has this UUID', () => {
    const there = identities();
    const shared = assumed();
    const names = new ClientSubjects(world(issuer(claim('sub', 'k:')), { identities: there }), shared, []);
    expect(names.named(user(`k:${team}`))).toEqual({ kind: 'person', key: 'person-5d1c8f6a' });
    expect(there.people.get('person-5d1c8f6a')).toEqual({ displayName: 'person-5d1c8f6a', id: team });
    expect([...shared.keys]).toEqual(['person-5d1c8f6a']);
  });

  test('is nobody if it is not a UUID, or has another prefix', () => {
    expect(by('k:jane')).toEqual(
      nobody('the claim sub is a UUID in lower case, so no Kanidm token has this user name'),
    );
    expect(by(`k:${jane.toUpperCase()}`)).toEqual(
      nobody('the claim sub is a UUID in lower case, so no Kanidm token has this user name'),
    );
    expect(by(jane)).toEqual(foreign('no Kanidm token has this user name: user names begin with `k:`'));
    expect(by('k:')).toEqual(foreign('no Kanidm token has this user name: user names begin with `k:`'));
  });
});

describe('a user by the claim email', () => {
  const by = (name: string) => userBy(claim('email', 'k:'), name);

  test('is the person whose first address this is', () => {
    expect(by('k:jane@example.com')).toEqual({ kind: 'person', key: 'jane' });
    expect(by('k:j@example.com')).toEqual(
      nobody('tokens contain only the primary mail address, and this is not the primary mail address of jane'),
    );
  });

  test('names everyone with this second address', () => {
    const mail = ['first@example.com', 'j@example.com'];
    const { people } = identities();
    people.set('sam', { displayName: 'Sam', mail });
    expect(userBy(claim('email'), 'j@example.com', { identities: identities({ people }) })).toEqual(
      nobody('tokens contain only the primary mail address, and this is not the primary mail address of jane, sam'),
    );
  });

  test.each(['nothing', 'a b@example.com', 'a@b@example.com', '@example.com', 'sam@', 'sam@ex ample.com'])(
    '%s is no address',
    (name) => {
      expect(by(`k:${name}`)).toEqual(nobody('user names come from the claim email, but this is not a mail address'));
    },
  );

  test('is one new person for each new address', () => {
    const there = identities();
    const names = new ClientSubjects(world(issuer(claim('email')), { identities: there }), assumed(), []);
    const found = ['sam@a.example', 'sam@b.example', 'sam@a.example'].map((name) => names.named(user(name)));
    expect(found).toEqual([
      { kind: 'person', key: 'sam' },
      { kind: 'person', key: 'sam-b.example' },
      { kind: 'person', key: 'sam' },
    ]);
    expect([...there.people].slice(1)).toEqual([
      ['sam', { displayName: 'sam@a.example', mail: 'sam@a.example' }],
      ['sam-b.example', { displayName: 'sam@b.example', mail: 'sam@b.example' }],
    ]);
  });
});

describe('a user by the claim preferred_username', () => {
  const named = claim('preferred_username', 'k:');
  const short = {
    identities: identities({ clients: new Map([['k8s', { landingUrl: 'x', preferShortUsername: true }]]) }),
  };
  const unread = () => ({ identities: identities({ clients: new Map() }) });

  test('is the account with this name at the domain', () => {
    expect(userBy(named, 'k:jane@idm.example.org')).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(named, 'k:bot@idm.example.org')).toEqual({ kind: 'service account', key: 'bot' });
    expect(userBy(named, 'k:jane', short)).toEqual({ kind: 'person', key: 'jane' });
  });

  test('is nobody if the form or the domain is another one', () => {
    expect(userBy(named, 'k:jane')).toEqual(
      nobody('Kanidm gives names with @idm.example.org, so nobody signs in with this name'),
    );
    expect(userBy(named, 'k:jane@idm.example.org', short)).toEqual(
      nobody('Kanidm gives short names, without a domain, so nobody signs in with this name'),
    );
    expect(userBy(named, 'k:jane', unread())).toEqual(
      nobody(
        'Kanidm gives names with @idm.example.org, so nobody signs in with this name. This is wrong if the client has `preferShortUsername`: adopt did not read the client, and assumes that this setting is off',
      ),
    );
    expect(userBy(named, 'k:jane@example.org')).toEqual(
      nobody('names of this Kanidm server end in @idm.example.org, so nobody signs in with this name'),
    );
  });

  test('stays as it is if the account is built in', () => {
    expect(userBy(named, 'k:idm_admin@idm.example.org')).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because idm_admin is built into Kanidm, and a grant cannot refer to a built-in entry',
    });
  });

  test('is a new person of this name, if Kanidm allows the name', () => {
    const there = identities();
    const names = new ClientSubjects(world(issuer(named), { identities: there }), assumed(), []);
    expect(names.named(user('k:sam@idm.example.org'))).toEqual({ kind: 'person', key: 'sam' });
    expect(there.people.get('sam')).toEqual({ displayName: 'sam' });
    const long = 'a'.repeat(64);
    expect(names.named(user(`k:${long}@idm.example.org`))).toEqual({ kind: 'person', key: long });
    for (const name of ['Sam', '1sam', `${long}a`, 'a b', ''])
      expect(names.named(user(`k:${name}@idm.example.org`))).toEqual(
        nobody(`Kanidm does not allow the name \`${name}\`, so nobody signs in with it`),
      );
  });

  test('keeps the name of a group that was read, for a new person', () => {
    const there = identities();
    const names = new ClientSubjects(world(issuer(named), { identities: there }), assumed(), []);
    expect(names.named(user('k:team@idm.example.org'))).toEqual({ kind: 'person', key: 'team' });
  });
});

describe('short names are inferred', () => {
  const named = claim('preferred_username', 'k:');
  const isShort = (mapping: NameMapping, ...subjects: ReturnType<typeof user>[]) =>
    new ClientSubjects(
      world(issuer(mapping), { identities: identities({ clients: new Map() }) }),
      assumed(),
      subjects,
    ).isShortInferred('k8s');

  test('if all user names with the prefix are without a domain', () => {
    expect(isShort(named, user('k:jane'), user('k:sam'), group('k:team@idm.example.org'))).toBe(true);
    expect(isShort(named, user('k:jane'), user('other@example.com'))).toBe(true);
    expect(isShort(named, user('k:jane'), user(`k:\${NAME}@example.com`))).toBe(true);
  });

  test('not if one name has a domain, or none has the prefix', () => {
    expect(isShort(named, user('k:jane'), user('k:sam@idm.example.org'))).toBe(false);
    expect(isShort(named, user('jane'), group('k:team'))).toBe(false);
    expect(isShort(named, user(`k:\${NAME}`))).toBe(false);
    expect(isShort(named)).toBe(false);
  });

  test('not for another claim, or names without a prefix', () => {
    expect(isShort(claim('name', 'k:'), user('k:jane'))).toBe(false);
    expect(isShort(claim('preferred_username'), user('jane'))).toBe(false);
  });

  test('only for the own client, and not if it was read', () => {
    const of = (clients = new Map<string, { landingUrl: string; preferShortUsername?: boolean }>()) =>
      new ClientSubjects(world(issuer(named), { identities: identities({ clients }) }), assumed(), [user('k:jane')]);
    expect(of().isShortInferred('web')).toBe(false);
    expect(of(new Map([['k8s', { landingUrl: 'x' }]])).isShortInferred('k8s')).toBe(false);
    const read = of(new Map([['k8s', { landingUrl: 'x', preferShortUsername: true }]]));
    expect(read.isShortInferred('k8s')).toBe(false);
    expect(read.named(user('k:jane'))).toEqual({ kind: 'person', key: 'jane' });
  });
});

describe('a user by the display name', () => {
  const by = (name: string, more: Partial<World> = {}) => userBy(claim('name', 'k:'), name, more);

  test('is the account that has it alone', () => {
    expect(by('k:Jane Doe')).toEqual({
      kind: 'person',
      key: 'jane',
      difference: 'the rendered binding names the person by the UUID',
    });
    expect(by('k:The Bot')).toEqual({
      kind: 'service account',
      key: 'bot',
      difference: 'the rendered binding names the service account by its UUID',
    });
  });

  test('is lost if nobody or several accounts have it', () => {
    expect(by('k:Jane')).toEqual(
      lost(
        'this is the display name of an unknown person: find the person with `kanidm person list`, and add a grant to the config',
      ),
    );
    const serviceAccounts = new Map([['bot', { displayName: 'Jane Doe' }]]);
    expect(by('k:Jane Doe', { identities: identities({ serviceAccounts }) })).toEqual(
      lost('jane and bot share this display name, so adopt cannot tell who is meant'),
    );
  });

  test('does not change by an expression', () => {
    const mapping = { claim: 'name', prefix: 'k:', expression: '"k:" + claims.name' };
    expect(userBy(mapping, 'k:Jane Doe')).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(mapping, 'k:Jane')).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because this is the display name of an unknown person: find the person with `kanidm person list`, and add a grant to the config',
    });
    expect(userBy(mapping, 'jane')).toEqual(foreign('no Kanidm token has this user name: user names begin with `k:`'));
    const byName = { claim: 'preferred_username', prefix: 'k:', expression: '"k:" + claims.preferred_username' };
    expect(userBy(byName, 'k:jane')).toEqual(
      nobody('Kanidm gives names with @idm.example.org, so nobody signs in with this name'),
    );
    expect(userBy(byName, 'k:idm_admin@idm.example.org')).toMatchObject({ kind: 'literal' });
  });
});

test('a user by a claim that identifies nobody is lost', () => {
  expect(userBy(claim('team', 'k:'), 'k:blue')).toEqual(
    lost('the claim team does not identify a person: find out who is meant, and add a grant to the config'),
  );
});

test('without a mapping of user names there are no users', () => {
  expect(userBy(undefined, 'jane')).toEqual(foreign('the API server rejects the mapping of user names'));
});

describe('a user without a prefix', () => {
  const certificate =
    'a name without a prefix may be the user of a certificate or a person in Kanidm: run adopt with the entries of Kanidm too';

  test('is looked up if it can only be an account of Kanidm', () => {
    expect(userBy(claim('sub'), jane)).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(claim('email'), 'jane@example.com')).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(claim('preferred_username'), 'jane')).toEqual(
      nobody('Kanidm gives names with @idm.example.org, so nobody signs in with this name'),
    );
    expect(userBy(claim('preferred_username'), 'bot')).toEqual(
      nobody('Kanidm gives names with @idm.example.org, so nobody signs in with this name'),
    );
  });

  test('may be that of a certificate otherwise', () => {
    expect(userBy(claim('preferred_username'), 'kubernetes-admin')).toEqual(
      nobody(
        `${certificate}. If this is the name of a person, the client has short user names. Without \`preferShortUsername: true\` in the config, Kaniflux turns short user names off, and the person loses the role`,
      ),
    );
    expect(userBy(claim('name'), 'kubernetes-admin')).toEqual(nobody(certificate));
    for (const name of ['sub', 'email'])
      expect(userBy(claim(name), 'kubernetes-admin')).toEqual(
        foreign(`the claim ${name} cannot have this value; this may be the user of a certificate`),
      );
  });
});
