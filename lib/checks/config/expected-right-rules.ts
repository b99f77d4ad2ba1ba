import { rulesOn } from '../../access/resource-request';
import type { Config } from '../../config/config';
import { askedRight, RightError } from '../../expect/asked-right';
import type { Finding } from '../../findings/finding';
import { configFinding } from './config-codes';

/**
 * Reports rights in expectations with a misspelt verb or resource. Nobody has such a right, so without this rule an
 * expectation that forbids it would always hold.
 */
export function expectationRules({ expect, clusters }: Config): Finding[] {
  if (expect.length === 0) return [];
  const rules = rulesOn([...clusters.values()]);
  return expect.flatMap((one): Finding[] => {
    if (one.kind === 'exclusive') return [];
    try {
      askedRight(one.right, one.in, rules);
      return [];
    } catch (error) {
      if (!(error instanceof RightError)) throw error;
      const [message = '', ...fix] = error.message.split(': ');
      const path = [...one.path, one.kind === 'atMost' ? 'may' : one.kind];
      return [configFinding('expectation-right', path, message, fix.join(': '))];
    }
  });
}
