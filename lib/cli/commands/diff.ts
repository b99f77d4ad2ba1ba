import { accessDiff } from '../../diff/access-changes';
import { asJson, asMarkdown, asText, type Diff, diffFormats, isEmpty } from '../../diff/diff-format';
import { fileDiff } from '../../diff/file-changes';
import { live } from '../../diff/live-diff';
import { objectChanges, objectDiff } from '../../diff/object-changes';
import { rendered } from '../../diff/side';
import { type Command, type Invocation, UserError } from '../command';
import { configOption } from '../config-file';
import { kubectlOf } from '../kubectl';
import { baseOption, chosenClusters, clusterOption, configAt } from '../review';

const formats = { text: asText, json: asJson, markdown: asMarkdown } as const;

export const command: Command = {
  name: 'diff',
  usage: '[BEFORE AFTER] [options]',
  details: `Says who gains and loses what, then which objects change, between the config and a git revision (--base),
between two config files, or between a live cluster and the config (--live).
Exits 0 where nothing differs, 1 where something does, 2 where the two could not be compared.`,
  examples: [
    'kaniflux diff --base origin/main',
    'kaniflux diff --base origin/main --format markdown',
    'kaniflux diff old.yaml new.yaml',
    'kaniflux diff --live --cluster homelab --context homelab-admin',
  ],
  options: {
    config: configOption,
    base: baseOption,
    live: { type: 'boolean', description: 'Compare a live cluster, read through kubectl, with the config' },
    cluster: { ...clusterOption, description: 'The cluster that --live reads' },
    context: { type: 'string', value: 'NAME', description: 'The context that kubectl uses with --live' },
    files: { type: 'boolean', description: 'Name the changed files too' },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: diffFormats,
      description: 'Form of the output',
    },
  },
  async run(invocation) {
    const diff = await diffOf(invocation);
    if (!diff) return 2;
    invocation.io.stdout(formats[invocation.options.format as keyof typeof formats](diff));
    return isEmpty(diff) ? 0 : 1;
  },
};

async function diffOf({ options, args, io }: Invocation): Promise<Diff | undefined> {
  const file = String(options.config);
  const ways = [options.base !== undefined, options.live === true, args.length > 0].filter(Boolean).length;
  if (ways !== 1 || (args.length > 0 && args.length !== 2)) {
    throw new UserError('diff compares with one thing: --base REV, --live, or two config files');
  }
  if (options.live) return liveDiff(options, file, io);
  const [old, now] = args.length === 2 ? (args as [string, string]) : [file, file];
  const after = await configAt(now, io);
  const before = await configAt(old, io, options.base === undefined ? undefined : String(options.base));
  if (!before || !after) return undefined;
  return {
    access: accessDiff(rendered(before), rendered(after)),
    objects: objectDiff(rendered(before), rendered(after)),
    ...(options.files ? { files: fileDiff(before, after) } : {}),
  };
}

async function liveDiff(options: Invocation['options'], file: string, io: Invocation['io']): Promise<Diff | undefined> {
  const config = await configAt(file, io);
  if (!config) return undefined;
  const [cluster, ...others] = chosenClusters(config, options.cluster);
  if (cluster === undefined || others.length > 0) throw new UserError('--live needs --cluster NAME: there are several');
  const { before, after, objects } = live(
    config,
    cluster,
    kubectlOf(io, options.context === undefined ? {} : { context: String(options.context) }),
  );
  return {
    access: accessDiff(before, after),
    objects: objectChanges(cluster, objects.before, objects.after, 'written'),
  };
}
