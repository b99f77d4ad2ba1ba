import { type Command, UserError } from '../command';
import { completionScript } from '../completion-script';

export const command: Command = {
  name: 'completion',
  usage: 'bash|zsh|fish',
  details: `Prints a script that completes commands, options and values in a shell:
  bash  source <(kaniflux completion bash), in ~/.bashrc
  zsh   source <(kaniflux completion zsh), in ~/.zshrc after compinit
  fish  kaniflux completion fish > ~/.config/fish/completions/kaniflux.fish`,
  examples: ['kaniflux completion bash'],
  options: {},
  async run({ args, io }) {
    if (args.length > 1) throw new UserError(`completion takes one shell, not \`${args.join(' ')}\``);
    io.stdout(completionScript(args[0]));
    return 0;
  },
};
