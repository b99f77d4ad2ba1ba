import type { Config } from '../../../lib/config/config';
import { predecessors } from '../../../lib/diff/predecessors';
import { newNames, withReferences, withRenamedReferences } from '../../../lib/diff/steps/renamed-references';
import { type Change, teamWith, uuid } from './configs';

const referring = (name: string, more: Change = {}): Change => ({
  people: { [name]: { displayName: 'Joe', id: uuid(1) } },
  groups: {
    ops: { id: uuid(2), members: ['jane', name], managedBy: name },
    open: { id: uuid(3) },
  },
  serviceAccounts: { ci: { displayName: 'CI', id: uuid(4), managedBy: name } },
  ...more,
});
const clients = (group: string): Change => ({
  groups: { [group]: { id: uuid(5), members: ['jane'] } },
  clients: {
    web: {
      landingUrl: 'https://web.example.com',
      scopes: { users: ['openid'], [group]: ['openid', 'groups'] },
      supplementaryScopes: { [group]: ['email'] },
      claims: { team: { join: 'csv', values: { [group]: ['a'], users: ['b'] } } },
    },
  },
});
const references = ({ groups, serviceAccounts, clients }: Config) => ({
  members: [...groups].map(([name, { members }]) => [name, members]),
  managers: [groups.get('ops')?.managedBy, serviceAccounts.get('ci')?.managedBy],
  scopes: clients.get('web')?.scopes,
  supplementary: clients.get('web')?.supplementaryScopes,
  claims: clients.get('web')?.claims,
});
const changed = (one: Change, other: Change) => {
  const [before, after] = [teamWith(one), teamWith(other)];
  return withRenamedReferences(before, after, predecessors(before, after));
};

test('members and managers follow a rename, and the entries keep their keys', () => {
  const config = changed(referring('joe'), referring('joseph'));
  expect(references(config)).toMatchObject({
    members: [
      ['users', ['jane']],
      ['ops', ['jane', 'joseph']],
      ['open', undefined],
    ],
    managers: ['joseph', 'joseph'],
  });
  expect([...config.people.keys()]).toEqual(['jane', 'joe']);
});

test('scopes and claims follow the rename of a group', () => {
  expect(references(changed(clients('devs'), clients('makers')))).toMatchObject({
    scopes: { users: ['openid'], makers: ['openid', 'groups'] },
    supplementary: { makers: ['email'] },
    claims: { team: { join: 'csv', values: { makers: ['a'], users: ['b'] } } },
  });
});

test('a client without scopes and claims stays without them', () => {
  const web = { clients: { web: { landingUrl: 'https://web.example.com' } } };
  const { clients: found } = changed(referring('joe', web), referring('joseph', web));
  expect(found.get('web')).toEqual({
    ...teamWith(referring('joe', web)).clients.get('web'),
    scopes: undefined,
    supplementaryScopes: undefined,
    claims: undefined,
  });
});

test('references to an entry that is deleted disappear with it', () => {
  const web = clients('devs');
  const after = {
    groups: { devs: { absent: true } },
    clients: { web: { landingUrl: 'https://web.example.com', scopes: { users: ['openid'] } } },
  };
  expect(references(changed(web, after))).toMatchObject({
    scopes: { users: ['openid'] },
    supplementary: {},
    claims: { team: { join: 'csv', values: { users: ['b'] } } },
  });
  const ops = (joe: Change, members: string[]) => ({ people: { joe }, groups: { ops: { members } } });
  const config = changed(ops({ displayName: 'Joe' }, ['joe', 'jane']), ops({ absent: true }, ['jane']));
  expect(config.groups.get('ops')?.members).toEqual(['jane']);
});

test('a reference to an entry that leaves its name to another one has its new name', () => {
  const before = { people: { joe: { displayName: 'Joe', id: uuid(1) } }, groups: { ops: { members: ['joe'] } } };
  const after = { groups: { joe: { members: [] }, ops: { members: [] } } };
  expect(changed(before, after).groups.get('ops')?.members).toEqual(['joe-old']);
});

test('a name that a deleted entry gives to a renamed one is that of the renamed one', () => {
  const config = teamWith(referring('joe'));
  const { groups } = withReferences(config, new Map([['joe', 'ann']]), new Set(['joe', 'jane']));
  expect(groups.get('ops')).toMatchObject({ members: ['ann'], managedBy: 'ann' });
});

test('without renames, the config is the same', () => {
  const config = teamWith(referring('joe'));
  expect(withReferences(config, new Map())).toBe(config);
  expect(withReferences(config, new Map(), new Set(['jane']))).not.toBe(config);
});

test('the new names are those of renamed entries only', () => {
  const [before, after] = [
    teamWith(referring('joe')),
    teamWith(referring('joseph'), { people: { ann: { displayName: 'Ann' } } }),
  ];
  expect([...newNames(after, predecessors(before, after))]).toEqual([['joe', 'joseph']]);
});
