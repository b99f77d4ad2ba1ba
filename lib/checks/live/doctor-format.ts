import { type FormatContext, reportFormats } from '../../findings/formats';
import { withPage } from '../../findings/json';
import { json } from '../../output/text-escapes';
import { asText } from './doctor-text';
import type { DoctorReport, LocatedResult } from './run-live';

const texts = (results: readonly LocatedResult[], state: 'passed' | 'skipped') =>
  results.flatMap((result) => (result.state === state ? [{ code: result.code, text: result.text }] : []));

/** The findings as in the JSON of `check`, with the checks that passed and those that were skipped. */
const asJson = ({ results, findings, ignored }: DoctorReport): string =>
  `${json({
    findings: findings.map(withPage),
    ignored,
    ok: texts(results, 'passed'),
    skipped: texts(results, 'skipped'),
  })}\n`;

/** The formats of a report by name. */
export const doctorFormats: Readonly<Record<string, (report: DoctorReport, context: FormatContext) => string>> = {
  ...reportFormats,
  text: asText,
  json: asJson,
};
