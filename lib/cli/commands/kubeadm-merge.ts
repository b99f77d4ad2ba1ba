import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { printable } from '../../config/printable';
import { messageOf } from '../../guards';
import { mappedClaims } from '../../identity/authenticator';
import { authenticationConfigFile, type Settings } from '../../node-files/api-server-settings';
import { clusterSettings } from '../../node-files/control-plane-files';
import { MergeError } from '../../node-files/merge-error';
import { kubeadmMerge } from '../../node-files/merge-kubeadm-config';
import {
  keptLine,
  type MergedAuthenticationConfig,
  mergeAuthenticationConfig,
} from '../../node-files/merged-authentication-config';
import { terminal } from '../../output/text-escapes';
import { chooseCluster } from '../choose-cluster';
import { type Command, type Invocation, type Io, UserError } from '../command';
import { configFileOption, readConfig } from '../config-file';

export const command: Command = {
  name: 'kubeadm-merge',
  usage: '[CLUSTER] [options] < cluster.yaml',
  details: `Reads a kubeadm ClusterConfiguration from standard input and prints it with the settings of CLUSTER merged in.
Everything else in the ClusterConfiguration is kept, and merging again changes nothing. CLUSTER may be omitted if
kaniflux.yaml has only one cluster. Arguments of kube-apiserver for another issuer are an error, unless --replace
removes them. To replace the argument --authentication-config of kube-apiserver, first copy the file of this argument
from a control-plane node, and pass the copy with the option --authentication-config. The command then writes the other
issuers of the copy and the rendered issuers to the file of --merged-authentication-config.`,
  examples: [
    "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' | kaniflux kubeadm-merge homelab",
    'kaniflux kubeadm-merge homelab --replace < cluster.yaml > merged.yaml',
    'kaniflux kubeadm-merge --replace --authentication-config old.yaml --merged-authentication-config authentication-config.yaml < cluster.yaml > merged.yaml',
  ],
  options: {
    config: configFileOption,
    replace: {
      type: 'boolean',
      description: 'Remove arguments and volumes that conflict, or that an earlier merge added',
    },
    'authentication-config': {
      type: 'string',
      value: 'FILE',
      description: "A copy of the file that the cluster's --authentication-config names",
    },
    'merged-authentication-config': {
      type: 'string',
      value: 'FILE',
      description: 'The file to write, with the contents of the copy and the rendered issuers',
    },
  },
  async run({ options, args, io }) {
    if (options.config === '-')
      throw new UserError(
        'standard input is the ClusterConfiguration, so `-c -` is not possible: give the config as a file',
      );
    if (args.length > 1) throw new UserError(`kubeadm-merge takes one cluster, not ${args.map(printable).join(', ')}`);
    const config = await readConfig(String(options.config), io);
    if (!config) return 2;
    const cluster = chooseCluster(config, args[0]);
    if (cluster.controlPlane !== 'kubeadm')
      throw new UserError(
        `${cluster.name} has the control plane \`${cluster.controlPlane}\`, which kubeadm does not configure`,
      );
    try {
      const text = await io.stdin();
      const settings = clusterSettings(config, cluster);
      const authenticationConfig = copyOf(options, io);
      const merged = kubeadmMerge(text, settings, {
        replace: options.replace === true,
        ...(authenticationConfig === undefined ? {} : { authenticationConfig }),
      });
      if (authenticationConfig !== undefined)
        writeMerged(mergedWith(authenticationConfig, settings, mappedClaims(config, cluster)), { options, io });
      io.stdout(merged);
      return 0;
    } catch (error) {
      throw error instanceof MergeError ? new UserError(error.message) : error;
    }
  },
};

/** Returns the text of the cluster's AuthenticationConfiguration, if its file is given. */
function copyOf(options: Invocation['options'], io: Io): string | undefined {
  const [file, out] = [options['authentication-config'], options['merged-authentication-config']];
  if (file === undefined) {
    if (out !== undefined) throw new UserError('--merged-authentication-config needs --authentication-config');
    return undefined;
  }
  const path = resolve(io.cwd, String(file));
  if (out !== undefined && resolve(io.cwd, String(out)) === path) {
    throw new UserError(
      '--merged-authentication-config and --authentication-config name the same file; write the merged file elsewhere',
    );
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`--authentication-config: ${messageOf(error)}`);
  }
}

interface Merged extends MergedAuthenticationConfig {
  /** The path of the file on the nodes. */
  readonly path: string;
  /** The rendered file. */
  readonly rendered: string;
}

/**
 * Returns the merged AuthenticationConfiguration; `undefined` if flags configure the API server, because then there is
 * no such file.
 */
function mergedWith(present: string, settings: Settings, mapped: ReturnType<typeof mappedClaims>): Merged | undefined {
  const { path = '', text: rendered } = authenticationConfigFile(settings) ?? {};
  return rendered === undefined
    ? undefined
    : { path, rendered, ...mergeAuthenticationConfig(present, rendered, mapped) };
}

/** Writes the merged AuthenticationConfiguration. */
function writeMerged(merged: Merged | undefined, { options, io }: Pick<Invocation, 'options' | 'io'>): void {
  if (merged === undefined) return;
  const { path, rendered, text, kept, notes } = merged;
  const out = options['merged-authentication-config'];
  if (out === undefined) {
    if (isDeepStrictEqual(parse(text), parse(rendered))) return;
    const what =
      kept.length > 0
        ? `trusts ${kept.join(', ')}, which the rendered file does not`
        : 'has settings that the rendered file lacks';
    throw new UserError(
      `the file of --authentication-config ${what}: use --merged-authentication-config to write a file with both`,
    );
  }
  writeFileSync(resolve(io.cwd, String(out)), text);
  const next = `copy ${String(out)} to ${path} on every control-plane node, in place of the rendered file`;
  const lines = [...keptLine(merged), ...notes, next];
  io.stderr(lines.map((line) => `${terminal(line)}\n`).join(''));
}
