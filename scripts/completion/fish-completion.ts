import { type CommandInfo, takesPath } from '../command-tree';

/** Returns the completion for fish 3 and later. */
export function fishCompletion(tree: readonly CommandInfo[]): string {
  const names = tree.map(({ command }) => command.name).join(' ');
  return [
    '# kaniflux completion fish',
    'complete -c kaniflux -f',
    ...tree.map(({ command, summary }) => line(`-n __fish_use_subcommand -a ${command.name}`, summary)),
    line('-n __fish_use_subcommand -a help', 'Show the help of a command'),
    line('-n __fish_use_subcommand -l help -s h', 'Show the help'),
    line('-n __fish_use_subcommand -l version', 'Show the version'),
    line(`-n '__fish_seen_subcommand_from help' -a ${quoted(names)}`, 'Command'),
    ...tree.flatMap(entry),
    '',
  ].join('\n');
}

function entry({ command, options, words }: CommandInfo): string[] {
  const within = `-n '__fish_seen_subcommand_from ${command.name}'`;
  return [
    ...(words.length > 0 ? [`complete -c kaniflux ${within} -a ${quoted(words.join(' '))}`] : []),
    ...(command.usage.includes('FILE') ? [`complete -c kaniflux ${within} -F`] : []),
    ...options.map(([name, spec]) => {
      const value =
        spec.type !== 'string'
          ? ''
          : spec.choices
            ? ` -x -a ${quoted(spec.choices.join(' '))}`
            : takesPath(spec)
              ? ' -r -F'
              : ' -x';
      return line(`${within} -l ${name}${spec.short ? ` -s ${spec.short}` : ''}${value}`, spec.description);
    }),
  ];
}

const line = (condition: string, description: string) => `complete -c kaniflux ${condition} -d ${quoted(description)}`;

/** Quotes a text for fish. In single quotes, only `\` and `'` have a meaning. */
const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
