import type { Program } from './programs';

/** Values that a pattern reads from a line, by the names of its groups. A group without a match is `''`. */
export interface Facts {
  readonly [name: string]: string;
}

/** A fixed text, or a function that builds the text from the values of the line. */
export type Text = string | ((facts: Facts) => string);

/** The explanation of one kind of log line. */
export interface Explanation {
  /** The name of the page in docs/explain/, also used in the output. */
  readonly id: string;
  readonly title: string;
  /** The program that writes the line. */
  readonly of: Program;
  /** Programs that pass such a line on. The line is still about `of`. */
  readonly relayed?: readonly Program[];
  /**
   * Matches the message of a line with its other fields (`LogLine.text` and `LogLine.fields`), or the message alone.
   * Patterns run in linear time; a test checks this.
   */
  readonly pattern: RegExp;
  /** Matches lines with the same message that are about something else, usually by their other fields. */
  readonly unless?: RegExp;
  /** Set if other programs write the same words. The line must then name the program or match `sure`. */
  readonly shared?: {
    /** Further words that only this program writes. @default none */
    readonly sure?: RegExp;
    /** How a person can tell that this explanation applies. Completes the sentence "This meaning applies if …". */
    readonly tell: string;
    /**
     * Whether the line must match `sure` even if it names the program, because this program writes the same line about
     * servers other than Kanidm.
     */
    readonly wordsOnly?: boolean;
  };
  readonly means: Text;
  readonly fix: Text;
  /** A command or a place that shows the problem. */
  readonly see: string;
  /** Real lines of the program, the most common first. */
  readonly example: readonly [string, ...string[]];
  /**
   * Ids of explanations whose problems can cause this problem. If a log has a line of one of these problems, this
   * problem has no separate answer.
   */
  readonly consequenceOf?: readonly string[];
  /**
   * Returns whether a line with these values can be a consequence of the explanation with the id `cause`.
   * @default - always
   */
  follows?(facts: Facts, cause: string): boolean;
  /**
   * Matches the text of a line that the program writes when the problem has ended. The answer then shows that line, if
   * it comes after all lines with the problem.
   */
  readonly endedBy?: RegExp;
  /** What is compared with kaniflux.yaml for a line with the problem. */
  readonly beside?: Comparison;
}

/** What can be compared between a log line and kaniflux.yaml. */
export type Comparison =
  | 'algorithm'
  | 'audience'
  | 'issuer'
  | 'claim'
  | 'user'
  | 'redirect'
  | 'secret'
  | 'flags'
  | 'ca'
  | 'required-claim';

/** Returns the text, with the values of the line filled in. */
export const textFrom = (text: Text, facts: Facts): string => (typeof text === 'string' ? text : text(facts));
