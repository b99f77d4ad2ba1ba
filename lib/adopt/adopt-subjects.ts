import type { SubjectRef } from '../access/objects';
import type { TrustedIssuer } from '../existing/facts';
import type { Identities } from '../existing/kanidm-entries';
import { defaultPrefix } from '../identity/authenticator';

/** Whom a subject of a binding names; `undefined` for somebody who doesn't sign in with Kanidm. */
export type Named = { readonly kind: 'person' | 'group'; readonly key: string } | undefined;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What Kanidm lets a name be, made of any text. */
const keyFrom = (text: string): string => {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9_.-]/g, '-')
    .slice(0, 64);
  return /^[a-z]/.test(plain) ? plain : `x-${plain}`.slice(0, 64);
};

/** Finds who is meant by the user and group names of one issuer, and adds whom Kanidm was not asked about. */
export class Subjects {
  /** Keys of those whom Kanidm was not asked about. */
  readonly assumed = new Set<string>();

  constructor(
    private readonly identities: Identities,
    private readonly trusted: TrustedIssuer,
    private readonly domain: string,
  ) {}

  named({ kind, name }: SubjectRef): Named {
    if (kind === 'User') return this.person(name);
    return kind === 'Group' ? this.group(name) : undefined;
  }

  private person(name: string): Named {
    const { claim, issuer } = this.trusted;
    const prefix = this.trusted.prefix ?? defaultPrefix(claim, issuer);
    if (!name.startsWith(prefix) || name === prefix) return undefined;
    // Without a prefix the names of certificates and of the system look alike: only a form that tells is taken.
    const value = name.slice(prefix.length);
    if (
      prefix === '' &&
      (value.startsWith('system:') || !(uuid.test(value) || value.includes('@') || this.identities.people[value]))
    ) {
      return undefined;
    }
    const key = this.personKey(claim, value);
    return key === undefined ? undefined : { kind: 'person', key };
  }

  private personKey(claim: string, value: string): string | undefined {
    const { people } = this.identities;
    const find = (test: (person: (typeof people)[string]) => boolean) =>
      Object.entries(people).find(([, person]) => test(person))?.[0];
    switch (claim) {
      case 'sub':
        return (
          find(({ id }) => id === value) ??
          (uuid.test(value) ? this.assume(`person-${value.slice(0, 8)}`, { id: value }) : undefined)
        );
      case 'email':
        return (
          find(({ mail }) => [mail ?? []].flat().includes(value)) ??
          this.assume(keyFrom(value.replace(/@.*$/s, '')), { displayName: value, mail: value })
        );
      case 'preferred_username': {
        const [name = '', domain] = value.split('@');
        if (domain !== undefined && domain !== this.domain) return undefined;
        return people[name] ? name : this.assume(keyFrom(name), { displayName: name });
      }
      default:
        return undefined;
    }
  }

  private assume(key: string, person: { displayName?: string; id?: string; mail?: string }): string {
    this.identities.people[key] ??= { displayName: key, ...person };
    this.assumed.add(key);
    return key;
  }

  private group(name: string): Named {
    const { groups } = this.trusted;
    if (!groups || name.startsWith('system:') || !name.startsWith(groups.prefix) || name === groups.prefix)
      return undefined;
    const value = name.slice(groups.prefix.length);
    const key = this.groupKey(value);
    return key === undefined ? undefined : { kind: 'group', key };
  }

  private groupKey(value: string): string | undefined {
    const { groups } = this.identities;
    if (uuid.test(value)) return Object.entries(groups).find(([, { id }]) => id === value)?.[0];
    const [name = '', domain] = value.split('@');
    if (domain === this.domain || (domain === undefined && groups[name])) {
      if (!groups[name]) {
        groups[name] = {};
        this.assumed.add(name);
      }
      return name;
    }
    return this.byClaim(value);
  }

  /** A value that a claim map of Kanidm gives to one group. */
  private byClaim(value: string): string | undefined {
    const claim = this.trusted.groups?.claim ?? '';
    for (const { claims } of Object.values(this.identities.clients)) {
      const holders = Object.entries(claims?.[claim]?.values ?? {}).filter(([, values]) => values.includes(value));
      if (holders.length === 1) return holders[0]?.[0];
    }
    return undefined;
  }
}
