import type { Issuer } from '../existing/api-server-issuers';
import { oidcFlags } from '../existing/api-server-issuers';
import type { ApiServer, Facts, Login } from '../existing/facts';
import { kanidmUrl } from './kanidm-issuer';
import { itemOf, leftAlone, type Treatments } from './treatments';

/** The API server of the cluster, combined from all sources. */
export interface AdoptedServer {
  /** The index of the source whose sign-in settings are used. */
  readonly index?: number;
  readonly server?: string;
  readonly kubernetes?: string;
  readonly controlPlane?: NonNullable<ApiServer['controlPlane']>;
  readonly controlPlaneVersion?: string;
  /**
   * Where a person must put the rendered settings, if Kaniflux renders no file for the method that configures this API
   * server.
   */
  readonly advice?: string;
}

/** Takes each value from the first source that has it, and records whether the other sources have the same value. */
export function serverOf(facts: Facts, treatments: Treatments): AdoptedServer {
  const { apiServers } = facts;
  const withIssuers = apiServers.findIndex(({ issuers, replacedBy }) => issuers.length > 0 && replacedBy === undefined);
  // An AuthenticationConfiguration without issuers can limit anonymous requests.
  const telling =
    withIssuers >= 0
      ? withIssuers
      : apiServers.findIndex(({ method, file }) => method === 'structured' && file === undefined);
  for (const [i, server] of apiServers.entries()) {
    if (i !== telling) recordServer(treatments, server, i, apiServers[telling]);
    else recordArguments(treatments, server, i, undefined);
  }
  const first = (key: 'server' | 'kubernetes' | 'controlPlane' | 'controlPlaneVersion') =>
    firstOf(apiServers, key, treatments);
  const [kubernetes, controlPlaneVersion] = [first('kubernetes'), first('controlPlaneVersion')];
  const server = first('server') ?? serverOfLogin(facts, apiServers[telling]?.issuers ?? [], treatments);
  const name = first('controlPlane');
  const controlPlane = apiServers.find((one) => one.controlPlane === name)?.controlPlane;
  const advice = apiServers.find((one) => one.advice !== undefined)?.advice;
  return {
    ...(telling < 0 ? {} : { index: telling }),
    ...(server === undefined ? {} : { server }),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(controlPlane === undefined ? {} : { controlPlane }),
    ...(controlPlaneVersion === undefined || !(controlPlane === 'talos' || controlPlane === 'cluster-api')
      ? {}
      : { controlPlaneVersion }),
    ...(advice === undefined ? {} : { advice }),
  };
}

/**
 * Returns the address of the API server from a kubeconfig. A user who signs in at another issuer belongs to another
 * cluster. If the issuers of the API server are unknown, only users who sign in with Kanidm count, if there are any.
 */
function serverOfLogin({ logins }: Facts, issuers: readonly Issuer[], treatments: Treatments): string | undefined {
  const urls = issuers.map(({ url }) => url);
  const known = urls.length > 0 ? urls : logins.flatMap(({ issuer = '' }) => (kanidmUrl(issuer) ? issuer : []));
  const isIts = ({ issuer = '' }: Login) => known.length === 0 || known.includes(issuer);
  const [chosen, ...others] = logins.filter((login) => login.server !== undefined && isIts(login));
  for (const other of others) {
    if (other.server === chosen?.server) continue;
    const text = `the address of the API server in the config is ${chosen?.server} (user ${chosen?.user} in ${chosen?.source}), and not ${other.server}`;
    treatments.different(itemOf.login(logins.indexOf(other)), text);
  }
  return chosen?.server;
}

function firstOf(
  servers: readonly ApiServer[],
  key: 'server' | 'kubernetes' | 'controlPlane' | 'controlPlaneVersion',
  treatments: Treatments,
): string | undefined {
  // A value that is certain takes precedence over a guess.
  const order = [...servers.entries()].filter(([, one]) => one[key] !== undefined);
  const isOldest = (one: ApiServer) => key === 'controlPlaneVersion' && one.isOldest === true;
  const isGuess = (one: ApiServer) => (key === 'controlPlane' && one.isGuess === true) || isOldest(one);
  const [chosen] = [...order].sort(([, a], [, b]) => Number(isGuess(a)) - Number(isGuess(b)));
  for (const [i, one] of order) {
    const id = itemOf.server(i, key);
    if (isOldest(one) && isOlder(chosen?.[1][key], one[key])) {
      treatments.not(
        id,
        `the config has version ${chosen?.[1][key]} of the control plane (from ${chosen?.[1].source}), and this version is too old to read this document`,
      );
    } else if (one[key] !== chosen?.[1][key] && !isGuess(one)) {
      treatments.not(id, `the config has ${chosen?.[1][key]}, from ${chosen?.[1].source}`);
    } else if (key === 'controlPlane' && isGuess(one) && chosen && isGuess(chosen[1])) {
      const guess =
        'this file can belong to K3s or RKE2, and adopt assumes k3s; for RKE2 write `controlPlane: rke2` (the rendered file then belongs in /etc/rancher/rke2/config.yaml.d)';
      treatments.different(id, [guess, one.advice].filter(Boolean).join('; '));
    } else if (key === 'controlPlane' && one.advice !== undefined) {
      treatments.different(id, one.advice);
    } else if (key === 'controlPlaneVersion' && one.controlPlane !== 'talos') {
      treatments.not(id, 'a config only has a control-plane version for Talos and Cluster API');
    } else treatments.taken(id);
  }
  return chosen?.[1][key];
}

