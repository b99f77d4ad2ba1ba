import { rightsOf } from '../access/rights';
import { inWords, roleOf } from '../access/rights-in-words';
import type { Config } from '../config/config';
import { accessOn, rendered } from '../diff/side';
import type { Verdict } from './token';

/** What a verdict means, for a terminal, before escaping: refused and why, or the user, groups and bindings. */
export function verdictLines(config: Config, verdicts: readonly Verdict[]): string[] {
  const side = rendered(config);
  return verdicts.flatMap(({ cluster, refused, user, groups, unchecked }) => {
    const open = unchecked.map((what) => `  not checked: ${what}`);
    if (refused.length > 0) {
      return [`${cluster}: refused (401 Unauthorized)`, ...refused.map((why) => `  because ${why}`), ...open];
    }
    const held = accessOn(side, cluster)?.authorizer.held({ ...(user === undefined ? {} : { user }), groups }) ?? [];
    const own = held.filter(({ subject }) => subject.name !== 'system:authenticated');
    const lines = own.map((one) => {
      const where = one.namespace === undefined ? '' : ` in namespace ${one.namespace}`;
      const as = `${one.subject.kind.toLowerCase()} ${one.subject.name}`;
      return `  may ${inWords(rightsOf(one))}${where} (${roleOf(one)}; ${one.binding.metadata.name}, as ${as})`;
    });
    return [
      `${cluster}: accepted`,
      `  user ${user ?? ''}`,
      ...groups.map((group) => `  group ${group}`),
      ...(lines.length > 0 ? lines : ['  no binding names the user or a group: every request is Forbidden (403)']),
      ...open,
    ];
  });
}
