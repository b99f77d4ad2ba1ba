import { isPersonal } from '../access/authorizer';
import { mayOf, roleOf } from '../access/rights-in-words';
import type { Config } from '../config/config';
import { accessOn, rendered } from '../diff/side';
import type { Verdict } from './token';

/**
 * Formats verdicts for a terminal: the reasons for a refusal; otherwise the user, groups and bindings. The text is not
 * escaped yet.
 */
export function verdictLines(config: Config, verdicts: readonly Verdict[]): string[] {
  const side = rendered(config);
  return verdicts.flatMap(({ cluster, accepted, refused, user, groups, unchecked, notes }) => {
    const open = [...notes.map((note) => `  note: ${note}`), ...unchecked.map((what) => `  not checked: ${what}`)];
    if (accepted === false) {
      return [`${cluster}: refused (401 Unauthorized)`, ...refused.map((why) => `  because ${why}`), ...open];
    }
    const held =
      accessOn(side, cluster)?.authorizer.held({ ...(user === undefined ? {} : { user }), groups: groups ?? [] }) ?? [];
    const own = held.filter(isPersonal);
    const lines = own.map((one) => {
      const where = one.namespace === undefined ? '' : ` in namespace ${one.namespace}`;
      const as = `${one.subject.kind.toLowerCase()} ${one.subject.name}`;
      return `  may ${mayOf(one)}${where} (${roleOf(one)}; ${one.binding.metadata.name}, as ${as})`;
    });
    return [
      accepted
        ? `${cluster}: accepted`
        : `${cluster}: no check failed, but some checks could not be made (see \`not checked\` below)`,
      ...(user === undefined ? [] : [`  user ${user}`]),
      ...(groups ?? []).map((group) => `  group ${group}`),
      ...(lines.length > 0 || user === undefined
        ? lines
        : [
            groups
              ? '  no rendered binding names the user or a group of the user: without other bindings, almost every request is Forbidden (403)'
              : '  no rendered binding names the user, and the groups of the user are unknown',
          ]),
      ...open,
    ];
  });
}
