/** Where a command reads and writes: the process in the program, buffers in the tests. */
export interface Io {
  /** Data: what the command is asked for. */
  stdout(text: string): void;
  /** Status, warnings and errors. */
  stderr(text: string): void;
  stdin(): Promise<string>;
  /** Asks a person and returns the line that was typed. `undefined` where there is no terminal to ask on. */
  readonly ask?: (question: string) => Promise<string>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error may carry colours. */
  readonly color: boolean;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[];
  /** One line for the help. */
  readonly description: string;
  /** What the value is called in the help, for example `FILE`. */
  readonly value?: string;
  /** The values it may have, for completion and for the error. */
  readonly choices?: readonly string[];
}

export interface Invocation {
  readonly options: Readonly<Record<string, string | boolean | string[] | undefined>>;
  readonly args: readonly string[];
  readonly io: Io;
}

/** 0 well, 1 differences or findings, 2 could not do it. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** What stands after the name in the usage line, for example `VERB RESOURCE [options]`. */
  readonly usage: string;
  /** What a reader of the help needs: what it does, and exit codes where they say something of their own. */
  readonly details: string;
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** Something that a person got wrong: printed as one line, without a stack. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
