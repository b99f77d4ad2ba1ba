import { doctorFormats } from '../../checks/live/doctor-format';
import { wasChecked } from '../../checks/live/doctor-text';
import { parts } from '../../checks/live/live-check';
import { LiveSystem } from '../../checks/live/live-system';
import { runLiveChecks } from '../../checks/live/run-live';
import { registry } from '../../checks/registered-codes';
import { entry } from '../../config/config';
import { formatFindings } from '../../findings/finding-text';
import { formatResults } from '../../findings/formats';
import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { docsFolder } from '../docs-folder';
import { toolsOf } from '../doctor-tools';
import { inRepository } from '../in-repository';
import { chosenClusters, clusterOption, loadAt } from '../review';

type Part = (typeof parts)[number];

export const command: Command = {
  name: 'doctor',
  usage: '[options]',
  details: `Checks the live system, and reports what keeps people from signing in. It checks Kanidm's address, certificate, discovery
documents, version and entries (with a token in KANIDM_TOKEN); the API servers, bindings and Flux, through kubectl; and
the ports of this machine. Prints the causes first, each with its fix and its consequences, then a line for each check;
docs/findings/ explains the codes. doctor changes nothing. The config may come from somebody else's branch, so doctor
sends the token only if the address of Kanidm in the config is also the one in --kanidm or KANIDM_URL.
With several clusters, doctor finds the context of kubectl for each cluster by the address of its API server.
Exits 0 if nothing is wrong, 1 if there is an error or a warning, 2 if the config has errors or every check was skipped.`,
  examples: [
    'kaniflux doctor',
    'kaniflux doctor --cluster homelab --context homelab-admin',
    'kaniflux doctor --only kanidm,machine',
    'KANIDM_TOKEN=… kaniflux doctor --kanidm https://idm.example.com --only entries',
  ],
  options: {
    config: configOption,
    cluster: clusterOption,
    context: {
      type: 'string',
      value: 'NAME',
      description: 'The context that kubectl uses; only if a single cluster is checked',
    },
    only: {
      type: 'string',
      value: 'PARTS',
      multiple: true,
      description: `What to check: ${parts.join(', ')}, separated by commas`,
    },
    login: { type: 'boolean', description: 'Also sign in with the rendered kubeconfig, which may open a browser' },
    kanidm: {
      type: 'string',
      value: 'URL',
      description: 'The Kanidm that KANIDM_TOKEN is for; the token is sent nowhere else (default KANIDM_URL)',
    },
    'kanidm-ca': {
      type: 'string',
      value: 'FILE',
      description: 'PEM file with the CA of Kanidm, if the CA is private (default KANIDM_CA_PATH)',
    },
    timeout: { type: 'string', value: 'SECONDS', default: '5', description: 'How long to wait for each answer' },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: Object.keys(doctorFormats),
      description: 'Format of the output',
    },
  },
  async run(invocation) {
    const { options, args, io } = invocation;
    if (args.length > 0) throw new UserError('doctor takes no arguments; name a cluster with --cluster');
    const only = partsOf(options.only, options.login === true);
    const timeout = timeoutOf(String(options.timeout));
    const { config, findings, sources } = await loadAt(String(options.config), io);
    if (!config) {
      io.stderr(formatFindings(findings, { color: io.color, docs: docsFolder(io.cwd) }));
      return 2;
    }
    const clusters = chosenClusters(config, options.cluster).map((name) => entry(config.clusters, name));
    if (options.context !== undefined && clusters.length !== 1)
      throw new UserError('--context needs one cluster; name it with --cluster');
    const system = new LiveSystem(config, clusters, toolsOf(invocation, clusters, timeout));
    // A finding that causes others is printed before them, so nothing can be printed before the last check. On a
    // terminal, a line shows that checks are running.
    const wipe = '\r\u001b[K';
    const report = await runLiveChecks({
      system,
      sources,
      ...(only ? { only } : {}),
      ...(io.isTTY ? { onResult: ({ code }) => io.stderr(`${wipe}checked ${code}`) } : {}),
    });
    if (io.isTTY) io.stderr(wipe);
    const format = String(options.format);
    const results = inRepository(report, format, io.cwd);
    io.stdout(formatResults(results, format, { registry: registry() }, doctorFormats));
    if (!wasChecked(report)) return 2;
    return report.findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
  },
};

function partsOf(given: unknown, login: boolean): Part[] | undefined {
  const names = [given ?? []].flat().flatMap((text) => String(text).split(','));
  if (names.length === 0) return login ? undefined : parts.filter((part) => part !== 'login');
  const chosen = names.map((name) => {
    const part = parts.find((one) => one === name);
    if (!part) throw new UserError(`--only takes ${parts.join(', ')}, not \`${name}\``);
    return part;
  });
  return parts.filter((part) => chosen.includes(part) || (login && part === 'login'));
}

function timeoutOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 600)
    throw new UserError(`--timeout is a number of seconds up to 600, not \`${text}\``);
  return Number(text) * 1000;
}
