import type { Command, OptionSpec } from './command';
import { commands } from './commands';

/** Options of every command. */
export const commonOptions: Readonly<Record<string, OptionSpec>> = {
  help: { type: 'boolean', short: 'h', description: 'Show this help' },
};

export function programHelp(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    'Usage: kaniflux COMMAND [options]',
    '',
    'Renders kaniflux.yaml into everything that people need to sign in to Kubernetes with Kanidm.',
    '',
    'Commands:',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Options:',
    '  -h, --help     Show this help, or that of a command',
    '      --version  Show the version',
    '',
    'Exit codes: 0 success, 1 differences or findings, 2 an error.',
    '',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  return [
    `Usage: kaniflux ${command.name} ${command.usage}`.trimEnd(),
    '',
    command.details,
    '',
    'Options:',
    ...optionLines({ ...command.options, ...commonOptions }),
    '',
    command.examples.length === 1 ? 'Example:' : 'Examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

function optionLines(options: Readonly<Record<string, OptionSpec>>): string[] {
  const rows = Object.entries(options).map(([name, spec]) => {
    const value = spec.type === 'string' ? ` ${spec.choices?.join('|') ?? spec.value ?? 'VALUE'}` : '';
    return { flag: `${spec.short ? `-${spec.short}, ` : '    '}--${name}${value}`, spec };
  });
  const width = Math.min(34, Math.max(...rows.map(({ flag }) => flag.length)));
  return rows.map(({ flag, spec }) => {
    const standard = typeof spec.default === 'string' ? ` (default ${spec.default})` : '';
    const gap = flag.length > width ? `\n${' '.repeat(width + 4)}` : ' '.repeat(width - flag.length + 2);
    return `  ${flag}${gap}${spec.description}${standard}`;
  });
}
