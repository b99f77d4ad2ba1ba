import { ClientSubjects } from '../../lib/adopt/client-subjects';
import type { World } from '../../lib/adopt/named';
import type { NameMapping } from '../../lib/existing/api-server-issuers';
import { assumed, bot, foreign, group, identities, issuer, nobody, user, world } from './worlds';

/** Returns what a user name refers to, if names come from this mapping. */
const userBy = (mapping: NameMapping | undefined, name: string, more: Partial<World> = {}) =>
  new ClientSubjects(world(issuer(mapping), more), assumed(), []).named(user(name));

/** Returns what a group name refers to, if names come from this mapping. */
const groupBy = (mapping: NameMapping | undefined, name: string, more: Partial<World> = {}) =>
  new ClientSubjects(world(issuer(undefined, mapping), more), assumed(), []).named(group(name));

describe('a user by an expression', () => {
  const first = { expression: '"k:" + claims.preferred_username.split("@")[0]' };

  test('is the account for which it makes the name', () => {
    expect(userBy(first, 'k:jane')).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(first, 'k:bot')).toEqual({ kind: 'service account', key: 'bot' });
    expect(userBy({ expression: 'claims.sub + "!"' }, `${bot}!`)).toEqual({ kind: 'service account', key: 'bot' });
    expect(userBy({ expression: 'claims.name + "!"' }, 'Jane Doe!')).toEqual({ kind: 'person', key: 'jane' });
    const mail = { expression: 'claims.email_verified ? claims.email + "!" : ""' };
    expect(userBy(mail, 'jane@example.com!')).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(mail, 'j@example.com!')).toMatchObject({ kind: 'literal' });
  });

  test('sees the form of the names that the client has', () => {
    const whole = { expression: 'claims.preferred_username + "!"' };
    const clients = new Map([['k8s', { landingUrl: 'x', preferShortUsername: true }]]);
    expect(userBy(whole, 'jane@idm.example.org!')).toEqual({ kind: 'person', key: 'jane' });
    const short = { identities: identities({ clients }) };
    expect(userBy(whole, 'jane!', short)).toEqual({ kind: 'person', key: 'jane' });
    expect(userBy(whole, 'jane@idm.example.org!', short)).toMatchObject({ kind: 'literal' });
  });

  test('stays as it is if several accounts, or none, may be meant', () => {
    const literal = {
      kind: 'literal',
      difference:
        'the expression `"k:" + claims.preferred_username.split("@")[0]` may produce this name, so adopt cannot tell which person or group has it; the config has the literal name from the binding, and no reference to an entry',
    };
    expect(userBy(first, 'k:sam')).toEqual(literal);
    const all = { expression: '"k:" + claims.preferred_username.split("@")[1]' };
    expect(userBy(all, 'k:idm.example.org')).toMatchObject({ kind: 'literal' });
  });

  test('is nobody if it begins with none of several prefixes', () => {
    const branches = { expression: '(has(claims.azp) ? "a:" : "b:") + claims.email' };
    expect(userBy(branches, 'k:jane@example.com')).toEqual(
      foreign('no Kanidm token has this user name: user names begin with `a:` or `b:`'),
    );
    expect(userBy(branches, 'b:sam@example.com')).toMatchObject({ kind: 'literal' });
    const open = { expression: 'has(claims.azp) ? "a:" + claims.sub : claims.email' };
    expect(userBy(open, 'k:sam@example.com')).toMatchObject({ kind: 'literal' });
  });

  test('may be that of a certificate without a prefix and a domain', () => {
    expect(userBy(first, 'jane')).toEqual(foreign('no Kanidm token has this user name: user names begin with `k:`'));
    const bare = { expression: 'claims.preferred_username.split("@")[0]' };
    expect(userBy(bare, 'sam')).toEqual(
      nobody(
        'a name without a prefix may be the user of a certificate or a person in Kanidm: run adopt with the entries of Kanidm too',
      ),
    );
    expect(userBy(bare, 'sam@example.com')).toMatchObject({ kind: 'literal' });
    expect(userBy(bare, 'jane')).toEqual({ kind: 'person', key: 'jane' });
  });
});

describe('a group by an expression', () => {
  const upper = { expression: 'dyn(claims.groups).map(g, "k:" + g.split("@")[0] + "/x")' };

  test('is the one for which it makes the name', () => {
    expect(groupBy(upper, 'k:team/x')).toEqual({ kind: 'group', key: 'team' });
    expect(groupBy(upper, 'k:ops/x')).toEqual({ kind: 'group', key: 'ops' });
    expect(groupBy(upper, 'k:idm_admins/x')).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because idm_admins is built into Kanidm, and a grant cannot refer to a built-in entry',
    });
  });

  test('stays as it is if there is none, or several', () => {
    const literal = (expression: string) => ({
      kind: 'literal',
      difference: `the expression \`${expression}\` may produce this name, so adopt cannot tell which group has it; the config has the literal name from the binding, and no reference to an entry`,
    });
    expect(groupBy(upper, 'k:team/y')).toEqual(literal(upper.expression));
    const same = 'dyn(claims.groups).map(g, "k:all")';
    const groups = new Map([
      ['team', {}],
      ['ops', {}],
    ]);
    expect(groupBy({ expression: same }, 'k:all', { identities: identities({ groups }) })).toEqual(literal(same));
  });

  test('is nobody if the prefix is another one', () => {
    expect(groupBy(upper, 'team')).toEqual(foreign('no Kanidm token has this group: group names begin with `k:`'));
    expect(groupBy({ expression: '[]' }, 'team')).toEqual(
      foreign('no Kanidm token has this group: the expression gives no names'),
    );
  });
});
