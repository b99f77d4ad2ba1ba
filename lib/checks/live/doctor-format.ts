import { type FormatContext, reportFormats } from '../../findings/formats';
import { withPage } from '../../findings/json';
import { json } from '../../output/text-escapes';
import { asText } from './doctor-text';
import type { DoctorReport, LocatedResult } from './run-live';

const texts = (results: readonly LocatedResult[], state: 'passed' | 'skipped') =>
  results.flatMap((result) => (result.state === state ? [{ code: result.code, text: result.text }] : []));

/** The findings as `check` gives them, with what passed and what was skipped. */
const asJson = ({ results, findings, ignored }: DoctorReport): string =>
  `${json({
    findings: findings.map(withPage),
    ignored,
    ok: texts(results, 'passed'),
    skipped: texts(results, 'skipped'),
  })}\n`;

/** How the results are printed, by the name of the format. The text is for what can't be printed line by line. */
export const doctorFormats: Readonly<Record<string, (report: DoctorReport, context: FormatContext) => string>> = {
  ...reportFormats,
  text: asText,
  json: asJson,
};
