import type { Report } from '../check/run';
import { asGithub } from './github';
import { asReportJson } from './json';
import { asReportMarkdown } from './markdown';
import { asSarif } from './sarif';
import { asReportText } from './text';

/** How a report is printed, by the name of the format. */
export const reportFormats: Readonly<Record<string, (report: Report) => string>> = {
  text: asReportText,
  json: asReportJson,
  sarif: asSarif,
  github: asGithub,
  markdown: asReportMarkdown,
};
