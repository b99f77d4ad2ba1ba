import { json, terminal } from '../../artifacts/escape';
import { ableLine, isNamed, requestOf, whoCan } from '../../review/explain/who-can';
import { accessOn, rendered } from '../../review/side';
import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { chosenClusters, clusterOption, configAt } from '../review';

export const command: Command = {
  name: 'who-can',
  usage: 'VERB RESOURCE [options]',
  details: `Says who may do something, through which group and grant, from the config and the rules of the roles, those of
Kubernetes itself included. RESOURCE is plural, as \`pods\`, \`pods/exec\` or \`deployments.apps\`; or a path such as
\`/metrics\`. Exits 0 where somebody may, 1 where nobody may.`,
  examples: [
    'kaniflux who-can get secrets',
    'kaniflux who-can create pods/exec -n web',
    "kaniflux who-can '*' '*.*' --cluster homelab",
  ],
  options: {
    config: configOption,
    namespace: { type: 'string', short: 'n', value: 'NS', description: 'In this namespace; everywhere without it' },
    name: { type: 'string', value: 'NAME', description: 'To the object of this name' },
    cluster: clusterOption,
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'text',
      choices: ['text', 'json'],
      description: 'Form of the output',
    },
  },
  async run({ options, args, io }) {
    const [verb, resource, ...others] = args;
    if (verb === undefined || resource === undefined || others.length > 0) {
      throw new UserError('who-can wants a verb and a resource, as `kaniflux who-can get secrets`');
    }
    const config = await configAt(String(options.config), io);
    if (!config) return 2;
    const optional = (value: unknown) => (value === undefined ? undefined : String(value));
    const request = requestOf(verb, resource, optional(options.namespace), optional(options.name));
    const side = rendered(config);
    if (
      !isNamed(
        request,
        chosenClusters(config, options.cluster).flatMap((name) => accessOn(side, name) ?? []),
      )
    )
      io.stderr(
        `kaniflux: no role names \`${terminal(resource)}\`: resources are plural, as \`pods\`, and have their group, as \`deployments.apps\`\n`,
      );
    const answers = chosenClusters(config, options.cluster).map((cluster) => {
      const access = accessOn(side, cluster);
      return { cluster, able: access ? whoCan(access, request) : [] };
    });
    if (options.format === 'json') io.stdout(`${json({ request, clusters: answers })}\n`);
    else {
      for (const { cluster, able } of answers) {
        const lines = able.length > 0 ? able.map(ableLine) : ['nobody'];
        io.stdout(`${terminal(cluster)}:\n${lines.map((line) => `  ${line}\n`).join('')}`);
      }
    }
    return answers.some(({ able }) => able.length > 0) ? 0 : 1;
  },
};
