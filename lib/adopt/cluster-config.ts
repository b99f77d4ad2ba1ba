import type { ClusterInput } from '../config/schema/cluster-schema';
import type { Login } from '../existing/facts';
import type { Identities } from '../existing/kanidm-entries';
import type { Json } from '../guards';
import type { AdoptedGrant } from './adopt-grants';
import type { AdoptedIssuers } from './adopt-issuers';
import type { AdoptedServer } from './adopt-server';

/** Returns the identities as sections of a config, without the empty sections. */
export function filled({ people, serviceAccounts, groups, clients }: Identities): Json {
  const sections: Readonly<Record<string, ReadonlyMap<string, unknown>>> = { people, serviceAccounts, groups, clients };
  return Object.fromEntries(
    Object.entries(sections).flatMap(([name, map]) => (map.size > 0 ? [[name, Object.fromEntries(map)]] : [])),
  );
}

interface ClusterParts {
  readonly server: AdoptedServer;
  readonly issuers: AdoptedIssuers;
  readonly grants: readonly AdoptedGrant[];
  readonly ca?: object | undefined;
  readonly kubeconfig?: ClusterInput['kubeconfig'];
  /** How kubectl signs in with Kanidm, if the settings of the API server were not read. */
  readonly login?: Login | undefined;
}

/** Returns a cluster of the config. `null` marks a field that a person must fill in. */
export function clusterOf({ server, issuers, grants, ca, kubeconfig, login }: ClusterParts): Json {
  const { own, fields, authentication } = issuers;
  const { controlPlane = null } = server;
  const needsVersion = controlPlane === 'talos' && authentication.method === 'structured';
  const version = server.controlPlaneVersion ?? (needsVersion ? null : undefined);
  const settings = { ...authentication, ...(ca ? { ca: { ...authentication.ca, ...ca } } : {}) };
  const hasSettings = Object.keys(settings).length > 0;
  return {
    server: server.server ?? null,
    kubernetes: server.kubernetes ?? null,
    client: own?.client ?? login?.client ?? null,
    ...(fields.trust ? { trust: fields.trust } : {}),
    controlPlane,
    ...(version === undefined ? {} : { controlPlaneVersion: version }),
    ...(hasSettings ? { authentication: settings } : login && !own ? { authentication: null } : {}),
    ...(fields.issuers ? { issuers: fields.issuers } : {}),
    ...(fields.jwt ? { jwt: fields.jwt } : {}),
    ...(kubeconfig ? { kubeconfig } : {}),
    ...(grants.length > 0 ? { grants: grants.map(({ grant }) => grant) } : {}),
  };
}
