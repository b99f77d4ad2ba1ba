import { parse } from 'yaml';
import { printable } from '../../config/printable';
import { mapAt } from '../../guards';
import { mappedClaims } from '../../identity/authenticator';
import { authenticationConfigFile } from '../../node-files/api-server-settings';
import { clusterSettings } from '../../node-files/control-plane-files';
import { MergeError } from '../../node-files/merge-error';
import { keptLine, mergeAuthenticationConfig } from '../../node-files/merged-authentication-config';
import { rendersAnonymousAuth } from '../../node-files/rancher';
import { terminal } from '../../output/text-escapes';
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
    try {
      const merged = mergeAuthenticationConfig(current, rendered, mappedClaims(config, cluster));
      if (rendersAnonymousAuth(cluster) && mapAt(parse(merged.text)).anonymous != null)
        throw new UserError(
          `the current file has \`anonymous\`, and Kaniflux renders \`anonymous-auth=false\` for ${cluster.name}. kube-apiserver does not start with both: write \`authentication.anonymous\` into the config, or remove \`anonymous\` from your copy of the file`,
        );
      io.stdout(merged.text);
      io.stderr([...keptLine(merged), ...merged.notes].map((line) => `${terminal(line)}\n`).join(''));
      return 0;
    } catch (error) {
      throw error instanceof MergeError ? new UserError(error.message) : error;
    }
  },
};
