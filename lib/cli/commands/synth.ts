import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { synth } from '../synth-artifacts';
import { watch } from '../watch';

export const command: Command = {
  name: 'synth',
  usage: '[options]',
  details: `Renders the config into files, and removes those that an earlier run wrote and this one does not.
What Kaniflux did not write is never touched. Nothing is written where the config has an error.
With --check, exits 1 where the files are out of date, and names them.`,
  examples: [
    'kaniflux synth',
    'kaniflux synth --check',
    'kaniflux synth --cluster homelab',
    'kaniflux synth -c - -o out < kaniflux.yaml',
  ],
  options: {
    config: configOption,
    output: { type: 'string', short: 'o', value: 'DIR', default: 'dist', description: 'Where the files go' },
    check: { type: 'boolean', description: 'Write nothing; compare' },
    cluster: { type: 'string', value: 'NAME', description: 'This cluster only' },
    quiet: { type: 'boolean', short: 'q', description: 'Only warnings and errors' },
    watch: { type: 'boolean', description: 'Render again when the config changes, until Ctrl-C' },
  },
  async run({ options, args, io }) {
    if (args.length > 0) throw new UserError(`synth takes no arguments: the config is named with -c ${args[0]}`);
    const chosen = {
      config: String(options.config),
      output: String(options.output),
      check: options.check === true,
      quiet: options.quiet === true,
      ...(options.cluster === undefined ? {} : { cluster: String(options.cluster) }),
    };
    if (!options.watch) return synth(chosen, io);
    if (chosen.check || chosen.config === '-') throw new UserError('--watch goes with neither --check nor -c -');
    return watch(chosen, io);
  },
};
