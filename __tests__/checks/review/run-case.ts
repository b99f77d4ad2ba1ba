import { check } from '../../../lib/checks/review/run-review';
import type { Results } from '../../../lib/findings/results';
import { homeLab, load } from '../../config';
import { asManifests, type Case } from './check-cases';

/** Returns what `check` reports for a case. */
export const run = ({ config = {}, manifests = [], base }: Case): Results => {
  const { config: now, findings, sources } = load(homeLab(config));
  if (!now) throw new Error(findings.map(({ message }) => message).join('\n'));
  const before = base && load(homeLab(base)).config;
  if (base && !before) throw new Error('the config at the base revision has errors');
  return check({
    config: now,
    sources,
    warnings: findings,
    manifests: asManifests(manifests),
    ...(before ? { base: before } : {}),
    at: '2027-02-01',
  });
};

/** Returns the findings with a code as `severity place subject | fix`. */
export const told = ({ findings }: Results, code: string): string[] =>
  findings
    .filter((finding) => finding.code === code)
    .map(({ severity, path, file, line, cluster, grant, group, fix }) => {
      const about = Object.entries({ cluster, grant, group }).flatMap(([key, value]) =>
        value ? [`${key}=${value}`] : [],
      );
      return `${[severity, path ? path.join('.') : `${file}:${line}`, ...about].join(' ')} | ${fix}`;
    });
