import { usersOf } from '../../lib/diff/fields/client-users';
import { configOf } from '../config';

const users = (group: object) =>
  usersOf(
    configOf({
      people: { jane: { displayName: 'Jane' } },
      groups: { readers: group },
      clients: { web: { type: 'basic', landingUrl: 'https://web.example.com', scopes: { readers: ['openid'] } } },
    }),
    'web',
  );

test('whom only Kanidm has in a group is not named, and the group is', () => {
  expect(users({})).toBe('every member of readers (only Kanidm knows the members)');
});

test('whom the config has in a group is named', () => {
  expect(users({ members: ['jane'] })).toBe('jane');
});
