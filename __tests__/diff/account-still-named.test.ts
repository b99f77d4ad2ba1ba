import { accessDiff } from '../../lib/diff/access-changes';
import { becomingStatements } from '../../lib/diff/becoming-changes';
import { accessLines } from '../../lib/diff/line-changes';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

const id = '00000000-0000-4000-8000-000000000002';
const user = `https://sso.kammel.dev/oauth2/openid/k8s#${id}`;

const side = (isJoeThere: boolean, users: readonly string[] = []) =>
  rendered(
    configOf({
      people: isJoeThere ? { joe: { displayName: 'Joe', id } } : {},
      groups: { k8s_users: { members: isJoeThere ? ['datosh', 'joe'] : ['datosh'] } },
      clusters: {
        homelab: {
          grants: [
            { name: 'look', clusterRole: 'view', ...(isJoeThere ? { people: ['joe'] } : { people: ['datosh'] }) },
            ...(users.length > 0 ? [{ name: 'by-hand', clusterRole: 'edit', subjects: { users } }] : []),
          ],
        },
      },
    }),
  );
const lines = (users?: readonly string[], after = users) =>
  accessLines(accessDiff(side(true, users), side(false, after)));

test('a person who is gone keeps what `subjects` gives to the user name, and diff says so', () => {
  const [edit = ''] = lines([user]).filter((line) => line.includes('(edit)'));
  expect(edit).toContain(
    'joe is no longer in the config, but the grant by-hand still names the account, which has the role as long as it can sign in',
  );
});

test('no binding names a person who is gone, nor another user', () => {
  expect(lines().join('\n')).toContain('joe is no longer in the config');
  for (const users of [undefined, [user.replace(id, '00000000-0000-4000-8000-000000000003')]])
    expect(lines(users).join('\n')).not.toContain('still names');
  expect(lines([user], [`${user}0`]).join('\n')).not.toContain('still names');
});

describe('what a person who is gone can become', () => {
  const becoming = (before: readonly string[], after: readonly string[]) =>
    becomingStatements(side(true, before), side(false, after)).map(({ change, say }) => `${change} ${say('homelab')}`);
  const toAdmin = (who: string) => expect.stringContaining(`${who} become cluster-admin on homelab`);

  test('is no change if `subjects` still names the user', () => {
    expect(becoming([user], [user])).toEqual([]);
  });

  test('is lost if nothing names the user any more, or only another one', () => {
    expect(becoming([user], [])).toEqual([toAdmin('joe can no longer')]);
    expect(becoming([user], [`${user}0`])).toEqual(
      expect.arrayContaining([toAdmin(`user ${user}0 can now`), toAdmin('joe can no longer')]),
    );
  });

  test('is gained by the user if `subjects` names it only now', () => {
    expect(becoming([], [user])).toEqual([toAdmin(`user ${user} can now`)]);
  });

  test('is not gained by a user that stays, if a person with this user name is new', () => {
    const statements = becomingStatements(side(false, [user]), side(true, [user]));
    expect(statements.map(({ say }) => say('homelab'))).toEqual([toAdmin('joe can now')]);
  });
});
