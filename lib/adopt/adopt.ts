import type { ClientInput, ClusterInput, ConfigInput } from '../config/schema';
import type { Facts, Note } from '../existing/facts';
import { type Identities, identitiesOf } from '../existing/kanidm-entries';
import { clusterOf } from './adopt-authentication';
import { grantsOf } from './adopt-grants';
import { Subjects } from './adopt-subjects';

/** A config as far as it is known. `null` is a place for a person to fill in, which `check` names. */
export interface Adopted {
  readonly config: Readonly<Record<string, unknown>>;
  /** Files that the config names, by their path beside it. */
  readonly files: Readonly<Record<string, string>>;
  readonly notes: readonly Note[];
}

type Whole = Omit<ConfigInput, 'clusters' | 'kanidm'>;

/** Makes a config of what was read. */
export function adopt(facts: Facts, cluster: string): Adopted {
  const adopted = clusterOf(facts);
  const identities = identitiesOf(facts.entries);
  const origin = adopted.origin ?? facts.origin;
  const host = origin === undefined ? undefined : new URL(origin).hostname;
  const domain = identities.domain ?? host;
  const notes: Note[] = [...facts.notes, ...adopted.notes, ...identities.notes];

  let grants: ClusterInput['grants'] = [];
  if (adopted.issuer && domain !== undefined) {
    const issuer = { ...adopted.issuer, issuer: adopted.issuer.issuer.replace(/\/$/, '') };
    const subjects = new Subjects(identities, issuer, domain);
    const found = grantsOf(facts, subjects);
    grants = found.grants;
    notes.push(...found.notes);
    assumeClients(identities, adopted.clients, subjects.assumed, facts, notes);
  } else if (facts.bindings.length > 0) {
    const text = "no bindings were taken: without the API server's settings nobody knows whom a subject means";
    notes.push({ source: facts.bindings[0]?.source ?? '', text });
  }
  const { files, kubeconfig, ca } = certificates(cluster, facts, adopted.ca);
  const { authentication, ...fields } = adopted.fields;
  const [client, ...trust] = adopted.clients;
  const version = /^\d+\.\d+(\.\d+)?$/.exec(facts.kanidmVersion ?? '')?.[0];
  const config = {
    kanidm: {
      domain: domain ?? null,
      ...(origin !== undefined && origin !== `https://${domain}` ? { origin } : {}),
      ...(version === undefined ? {} : { version }),
    },
    ...filled<Whole>({
      people: identities.people,
      serviceAccounts: identities.serviceAccounts,
      groups: identities.groups,
      clients: identities.clients,
    }),
    clusters: {
      [cluster]: {
        server: fields.server ?? null,
        kubernetes: fields.kubernetes ?? null,
        client: client ?? null,
        ...(trust.length > 0 ? { trust } : {}),
        controlPlane: fields.controlPlane ?? 'flags',
        ...(authentication || ca
          ? { authentication: { ...authentication, ...(ca ? { ca: { ...authentication?.ca, ...ca } } : {}) } }
          : {}),
        ...(kubeconfig ? { kubeconfig } : {}),
        ...(grants.length > 0 ? { grants } : {}),
      },
    },
  };
  return { config, files, notes };
}

const filled = <T extends object>(parts: { [K in keyof T]: T[K] }): T =>
  Object.fromEntries(Object.entries(parts).filter(([, map]) => Object.keys(map as object).length > 0)) as T;

function certificates(cluster: string, { serverCa }: Facts, issuerCa: string | undefined) {
  const [oidc, server] = [`${cluster}-oidc-ca.crt`, `${cluster}-ca.crt`];
  return {
    files: { ...(issuerCa ? { [oidc]: issuerCa } : {}), ...(serverCa ? { [server]: serverCa } : {}) },
    ...(issuerCa ? { ca: { file: oidc } } : {}),
    ...(serverCa ? { kubeconfig: { certificateAuthority: { file: server } } } : {}),
  };
}

/** Where Kanidm wasn't read, a client that lets in those who have a binding, and nobody else. */
function assumeClients(
  { people, groups, clients }: Identities,
  names: readonly string[],
  assumed: ReadonlySet<string>,
  facts: Facts,
  notes: Note[],
): void {
  const source = facts.apiServers.find(({ issuers }) => issuers.length > 0)?.source ?? '';
  const missing = names.filter((name) => !clients[name]);
  if (missing.length > 0) {
    groups.k8s_users ??= { members: [...Object.keys(people), ...Object.keys(groups)].sort() };
  }
  for (const name of missing) {
    const client: ClientInput = {
      landingUrl: 'http://localhost:8000',
      redirectUrls: ['http://localhost:8000', 'http://localhost:18000'],
      scopes: { k8s_users: ['openid', 'email', 'profile', 'groups'] },
    };
    clients[name] = client;
    const text = `Kanidm was not asked about client ${name}: its addresses and scopes, and the group k8s_users, are assumed`;
    notes.push({ source, text });
  }
  if (assumed.size > 0) {
    const text = `nothing that was read of Kanidm holds ${[...assumed].sort().join(', ')}: assumed to be there; --kanidm or the client's JSON tells`;
    notes.push({ source, text });
  }
}
