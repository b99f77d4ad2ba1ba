import { hasRbacForm, isRbac } from '../../lib/access/objects';
import { whyRefused } from '../../lib/access/refused-rbac';
import { accepted, refused } from './refused-objects';

test.each(refused)('%s is not evaluated', (_, object, reason) => {
  expect(isRbac(object)).toBe(false);
  expect(hasRbacForm(object) && whyRefused(object)).toContain(reason);
});

test.each(accepted)('%s is evaluated', (_, object) => expect(isRbac(object)).toBe(true));

test('a name with a variable of Flux is accepted', () => {
  const [, object] = accepted.find(([what]) => what === 'a ServiceAccount') ?? [];
  const subjects = [{ kind: 'ServiceAccount', name: `$\{NAME}`, namespace: 'web' }];
  expect(isRbac({ ...object, subjects })).toBe(true);
});
