import type { Config } from '../config/config';
import { compareConfig } from './compare-config';
import type { Answer, ExplainedLog, Meaning, Open } from './explain-log';

/** The config that answers are compared with, and the selected clusters. */
export interface Beside {
  readonly config: Config;
  readonly clusters: readonly string[];
}

/** Returns the path of an explanation's page in the package. */
export const pageOfExplanation = (id: string): string => `docs/explain/${id}.md`;

/**
 * Shows what the config says about secrets only if the fix is about the secret, because the line can also have another
 * cause.
 */
const besideOf = ({ explanation, facts, fix }: Meaning, beside: Beside | undefined): string[] =>
  beside && explanation.beside && (explanation.beside !== 'secret' || fix.includes('secret'))
    ? compareConfig(explanation.beside, facts, beside.config, beside.clusters)
    : [];

/**
 * Formats answers as JSON. There is one object for each answer, usually with the fields of one explanation. If the line
 * does not name its program or its server, the object has the list `possibilities` instead.
 */
export const logAsJson = ({ answers, open }: ExplainedLog, beside?: Beside): object[] => [
  ...answers.map((one) => ({
    line: one.lines[0],
    ...meaningAsJson(one, beside),
    lines: [...one.lines, ...one.consequences],
    ...(one.endedBy === undefined ? {} : { endedBy: one.endedBy }),
  })),
  ...open.map(({ lines, possibilities }) => ({
    line: lines[0],
    lines,
    possibilities: possibilities.map((one) => ({ ...meaningAsJson(one, beside), if: one.tell })),
  })),
];

const meaningAsJson = (one: Meaning, beside?: Beside) => {
  const compared = besideOf(one, beside);
  return {
    id: one.id,
    of: one.of,
    means: one.means,
    fix: one.fix,
    page: pageOfExplanation(one.id),
    ...(compared.length > 0 ? { config: compared } : {}),
  };
};

/** Formats answers for a terminal; the text is not escaped yet. `docs` is the address of the documentation. */
export const logLines = ({ answers, open }: ExplainedLog, docs: string, beside?: Beside): string[] => [
  ...answers.flatMap((one) => answerLines(one, docs, beside)),
  ...open.flatMap((one) => openLines(one, docs, beside)),
];

function answerLines(one: Answer, docs: string, beside?: Beside): string[] {
  const consequences = [...new Set(one.consequences)];
  const others = consequences.length - 3;
  return [
    ...quoted(one.lines),
    ...consequences.slice(0, 3).map((line) => `  perhaps a consequence: ${short(line)}`),
    ...(others > 0 ? [`  and ${others} more ${others === 1 ? 'line' : 'lines'}, perhaps a consequence too`] : []),
    `  ${one.of}: ${one.means}`,
    ...(one.endedBy === undefined
      ? []
      : [`  A later line says that the problem has ended on the API server that wrote it: ${short(one.endedBy)}`]),
    ...besideOf(one, beside).map((line) => `  config: ${line}`),
    `  fix: ${one.fix}`,
    `  see: ${pageOfExplanation(one.id).replace(/^docs/, docs)}`,
  ];
}

function openLines({ lines, possibilities }: Open, docs: string, beside?: Beside): string[] {
  const one = possibilities.length === 1;
  return [
    ...quoted(lines),
    `  The line does not name the program that wrote it, or the server that it is about. ${one ? 'The line may mean:' : 'The line may mean one of these, the most likely first:'}`,
    ...possibilities.flatMap((each, i) => [
      `  ${i + 1}. ${each.of}: ${each.means}`,
      `     This meaning applies if ${each.tell}.`,
      ...besideOf(each, beside).map((line) => `     config: ${line}`),
      `     fix: ${each.fix}`,
      `     see: ${pageOfExplanation(each.id).replace(/^docs/, docs)}`,
    ]),
  ];
}

/**
 * Returns the first line, the number of further lines, and the last line, which shows whether the problem has ended.
 */
const quoted = ([first = '', ...more]: readonly string[]): string[] => [
  short(first),
  ...(more.length === 0
    ? []
    : [
        `  and ${more.length} more ${more.length === 1 ? 'line' : 'lines'} with the same meaning, the last: ${short(more.at(-1) ?? '', 100)}`,
      ]),
];

const short = (line: string, longest = 300): string => {
  const plain = line.replace(/\s*\n\s*/g, ' ');
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
};
