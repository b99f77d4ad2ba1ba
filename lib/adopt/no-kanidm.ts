import { runWithValue } from '../existing/variables';
import { type AdoptedIssuer, isWithVariable } from './kanidm-issuer';

/** Why the facts contain no client of Kanidm, and what to do about it. */
export interface NoKanidm {
  readonly why: string;
  /** The reason why a binding is not adopted. */
  readonly ofBinding: string;
  readonly step: 'read the API server' | 'give the value' | 'add Kanidm';
}

/**
 * Returns why none of the issuers belongs to a client of Kanidm.
 * @param isRead whether the issuers of the API server were read
 */
export function noKanidm({ left }: { readonly left: readonly AdoptedIssuer[] }, isRead: boolean): NoKanidm {
  if (!isRead) {
    return {
      why: 'the settings of the API server were not read: run adopt with them too',
      ofBinding:
        'without the settings of the API server, adopt cannot tell whom this binding names: run adopt with these settings too',
      step: 'read the API server',
    };
  }
  if (left.some(({ issuer }) => isWithVariable(issuer))) {
    const why = `an issuer of the API server contains a variable: ${runWithValue}`;
    const ofBinding = `adopt cannot tell whom this binding names, because ${why}`;
    return { why, ofBinding, step: 'give the value' };
  }
  const why = 'none of the issuers of the API server belongs to a client of Kanidm';
  return {
    why,
    ofBinding: `${why}; without such a client, adopt does not convert bindings to grants`,
    step: 'add Kanidm',
  };
}
