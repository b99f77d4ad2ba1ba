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
  /** The lines without colours and the like, with tokens and secrets replaced. */
  readonly lines: readonly string[];
  /** Other lines of the log that are a consequence of these. */
  readonly consequences: readonly string[];
  /** A later line, according to which the problem has ended. */
  readonly endedBy?: string;
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
  /** The number of lines that are so long that only their beginning was read. */
  readonly cut: number;
}

/**
 * Returns the possible meanings of a line. If one meaning is certain, the array contains only that meaning, without
 * `tell`. The array is empty if no explanation matches.
 */
export function meaningsOf(raw: string): readonly (Meaning & { readonly tell?: string })[] {
  return errorsIn(logLine(raw)).flatMap(meaningsOfError);
}

const refusal = /Unable to authenticate the request(?: due to an error)?[":]{0,2} ?(?:err=")?\[(.*)\]/;
const nextError =
  /, (?=invalid bearer token$|verifying certificate |x509: |oidc: |service ?accounts? |ServiceAccount |(?:secret|pod|node) UID |the token in secret |[Tt]oken (?:audiences|has been|is bound|does not match) |Post "https?:)/;
const bare = /^invalid bearer token(?:, \[invalid bearer token){0,4}$/;

/**
 * Returns a line for each error in a line about a refused request. A request can have a certificate and a token, and
 * the API server lists why it refuses each of the two.
 */
function errorsIn(line: LogLine): LogLine[] {
  const errors =
    refusal
      .exec(line.text)?.[1]
      ?.split(nextError)
      // Old API servers nest these lists, as in `[invalid bearer token, [invalid bearer token, …]]`. The nested
      // beginning is no error. After the error of a certificate, the same words are about the token.
      .filter((one, _, [first = '']) => !bare.test(one) || /^(?:x509: |verifying certificate )/.test(first)) ?? [];
  if (errors.length < 2) return [line];
  return errors.map((error) => ({
    ...line,
    text: `Unable to authenticate the request: [invalid bearer token, ${error}]`,
  }));
}

function meaningsOfError(line: LogLine): readonly (Meaning & { readonly tell?: string })[] {
  const whole = wholeOf(line);
  if (ofEntra.test(whole)) return [];
  const possible: (Meaning & { tell: string })[] = [];
  for (const explanation of explanations) {
    if (!mayBeFrom(explanation, line.programs) || explanation.unless?.test(whole)) continue;
    const facts = factsIn(line, explanation.pattern);
    if (!facts) continue;
    const meaning = meaningOf(explanation, facts, line);
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
function isSure({ of, shared }: Explanation, line: LogLine): boolean {
  const { programs, isUnknown = false } = line;
  if (!shared || readings(line).some((text) => shared.sure?.test(text))) return true;
  if (shared.wordsOnly) return false;
  return (programs?.includes(of) ?? false) && !programs?.includes('other') && !isUnknown;
}

/** Returns the message with the other fields of the entry. */
const wholeOf = ({ text, fields = '' }: LogLine): string => text + fields;

/** Some patterns also read other fields than the message, and some match only if nothing follows the message. */
const readings = (line: LogLine): readonly string[] => [...new Set([wholeOf(line), line.text])];

/**
 * Returns the values that a pattern reads from a line; `undefined` if the pattern does not match. A value that begins
 * in the message ends with the message: the other fields are not part of the sentence.
 */
function factsIn(line: LogLine, pattern: RegExp): Facts | undefined {
  const text = readings(line).find((one) => pattern.test(one));
  if (text === undefined) return undefined;
  const groups = new RegExp(pattern, `${pattern.flags}d`).exec(text)?.indices?.groups ?? {};
  const { length } = line.text;
  return Object.fromEntries(
    Object.entries<readonly [number, number] | undefined>(groups).map(([name, [start, end] = [0, 0]]) => [
      name,
      text.slice(start, start <= length ? Math.min(end, length) : end),
    ]),
  );
}

function meaningOf(explanation: Explanation, facts: Facts, line: LogLine): Meaning {
  const { application } = line;
  const means = textFrom(explanation.means, facts);
  const fix = textFrom(explanation.fix, facts);
  const isAboutKanidm = /kanidm|oauth2\/openid/i.test(fix);
  const isAboutIssuer = isAboutKanidm || /kanidm/i.test(means) || /^(?:issuer|ca)$/.test(explanation.beside ?? '');
  const other = isAboutIssuer ? otherIssuer(wholeOf(line)) : undefined;
  return {
    id: explanation.id,
    of: explanation.of === 'an application' ? (application ?? explanation.of) : explanation.of,
    means:
      other === undefined
        ? means
        : `${means} The line names ${other}, which does not have the form of an issuer of Kanidm (\`<origin>/oauth2/openid/<client>\`) and may belong to another identity provider.`,
    fix: other === undefined || !isAboutKanidm ? fix : `If this issuer is meant to be Kanidm: ${fix}`,
    facts,
    explanation,
  };
}

/** Matches the URL of an issuer in a discovery URL or in an error, or the URL of its keys. */
const issuers =
  /"(https?:\/\/[^"]{1,300}?)\/?\.well-known\/openid-configuration"|get keys failed:? Get "(https?:\/\/[^"]{1,300})"|(?:issuer:? \(?|[Ff]ailed to query provider |provider, expected |by provider \()"(https?:\/\/[^"]{1,300})"(?:\)? got "(https?:\/\/[^"]{1,300})")?|provider, expected "[^"]{0,300}" got "(https?:\/\/[^"]{1,300})"/g;

/** Returns the first issuer in a line if no issuer in the line can be an issuer of Kanidm. */
function otherIssuer(text: string): string | undefined {
  const named = [...text.matchAll(issuers)].flatMap(([, ...urls]) => urls.filter((url) => url !== undefined));
  return named.some((one) => one.includes('/oauth2/openid/')) ? undefined : named[0];
}

/** An answer while the log is read. */
type Growing = Answer & { lines: string[]; consequences: string[]; endedBy?: string };

const endings = new Set(explanations.flatMap(({ endedBy }) => endedBy ?? []));

/** Whether lines of an answer can be a consequence of another answer. */
const canCause = (cause: Answer, { explanation: { consequenceOf = [], follows }, facts }: Answer): boolean =>
  consequenceOf.includes(cause.id) && (follows?.(facts, cause.id) ?? true);

/** Deletes `endedBy` of an answer and of all its possible causes, because a later line shows the problem again. */
function goesOn(one: Growing | undefined, answers: readonly Growing[]): void {
  if (!one) return;
  delete one.endedBy;
  for (const cause of answers) if (canCause(cause, one)) goesOn(cause, answers);
}

/** Explains a log. Lines with the same meaning have one answer. Answers are in the order of their first lines. */
export function explainLog(log: string): ExplainedLog {
  const answers = new Map<string, Growing>();
  const open = new Map<string, { lines: string[]; possibilities: Open['possibilities'] }>();
  let unexplained = 0;
  let cut = 0;
  for (const raw of linesOf(log)) {
    const line = logLine(raw);
    if (line.isCut) cut++;
    const found = errorsIn(line)
      .map(meaningsOfError)
      .filter(({ length }) => length > 0);
    const isEnding = [...endings].some((ending) => ending.test(line.text));
    if (isEnding) {
      for (const one of answers.values()) if (one.explanation.endedBy?.test(line.text)) one.endedBy = line.shown;
    } else if (found.length === 0) unexplained++;
    // Two errors in a line can have the same meaning.
    for (const [key, meanings] of new Map(found.map((one) => [keyOf(one), one]))) {
      const [first] = meanings;
      if (!first) continue;
      if (first.tell === undefined) {
        const before = answers.get(key);
        if (before) before.lines.push(line.shown);
        else answers.set(key, { ...first, lines: [line.shown], consequences: [] });
        goesOn(answers.get(key), [...answers.values()]);
      } else {
        const before = open.get(key);
        const possibilities = meanings.map((one) => ({ ...one, tell: one.tell ?? '' }));
        if (before) before.lines.push(line.shown);
        else open.set(key, { lines: [line.shown], possibilities });
      }
    }
  }
  return { answers: withoutConsequences([...answers.values()]), open: [...open.values()], unexplained, cut };
}

const keyOf = (meanings: readonly (Meaning & { readonly tell?: string })[]): string =>
  meanings.map(({ id, of, means }) => `${id}\n${of}\n${means}`).join('\n');

/**
 * If an answer can be a consequence of another one, moves its lines to the answer with the root cause. If the log has
 * several possible root causes, the answer stays separate.
 */
function withoutConsequences(answers: readonly (Answer & { consequences: string[] })[]): Answer[] {
  const rootsOf = (one: Answer): Set<Answer> => {
    const causes = answers.filter((cause) => canCause(cause, one));
    return new Set(causes.length === 0 ? [one] : causes.flatMap((cause) => [...rootsOf(cause)]));
  };
  return answers.filter((one) => {
    const [root, ...others] = rootsOf(one);
    if (root === one || root === undefined || others.length > 0) return true;
    answers.find((each) => each === root)?.consequences.push(...one.lines);
    return false;
  });
}
