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
      why: 'the settings of the API server were not read: give them to adopt too',
      ofBinding: 'the settings of the API server decide whom this binding names: give adopt these settings too',
      step: 'read the API server',
    };
  }
  if (left.some(({ issuer }) => isWithVariable(issuer))) {
    const why = 'the issuer contains a variable: give adopt a copy of the file with the value in place of the variable';
    const ofBinding = `the settings of the API server decide whom this binding names, and ${why}`;
    return { why, ofBinding, step: 'give the value' };
  }
  const why = 'none of the issuers of the API server belongs to a client of Kanidm';
  return {
    why,
    ofBinding: `${why}, and without such a client adopt converts no bindings to grants`,
    step: 'add Kanidm',
  };
}
