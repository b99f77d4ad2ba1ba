import { isNoCondition, isTrueOf } from '../../lib/cel/condition';

// e2e/mappings.e2e.ts compares both lists with kube-apiserver.
import { conditions, noConditions } from '../fixtures/conditions';

test.each(noConditions)('%s is no condition', (text) => expect(isNoCondition(text)).toBe(true));
test.each(conditions)('%s can be a condition', (text) => expect(isNoCondition(text)).toBe(false));
test('what cannot be parsed is another error', () => expect(isNoCondition('claims.a ==')).toBe(false));

test.each([
  ["claims.a == 'x'", true],
  ["claims.a == 'x' || claims.b == 'y'", true],
  ["claims.b == 'y' || true", true],
  ["claims.a == 'y'", false],
  ["claims.b == 'y'", false],
  ['claims.a', false],
  ["claims.a.unknown('x')", false],
  ["user.username != 'x'", false],
  ['claims.a ==', false],
])('%s of a token with the claim a: %s', (text, is) => expect(isTrueOf(text, { a: 'x' })).toBe(is));
