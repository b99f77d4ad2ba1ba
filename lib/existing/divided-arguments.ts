import { flagIssuers, oidcFlags } from './api-server-issuers';
import type { ApiServer, Facts } from './facts';
import { isDropIn } from './read-carrier';

/**
 * Joins the `--oidc-*` arguments of one API server that are spread over several sources, such as a file and its
 * drop-in, or several patches. Arguments without an issuer are added to the first source that has an issuer. Each
 * setting records the source of its argument.
 */
export function withDividedArguments(given: Facts): Facts {
  const facts = withCommandFirst(withReplaced(given));
  const { apiServers } = facts;
  const isDivided = apiServers[0] !== undefined && isCommand(apiServers[0]) && apiServers.some(isFileWithIssuer);
  const first = isDivided
    ? 0
    : apiServers.findIndex(({ issuers, replacedBy }) => issuers.length > 0 && replacedBy === undefined);
  const main = apiServers[first];
  if (!main?.args || !(isDivided || main.method === 'flags')) return facts;
  const isPart = (server: ApiServer) =>
    (server.issuers.length === 0 || (isDivided && isFileWithIssuer(server))) &&
    server !== main &&
    server.replacedBy === undefined &&
    hasSignIn(server);
  const args = new Map(main.args);
  const owners = new Map<string, number>();
  for (const [i, server] of apiServers.entries()) {
    if (!isPart(server)) continue;
    for (const [name, values] of server.args ?? []) {
      if (!Object.hasOwn(oidcFlags, name) || args.has(name)) continue;
      args.set(name, values);
      owners.set(`--${name}`, i);
    }
  }
  if (owners.size === 0) return facts;
  const issuers = flagIssuers(args, main.source).map((issuer) => ({
    ...issuer,
    settings: issuer.settings.map((setting) => {
      const server = owners.get(setting.place);
      return server === undefined ? setting : { ...setting, server };
    }),
  }));
  const joined = apiServers.map((server, i): ApiServer => {
    if (i === first) return { ...server, issuers, method: 'flags' };
    return isPart(server) ? { ...server, partOf: first } : server;
  });
  return { ...facts, apiServers: joined };
}

const hasSignIn = ({ args }: ApiServer): boolean =>
  [...(args?.keys() ?? [])].some((name) => Object.hasOwn(oidcFlags, name));

const isFileWithIssuer = ({ carrier, issuers, replacedBy }: ApiServer): boolean =>
  carrier === 'K3s or RKE2' && issuers.length > 0 && replacedBy === undefined;

const isCommand = (server: ApiServer): boolean =>
  server.carrier === 'a command line' && /^(k3s|rke2)$/.test(server.controlPlane ?? '') && hasSignIn(server);

/**
 * Moves the command line of K3s or RKE2 before the configuration files, because the first source that sets an argument
 * counts here. In kube-apiserver, the last argument counts, and those of the command line come last.
 */
function withCommandFirst(facts: Facts): Facts {
  const { apiServers } = facts;
  const command = apiServers.find(isCommand);
  if (command === undefined || !apiServers.some(isFileWithIssuer)) return facts;
  return { ...facts, apiServers: [command, ...apiServers.filter((one) => one !== command)] };
}

/**
 * Marks the configurations of K3s and RKE2 whose arguments a drop-in replaces. The program reads `config.yaml` and then
 * the drop-ins in the order of their names. A list whose key has no `+` replaces the list with this key from earlier
 * files.
 * @see https://docs.k3s.io/installation/configuration#multiple-config-files
 */
function withReplaced(facts: Facts): Facts {
  const order = ({ source }: ApiServer) => (isDropIn(source) ? `1 ${source}` : '0');
  const replacing = facts.apiServers.filter(({ replaces }) => replaces);
  if (replacing.length === 0) return facts;
  const apiServers = facts.apiServers.map((server): ApiServer => {
    const by = replacing.find((one) => one !== server && order(one) > order(server));
    if (!by || server.carrier !== by.carrier) return server;
    return { ...server, replacedBy: by.source };
  });
  return { ...facts, apiServers };
}
