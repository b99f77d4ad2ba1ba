import { flagIssuers, oidcFlags } from './api-server-issuers';
import type { ApiServer, Facts } from './facts';
import { isDropIn } from './read-carrier';

/**
 * Joins the `--oidc-*` arguments of one API server that are spread over several sources, such as a file and its
 * drop-in, or several patches. Arguments without an issuer are added to the first source that has an issuer. Each
 * setting records the source of its argument.
 */
export function withDividedArguments(given: Facts): Facts {
  const { chain, ...facts } = withLastFirst(withReplaced(given));
  const { apiServers } = facts;
  const first = chain.length > 0 ? 0 : apiServers.findIndex((one) => one.issuers.length > 0 && !one.replacedBy);
  const main = apiServers[first];
  if (!main?.args || !(chain.length > 0 || main.method === 'flags')) return facts;
  const isPart = (server: ApiServer) =>
    (server.issuers.length === 0 || chain.includes(server)) &&
    server !== main &&
    server.replacedBy === undefined &&
    hasSignIn(server);
  const args = new Map(main.args);
  const owners = new Map<string, number>();
  const parts = new Map<ApiServer, Map<string, string | undefined>>();
  for (const [i, server] of apiServers.entries()) {
    if (!isPart(server)) continue;
    const decided = new Map<string, string | undefined>();
    parts.set(server, decided);
    for (const [name, values] of server.args ?? []) {
      if (!Object.hasOwn(oidcFlags, name)) continue;
      const before = args.get(name);
      const owner = owners.get(`--${name}`) ?? first;
      if (before === undefined) {
        args.set(name, values);
        owners.set(`--${name}`, i);
      } else if (chain.includes(server) && accumulate.has(name)) {
        args.set(name, [...values, ...before]);
        decided.set(name, undefined);
      } else if (chain.includes(server) || owner !== first) {
        const isSame = values.at(-1) === before.at(-1);
        decided.set(
          name,
          isSame ? undefined : `the config follows ${other(apiServers[owner], server)}, which has ${before.join(', ')}`,
        );
      }
    }
  }
  if (parts.size === 0 && chain.length === 0) return facts;
  const { ca } = apiServers[owners.get('--oidc-ca-file') ?? first] ?? {};
  const issuers = flagIssuers(args, main.source, ca).map((issuer) => ({
    ...issuer,
    settings: issuer.settings.map((setting) => {
      const server = owners.get(setting.place);
      return server === undefined ? setting : { ...setting, server };
    }),
  }));
  const joined = apiServers.map((server, i): ApiServer => {
    if (i === first) return { ...server, issuers, method: 'flags' };
    const decided = parts.get(server);
    return decided ? { ...server, partOf: first, ...(decided.size > 0 ? { decided } : {}) } : server;
  });
  return { ...facts, apiServers: joined };
}

/** Returns the source of another part of the server. The parts can be several YAML documents of one file. */
const other = (one: ApiServer | undefined, { source }: ApiServer): string =>
  one?.source === source ? `another part of ${source}` : (one?.source ?? '');

/** Flags of which kube-apiserver uses all values, instead of the last one. */
const accumulate = new Set(['oidc-required-claim', 'oidc-signing-algs']);

const hasSignIn = ({ args }: ApiServer): boolean =>
  [...(args?.keys() ?? [])].some((name) => Object.hasOwn(oidcFlags, name));

const isCommand = (server: ApiServer): boolean =>
  server.carrier === 'a command line' && /^(k3s|rke2)$/.test(server.controlPlane ?? '') && hasSignIn(server);

/**
 * Returns the folder of a configuration file of K3s or RKE2 and its drop-ins; the file itself if it has another name.
 */
const folderOf = (source: string): string => source.replace(/(^|\/)config\.yaml(\.d\/[^/]+)?$/, '$1config.yaml');

/** Orders the files as the program reads them: `config.yaml`, and then the drop-ins in the order of their names. */
const orderOf = ({ source }: ApiServer): string => (isDropIn(source) ? `1 ${source}` : '0');

/**
 * In kube-apiserver, the last argument counts. Here, the first source that sets an argument counts. So this function
 * moves to the front the sources that kube-apiserver gets last. The new order is: the command line of K3s or RKE2, and
 * then its configuration files from the last to the first.
 */
function withLastFirst(facts: Facts): Facts & { readonly chain: readonly ApiServer[] } {
  const { apiServers } = facts;
  const isFile = (one: ApiServer) => one.carrier === 'K3s or RKE2' && one.replacedBy === undefined && hasSignIn(one);
  const file = apiServers.find((one) => isFile(one) && one.issuers.length > 0) ?? apiServers.find(isFile);
  const files = apiServers
    .filter((one) => isFile(one) && folderOf(one.source) === folderOf(file?.source ?? ''))
    .sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
  const chain = [...apiServers.filter(isCommand).slice(0, 1), ...files];
  const names = files.flatMap(({ args }) => [...(args?.keys() ?? [])].filter((name) => Object.hasOwn(oidcFlags, name)));
  const isOnCommandLine = chain.length > files.length && files.some(({ issuers }) => issuers.length > 0);
  const isRepeated = names.length > new Set(names).size && chain.some(({ issuers }) => issuers.length > 0);
  if (!isOnCommandLine && !isRepeated) return { ...facts, chain: [] };
  return { ...facts, chain, apiServers: [...chain, ...apiServers.filter((one) => !chain.includes(one))] };
}

/**
 * Marks the configurations of K3s and RKE2 whose arguments a drop-in replaces. The program reads `config.yaml` and then
 * the drop-ins in the order of their names. A list whose key has no `+` replaces the list with this key from earlier
 * files.
 * @see https://docs.k3s.io/installation/configuration#multiple-config-files
 */
function withReplaced(facts: Facts): Facts {
  const replacing = facts.apiServers.filter(({ replaces }) => replaces);
  if (replacing.length === 0) return facts;
  const apiServers = facts.apiServers.map((server): ApiServer => {
    const by = replacing.find((one) => one !== server && orderOf(one) > orderOf(server));
    if (!by || server.carrier !== by.carrier) return server;
    return { ...server, replacedBy: by.source };
  });
  return { ...facts, apiServers };
}
