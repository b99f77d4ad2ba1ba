import { type Explanation, type Facts, textFrom } from './explanation';
import { explanations } from './explanations';
import { type LogLine, linesOf, logLine } from './log-line';
import type { Program } from './programs';

/** The meaning of a log line, filled in with the values from that line. */
export interface Meaning {
  readonly id: string;
  /** The program that wrote the line, or the name of the application. */
  readonly of: string;
  readonly means: string;
  readonly fix: string;
  readonly facts: Facts;
  readonly explanation: Explanation;
}

/** The answer for lines whose program is certain. */
export interface Answer extends Meaning {
  /** The original lines, with tokens and secrets replaced. */
  readonly lines: readonly string[];
  /** Other lines of the log that are a consequence of these. */
  readonly consequences: readonly string[];
}

/** The answers for lines that several programs write and that name no program. */
export interface Open {
  readonly lines: readonly string[];
  /** The possible meanings, the most likely first. */
  readonly possibilities: readonly (Meaning & { readonly tell: string })[];
}

export interface ExplainedLog {
  readonly answers: readonly Answer[];
  readonly open: readonly Open[];
  /** The number of lines without an explanation. Most lines of a log are about normal work and have no explanation. */
  readonly unexplained: number;
}

/**
 * Returns the possible meanings of a line. If one meaning is certain, the array contains only that meaning, without
 * `tell`. The array is empty if no explanation matches.
 */
export function meaningsOf(raw: string): readonly (Meaning & { readonly tell?: string })[] {
  return meaningsOfLine(logLine(raw));
}

function meaningsOfLine(line: LogLine): readonly (Meaning & { readonly tell?: string })[] {
  if (ofEntra.test(line.text)) return [];
  const possible: (Meaning & { tell: string })[] = [];
  for (const explanation of explanations) {
    if (!mayBeFrom(explanation, line.programs)) continue;
    const match = explanation.pattern.exec(line.text);
    if (!match) continue;
    const meaning = meaningOf(explanation, factsOf(match), line);
    if (isSure(explanation, line)) return [meaning];
    possible.push({ ...meaning, tell: explanation.shared?.tell ?? '' });
  }
  return possible;
}

/**
 * The error codes of Microsoft Entra ID. A line with such a code has no explanation: its other words can be the same as
 * in an error of Kanidm, but the line is not about Kanidm.
 */
const ofEntra = /\bAADSTS\d{4,8}\b/;

const mayBeFrom = ({ of, relayed = [] }: Explanation, programs: readonly Program[] | undefined): boolean =>
  programs === undefined || programs.some((one) => one === of || relayed.includes(one));

/**
 * Returns whether it is certain which program wrote the line: only one program writes these words, or the line names
 * the program.
 */
function isSure({ of, shared }: Explanation, { text, programs, isUnknown = false }: LogLine): boolean {
  if (!shared || shared.sure?.test(text)) return true;
  if (shared.wordsOnly) return false;
  return (programs?.includes(of) ?? false) && !programs?.includes('other') && !isUnknown;
}

const factsOf = (match: RegExpExecArray): Facts =>
  Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, value]) => [name, value ?? '']));

function meaningOf(explanation: Explanation, facts: Facts, { application, text }: LogLine): Meaning {
  const means = textFrom(explanation.means, facts);
  const fix = textFrom(explanation.fix, facts);
  const other = /kanidm|oauth2\/openid/i.test(`${means}${fix}`) ? otherIssuer(text) : undefined;
  return {
    id: explanation.id,
    of: explanation.of === 'an application' ? (application ?? explanation.of) : explanation.of,
    means:
      other === undefined
        ? means
        : `${means} The line names the issuer ${other}, which does not have the form of an issuer of Kanidm (\`<origin>/oauth2/openid/<client>\`): this issuer may belong to another identity provider.`,
    fix: other === undefined ? fix : `If this issuer is meant to be Kanidm: ${fix}`,
    facts,
    explanation,
  };
}

/** The URL of an issuer: before the path of the discovery document, or where an error names an issuer. */
const issuers =
  /"(https?:\/\/[^"]{1,300}?)\/?\.well-known\/openid-configuration"|(?:issuer:? \(?|[Ff]ailed to query provider |provider, expected |by provider \()"(https?:\/\/[^"]{1,300})"(?:\)? got "(https?:\/\/[^"]{1,300})")?|provider, expected "[^"]{0,300}" got "(https?:\/\/[^"]{1,300})"/g;

/** Returns the first issuer in a line if no issuer in the line can be an issuer of Kanidm. */
function otherIssuer(text: string): string | undefined {
  const named = [...text.matchAll(issuers)].flatMap(([, ...urls]) => urls.filter((url) => url !== undefined));
  return named.some((one) => one.includes('/oauth2/openid/')) ? undefined : named[0];
}

/** Explains a log. Lines with the same meaning have one answer. Answers are in the order of their first lines. */
export function explainLog(log: string): ExplainedLog {
  const answers = new Map<string, Answer & { lines: string[]; consequences: string[] }>();
  const open = new Map<string, { lines: string[]; possibilities: Open['possibilities'] }>();
  let unexplained = 0;
  for (const raw of linesOf(log)) {
    const line = logLine(raw);
    const found = meaningsOfLine(line);
    const [first] = found;
    if (!first) {
      unexplained++;
      continue;
    }
    if (first.tell === undefined) {
      const key = `${first.id}\n${first.of}\n${first.means}`;
      const before = answers.get(key);
      if (before) before.lines.push(line.shown);
      else answers.set(key, { ...first, lines: [line.shown], consequences: [] });
    } else {
      const possibilities = found.map((one) => ({ ...one, tell: one.tell ?? '' }));
      const key = possibilities.map(({ id, means }) => `${id}\n${means}`).join('\n');
      const before = open.get(key);
      if (before) before.lines.push(line.shown);
      else open.set(key, { lines: [line.shown], possibilities });
    }
  }
  return { answers: withoutConsequences([...answers.values()]), open: [...open.values()], unexplained };
}

/** If an answer is a consequence of another one, moves its lines to the answer with the root cause. */
function withoutConsequences(answers: readonly (Answer & { consequences: string[] })[]): Answer[] {
  const causeOf = ({ explanation }: Answer) => answers.find(({ id }) => explanation.consequenceOf?.includes(id));
  return answers.filter((one) => {
    let cause = causeOf(one);
    for (let next = cause; next !== undefined; next = causeOf(next)) cause = next;
    cause?.consequences.push(...one.lines);
    return cause === undefined;
  });
}
