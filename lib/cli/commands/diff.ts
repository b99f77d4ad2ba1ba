import { wrongRemovals } from '../../checks/base/entry-moves';
import { isSameServer, serverIn } from '../../checks/live/contexts';
import { entry } from '../../config/config';
import { printable } from '../../config/printable';
import { diffFormats, formats } from '../../diff/diff-format';
import { live } from '../../diff/live-diff';
import { noConfig } from '../../diff/plain-config';
import { type Diff, isEmpty, liveDiff, reviewDiff } from '../../diff/review-diff';
import { failOns, failsOn, isFailOn } from '../../diff/statement';
import type { Kubectl } from '../../existing/live-cluster';
import { type Command, type Invocation, UserError } from '../command';
import { configOption } from '../config-file';
import { changedSourceIgnores, committedOutput, configBefore, manifestsSince, sideOf } from '../diff-sides';
import { kubectlOf } from '../kubectl';
import { manifestFolders, manifestsOption, reportTwice } from '../manifests-option';
import { baseOption, chosenClusters, clusterOption, configAt } from '../review';

export const command: Command = {
  name: 'diff',
  usage: '[BEFORE AFTER] [options]',
  details: `Shows who gains and loses which rights, whom API servers trust, what changes in Kanidm, in objects and in
files, and which steps to do by hand after merging. Compares the config with a git revision (--base), two
config files, two folders of manifests (--manifests twice), or a live cluster with the config (--live).
With --base, diff also compares the committed output folder, which Flux applies.
Exits 0 if nothing differs, 1 if something differs, 2 if the comparison failed. With --fail-on, exits 1
only for changes of the given kinds: gain, loss, trust, output, kanidm or settings. To select gained rights by
how dangerous they are, give one of \`everything\`, \`takeover\`, \`secrets\`, \`accounts\`, \`exec\`, \`write\` and \`read\`
(the most dangerous first). Each also selects the more dangerous rights: \`--fail-on secrets\` also exits 1 for
\`everything\` and \`takeover\`.`,
  examples: [
    'kaniflux diff --base origin/main',
    'kaniflux diff --base origin/main --format markdown',
    'kaniflux diff --base origin/main --fail-on takeover,trust',
    'kaniflux diff old.yaml new.yaml',
    'kaniflux diff --manifests rendered-before --manifests rendered-after',
    'kaniflux diff --live --cluster homelab --context homelab-admin',
  ],
  options: {
    config: configOption,
    base: baseOption,
    manifests: {
      ...manifestsOption,
      description: 'Compare the objects in two folders; with --base, compare each folder at both revisions',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'DIR',
      default: 'dist',
      description: 'With --base: also compare the rendered files in this folder of the repository',
    },
    live: { type: 'boolean', description: 'Compare a live cluster, read through kubectl, with the config' },
    cluster: { ...clusterOption, description: 'The cluster that --live reads' },
    context: { type: 'string', value: 'NAME', description: 'The context that kubectl uses with --live' },
    files: { type: 'boolean', description: 'Show the changed lines of each file too' },
    'fail-on': {
      type: 'string',
      value: 'KINDS',
      description: 'Exit 1 only for changes of these kinds, separated by commas',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: diffFormats,
      description: 'Format of the output',
    },
  },
  async run(invocation) {
    const { options, io } = invocation;
    const kinds = failKinds(options['fail-on']);
    const diff = await diffOf(invocation);
    if (!diff) return 2;
    io.stdout(formats[String(options.format)]?.(diff, { lines: options.files === true }) ?? '');
    if (kinds === undefined) return isEmpty(diff) ? 0 : 1;
    return diff.statements.some((one) => kinds.some((kind) => failsOn(one, kind))) ? 1 : 0;
  },
};

function failKinds(option: unknown) {
  if (option === undefined) return undefined;
  return String(option)
    .split(',')
    .map((kind) => {
      const plain = kind.trim();
      if (!isFailOn(plain)) throw new UserError(`--fail-on takes ${failOns.join(', ')}, not \`${plain}\``);
      return plain;
    });
}

