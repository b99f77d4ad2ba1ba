import { check } from '../lib/checks/review/run-review';
import { memoryReader } from '../lib/config/reader';
import type { LocatedFinding } from '../lib/findings/finding';
import { pageOf } from '../lib/findings/registry';
import { messageOf } from '../lib/guards';
import { parseConfig } from '../lib/load';
import { render } from '../lib/render';
import { reportData } from '../lib/report/collect';
import { reportPage } from '../lib/report/page';
import type { Problem, Result } from './result';

/** Renders and checks a config, as `kaniflux synth`, `check` and `report` do. The config can't refer to other files. */
export function evaluate(text: string): Result {
  try {
    const bytes = new TextEncoder().encode(text);
    const { config, findings, sources } = parseConfig('kaniflux.yaml', bytes, memoryReader({}));
    if (!config) return { problems: findings.map(problem) };
    const input = { config, sources, warnings: findings, manifests: [] };
    return {
      problems: check(input).findings.map(problem),
      files: Array.from(render(config), ({ path, text }) => ({ path, text })),
      report: reportPage(reportData(input)),
    };
  } catch (thrown) {
    return { problems: [], internalError: messageOf(thrown) };
  }
}

const problem = ({ severity, code, message, fix, line, column }: LocatedFinding): Problem => ({
  severity,
  code,
  message,
  fix,
  line,
  column,
  page: pageOf(code),
});
