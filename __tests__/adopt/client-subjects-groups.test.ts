import { ClientSubjects } from '../../lib/adopt/client-subjects';
import type { World } from '../../lib/adopt/named';
import type { NameMapping } from '../../lib/existing/api-server-issuers';
import { assumed, claim, foreign, group, identities, issuer, jane, nobody, team, world } from './worlds';

/** Returns what a group name refers to, if names come from this mapping. */
const groupBy = (mapping: NameMapping | undefined, name: string, more: Partial<World> = {}) =>
  new ClientSubjects(world(issuer(undefined, mapping), more), assumed(), []).named(group(name));

describe('a group', () => {
  const groups = claim('groups', 'k:');
  const withScope = (...scopes: readonly string[]) => ({
    identities: identities({ clients: new Map([['k8s', { landingUrl: 'x', scopes: { team: [...scopes] } }]]) }),
  });

  test('is the one with this name at the domain, or this UUID', () => {
    expect(groupBy(groups, 'k:team@idm.example.org')).toEqual({ kind: 'group', key: 'team' });
    expect(groupBy(groups, `k:${team}`)).toEqual({ kind: 'group', key: 'team' });
    expect(groupBy(groups, `k:${jane}`)).toEqual(
      nobody(
        'this is the UUID of a group that was not read: run adopt with the output of `kanidm group list -o json` too',
      ),
    );
  });

  test('is a new one if it was not read', () => {
    const there = identities();
    const shared = assumed();
    const names = new ClientSubjects(world(issuer(undefined, groups), { identities: there }), shared, []);
    expect(names.named(group('k:ops@idm.example.org'))).toEqual({ kind: 'group', key: 'ops' });
    expect(names.named(group('k:team@idm.example.org'))).toEqual({ kind: 'group', key: 'team' });
    expect([...there.groups]).toEqual([
      ['team', { id: team }],
      ['ops', {}],
    ]);
    expect([...shared.keys]).toEqual(['ops']);
  });

  test('is nobody if the API server reads no groups, or the prefix is another one', () => {
    expect(groupBy(undefined, 'k:team')).toEqual(foreign("the API server reads no groups from Kanidm's tokens"));
    for (const name of ['team@idm.example.org', 'k:'])
      expect(groupBy(groups, name)).toEqual(foreign('no Kanidm token has this group: group names begin with `k:`'));
  });

  test('is nobody if the domain is another one, with the name that would match', () => {
    expect(groupBy(groups, 'k:Team@example.org')).toEqual(
      nobody(
        'group names of this Kanidm server end in @idm.example.org, so nobody is in this group; bind `k:team@idm.example.org`',
      ),
    );
    expect(groupBy(groups, 'k:a@b@idm.example.org')).toEqual(nobody('Kanidm does not allow the group name `a@b`'));
    expect(groupBy(groups, 'k:Team@idm.example.org')).toEqual(nobody('Kanidm does not allow the group name `Team`'));
  });

  test('without a domain is nobody, unless the client has the scope groups_name', () => {
    expect(groupBy(groups, 'k:Team')).toEqual(
      nobody(
        'group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can; bind `k:team@idm.example.org`, or give the client the scope `groups_name` (Kanidm 1.8 or later) instead of `groups`',
      ),
    );
    expect(groupBy(claim('groups'), 'team')).toEqual(
      nobody(
        'group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a client certificate has this group as its organization (O), or a program impersonates this group, as the web UI of the Flux Operator can; bind `team@idm.example.org`, or give the client the scope `groups_name` (Kanidm 1.8 or later) instead of `groups`',
      ),
    );
    expect(groupBy(groups, 'k:team', { identities: identities({ clients: new Map() }) })).toEqual(
      nobody(
        'the client was not read. If it has the scope `groups`, group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can; bind `k:team@idm.example.org`. If it has the scope `groups_name` (Kanidm 1.8 or later) instead of `groups`, run adopt with its entry in Kanidm too',
      ),
    );
    expect(groupBy(groups, 'k:team', withScope('openid', 'groups_name'))).toEqual({ kind: 'group', key: 'team' });
    expect(groupBy(groups, 'k:ops', withScope('openid', 'groups_name'))).toMatchObject({ kind: 'nobody' });
    expect(groupBy(groups, 'k:team', withScope('openid', 'groups'))).toMatchObject({ kind: 'nobody' });
  });

  test('with a domain is nobody if the scope puts no domains into tokens', () => {
    for (const scope of ['groups_name', 'groups_uuid'])
      expect(groupBy(groups, 'k:team@idm.example.org', withScope('openid', scope))).toEqual(
        nobody(
          `the client's scope ${scope} does not put names with a domain into tokens, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can`,
        ),
      );
    for (const scope of ['groups', 'groups_spn'])
      expect(groupBy(groups, 'k:team@idm.example.org', withScope('openid', scope))).toEqual({
        kind: 'group',
        key: 'team',
      });
  });

  test('cannot be of a certificate if Kanidm has such names', () => {
    expect(groupBy(claim('groups'), 'kubeadm:admins')).toEqual(foreign('no group of Kanidm can have this name'));
    expect(groupBy(groups, 'k:kubeadm:admins')).toEqual(
      nobody(
        'group names in Kanidm tokens end in @idm.example.org, so nobody has the role by this subject today, unless a program impersonates this group, as the web UI of the Flux Operator can; bind `k:kubeadm:admins@idm.example.org`, or give the client the scope `groups_name` (Kanidm 1.8 or later) instead of `groups`',
      ),
    );
  });

  test('is none if an account has the name', () => {
    for (const name of ['jane', 'bot'])
      expect(groupBy(groups, `k:${name}@idm.example.org`)).toEqual(
        nobody(`${name} is not a group: an account in Kanidm has this name`),
      );
  });

  test('stays as it is if it is built in', () => {
    expect(groupBy(groups, 'k:idm_all_persons@idm.example.org')).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because idm_all_persons is built into Kanidm, and a grant cannot refer to a built-in entry',
    });
  });
});

describe('a group by a claim map', () => {
  const role = claim('role', 'k:');
  const client = (values: Record<string, string[]>) => ({
    identities: identities({ clients: new Map([['k8s', { landingUrl: 'x', claims: { role: { values } } }]]) }),
  });

  test('is the one to which the map gives the value', () => {
    expect(groupBy(role, 'k:admin', client({ team: ['admin', 'dev'], ops: ['dev'] }))).toEqual({
      kind: 'group',
      key: 'team',
    });
    expect(groupBy(role, 'k:admin', client({ idm_admins: ['admin'] }))).toEqual({
      kind: 'literal',
      difference:
        'the config has the literal name from the binding, and no reference to an entry, because idm_admins is built into Kanidm, and a grant cannot refer to a built-in entry',
    });
  });

  test('is nobody if the map gives it to several groups, or to none', () => {
    const none =
      'adopt cannot tell which group gets the value `dev` in the claim role: either the entry of the client was not read (then run adopt with this entry too), or the client gives the value to no group or to several groups';
    expect(groupBy(role, 'k:dev', client({ team: ['dev'], ops: ['dev'] }))).toEqual(nobody(none));
    expect(groupBy(role, 'k:dev', client({ team: ['admin'] }))).toEqual(nobody(none));
    expect(groupBy(role, 'k:dev')).toEqual(nobody(none));
    expect(groupBy(claim('constructor', 'k:'), 'k:dev', client({ team: ['dev'] }))).toEqual(
      nobody(none.replace('role', 'constructor')),
    );
  });
});
