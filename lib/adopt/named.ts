import type { Issuer } from '../existing/api-server-issuers';
import type { Identities } from '../existing/kanidm-entries';

/** The entry that a subject of a binding refers to, or the reason why it is unknown. */
export type Named =
  | {
      readonly kind: 'person' | 'service account' | 'group';
      readonly key: string;
      /** The name in the rendered binding, if it differs. */
      readonly difference?: string;
    }
  | {
      readonly kind: 'nobody';
      readonly reason: string;
      /**
       * Set for names that have nothing to do with Kanidm: service accounts of Kubernetes, certificates, names of
       * Kubernetes itself.
       */
      readonly isForeign?: boolean;
      /** Set if a token contains this name today, and none will with the rendered settings. */
      readonly isLost?: boolean;
    };

export const nobody = (reason: string): Named => ({ kind: 'nobody', reason });
export const lost = (reason: string): Named => ({ kind: 'nobody', reason, isLost: true });
export const foreign = (reason: string): Named => ({ kind: 'nobody', reason, isForeign: true });

export interface World {
  readonly identities: Identities;
  /** The existing issuer of the client of the cluster. */
  readonly issuer: Issuer;
  readonly client: string;
  readonly domain: string;
  /** Issuers that a config cannot express. */
  readonly left: readonly Issuer[];
}

type NameKind = 'username' | 'groups';

/** Returns the result for a name that the taken issuer does not make; another issuer may make it. */
export function madeElsewhere({ left }: World, name: string, what: NameKind, here: Named): Named {
  const other = left.find((issuer) => {
    const mapping = issuer[what];
    return mapping?.claim !== undefined && mapping.prefix !== '' && name.startsWith(mapping.prefix);
  });
  if (other) return lost(`${other.url} makes this name and is left out: add its entry to the rendered file by hand`);
  const unclear = left.find(
    (issuer) => issuer[what] !== undefined && (issuer[what]?.claim === undefined || issuer[what].prefix === ''),
  );
  if (unclear) return lost(`${unclear.url}, which is left out, may make this name`);
  return here;
}

/** Returns a difference if an issuer that is left out also makes this name. */
export function sharedWith({ left, issuer }: World, name: string, what: NameKind): { difference?: string } {
  const own = issuer[what];
  const other = left.find((one) => {
    const mapping = one[what];
    if (!mapping) return false;
    if (mapping.claim === undefined) return true;
    return name.startsWith(mapping.prefix) && mapping.prefix === (own?.claim === undefined ? '' : own.prefix);
  });
  return other
    ? {
        difference: `${other.url}, which is left out, may also make this name; a user with this name from that issuer loses the role`,
      }
    : {};
}
