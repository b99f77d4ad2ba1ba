import type { SubjectRef } from '../access/objects';
import type { PersonInput, ServiceAccountInput } from '../config/schema/config-schema';
import { groupScopes } from '../identity/claims';
import { freeKey } from './free-key';
import { foreign, lost, madeElsewhere, type Named, nobody, sharedWith, type World } from './named';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Finds who is meant by user and group names, and adds whom Kanidm was not asked about. */
export class Subjects {
  /** Keys of those whom Kanidm was not asked about. */
  readonly assumed = new Set<string>();
  /** Whether the client gives short names; `undefined` where neither Kanidm nor a name tells. */
  private short: boolean | undefined;
  private readonly mails = new Map<string, string>();

  /** @param all every subject of every binding: some things only show in all of them together */
  constructor(
    private readonly world: World,
    all: readonly SubjectRef[],
  ) {
    const client = world.identities.clients.get(world.client);
    if (client) this.short = client.preferShortUsername ?? false;
    else this.inferFrom(all);
  }

  /** Whether names without a domain say that the client, of which Kanidm was not asked, gives short names. */
  get isShortInferred(): boolean {
    return this.short === true && !this.world.identities.clients.has(this.world.client);
  }

  named(subject: SubjectRef, namespace?: string): Named {
    const { kind, name } = subject;
    if (kind === 'ServiceAccount')
      return foreign(`a service account of Kubernetes (${subject.namespace ?? namespace ?? 'no namespace'})`);
    if (kind !== 'User' && kind !== 'Group') return nobody(`Kubernetes knows no subjects of kind ${kind}`);
    if (name.includes('${')) {
      return nobody(
        'a variable stands in the name, which Flux replaces: read the cluster with --live, or write the value into a copy',
      );
    }
    if (name.startsWith('system:')) return foreign("Kubernetes' own name");
    const named = kind === 'User' ? this.user(name) : this.group(name);
    return named.kind === 'nobody'
      ? named
      : { ...named, ...sharedWith(this.world, name, kind === 'User' ? 'username' : 'groups') };
  }

  private inferFrom(all: readonly SubjectRef[]): void {
    const { username } = this.world.issuer;
    if (username?.claim !== 'preferred_username' || username.prefix === '') return;
    const names = all
      .filter(({ kind, name }) => kind === 'User' && name.startsWith(username.prefix) && !name.includes('${'))
      .map(({ name }) => name.slice(username.prefix.length));
    if (names.length > 0 && names.every((name) => !name.includes('@'))) this.short = true;
  }

  private user(name: string): Named {
    const { issuer, left, identities } = this.world;
    const { username } = issuer;
    if (username?.claim === undefined) {
      return madeElsewhere(
        this.world,
        name,
        'username',
        lost('an expression makes the user names, and whom it names so is not known'),
      );
    }
    const { prefix } = username;
    const value = name.slice(prefix.length);
    if (!name.startsWith(prefix) || value === '') {
      return madeElsewhere(
        this.world,
        name,
        'username',
        foreign(`no token of Kanidm's makes this name: user names begin with \`${prefix}\``),
      );
    }
    const others = left.filter(
      ({ username: other }) => other?.claim !== undefined && other.prefix.length > prefix.length,
    );
    if (others.some(({ username: other }) => name.startsWith(other?.claim === undefined ? '\n' : other.prefix))) {
      return madeElsewhere(this.world, name, 'username', nobody(''));
    }
    // Without a prefix the names of certificates look alike: only a form that tells is taken.
    const isAccount = identities.people.has(value) || identities.serviceAccounts.has(value);
    if (prefix === '' && !uuid.test(value) && !value.includes('@') && !isAccount) {
      const isPossible = username.claim === 'preferred_username' || username.claim === 'name';
      const reason = isPossible
        ? "it may be a certificate's user, or somebody of Kanidm: without a prefix nothing tells; give Kanidm's entries to adopt"
        : `no token makes this name of the claim ${username.claim}; it may be a certificate's user`;
      return isPossible ? nobody(reason) : foreign(reason);
    }
    return this.account(username.claim, value);
  }

