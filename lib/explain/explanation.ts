import type { Program } from './programs';

/** What a pattern reads out of a line, by the names of its groups. A group that takes no part is `''`. */
export interface Facts {
  readonly [name: string]: string;
}

/** A text, or one that is made of what stands in the line. */
export type Text = string | ((facts: Facts) => string);

/** What a kind of line means, and what fixes it. */
export interface Explanation {
  /** The name of its page in docs/explain/, and in the output. */
  readonly id: string;
  readonly title: string;
  /** Who writes it. */
  readonly of: Program;
  /** Who else hands such a line on: it is still about `of`. */
  readonly relayed?: readonly Program[];
  /** Matches the text of a line (`LogLine.text`). No pattern looks at a character more than a few times. */
  readonly pattern: RegExp;
  /** Set where other programs use these words too. Then the line has to name the program, or to match `sure`. */
  readonly shared?: {
    /** Words beside the pattern that only this program writes. @default none */
    readonly sure?: RegExp;
    /** What would tell that it is this one, as a clause after "it is this one if". */
    readonly tell: string;
  };
  readonly means: Text;
  readonly fix: Text;
  /** How a person can see for themselves: a command, or where to look. */
  readonly see: string;
  /** Lines as the program writes them, the first one the most usual. */
  readonly example: readonly [string, ...string[]];
  /** Ids of explanations of which this one is only a consequence: beside them it is not an answer of its own. */
  readonly consequenceOf?: readonly string[];
  /** What to compare with the config, by the name of the comparison. */
  readonly beside?: Comparison;
}

/** What can be compared with a kaniflux.yaml. */
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

/** What a text says of these facts. */
export const textFrom = (text: Text, facts: Facts): string => (typeof text === 'string' ? text : text(facts));
