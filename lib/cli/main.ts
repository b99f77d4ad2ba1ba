import { parseArgs } from 'node:util';
import { nearest } from '../config/nearest';
import { printable } from '../config/printable';
import { SourceError } from '../config/reader';
import { errorCode, messageOf } from '../guards';
import { explain } from '../output/output-error';
import { type Command, type ExitCode, type Invocation, type Io, type OptionSpec, UserError } from './command';
import { commands } from './commands';
import { commandHelp, commonOptions, programHelp } from './help';

/** Runs one command line. */
export const main = (argv: readonly string[], version: string, io: Io): Promise<ExitCode> =>
  guarded(io, () => dispatch(argv, version, io));

/**
 * Runs a command. For a user error, and for an error of the file system, only the message is printed; for an internal
 * error, also the stack. The exit code is 2 in all cases.
 */
export async function guarded(io: Io, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof SourceError) {
      io.stderr(`kaniflux: ${thrown.message.split('\n').map(printable).join('\n')}\n`);
    } else if (isFileError(thrown)) {
      const explained = explain(thrown, thrown.path, { hasOption: false });
      io.stderr(`kaniflux: ${printable(messageOf(explained))}\n`);
    } else {
      const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      io.stderr(`kaniflux: internal error, please report it:\n${stack}\n`);
    }
    return 2;
  }
}

/** Whether something was thrown by a function of Node.js that reads or writes a file. */
const isFileError = (thrown: unknown): thrown is { readonly path: string } =>
  errorCode(thrown) !== undefined &&
  typeof thrown === 'object' &&
  thrown !== null &&
  'syscall' in thrown &&
  'path' in thrown &&
  typeof thrown.path === 'string';

/** Node.js replaces bytes that are not UTF-8, so a path with such bytes would name another file. */
const replaced = '\ufffd';

async function dispatch(argv: readonly string[], version: string, io: Io): Promise<ExitCode> {
  const notText = argv.find((text) => text.includes(replaced));
  if (notText !== undefined) throw new UserError(`the argument \`${printable(notText)}\` is not UTF-8`);
  const [first, ...rest] = argv;
  if (first === '--version') {
    io.stdout(`${version}\n`);
    return 0;
  }
  if (first === undefined) {
    io.stderr(programHelp());
    return 2;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    io.stdout(programHelp());
    return 0;
  }
  const name = first === 'help' ? (rest[0] ?? '') : first;
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) throw new UserError(unknownCommand(name));
  const { command } = await entry.load();
  if (first === 'help') {
    io.stdout(commandHelp(command));
    return 0;
  }
  const invocation = invoke(command, rest, io);
  if (invocation.options.help) {
    io.stdout(commandHelp(command));
    return 0;
  }
  return command.run(invocation);
}

function unknownCommand(name: string): string {
  const what = name.startsWith('-') ? 'option' : 'command';
  const near = nearest(name, Object.keys(commands));
  return `there is no ${what} \`${printable(name)}\`; ${near ? `did you mean \`${near}\`?` : 'see `kaniflux --help`'}`;
}

function invoke(command: Command, argv: readonly string[], io: Io): Invocation {
  const specs = { ...command.options, ...commonOptions };
  const { options, args } = parse(command, argv, specs);
  for (const [name, { choices, isCheckedByCommand, value: kind }] of Object.entries(specs)) {
    if ((kind === 'FILE' || kind === 'DIR') && [options[name]].flat().includes('')) {
      throw new UserError(`--${name} needs the name of a ${kind === 'FILE' ? 'file' : 'folder'}, found an empty text`);
    }
    if (isCheckedByCommand) continue;
    for (const value of [options[name]].flat()) {
      if (choices && typeof value === 'string' && !choices.includes(value)) {
        throw new UserError(`--${name} is one of ${choices.join(', ')}, not \`${printable(value)}\``);
      }
    }
  }
  return { options, args, io };
}

function parse(command: Command, argv: readonly string[], options: Command['options']): Omit<Invocation, 'io'> {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const twice = given.find((name, i) => given.indexOf(name) < i && isSingle(options[name]));
    if (twice !== undefined) throw new UserError(`--${twice} can be given only once`);
    return {
      options: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])),
      args: positionals,
    };
  } catch (thrown) {
    if (thrown instanceof UserError) throw thrown;
    throw new UserError(badArguments(command, messageOf(thrown)));
  }
}

/** Whether an option takes a value and can be given only once. If given twice, only the last value would count. */
const isSingle = (option: OptionSpec | undefined): boolean => option?.type === 'string' && option.multiple !== true;

/** Converts the values of a list to strings. The list never has booleans, but the types of Node allow them. */
const plain = (value: ReturnType<typeof parseArgs>['values'][string]): Invocation['options'][string] =>
  Array.isArray(value) ? value.map(String) : value;

function badArguments(command: Command, message: string): string {
  const unknown = /^Unknown option '(-+[^']*)'/.exec(message)?.[1];
  const help = `see \`kaniflux ${command.name} --help\``;
  if (!unknown) return `${printable(message.split(/\.\s/)[0] ?? '')}; ${help}`;
  const near = nearest(unknown.replace(/^-+/, ''), Object.keys({ ...command.options, ...commonOptions }));
  return `${command.name} has no option \`${printable(unknown)}\`; ${near ? `did you mean \`--${near}\`?` : help}`;
}
