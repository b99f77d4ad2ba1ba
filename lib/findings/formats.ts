import { own } from '../guards';
import { asGithub } from './github';
import { asReportJson } from './json';
import { asReportMarkdown } from './markdown';
import type { Registry } from './registry';
import type { Report } from './report';
import { asSarif } from './sarif';
import { asReportText } from './text';

export interface FormatContext {
  /** All codes. */
  readonly registry: Registry;
  /** The folder of the documentation. @default docs */
  readonly docs?: string;
}

export type Format = (report: Report, context: FormatContext) => string;

/** The formats of a report by name. */
export const reportFormats: Readonly<Record<string, Format>> = {
  text: (report, { docs }) => asReportText(report, docs),
  json: (report) => asReportJson(report),
  sarif: (report, { registry }) => asSarif(report, registry),
  github: (report) => asGithub(report),
  markdown: (report) => asReportMarkdown(report),
};

/** @throws Error if there is no such format */
export function formatReport<R extends Report>(
  report: R,
  name: string,
  context: FormatContext,
  formats: Readonly<Record<string, (report: R, context: FormatContext) => string>> = reportFormats,
): string {
  const format = own(formats, name);
  if (!format) throw new Error(`there is no format ${name}`);
  return format(report, context);
}
