import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

interface Change {
  readonly role: string;
  readonly people?: readonly string[];
  readonly roles?: object;
}

const side = ({ role, people = ['datosh'], roles = {} }: Change) =>
  rendered(
    configOf({
      people: { jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' } },
      groups: { k8s_users: { members: ['datosh', 'jane'] } },
      roles,
      clusters: { homelab: { grants: [{ name: 'look', clusterRole: role, people }] } },
    }),
  );
const text = (before: Change, after: Change) => asText(reviewDiff({ before: side(before), after: side(after) }));
const unknown = 'the ClusterRole viewer on homelab: what this role allows is not known';

test('a binding that newly gives an unknown role is reported, and the loss of the known one is not certain', () => {
  const both = text({ role: 'view' }, { role: 'viewer' });
  expect(both).toContain(`the binding look now gives datosh ${unknown}`);
  expect(both).toContain('gives viewer in place of view, and what viewer allows is not known');
  expect(text({ role: 'viewer' }, { role: 'view' })).toContain(`the binding look no longer gives datosh ${unknown}`);
});

test('only the new subjects of an unknown role are named', () => {
  const people = ['datosh', 'jane'];
  expect(text({ role: 'viewer' }, { role: 'viewer', people })).toContain(`the binding look now gives jane ${unknown}`);
});

test.each([
  ['is built in', { role: 'edit' }],
  [
    'is in the config',
    { role: 'viewer', roles: { viewer: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } } },
  ],
])('a role that %s is not unknown', (_, after: Change) => {
  expect(text({ role: 'view' }, after)).not.toContain('not known');
});

test('an unknown role that stays with its subjects is not reported', () => {
  const other = { other: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } };
  const both = text({ role: 'viewer' }, { role: 'viewer', roles: other });
  expect(both).toContain('other');
  expect(both).not.toContain('not known');
});
