import { isNoCondition } from '../../lib/cel/condition';

// e2e/mappings.e2e.ts compares both lists with kube-apiserver.
import { conditions, noConditions } from '../fixtures/conditions';

test.each(noConditions)('%s is no condition', (text) => expect(isNoCondition(text)).toBe(true));
test.each(conditions)('%s can be a condition', (text) => expect(isNoCondition(text)).toBe(false));
test('what cannot be parsed is another error', () => expect(isNoCondition('claims.a ==')).toBe(false));
