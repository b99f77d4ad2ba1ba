import type { LocatedFinding } from '../../findings/finding';
import { type FormatContext, resultFormats } from '../../findings/formats';
import { withPage } from '../../findings/json';
import { json } from '../../output/text-escapes';
import { causes } from './consequences';
import { asText, inSeverity } from './doctor-text';
import type { DoctorResults, LocatedResult } from './run-live';

const texts = (results: readonly LocatedResult[], state: 'passed' | 'skipped') =>
  results.flatMap((result) => (result.state === state ? [{ code: result.code, text: result.text }] : []));

/**
 * Returns the findings as in the JSON of `check`, each with the code of its cause, and the passed and skipped checks.
 */
function asJson({ results, findings, ignored }: DoctorResults): string {
  const following = causes(findings);
  const withCause = (finding: LocatedFinding) => {
    const cause = following.get(finding);
    return { ...withPage(finding), ...(cause ? { followsFrom: cause.code } : {}) };
  };
  return `${json({
    findings: findings.map(withCause),
    ignored,
    ok: texts(results, 'passed'),
    skipped: texts(results, 'skipped'),
  })}\n`;
}

/** Adds the checks that did not run, grouped by reason. Puts errors first, as in the results of `check`. */
function asResults(report: DoctorResults): DoctorResults {
  const codes = new Map<string, Set<string>>();
  for (const result of report.results) {
    if (result.state !== 'skipped') continue;
    const { reason = result.text, code } = result;
    codes.set(reason, (codes.get(reason) ?? new Set()).add(code));
  }
  return {
    ...report,
    findings: inSeverity(report.findings),
    skipped: [...codes].map(([reason, of]) => ({ reason, codes: [...of] })),
  };
}

/** The formats of a report by name. */
export const doctorFormats: Readonly<Record<string, (report: DoctorResults, context: FormatContext) => string>> = {
  ...Object.fromEntries(
    Object.entries(resultFormats).map(([name, format]) => [
      name,
      (report: DoctorResults, context: FormatContext) => format(asResults(report), context),
    ]),
  ),
  text: asText,
  json: asJson,
};
