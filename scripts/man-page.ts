import type { OptionSpec } from '../lib/cli/command';
import { commonOptions, programHelp } from '../lib/cli/help';
import { version } from '../package.json';
import { type CommandInfo, commandTree } from './command-tree';

/** Returns the man page of all commands, from the help of the program, in roff with the macros of man(7). */
export async function manPage(): Promise<string> {
  const tree = await commandTree();
  const about = programHelp().split('\n')[2] ?? '';
  return [
    '.\\" Made from the program by `npm run generate`.',
    `.TH KANIFLUX 1 "" "kaniflux ${version}" "User Commands"`,
    '.SH NAME',
    'kaniflux \\- sign in to Kubernetes with Kanidm, from one file',
    '.SH SYNOPSIS',
    '.B kaniflux',
    '.I COMMAND',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    text(about),
    '.SH COMMANDS',
    ...tree.flatMap(section),
    '.SH OPTIONS',
    ...Object.entries(commonOptions).flatMap(option),
    '.TP',
    '.B \\-\\-version',
    'Show the version',
    '.SH EXIT STATUS',
    ...[
      ['0', 'Well'],
      ['1', 'Differences or findings'],
      ['2', 'Could not do it'],
    ].flatMap(([code, meaning]) => ['.TP', `.B ${code}`, `${meaning}.`]),
    '.SH FILES',
    ...[
      ['kaniflux.yaml', 'The config. docs/config.md in the package explains every field.'],
      ['dist/', 'What it is rendered to.'],
    ].flatMap(([file, meaning]) => ['.TP', `.I ${text(file ?? '')}`, text(meaning ?? '')]),
    '',
  ].join('\n');
}

function section({ command, summary }: CommandInfo): string[] {
  return [
    `.SS kaniflux ${text(command.name)} ${text(command.usage)}`.trimEnd(),
    `${text(summary)}.`,
    '.PP',
    ...lines(command.details),
    ...Object.entries(command.options).flatMap(option),
    '.PP',
    command.examples.length === 1 ? 'Example:' : 'Examples:',
    '.PP',
    '.nf',
    '.RS 4',
    ...command.examples.map(text),
    '.RE',
    '.fi',
  ];
}

/** Formats text as paragraphs. Indented lines are a table, and stay lines. */
function lines(details: string): string[] {
  return details.split('\n').flatMap((line, at, all) => {
    const [table, before] = [line.startsWith('  '), all[at - 1]?.startsWith('  ') ?? false];
    return [
      ...(table && !before ? ['.nf'] : []),
      ...(!table && before ? ['.fi'] : []),
      text(line),
      ...(table && at === all.length - 1 ? ['.fi'] : []),
    ];
  });
}

function option([name, spec]: [string, OptionSpec]): string[] {
  const value = spec.type === 'string' ? ` \\fI${text(spec.choices?.join('|') ?? spec.value ?? 'VALUE')}\\fR` : '';
  const flags = [...(spec.short ? [`\\fB\\-${spec.short}\\fR`] : []), `\\fB\\-\\-${text(name)}\\fR`].join(', ');
  const standard = typeof spec.default === 'string' ? ` (default ${spec.default})` : '';
  return ['.TP', flags + value, text(`${spec.description}${standard}`)];
}

/**
 * Escapes text for roff, so that nothing in it is a request, a quote, or a hyphen that could be broken or copied as
 * another character.
 */
const text = (plain: string): string =>
  plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('"', '\\(dq')
    .replace(/^\./, '\\&.');