  private account(claim: string, value: string): Named {
    const { people, serviceAccounts } = this.world.identities;
    const robots = (test: (account: ServiceAccountInput) => boolean) =>
      [...serviceAccounts].filter(([, account]) => test(account)).map(([key]) => key);
    const robot = (key: string) => ({ kind: 'service account', key }) as const;
    const those = (test: (person: PersonInput) => boolean) =>
      [...people].filter(([, person]) => test(person)).map(([key]) => key);
    const found = (key: string, difference?: string): Named => ({
      kind: 'person',
      key,
      ...(difference ? { difference } : {}),
    });
    switch (claim) {
      case 'sub': {
        const [key] = those(({ id }) => id === value);
        if (key !== undefined) return found(key);
        const [account] = robots(({ id }) => id === value);
        if (account !== undefined) return robot(account);
        if (!uuid.test(value))
          return nobody('the claim sub is a UUID in lower case, and this is none: no token of Kanidm makes this name');
        return found(this.assume(`person-${value.slice(0, 8)}`, { displayName: '', id: value }));
      }
      case 'email': {
        const [key] = those(({ mail }) => [mail ?? []].flat()[0] === value);
        if (key !== undefined) return found(key);
        const second = those(({ mail }) => [mail ?? []].flat().includes(value));
        if (second.length > 0)
          return nobody(`it is not the primary mail address of ${second.join(', ')}, which alone stands in tokens`);
        if (!/^[^@\s]+@[^@\s]+$/.test(value))
          return nobody('it is no mail address, and the claim email makes the user names');
        return found(this.byMail(value));
      }
      case 'preferred_username':
        return this.byName(value);
      case 'name': {
        const accounts = robots(({ displayName }) => displayName === value);
        const keys = [...those(({ displayName }) => displayName === value), ...accounts];
        const [key] = keys;
        if (key !== undefined && keys.length === 1 && key === accounts[0])
          return { ...robot(key), difference: 'the UUID names the service account in its place' };
        if (key !== undefined && keys.length === 1) return found(key, 'the UUID names the person in its place');
        return lost(
          keys.length > 1
            ? `${keys.join(' and ')} have this display name: nobody can tell them apart by it`
            : `it is a display name, and whose is not known: find the person with \`kanidm person list\`, and add a grant to the config`,
        );
      }
      default:
        return lost(`the claim ${claim} names no person: find out who is meant, and add a grant to the config`);
    }
  }

  private byName(value: string): Named {
    const { people, serviceAccounts } = this.world.identities;
    const at = value.indexOf('@');
    const [name, domain] = at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
    if (domain !== undefined && domain !== this.world.domain) {
      return nobody(`names of this Kanidm end in @${this.world.domain}: nobody signs in under this one`);
    }
    if ((domain === undefined) !== (this.short ?? false)) {
      const form = this.short ? 'short names, without a domain' : `names with @${this.world.domain}`;
      const more =
        this.short === undefined ? ', unless its client has `preferShortUsername`, which not all names here say' : '';
      return nobody(`Kanidm gives ${form}${more}: nobody signs in under this one`);
    }
    if (people.has(name)) return { kind: 'person', key: name };
    if (serviceAccounts.has(name)) return { kind: 'service account', key: name };
    if (!/^[a-z][a-z0-9_.-]{0,63}$/.test(name))
      return nobody(`Kanidm has no names such as \`${name}\`: nobody signs in under this one`);
    return { kind: 'person', key: this.assume(name, { displayName: name }, true) };
  }

  /** Two people are one only where the whole address is the same. */
  private byMail(mail: string): string {
    const known = this.mails.get(mail);
    if (known !== undefined) return known;
    const key = this.assume(mail.replace(/@.*$/s, ''), { displayName: mail, mail }, false, mail);
    this.mails.set(mail, key);
    return key;
  }

