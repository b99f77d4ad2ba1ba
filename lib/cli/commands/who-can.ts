import { ableLine, isNamed, requestOf, whoCan, whoCanInside } from '../../access/who-can';
import { accessOn, rendered } from '../../diff/side';
import { json, terminal } from '../../output/escape';
import { type Command, UserError } from '../command';
import { configOption } from '../config-file';
import { chosenClusters, clusterOption, configAt } from '../review';

export const command: Command = {
  name: 'who-can',
  usage: 'VERB RESOURCE [options]',
  details: `Says who may do something, through which group and grant, from the config and the rules of the roles, those of
Kubernetes itself included. RESOURCE is plural, as \`pods\`, \`pods/exec\` or \`deployments.apps\`; or a path such as
\`/metrics\`. Without -n, those who may in some namespaces only are listed by namespace. Exits 0 where somebody
of the config may, 1 where nobody of it may.`,
  examples: [
    'kaniflux who-can get secrets',
    'kaniflux who-can create pods/exec -n web',
    "kaniflux who-can '*' '*.*' --cluster homelab",
  ],
  options: {
    config: configOption,
    namespace: { type: 'string', short: 'n', value: 'NS', description: 'In this namespace' },
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
      const able = access ? whoCan(access, request) : [];
      const inNamespaces = Object.fromEntries(access ? whoCanInside(access, request, able) : []);
      return { cluster, able, inNamespaces };
    });
    if (options.format === 'json') io.stdout(`${json({ request, clusters: answers })}\n`);
    else {
      for (const { cluster, able, inNamespaces } of answers) {
        const inside = Object.entries(inNamespaces).flatMap(([namespace, some]) =>
          some.map((one) => `in namespace ${terminal(namespace)}: ${ableLine(one)}`),
        );
        const everywhere = able.length > 0 ? able.map(ableLine) : ['nobody'];
        io.stdout(`${terminal(cluster)}:\n${[...everywhere, ...inside].map((line) => `  ${line}\n`).join('')}`);
      }
    }
    // Members of system:masters always may; they are no answer to whether anybody may.
    const all = answers.flatMap(({ able, inNamespaces }) => [...able, ...Object.values(inNamespaces).flat()]);
    return all.some(({ known }) => known) ? 0 : 1;
  },
};
