import { parse } from 'yaml';
import { printable } from '../../config/printable';
import { isMap, isText, type Json } from '../../guards';
import { mappedClaims } from '../../identity/authenticator';
import { authenticationConfigFile } from '../../node-files/api-server-settings';
import { clusterSettings } from '../../node-files/control-plane-files';
import { MergeError } from '../../node-files/merge-error';
import { keptLine, mergeAuthenticationConfig } from '../../node-files/merged-authentication-config';
import { terminal } from '../../output/text-escapes';
import { toYaml } from '../../output/yaml';
import { chooseCluster } from '../choose-cluster';
import { type Command, UserError } from '../command';
import { configFileOption, readConfig } from '../config-file';

export const command: Command = {
  name: 'merge-authentication-config',
  usage: '[CLUSTER] [options] < current.yaml',
  details: `Reads from standard input the AuthenticationConfiguration that the API server of CLUSTER uses now, and prints it with the
rendered issuers added. Other issuers are kept as they are written. It is an error if your entry for a rendered issuer
has settings that the rendered entry lacks. For a KubeAuthenticationConfig of Talos,
prints a KubeAuthenticationConfig.
To keep an issuer for good, write it into the config: \`kaniflux adopt current.yaml\` prints what to write.`,
  examples: ['kaniflux merge-authentication-config homelab < /etc/kubernetes/auth.yaml > merged.yaml'],
  options: { config: configFileOption },
  async run({ options, args, io }) {
    if (options.config === '-')
      throw new UserError(
        'standard input is the AuthenticationConfiguration, so `-c -` is not possible: give the config as a file',
      );
    if (args.length > 1)
      throw new UserError(`merge-authentication-config takes one cluster, not ${args.map(printable).join(', ')}`);
    const config = await readConfig(String(options.config), io);
    if (!config) return 2;
    const cluster = chooseCluster(config, args[0]);
    const rendered = authenticationConfigFile(clusterSettings(config, cluster))?.text;
    if (rendered === undefined)
      throw new UserError(
        `${cluster.name} has \`method: flags\`, so there is no AuthenticationConfiguration to merge into`,
      );
    const current = await io.stdin();
    const talos = talosDocument(current);
    try {
      const text = talos ? toYaml(configurationIn(talos)) : current;
      const merged = mergeAuthenticationConfig(text, rendered, mappedClaims(config, cluster));
      io.stdout(talos ? toYaml({ ...talos, configuration: parse(merged.text) }) : merged.text);
      io.stderr([...keptLine(merged), ...merged.notes].map((line) => `${terminal(line)}\n`).join(''));
      return 0;
    } catch (error) {
      throw error instanceof MergeError ? new UserError(error.message) : error;
    }
  },
};

/** Parses a KubeAuthenticationConfig, which Talos 1.14 and later read. Returns `undefined` for any other text. */
function talosDocument(text: string): Json | undefined {
  try {
    const document: unknown = parse(text);
    return isMap(document) && document.kind === 'KubeAuthenticationConfig' ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Adds the kind and the version, as Talos does. */
function configurationIn({ configuration }: Json): Json {
  const own = isMap(configuration) ? configuration : {};
  return {
    apiVersion: isText(own.apiVersion) ? own.apiVersion : 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    ...own,
  };
}
