import type { SubjectRef } from '../access/objects';
import type { Issuer } from '../existing/api-server-issuers';
import { hasVariable, readLiveOrRunWithValue } from '../existing/variables';
import { type Assumed, ClientSubjects } from './client-subjects';
import { foreign, madeElsewhere, type Named, nobody, type Others, prefixLength, sharedWith, type World } from './named';

/**
 * Returns the result for a subject, if the result does not depend on the settings of the API server; otherwise
 * `undefined`.
 */
export function fixedName({ kind, name, namespace }: SubjectRef, ofBinding?: string): Named | undefined {
  if (kind === 'ServiceAccount')
    return foreign(`a service account of Kubernetes (${namespace ?? ofBinding ?? 'no namespace'})`);
  if (kind !== 'User' && kind !== 'Group') return nobody(`Kubernetes has no subjects of kind ${kind}`);
  if (hasVariable(name)) {
    return nobody(`the name contains a variable: ${readLiveOrRunWithValue}`);
  }
  return name.startsWith('system:') ? foreign('a name of Kubernetes itself') : undefined;
}

/**
 * Finds the entry that a user or group name refers to, if the name can be in the tokens of a trusted client of Kanidm.
 */
export class Subjects {
  private readonly assumptions: Assumed = { keys: new Set(), mails: new Map() };
  private readonly clients: readonly ClientSubjects[];
  private readonly issuers: readonly Issuer[];

  /**
   * @param worlds what is known about each trusted client; the cluster's own client comes first
   * @param all the subjects of all bindings, from which adopt infers whether a client uses short user names
   */
  constructor(
    worlds: readonly World[],
    private readonly others: Others,
    all: readonly SubjectRef[],
  ) {
    this.issuers = worlds.map(({ issuer }) => issuer);
    this.clients = worlds.map((world) => new ClientSubjects(world, this.assumptions, all));
  }

  /** The keys of the entries that adopt adds to the config although they were not read from Kanidm. */
  get assumed(): ReadonlySet<string> {
    return this.assumptions.keys;
  }

  /**
   * Whether adopt only assumes that the client has short user names: the client was not read, and in the bindings, no
   * user name that begins with the client's prefix has a domain.
   */
  isShortInferred(client: string): boolean {
    return this.clients.some((one) => one.isShortInferred(client));
  }

  named(subject: SubjectRef, namespace?: string): Named {
    const fixed = fixedName(subject, namespace);
    if (fixed) return fixed;
    const longest = prefixLength(this.issuers, subject);
    if (prefixLength([...this.others.taken, ...this.others.left], subject) > longest)
      return madeElsewhere(this.others, subject, nobody(''));
    const results: Named[] = [];
    for (const [i, client] of this.clients.entries()) {
      // A name with the prefix of one client must not be mistaken for a mail address of another client, whose names
      // have no prefix.
      if (prefixLength(this.issuers.slice(i, i + 1), subject) < longest) continue;
      const named = client.named(subject);
      if (named.kind === 'literal') return named;
      if (named.kind !== 'nobody') return { ...named, ...sharedWith(this.others, subject) };
      results.push(named);
    }
    // Each client has a reason why nobody has this name. The more useful reason is that of a client to which the name
    // may belong.
    const told = results.find((one) => one.kind === 'nobody' && !one.isForeign) ?? results[0];
    const here = told ?? nobody('no client of Kanidm was read');
    return here.kind === 'nobody' && !here.isForeign && !here.isLost ? here : madeElsewhere(this.others, subject, here);
  }
}
