import type { Config } from '../../config/config';
import { suggest } from '../../config/nearest';
import { readingFinding } from '../../config/reading-codes';
import type { Finding } from '../../findings/finding';
import type { Ignore } from '../../findings/ignore';
import { refusesConfig } from '../../findings/registry';
import { isBuiltIn } from '../../upstream/kanidm-builtin';
import { registry } from '../registered-codes';
import { configFinding } from './config-codes';

/** Reports entries of `checks.ignore` that can never match. */
export const ignoreRules = (config: Config): Finding[] =>
  config.checks.ignore.flatMap((ignore) => [...code(ignore), ...names(config, ignore)]);

function code({ code, place }: Ignore): Finding[] {
  const path = [...place, 'code'];
  const known = registry().get(code);
  if (!known) return [configFinding('unknown-code', path, `there is no code \`${code}\``, suggest(code, ignorable()))];
  if (!refusesConfig(known)) return [];
  const message = `\`${code}\` cannot be ignored, because Kaniflux renders nothing from a config with this error`;
  return [configFinding('ignore-refused', path, message, 'fix the error, and remove this entry')];
}

const ignorable = () => [...registry().values()].filter((one) => !refusesConfig(one)).map(({ code }) => code);

/**
 * The fix if there is no name to choose from. To remove only the field would be wrong: the entry would then match more
 * findings than it was written for.
 */
const remove = 'remove this entry, which matches no finding';

function names(config: Config, { cluster, grant, group, place }: Ignore): Finding[] {
  const findings: Finding[] = [];
  const clusters = [...config.clusters.values()].filter(({ name }) => cluster === undefined || name === cluster);
  const grants = [...new Set(clusters.flatMap((one) => one.grants.map(({ name }) => name)))];
  if (grant !== undefined && !grants.includes(grant)) {
    const where = cluster === undefined ? '' : ` on ${cluster}`;
    const message = `there is no grant \`${grant}\`${where}`;
    findings.push(readingFinding('unknown-reference', [...place, 'grant'], message, suggest(grant, grants, remove)));
  }
  if (group !== undefined && !config.groups.has(group) && !isBuiltIn(group)) {
    const message = `there is no group \`${group}\``;
    const fix = suggest(group, [...config.groups.keys()], remove);
    findings.push(readingFinding('unknown-reference', [...place, 'group'], message, fix));
  }
  return findings;
}
