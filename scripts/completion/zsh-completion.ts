import type { OptionSpec } from '../../lib/cli/command';
import { type CommandInfo, takesPath } from '../command-tree';

/** Returns the completion for zsh. It can be sourced, or saved as `_kaniflux` in a folder of `fpath`. */
export function zshCompletion(tree: readonly CommandInfo[]): string {
  return `#compdef kaniflux
_kaniflux() {
  local -a commands
  commands=(
${tree.map(({ command, summary }) => `    ${quoted(`${command.name}:${summary.replaceAll(':', '\\:')}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${tree.map(entry).join('\n')}
    help) (( CURRENT == 3 )) && _describe command commands ;;
  esac
}
if [ "$funcstack[1]" = _kaniflux ]; then _kaniflux "$@"; else compdef _kaniflux kaniflux; fi
`;
}

function entry({ command, options, words }: CommandInfo): string {
  const rest = words.length > 0 ? quoted(`1:word:(${words.join(' ')})`) : quoted('*:file:_files');
  const lines = options.flatMap(option).concat(rest);
  return `    ${command.name})
      (( CURRENT-- )); shift words
      _arguments \\
${lines.map((line) => `        ${line}`).join(' \\\n')}
      ;;`;
}

function option([name, spec]: readonly [string, OptionSpec]): string[] {
  const action = spec.choices ? `(${spec.choices.join(' ')})` : takesPath(spec) ? '_files' : ' ';
  const value = spec.type === 'string' ? `:${(spec.value ?? 'VALUE').toLowerCase()}:${action}` : '';
  const text = `[${spec.description.replace(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:')}]${value}`;
  const star = spec.multiple ? '*' : '';
  return [`${star}--${name}${spec.type === 'string' ? '=' : ''}`, ...(spec.short ? [`${star}-${spec.short}`] : [])].map(
    (flag) => quoted(flag + text),
  );
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
