import type { Issuer } from '../existing/api-server-issuers';
import { oidcFlags } from '../existing/api-server-issuers';
import type { ApiServer, Facts } from '../existing/facts';
import { type Account, itemOf, leftAlone } from './account';

/** The API server of the cluster, as the sources together tell of it. */
export interface AdoptedServer {
  /** Which of the facts says how people sign in. */
  readonly index?: number;
  readonly server?: string;
  readonly kubernetes?: string;
  readonly controlPlane?: NonNullable<ApiServer['controlPlane']>;
  readonly controlPlaneVersion?: string;
  /** Where rendered settings go, for a carrier that Kaniflux renders no file for. */
  readonly advice?: string;
}

/** Takes each fact from the source that has it first, and accounts for the same of every other source. */
export function serverOf({ apiServers, logins }: Facts, account: Account): AdoptedServer {
  const telling = apiServers.findIndex(({ issuers }) => issuers.length > 0);
  for (const [i, server] of apiServers.entries()) {
    if (i !== telling) accountFor(account, server, i, apiServers[telling]);
    else accountForArguments(account, server, i, undefined);
  }
  const first = (key: 'server' | 'kubernetes' | 'controlPlane' | 'controlPlaneVersion') =>
    firstOf(apiServers, key, account);
  const [kubernetes, controlPlaneVersion] = [first('kubernetes'), first('controlPlaneVersion')];
  const server = first('server') ?? logins.find((login) => login.server !== undefined)?.server;
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

function firstOf(
  servers: readonly ApiServer[],
  key: 'server' | 'kubernetes' | 'controlPlane' | 'controlPlaneVersion',
  account: Account,
): string | undefined {
  // What is certain comes before a guess.
  const order = [...servers.entries()].filter(([, one]) => one[key] !== undefined);
  const isGuess = (one: ApiServer) => key === 'controlPlane' && one.isGuess === true;
  const [chosen] = [...order].sort(([, a], [, b]) => Number(isGuess(a)) - Number(isGuess(b)));
  for (const [i, one] of order) {
    const id = itemOf.server(i, key);
    if (one[key] !== chosen?.[1][key] && !isGuess(one)) {
      account.not(id, `${chosen?.[1].source} says ${chosen?.[1][key]}, which was taken`);
    } else if (key === 'controlPlane' && isGuess(one) && chosen && isGuess(chosen[1])) {
      account.different(
        id,
        'nothing in it tells K3s from RKE2: k3s is assumed, write `controlPlane: rke2` where it is RKE2 (the rendered file then belongs into /etc/rancher/rke2/config.yaml.d)',
      );
    } else if (key === 'controlPlane' && one.advice !== undefined) {
      account.different(id, `Kaniflux renders no ${one.carrier} files: ${one.advice}`);
    } else if (key === 'controlPlaneVersion' && one.controlPlane !== 'talos') {
      account.not(id, 'a config has the version of Talos and of Cluster API only');
    } else account.taken(id);
  }
  return chosen?.[1][key];
}

/** A source beside the one that was taken: the same settings are taken with it, others are not. */
function accountFor(account: Account, server: ApiServer, i: number, chosen: ApiServer | undefined): void {
  accountForArguments(account, server, i, chosen);
  const { issuers, method } = server;
  for (const [j, issuer] of issuers.entries()) {
    const same = chosen?.issuers.find(({ url }) => url === issuer.url);
    const id = itemOf.issuer(i, j);
    if (same) account.taken(id);
    else account.not(id, `${chosen?.source} names other issuers, and was taken`);
    if (method !== 'structured') continue;
    for (const [k, { place, value }] of issuer.settings.entries()) {
      const isSame = same?.settings.some((one) => one.place === place && one.value === value);
      const setting = itemOf.setting(i, j, k);
      if (isSame) account.taken(setting);
      else account.not(setting, `${chosen?.source} says otherwise, and was taken`);
    }
  }
  if (server.anonymous === undefined) return;
  if (JSON.stringify(server.anonymous) === JSON.stringify(chosen?.anonymous))
    account.taken(itemOf.server(i, 'anonymous'));
  else account.not(itemOf.server(i, 'anonymous'), `${chosen?.source ?? 'nothing'} was taken, and says otherwise`);
}

/** Arguments that are not about signing in with OIDC, and those of a source that was not taken. */
function accountForArguments(account: Account, server: ApiServer, i: number, chosen: ApiServer | undefined): void {
  for (const [name, values] of server.args ?? []) {
    const id = itemOf.server(i, `--${name}`);
    if (Object.hasOwn(oidcFlags, name)) {
      if (server.issuers.length === 0) {
        account.not(id, 'there is no --oidc-issuer-url beside it, and it does nothing');
        continue;
      }
      if (!chosen) {
        // The source that was taken accounts for its settings one by one.
        continue;
      }
      const theirs = chosen.args?.get(name);
      if (JSON.stringify(theirs) === JSON.stringify(values)) account.taken(id);
      else
        account.not(id, `${chosen.source} ${theirs ? `has ${theirs.join(', ')}` : 'does not have it'}, and was taken`);
    } else if (name === 'authentication-config') {
      const isRead = chosen?.method === 'structured';
      if (isRead) account.taken(id);
      else account.not(id, `give ${values.join(', ')} of a control-plane node to adopt too: it says who may sign in`);
    } else if (name.startsWith('oidc-')) {
      account.not(id, 'kube-apiserver has no such flag, and does not start with it');
    } else account.leave(id, leftAlone);
  }
}

/** The settings of an issuer with the ids of their items: arguments for flags, places in the file otherwise. */
export function settingItems(server: ApiServer, i: number, issuer: Issuer, j: number) {
  return issuer.settings.map((setting, k) => ({
    setting,
    id: server.method === 'structured' ? itemOf.setting(i, j, k) : itemOf.server(i, setting.place),
  }));
}