async function diffOf({ options, args, io }: Invocation): Promise<Diff | undefined> {
  const file = String(options.config);
  const folders = Array.isArray(options.manifests) ? options.manifests : [];
  const base = options.base === undefined ? undefined : String(options.base);
  const twoFolders = base === undefined && folders.length > 0;
  const ways = [base !== undefined, options.live === true, args.length > 0, twoFolders].filter(Boolean).length;
  if (ways !== 1 || (args.length > 0 && args.length !== 2) || (twoFolders && folders.length !== 2)) {
    throw new UserError(
      'diff needs exactly one comparison: --base REV, --live, two config files, or two folders with --manifests',
    );
  }
  refuseUnused(options, { base, args });
  if (options.live) return liveCluster(options, file, io);
  const [old, now] = args.length === 2 ? args : [file, file];
  const after = await configAt(now ?? file, io);
  if (twoFolders) {
    const [before, later] = folders.map((folder) => manifestFolders([folder], io));
    if (!after || !before || !later) return undefined;
    reportTwice(later.manifests, after, io);
    return reviewDiff({
      before: sideOf(after, before.manifests),
      after: sideOf(after, later.manifests),
      unread: { before: before.unread, after: later.unread },
    });
  }
  const before = base === undefined ? await configAt(old ?? file, io) : await configBefore(file, io, base);
  if (!before || !after) return undefined;
  // Refuse a config that removes an entry by the wrong UUID, because Kanidm would keep the entry.
  const [wrong] = wrongRemovals(before, after);
  if (wrong) throw new UserError(`${wrong.message} (${wrong.code}); ${wrong.fix}`);
  if (base === undefined) return reviewDiff({ before: sideOf(before), after: sideOf(after) });
  const output = String(options.output);
  const [byHand, byHandNow] =
    folders.length > 0 ? manifestsSince(folders.map(String), io, { revision: base, output }) : [];
  if (byHandNow) reportTwice(byHandNow.manifests, after, io);
  const committed = committedOutput(output, io, { revision: base, config: file });
  if (!committed && output !== command.options.output?.default)
    io.stderr(`kaniflux: ${printable(`${output} has no rendered files in Git`)}: only the configs are compared\n`);
  const isFirst = before !== noConfig && committed?.before.size === 0;
  if (isFirst) io.stderr(`kaniflux: ${printable(`${committed.folder}/ is not in ${base}: everything is new`)}\n`);
  return reviewDiff({
    before: sideOf(isFirst ? noConfig : before, byHand?.manifests),
    after: sideOf(after, byHandNow?.manifests),
    ...(byHand && byHandNow ? { unread: { before: byHand.unread, after: byHandNow.unread } } : {}),
    ...(committed ? { committed, sourceIgnores: changedSourceIgnores(committed.folder, io, base) } : {}),
  });
}

/** Refuses options that belong to another comparison, because the user expects them to have an effect. */
function refuseUnused(
  { cluster, context, output, config, live }: Invocation['options'],
  { base, args }: { readonly base: string | undefined; readonly args: readonly string[] },
): void {
  const { output: ofOutput, config: ofConfig } = command.options;
  const fault =
    (!live && cluster !== undefined && '--cluster is only for --live') ||
    (!live && context !== undefined && '--context is only for --live') ||
    (base === undefined && output !== ofOutput?.default && '--output is only for --base') ||
    (args.length > 0 && config !== ofConfig?.default && '--config is not for two config files');
  if (fault) throw new UserError(fault);
}

async function liveCluster(
  options: Invocation['options'],
  file: string,
  io: Invocation['io'],
): Promise<Diff | undefined> {
  const config = await configAt(file, io);
  if (!config) return undefined;
  const [cluster, ...others] = chosenClusters(config, options.cluster);
  if (cluster === undefined || others.length > 0)
    throw new UserError('--live needs --cluster NAME: the config has several clusters');
  const context = options.context === undefined ? {} : { context: String(options.context) };
  const kubectl = kubectlOf(io, context);
  const diff = liveDiff(cluster, live(config, cluster, kubectl));
  const { server } = entry(config.clusters, cluster);
  const address = addressOf(kubectl);
  if (address !== undefined && !isSameServer(address, server)) {
    const text = `kubectl connects to ${address}, but ${cluster} is at ${server}: this may be another cluster, so the differences may be wrong; name the right context with --context`;
    io.stderr(`kaniflux: ${printable(text)}\n`);
  }
  return diff;
}

/** Returns the address in the context of kubectl; `undefined` in a pod, where there is no context. */
function addressOf(kubectl: Kubectl): string | undefined {
  try {
    return serverIn(JSON.parse(kubectl(['config', 'view', '--minify', '--output=json'])));
  } catch {
    return undefined;
  }
}
