import { grant, rules, user, world } from '../../__tests__/become/small-world';
import { closure } from '../../lib/become/closure';
import { create, Refused } from '../harness';
import { newerScenarios } from './newer-scenarios';
import { play } from './play';

const stage = play('become-newer', newerScenarios, '1.37');

test('constrained impersonation is never in system:masters', async () => {
  const has = {
    rules: rules(
      'impersonate:user-info users.authentication.k8s.io',
      'impersonate:user-info groups.authentication.k8s.io',
      'impersonate-on:user-info:get secrets',
    ),
  };
  await create(stage.admin(), grant('masters', has));
  const secrets = '/api/v1/namespaces/default/secrets/a';
  const as = async (...groups: string[]) => (await stage.clientOf('masters')).as('somebody', groups);
  await expect((await as('system:masters')).must('GET', secrets)).rejects.toThrow(Refused);
  await expect((await as('system:masters')).must('GET', secrets)).rejects.toThrow(
    'impersonating the system:masters group is not allowed',
  );
  const config = { clusters: { homelab: { kubernetes: '1.37' } } };
  const result = closure(world({ config, objects: grant('masters', has) }), [user('masters')]);
  const groups = result.identities.flatMap(({ who }) => who.groups);
  expect(groups).not.toContain('system:masters');
});
