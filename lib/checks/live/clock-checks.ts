import type { Answer } from '../../existing/https';
import type { Path } from '../../findings/finding';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';
import type { LiveSystem } from './live-system';

/** Kanidm's tokens last 15 minutes, and an API server lets none come more than five minutes early. */
const [noticed, broken] = [30, 300];

/** How a clock stands against this machine's, from the `Date` of an answer. That has no fractions of a second. */
function against(system: LiveSystem, who: string, { headers }: Answer, path: Path, fix: string): CheckResult {
  const date = Date.parse(String(headers.date));
  if (Number.isNaN(date)) return skipped(`${who}: the answer has no date`);
  const seconds = Math.round((date - system.tools.now()) / 1000);
  const off = Math.abs(seconds);
  if (off < noticed) return passed(`${who} has the time of this machine`);
  return failed(
    path,
    `the clock of ${who} is ${off} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's`,
    fix,
    off < broken ? { severity: 'warning' } : {},
  );
}

const kanidmClock: LiveCheck = {
  code: 'kanidm-clock',
  parts: ['kanidm'],
  run: (system) =>
    judged('the clock of Kanidm', system.anyAnswer(), (answer) =>
      against(system, 'Kanidm', answer, ['kanidm'], 'run an NTP client on its node and here: tokens last 15 minutes'),
    ),
};

const apiServerClock: LiveCheck = {
  code: 'api-server-clock',
  parts: ['cluster'],
  run: async (system) => {
    const results: CheckResult[] = [];
    for (const cluster of system.clusters) {
      const who = `the API server of ${cluster.name}`;
      const fix =
        'run an NTP client on the control-plane nodes and here: otherwise tokens count as expired or not yet valid';
      const found = await judged(`the clock of ${who}`, system.apiServer(cluster), (answer) =>
        against(system, who, answer, cluster.path, fix),
      );
      results.push(...found);
    }
    return results;
  },
};

export const clockChecks = { kanidm: kanidmClock, apiServer: apiServerClock } as const;
