import { asText } from '../../lib/diff/diff-format';
import { reviewDiff } from '../../lib/diff/review-diff';
import { rendered } from '../../lib/diff/side';
import { configOf } from '../config';

interface Change {
  readonly role: string;
  readonly people?: readonly string[];
  readonly roles?: object;
}

const side = ({ role, people = ['jane'], roles }: Change) =>
  rendered(
    configOf(
      JSON.stringify({
        kanidm: { domain: 'idm.example.com', version: '1.11.1' },
        people: {
          jane: { displayName: 'Jane', id: '11111111-1111-4111-8111-111111111111' },
          ann: { displayName: 'Ann', id: '22222222-2222-4222-8222-222222222222' },
        },
        groups: { users: { members: ['jane', 'ann'] } },
        clients: {
          k8s: {
            displayName: 'Kubernetes',
            landingUrl: 'http://localhost:8000',
            redirectUrls: ['http://localhost:8000'],
            scopes: { users: ['openid'] },
          },
        },
        ...(roles ? { roles } : {}),
        clusters: {
          lab: {
            server: 'https://lab.example.com:6443',
            kubernetes: '1.34',
            controlPlane: 'kubeadm',
            client: 'k8s',
            grants: [{ name: 'look', clusterRole: role, people }],
          },
        },
      }),
    ),
  );
const text = (before: Change, after: Change) => asText(reviewDiff({ before: side(before), after: side(after) }));
const unknown = 'the ClusterRole viewer on lab: what this role allows is not known';

test('a binding that newly gives an unknown role is reported, and the loss of the known one is not certain', () => {
  const both = text({ role: 'view' }, { role: 'viewer' });
  expect(both).toContain(`the binding look now gives jane ${unknown}`);
  expect(both).toContain('gives viewer in place of view, and what viewer allows is not known');
  expect(text({ role: 'viewer' }, { role: 'view' })).toContain(`the binding look no longer gives jane ${unknown}`);
});

test('only the new subjects of an unknown role are named', () => {
  const people = ['jane', 'ann'];
  expect(text({ role: 'viewer' }, { role: 'viewer', people })).toContain(`the binding look now gives ann ${unknown}`);
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
  expect(text({ role: 'viewer' }, { role: 'viewer', roles: {} })).not.toContain('not known');
});
