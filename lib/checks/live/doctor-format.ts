import { reportFormats } from '../../findings/formats';
import { json } from '../../output/escape';
import { pageOf } from '../review/review-table';
import { asText } from './doctor-text';
import type { Diagnosis, Line } from './run-live';

const texts = (lines: readonly Line[], state: Line['state']) =>
  lines.flatMap((line) =>
    line.state !== 'wrong' && line.state === state ? [{ code: line.code, text: line.text }] : [],
  );

/** What was looked at, and what was not, beside the findings in the form that `check` gives them. */
const asJson = ({ lines, findings, ignored }: Diagnosis): string =>
  `${json({
    findings: findings.map((finding) => ({ ...finding, help: pageOf(finding.code) })),
    ignored,
    ok: texts(lines, 'well'),
    skipped: texts(lines, 'unknown'),
  })}\n`;

/** How a diagnosis is printed, by the name of the format. The text is for what can't be printed line by line. */
export const formats: Readonly<Record<string, (diagnosis: Diagnosis) => string>> = {
  ...reportFormats,
  text: asText,
  json: asJson,
};
