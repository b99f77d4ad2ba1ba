import type { Answer } from '../../existing/https';
import type { Path } from '../../findings/finding';
import { type CheckResult, failed, judged, type LiveCheck, passed, skipped } from './live-check';

/**
 * A clock difference of `warningFrom` seconds or more is a warning. A difference of `errorFrom` seconds or more is an
 * error. Tokens of Kanidm last 15 minutes, and an API server rejects a token that was issued more than one minute in
 * the future. This was tried with kube-apiserver 1.34.4 (go-oidc 2).
 */
const [warningFrom, errorFrom] = [30, 60];

interface ClockOwner {
  readonly who: string;
  readonly path: Path;
  readonly fix: string;
}

/**
 * Compares the clock of a server with the clock of this machine at the time of the response. The clock of the server is
 * read from the `Date` header, which has whole seconds.
 */
function compareClock({ headers, at }: Answer, { who, path, fix }: ClockOwner): CheckResult {
  // A cache answers with the date at which it stored the answer.
  if (headers.age !== undefined) return skipped(`${who}: the response is from a cache`);
  const date = Date.parse(String(headers.date));
  if (Number.isNaN(date)) return skipped(`${who}: the response has no \`Date\` header`);
  const seconds = Math.round((date - at) / 1000);
  const off = Math.abs(seconds);
  if (off < warningFrom) return passed(`${who} has the same time as this machine`);
  return failed(
    path,
    `the clock of ${who} is ${off} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine's`,
    fix,
    off < errorFrom ? { severity: 'warning' } : {},
  );
}

const kanidmClock: LiveCheck = {
  code: 'kanidm-clock',
  parts: ['kanidm'],
  run: (system) =>
    judged('the clock of Kanidm', system.anyAnswer(), (answer) =>
      compareClock(answer, {
        // A reverse proxy may write its own time into the answer.
        who: `the server at ${system.origin.origin}`,
        path: ['kanidm'],
        fix: 'run an NTP client on the machine of Kanidm and on this one: tokens are valid for only 15 minutes',
      }),
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
        'run an NTP client on the control-plane nodes and on this machine; otherwise the API server rejects tokens as expired or not yet valid';
      const found = await judged(`the clock of ${who}`, system.apiServer(cluster), (answer) =>
        compareClock(answer, { who, path: cluster.path, fix }),
      );
      results.push(...found);
    }
    return results;
  },
};

export const clockChecks = { kanidm: kanidmClock, apiServer: apiServerClock } as const;
