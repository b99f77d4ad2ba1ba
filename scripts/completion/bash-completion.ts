import { type CommandInfo, takesPath } from '../command-tree';

/** Returns the completion for bash 4 and later, which does not need the package bash-completion. */
export function bashCompletion(tree: readonly CommandInfo[]): string {
  return `# kaniflux completion bash
_kaniflux() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${tree.map(({ command }) => command.name).join(' ')} help --help --version' -- "$word"))
    return
  fi
  case "$command $previous" in
    help\\ *) [ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W '${tree.map(({ command }) => command.name).join(' ')}' -- "$word"))
      return ;;
${tree.flatMap(values).join('\n')}
  esac
  case "$command" in
${tree.map(words).join('\n')}
  esac
}
complete -o default -F _kaniflux kaniflux
`;
}

function values({ command: { name: command }, options }: CommandInfo): string[] {
  return options.flatMap(([name, spec]) => {
    if (spec.type !== 'string') return [];
    const flags = [`'${command} --${name}'`, ...(spec.short ? [`'${command} -${spec.short}'`] : [])].join('|');
    if (spec.choices)
      return [`    ${flags}) COMPREPLY=($(compgen -W '${spec.choices.join(' ')}' -- "$word")); return ;;`];
    // With `-o default`, bash completes file names if there are no other completions.
    return [`    ${flags}) ${takesPath(spec) ? '' : 'compopt +o default 2>/dev/null; '}return ;;`];
  });
}

function words({ command, options, words }: CommandInfo): string {
  const flags = options.map(([name]) => `--${name}`).join(' ');
  const rest = words.length > 0 ? ` ;;\n      *) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word"))` : '';
  return `    ${command.name}) case "$word" in
      -*) COMPREPLY=($(compgen -W '${flags}' -- "$word"))${rest} ;;
      esac ;;`;
}
