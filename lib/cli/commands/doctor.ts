import { formats } from '../../checks/live/doctor-format';
import { printer, summary } from '../../checks/live/doctor-text';
import { parts } from '../../checks/live/live-check';
import { LiveSystem } from '../../checks/live/live-system';
import { examine } from '../../checks/live/run-live';
import { entry } from '../../config/config';
import { formatIssues } from '../../config/format';
import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { toolsOf } from '../doctor-tools';
import { chosenClusters, clusterOption, loadAt } from '../review';

type Part = (typeof parts)[number];

export const command: Command = {
  name: 'doctor',
  usage: '[options]',
  details: `Looks at the live system, and says what keeps people from signing in: Kanidm's address and certificate, its discovery
documents and version, its entries (with a token in KANIDM_TOKEN), the API servers, bindings and Flux through kubectl,
and the ports of this machine. A line for each check; docs/doctor.md explains the codes. Nothing is changed.
With several clusters, the contexts of kubectl are found by the address of the server.
Exits 0 where nothing is wrong, 1 where an error or a warning is found, 2 where the config has errors.`,
  examples: [
    'kaniflux doctor',
    'kaniflux doctor --cluster homelab --context homelab-admin',
    'kaniflux doctor --only kanidm,machine',
    'KANIDM_TOKEN=… kaniflux doctor --only entries --format json',
  ],
  options: {
    config: configOption,
    cluster: clusterOption,
    context: { type: 'string', value: 'NAME', description: 'The context that kubectl uses, with one cluster' },
    only: {
      type: 'string',
      value: 'PARTS',
      multiple: true,
      description: `What to look at, of ${parts.join(', ')}; several with commas`,
    },
    login: { type: 'boolean', description: 'Also sign in with the rendered kubeconfig, which may open a browser' },
    'kanidm-ca': {
      type: 'string',
      value: 'FILE',
      description: 'PEM of the CA of Kanidm, where the config does not hold it',
    },
    timeout: { type: 'string', value: 'SECONDS', default: '5', description: 'How long to wait for each answer' },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: Object.keys(formats),
      description: 'Form of the output',
    },
  },
  async run(invocation) {
    const { options, args, io } = invocation;
    if (args.length > 0) throw new UserError('doctor takes no arguments; a cluster is named with --cluster');
    const only = partsOf(options.only, options.login === true);
    const timeout = timeoutOf(String(options.timeout));
    const { config, issues, sources } = await loadAt(String(options.config), io);
    if (!config) {
      io.stderr(formatIssues(issues, io.color));
      return 2;
    }
    const clusters = chosenClusters(config, options.cluster).map((name) => entry(config.clusters, name));
    if (options.context !== undefined && clusters.length !== 1)
      throw new UserError('--context is for one cluster: name it with --cluster');
    const system = new LiveSystem(config, clusters, toolsOf(invocation, clusters, timeout));
    const isText = options.format === 'text';
    const live = printer(io.stdout);
    const diagnosis = await examine({
      system,
      sources,
      ...(only ? { only } : {}),
      ...(isText ? { tell: live.line } : {}),
    });
    live.end();
    io.stdout(isText ? summary(diagnosis) : (formats[String(options.format)]?.(diagnosis) ?? ''));
    return diagnosis.findings.some(({ severity }) => severity !== 'note') ? 1 : 0;
  },
};

function partsOf(given: unknown, login: boolean): Part[] | undefined {
  const names = [given ?? []].flat().flatMap((text) => String(text).split(','));
  for (const name of names) {
    if (!parts.includes(name as Part)) throw new UserError(`--only is of ${parts.join(', ')}, not \`${name}\``);
  }
  if (names.length === 0) return login ? undefined : parts.filter((part) => part !== 'login');
  return [...new Set([...(names as Part[]), ...(login ? (['login'] as const) : [])])];
}

function timeoutOf(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 600)
    throw new UserError(`--timeout is a number of seconds up to 600, not \`${text}\``);
  return Number(text) * 1000;
}
