import { own } from '../guards';
import type { Severity } from './finding';
import { asGithub } from './github';
import { asResultsJson } from './json';
import { asResultsMarkdown } from './markdown';
import type { Registry } from './registry';
import type { Results } from './results';
import { asSarif } from './sarif';
import { asResultsText } from './text';

export interface FormatContext {
  /** All codes. */
  readonly registry: Registry;
  /** The folder of the documentation. @default docs */
  readonly docs?: string;
  /** The lowest severity of the findings that the text shows. The text still counts all findings. @default note */
  readonly severity?: Severity;
}

export type Format = (results: Results, context: FormatContext) => string;

/** The formats of results by name. */
export const resultFormats: Readonly<Record<string, Format>> = {
  text: (results, context) => asResultsText(results, context),
  json: (results) => asResultsJson(results),
  sarif: (results, { registry }) => asSarif(results, registry),
  github: (results) => asGithub(results),
  markdown: (results) => asResultsMarkdown(results),
};

/**
 * Formats results.
 * @throws Error if there is no such format
 */
export function formatResults<R extends Results>(
  results: R,
  name: string,
  context: FormatContext,
  formats: Readonly<Record<string, (results: R, context: FormatContext) => string>> = resultFormats,
): string {
  const format = own(formats, name);
  if (!format) throw new Error(`there is no format ${name}`);
  return format(results, context);
}
