/** Where a command reads and writes: the streams of the process or, in tests, buffers. */
export interface Io {
  /** The result of the command. */
  stdout(text: string): void;
  /** Status, warnings and errors. */
  stderr(text: string): void;
  stdin(): Promise<string>;
  /** Reads standard input as bytes, which may not be UTF-8. @default - the bytes of `stdin` */
  stdinBytes?(): Promise<Uint8Array>;
  /** Asks a question and returns the answer. Not set if there is no terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error may carry colours. */
  readonly color: boolean;
  /** Whether standard error is a terminal on which a line can be replaced. */
  readonly isTTY: boolean;
}

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[];
  /** One line for the help. */
  readonly description: string;
  /** Name of the value in the help, for example `FILE`. */
  readonly value?: string;
  /** The allowed values. */
  readonly choices?: readonly string[];
  /**
   * Whether the command itself rejects values that are not in `choices`, with a message that says why.
   * @default false
   */
  readonly isCheckedByCommand?: boolean;
}

export interface Invocation {
  readonly options: Readonly<Record<string, string | boolean | string[] | undefined>>;
  readonly args: readonly string[];
  readonly io: Io;
}

/** 0: success. 1: differences or findings. 2: an error. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** The usage line after the name of the command, for example `VERB RESOURCE [options]`. */
  readonly usage: string;
  /** The description in the help, with exit codes that are specific to the command. */
  readonly details: string;
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** An error that the user can fix. It is printed without a stack. Exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
