import type { Issuer } from '../existing/api-server-issuers';
import type { Identities } from '../existing/kanidm-entries';

/** Whom a subject of a binding names, or why that is not known. */
export type Named =
  | {
      readonly kind: 'person' | 'service account' | 'group';
      readonly key: string;
      /** What a binding names in its place, where that is another name. */
      readonly difference?: string;
    }
  | {
      readonly kind: 'nobody';
      readonly reason: string;
      /** Set for what has nothing to do with Kanidm: service accounts, certificates, Kubernetes' own. */
      readonly isForeign?: boolean;
      /** Set where a token makes this name today, and none does with the rendered settings. */
      readonly isLost?: boolean;
    };

export const nobody = (reason: string): Named => ({ kind: 'nobody', reason });
export const lost = (reason: string): Named => ({ kind: 'nobody', reason, isLost: true });
export const foreign = (reason: string): Named => ({ kind: 'nobody', reason, isForeign: true });

export interface World {
  readonly identities: Identities;
  /** The issuer of the cluster's client, as it was read. */
  readonly issuer: Issuer;
  readonly client: string;
  readonly domain: string;
  /** Issuers that a config has no place for. */
  readonly left: readonly Issuer[];
}

type NameKind = 'username' | 'groups';

/** A name that our issuer doesn't make: another may. */
export function madeElsewhere({ left }: World, name: string, what: NameKind, here: Named): Named {
  const other = left.find((issuer) => {
    const mapping = issuer[what];
    return mapping?.claim !== undefined && mapping.prefix !== '' && name.startsWith(mapping.prefix);
  });
  if (other)
    return lost(
      `${other.url} makes this name, which is left out: its entry has to be put into the rendered file by hand`,
    );
  const unclear = left.find(
    (issuer) => issuer[what] !== undefined && (issuer[what]?.claim === undefined || issuer[what].prefix === ''),
  );
  if (unclear) return lost(`${unclear.url}, which is left out, may make this name`);
  return here;
}

/** A name that an issuer which is left out makes as well. */
export function sharedWith({ left, issuer }: World, name: string, what: NameKind): { difference?: string } {
  const own = issuer[what];
  const other = left.find((one) => {
    const mapping = one[what];
    if (!mapping) return false;
    if (mapping.claim === undefined) return true;
    return name.startsWith(mapping.prefix) && mapping.prefix === (own?.claim === undefined ? '' : own.prefix);
  });
  return other
    ? { difference: `${other.url}, which is left out, may make this name too: whoever has it there loses it` }
    : {};
}
