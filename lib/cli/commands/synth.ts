import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { synth } from '../synth-artifacts';
import { watch } from '../watch';

export const command: Command = {
  name: 'synth',
  usage: '[options]',
  details: `Renders the config into files, and removes files of an earlier run that are no longer rendered.
Files that Kaniflux did not write are never changed. If the config has an error, nothing is written.
With --check, exits 1 if files are out of date, and lists them.`,
  examples: [
    'kaniflux synth',
    'kaniflux synth --check',
    'kaniflux synth --cluster homelab',
    'kaniflux synth -c - -o out < kaniflux.yaml',
  ],
  options: {
    config: configOption,
    output: { type: 'string', short: 'o', value: 'DIR', default: 'dist', description: 'The folder to write to' },
    check: { type: 'boolean', description: 'Only compare; write nothing' },
    cluster: { type: 'string', value: 'NAME', description: 'This cluster only' },
    quiet: { type: 'boolean', short: 'q', description: 'Print only warnings and errors' },
    watch: { type: 'boolean', description: 'Render again when the config changes, until Ctrl-C' },
  },
  async run({ options, args, io }) {
    if (args.length > 0) throw new UserError(`synth takes no arguments; name the config with -c ${args[0]}`);
    const chosen = {
      config: String(options.config),
      output: String(options.output),
      check: options.check === true,
      quiet: options.quiet === true,
      ...(options.cluster === undefined ? {} : { cluster: String(options.cluster) }),
    };
    if (!options.watch) return synth(chosen, io);
    if (chosen.check || chosen.config === '-') throw new UserError("--watch can't be combined with --check or -c -");
    return watch(chosen, io);
  },
};