  /** @param isName whether the key is the name in Kanidm, and not one of ours */
  private assume(wish: string, person: PersonInput, isName = false, longer = wish): string {
    const key = isName ? wish : freeKey(this.world.identities, wish, longer);
    this.world.identities.people.set(key, {
      ...person,
      displayName: person.displayName === '' ? key : person.displayName,
    });
    this.assumed.add(key);
    return key;
  }

  private group(name: string): Named {
    const { groups } = this.world.issuer;
    if (groups && groups.claim === undefined) {
      return madeElsewhere(
        this.world,
        name,
        'groups',
        lost('an expression makes the group names, and which group it names so is not known'),
      );
    }
    if (!groups)
      return madeElsewhere(this.world, name, 'groups', foreign("the API server reads no groups from Kanidm's tokens"));
    const value = name.slice(groups.prefix.length);
    if (!name.startsWith(groups.prefix) || value === '') {
      return madeElsewhere(
        this.world,
        name,
        'groups',
        foreign(`no token of Kanidm's makes this name: groups begin with \`${groups.prefix}\``),
      );
    }
    return this.groupOf(value, groups.claim, groups.prefix);
  }

  private groupOf(value: string, claim: string, prefix: string): Named {
    const { identities, client: id, domain } = this.world;
    const client = identities.clients.get(id);
    const key = this.byClaimMap(value, claim);
    if (key !== undefined) return { kind: 'group', key };
    if (claim !== 'groups')
      return nobody(
        `no claim map that was read gives the value \`${value}\` in the claim ${claim} to one group: give the client's entry to adopt`,
      );
    const scope =
      client && groupScopes.find((one) => Object.values(client.scopes ?? {}).some((list) => list.includes(one)));
    if (uuid.test(value)) {
      const found = [...identities.groups].find(([, group]) => group.id === value)?.[0];
      if (found === undefined)
        return nobody('it is the UUID of a group that was not read: give `kanidm group list -o json` to adopt');
      return { kind: 'group', key: found };
    }
    const at = value.lastIndexOf('@');
    const [name, of] = at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
    const wouldMatch = `\`${prefix}${name}@${domain}\``;
    if (of === undefined) {
      if (scope === 'groups_name' && identities.groups.has(name)) return { kind: 'group', key: name };
      if (prefix === '' && !identities.groups.has(name))
        return foreign('it is no group of Kanidm: those end in its domain');
      return nobody(
        `it matches no token of Kanidm's, whose groups end in @${domain}: nobody has this role by it today; bind ${wouldMatch}, or give the client the scope \`groups_name\` (Kanidm 1.8) in place of \`groups\``,
      );
    }
    if (of !== domain)
      return nobody(`groups of this Kanidm end in @${domain}: nobody is in this one; bind ${wouldMatch}`);
    if (scope === 'groups_name' || scope === 'groups_uuid')
      return nobody(
        `the client's scope ${scope} puts no names with a domain into tokens: nobody has this role by it today`,
      );
    if (!/^[a-z][a-z0-9_.-]{0,63}$/.test(name)) return nobody(`Kanidm has no groups such as \`${name}\``);
    if (identities.groups.has(name)) return { kind: 'group', key: name };
    if (identities.people.has(name) || identities.serviceAccounts.has(name))
      return nobody(`${name} is no group: an account has this name in Kanidm`);
    identities.groups.set(name, {});
    this.assumed.add(name);
    return { kind: 'group', key: name };
  }

  /** A value that a claim map of the client gives to one group alone. */
  private byClaimMap(value: string, claim: string): string | undefined {
    const { claims } = this.world.identities.clients.get(this.world.client) ?? {};
    const map = claims && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    const holders = Object.entries(map?.values ?? {}).filter(([, values]) => values.includes(value));
    return holders.length === 1 ? holders[0]?.[0] : undefined;
  }
}
