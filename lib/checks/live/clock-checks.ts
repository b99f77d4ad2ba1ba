import type { Path } from '../../config/problem';
import type { Answer } from '../../existing/https';
import { type Check, type Said, seen, unknown, well, wrong } from './live-check';
import type { LiveSystem } from './live-system';

/** Kanidm's tokens last 15 minutes, and an API server lets none come more than five minutes early. */
const [noticed, broken] = [30, 300];

/** How a clock stands against this machine's, from the `Date` of an answer. That has no fractions of a second. */
function against(system: LiveSystem, who: string, { headers }: Answer, path: Path, fix: string): Said {
  const date = Date.parse(String(headers.date));
  if (Number.isNaN(date)) return unknown(`${who}: the answer has no date`);
  const seconds = Math.round((date - system.tools.now()) / 1000);
  const off = Math.abs(seconds);
  if (off < noticed) return well(`${who} has the time of this machine`);
  return wrong(
    path,
    `the clock of ${who} is ${off} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's`,
    fix,
    off < broken ? { severity: 'warning' } : {},
  );
}

const kanidmClock: Check = {
  code: 'KFD105',
  title: 'The clock of Kanidm and that of this machine differ',
  severity: 'error',
  parts: ['kanidm'],
  run: (system) =>
    seen('the clock of Kanidm', system.anyAnswer(), (answer) =>
      against(system, 'Kanidm', answer, ['kanidm'], 'run NTP on its node and here: tokens last 15 minutes'),
    ),
};

const apiServerClock: Check = {
  code: 'KFD303',
  title: 'The clock of an API server and that of this machine differ',
  severity: 'error',
  parts: ['cluster'],
  run: async (system) => {
    const said: Said[] = [];
    for (const cluster of system.clusters) {
      const who = `the API server of ${cluster.name}`;
      const fix = 'run NTP on the control-plane nodes and here: it takes a token for ended, or for not yet good';
      const found = await seen(`the clock of ${who}`, system.apiServer(cluster), (answer) =>
        against(system, who, answer, cluster.path, fix),
      );
      said.push(...found);
    }
    return said;
  },
};

export const clockChecks = { kanidm: kanidmClock, apiServer: apiServerClock } as const;
