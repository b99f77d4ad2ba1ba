import type { Report } from '../checks/review/run-review';
import { asGithub } from './github';
import { asReportJson } from './json';
import { asReportMarkdown } from './markdown';
import { asSarif } from './sarif';
import { asReportText } from './text';

/** How a report is printed, by the name of the format. `docs` is where a person finds the pages of this package. */
export const reportFormats: Readonly<Record<string, (report: Report, docs?: string) => string>> = {
  text: asReportText,
  json: asReportJson,
  sarif: asSarif,
  github: asGithub,
  markdown: (report) => asReportMarkdown(report),
};
