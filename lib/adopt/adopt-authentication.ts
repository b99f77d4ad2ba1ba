import type { ClusterInput } from '../config/schema';
import type { ApiServer, Facts, Note, TrustedIssuer } from '../existing/facts';

/** A Kanidm, as the issuers of its clients name it. */
export interface AdoptedCluster {
  readonly origin?: string;
  /** Client ids, the cluster's own first. */
  readonly clients: readonly string[];
  readonly issuer?: TrustedIssuer;
  readonly fields: Pick<ClusterInput, 'authentication'> &
    Partial<Pick<ClusterInput, 'server' | 'kubernetes' | 'controlPlane'>>;
  /** PEM of the CA of the origin. */
  readonly ca?: string;
  readonly notes: readonly Note[];
}

const kanidmIssuer = /^(https:\/\/[^/]+)\/oauth2\/openid\/([^/]+)(\/?)$/;

/** What the sources together say of the cluster's API server. */
export function clusterOf({ apiServers }: Facts): AdoptedCluster {
  const notes: Note[] = [];
  const trusting = apiServers.filter(({ issuers }) => issuers.length > 0);
  const found = trusting[0];
  for (const other of trusting.slice(1)) {
    if (found && JSON.stringify(settings(other)) !== JSON.stringify(settings(found))) {
      notes.push({
        source: other.source,
        text: `says something else of sign-in than ${found.source}, which was taken`,
      });
    }
  }
  const first = <K extends keyof ApiServer>(key: K) => apiServers.find((one) => one[key] !== undefined)?.[key];
  const issuers = (found?.issuers ?? []).flatMap((issuer) => {
    const [, origin, client, slash] = kanidmIssuer.exec(issuer.issuer) ?? [];
    const note = (text: string) => notes.push({ source: found?.source ?? '', text });
    if (origin === undefined || client === undefined) {
      note(`${issuer.issuer} is no issuer of Kanidm, and stays yours to configure`);
      return [];
    }
    if (slash) note(`the issuer ends in a slash and Kanidm's does not: nobody can sign in; Kaniflux writes it without`);
    for (const audience of issuer.audiences.filter((one) => one !== client)) {
      note(`the audience ${audience} is not the client of its issuer, ${client}: Kanidm's tokens don't carry it`);
    }
    return [{ origin, client, issuer }];
  });
  const own = issuers[0];
  const { method } = found ?? {};
  const anonymous = found?.anonymous;
  const authentication: NonNullable<ClusterInput['authentication']> = {
    ...(method === 'structured' ? { method } : {}),
    ...(own ? fieldsOf(own.issuer) : {}),
    ...(anonymous
      ? { anonymous: { enabled: anonymous.enabled, ...(anonymous.paths ? { paths: [...anonymous.paths] } : {}) } }
      : {}),
  };
  const [server, kubernetes, controlPlane] = [first('server'), first('kubernetes'), first('controlPlane')];
  return {
    clients: issuers.filter(({ origin }) => origin === own?.origin).map(({ client }) => client),
    ...(own ? { origin: own.origin, issuer: own.issuer } : {}),
    ...(own?.issuer.ca?.pem ? { ca: own.issuer.ca.pem } : {}),
    fields: {
      ...(server === undefined ? {} : { server }),
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(controlPlane === undefined ? {} : { controlPlane }),
      ...(Object.keys(authentication).length > 0 ? { authentication } : {}),
    },
    notes,
  };
}

const settings = ({ method, issuers }: ApiServer) => ({ method, issuers });

function fieldsOf({
  claim,
  prefix,
  groups,
  requiredClaims,
  ca,
}: TrustedIssuer): NonNullable<ClusterInput['authentication']> {
  return {
    ...(claim === 'sub' ? {} : { claim }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(groups ? { groups: { ...groups } } : {}),
    ...(Object.keys(requiredClaims).length > 0 ? { requiredClaims: { ...requiredClaims } } : {}),
    ...(ca?.nodePath === undefined ? {} : { ca: { nodePath: ca.nodePath } }),
  };
}