/** Whether a version such as `1.13` is older than another one. */
const isOlder = (version = '', other = ''): boolean => version.localeCompare(other, 'en', { numeric: true }) < 0;

/**
 * Records what becomes of a source that was not chosen: settings that equal those of the chosen source are taken,
 * others are not.
 */
function recordServer(treatments: Treatments, server: ApiServer, i: number, chosen: ApiServer | undefined): void {
  recordArguments(treatments, server, i, chosen);
  const { issuers, method } = server;
  for (const [j, issuer] of issuers.entries()) {
    const same = chosen?.issuers.find(({ url }) => url === issuer.url);
    const id = itemOf.issuer(i, j);
    if (server.replacedBy !== undefined) treatments.not(id, replaced(server.replacedBy));
    else if (same) treatments.taken(id);
    else
      treatments.not(
        id,
        `the issuers in the config are from ${partOf(chosen, server)}, which does not have this issuer`,
      );
    if (method !== 'structured') continue;
    for (const [k, { place, value }] of issuer.settings.entries()) {
      const isSame = same?.settings.some((one) => one.place === place && one.value === value);
      const setting = itemOf.setting(i, j, k);
      if (isSame) treatments.taken(setting);
      else treatments.not(setting, `the config has another value, from ${partOf(chosen, server)}`);
    }
  }
  if (server.anonymous === undefined) return;
  if (JSON.stringify(server.anonymous) === JSON.stringify(chosen?.anonymous))
    treatments.taken(itemOf.server(i, 'anonymous'));
  else
    treatments.not(
      itemOf.server(i, 'anonymous'),
      chosen ? `the config has another value, from ${partOf(chosen, server)}` : 'the config does not have this setting',
    );
}

/** Returns the source of the chosen settings. Several documents of one file can contain settings. */
const partOf = (chosen: ApiServer | undefined, { source }: ApiServer): string =>
  chosen?.source === source ? `another part of ${source}` : (chosen?.source ?? '');

const replaced = (by: string): string =>
  `\`kube-apiserver-arg\` in ${by} replaces the arguments of this file; only \`kube-apiserver-arg+\` would add to them`;

/**
 * Records what becomes of the arguments that are not about OIDC, and of all arguments of a source that was not chosen.
 * @param chosen the chosen source; `undefined` if it is `server` itself, or if there is none
 */
function recordArguments(treatments: Treatments, server: ApiServer, i: number, chosen: ApiServer | undefined): void {
  for (const [name, values] of server.args ?? []) {
    const id = itemOf.server(i, `--${name}`);
    if (server.replacedBy !== undefined) {
      treatments.not(id, replaced(server.replacedBy));
      continue;
    }
    if (server.decided?.has(name)) {
      const why = server.decided.get(name);
      if (why === undefined) treatments.taken(id);
      else treatments.not(id, why);
      continue;
    }
    if (Object.hasOwn(oidcFlags, name)) {
      // The issuer of these arguments is in another source (`partOf`), and the flag is recorded with that issuer.
      if (server.partOf !== undefined && chosen && !chosen.args?.has(name)) continue;
      if (server.issuers.length === 0 && server.partOf === undefined) {
        treatments.not(id, 'without --oidc-issuer-url this flag has no effect');
        continue;
      }
      if (!chosen) {
        // This is the chosen source itself: `issuersOf` records its flags, as settings of the issuer.
        continue;
      }
      const theirs = chosen.args?.get(name);
      if (JSON.stringify(theirs) === JSON.stringify(values)) treatments.taken(id);
      else
        treatments.not(
          id,
          `the config follows ${partOf(chosen, server)}, which ${theirs ? `has ${theirs.join(', ')}` : 'does not have this argument'}`,
        );
    } else if (name === 'authentication-config') {
      if (chosen?.method === 'structured') treatments.taken(id);
      else if (server.issuers.length > 0)
        treatments.not(
          id,
          'kube-apiserver does not start with both this argument and --oidc-* arguments; the config has the settings of the --oidc-* arguments',
        );
      else
        treatments.not(
          id,
          `copy ${values.join(', ')} from a control-plane node, and run adopt with the copy too: this file configures who may sign in`,
        );
    } else if (name.startsWith('oidc-')) {
      treatments.not(id, 'kube-apiserver does not have this flag, and does not start with it');
    } else treatments.leave(id, leftAlone);
  }
}

/**
 * Returns the settings of an issuer. Each has the id with which adopt records it: that of an argument of
 * kube-apiserver, or of a setting in a file.
 */
export function settingItems(server: ApiServer, i: number, issuer: Issuer, j: number) {
  return issuer.settings.map((setting, k) => ({
    setting,
    id: server.method === 'structured' ? itemOf.setting(i, j, k) : itemOf.server(setting.server ?? i, setting.place),
  }));
}
