import type { SubjectRef } from '../access/objects';
import type { PersonInput, ServiceAccountInput } from '../config/schema/config-schema';
import { groupScopes } from '../identity/claims';
import { mappedGroups, mappedUser } from '../identity/token-mapping';
import { isUuid } from '../identity/uuid';
import { freeKey } from './free-key';
import {
  builtIn,
  foreign,
  keptAs,
  lost,
  type Named,
  nobody,
  prefixesMissed,
  prefixWithin,
  producedBy,
  type World,
} from './named';
import { groupWithoutDomain, impersonated, userWithoutPrefix } from './names-without-domain';

const kanidmName = /^[a-z][a-z0-9_.-]{0,63}$/;

/** Entries that are assumed, because they were not read from Kanidm. All clients share them. */
export interface Assumed {
  readonly keys: Set<string>;
  /** The keys of assumed people by mail address. */
  readonly mails: Map<string, string>;
}

/**
 * Finds the entry of Kanidm that has a given user or group name in the tokens of one client. If no such entry was read,
 * it can add an assumed entry.
 */
export class ClientSubjects {
  /** Whether the client uses short user names; `undefined` if neither Kanidm nor the name of any subject shows this. */
  private short: boolean | undefined;

  /** @param all the subjects of all bindings, from which the class infers whether the client uses short user names */
  constructor(
    private readonly world: World,
    private readonly assumed: Assumed,
    all: readonly SubjectRef[],
  ) {
    const client = world.identities.clients.get(world.client);
    if (client) this.short = client.preferShortUsername ?? false;
    else this.inferFrom(all);
  }

  /** Whether adopt only assumes that the client has short user names, because the client was not read. */
  isShortInferred(client: string): boolean {
    return client === this.world.client && this.short === true && !this.world.identities.clients.has(client);
  }

  named({ kind, name }: SubjectRef): Named {
    return kind === 'User' ? this.user(name) : this.group(name);
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
    const { issuer, identities } = this.world;
    const { username } = issuer;
    if (!username) return foreign('the API server rejects the mapping of user names');
    if (username.claim === undefined) return this.userByExpression(name, username.expression);
    const { prefix } = username;
    const value = name.slice(prefix.length);
    if (!name.startsWith(prefix) || value === '')
      return foreign(`no Kanidm token has this user name: user names begin with \`${prefix}\``);
    // Without a prefix, the name may be that of a client certificate. So only a UUID, a name with `@` or the name of a
    // known account is looked up.
    const isAccount = identities.people.has(value) || identities.serviceAccounts.has(value);
    if (prefix === '' && !isUuid(value) && !value.includes('@') && !isAccount) {
      const isPossible = username.claim === 'preferred_username' || username.claim === 'name';
      return isPossible
        ? nobody(userWithoutPrefix({ mayBeShort: username.claim !== 'name' }))
        : foreign(`the claim ${username.claim} cannot have this value; this may be the user of a certificate`);
    }
    const named = this.account(username.claim, value);
    return username.expression === undefined ? named : keptAs(named);
  }

  /**
   * Returns the account for which the expression produces the given name. If no account or several accounts match, the
   * config has the name as it is in the binding. A name that may be that of a client certificate counts as unknown.
   */
  private userByExpression(name: string, expression: string): Named {
    const { identities, domain } = this.world;
    const length = prefixWithin({ expression }, name);
    if (length === undefined)
      return foreign(`no Kanidm token has this user name: ${prefixesMissed(expression, 'user names')}`);
    const accounts = [
      ...[...identities.people].map(([key, one]) => ({ kind: 'person', key, one }) as const),
      ...[...identities.serviceAccounts].map(([key, one]) => ({ kind: 'service account', key, one }) as const),
    ];
    const holders = accounts.filter(({ key, one }) => {
      const mail = 'mail' in one ? [one.mail ?? []].flat()[0] : undefined;
      const claims = {
        sub: one.id,
        name: one.displayName,
        preferred_username: this.short ? key : `${key}@${domain}`,
        ...(mail === undefined ? {} : { email: mail, email_verified: true }),
      };
      const made = mappedUser({ username: { expression } }, claims);
      return made && 'value' in made && made.value === name;
    });
    const [holder] = holders;
    if (holder && holders.length === 1) return { kind: holder.kind, key: holder.key };
    if (length === 0 && !name.includes('@')) return nobody(userWithoutPrefix({ mayBeShort: false }));
    return producedBy(expression, 'person or group');
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
        if (!isUuid(value))
          return nobody('the claim sub is a UUID in lower case, so no Kanidm token has this user name');
        return found(this.assume(`person-${value.slice(0, 8)}`, { displayName: '', id: value }));
      }
      case 'email': {
        const [key] = those(({ mail }) => [mail ?? []].flat()[0] === value);
        if (key !== undefined) return found(key);
        const second = those(({ mail }) => [mail ?? []].flat().includes(value));
        if (second.length > 0)
          return nobody(
            `tokens contain only the primary mail address, and this is not the primary mail address of ${second.join(', ')}`,
          );
        if (!/^[^@\s]+@[^@\s]+$/.test(value))
          return nobody('user names come from the claim email, but this is not a mail address');
        return found(this.byMail(value));
      }
      case 'preferred_username':
        return this.byName(value);
      case 'name': {
        const accounts = robots(({ displayName }) => displayName === value);
        const keys = [...those(({ displayName }) => displayName === value), ...accounts];
        const [key] = keys;
        if (key !== undefined && keys.length === 1 && key === accounts[0])
          return { ...robot(key), difference: 'the rendered binding names the service account by its UUID' };
        if (key !== undefined && keys.length === 1)
          return found(key, 'the rendered binding names the person by the UUID');
        return lost(
          keys.length > 1
            ? `${keys.join(' and ')} share this display name, so adopt cannot tell who is meant`
            : `this is the display name of an unknown person: find the person with \`kanidm person list\`, and add a grant to the config`,
        );
      }
      default:
        return lost(
          `the claim ${claim} does not identify a person: find out who is meant, and add a grant to the config`,
        );
    }
  }

  private byName(value: string): Named {
    const { people, serviceAccounts } = this.world.identities;
    const at = value.indexOf('@');
    const [name, domain] = at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
    if (domain !== undefined && domain !== this.world.domain) {
      return nobody(`names of this Kanidm server end in @${this.world.domain}, so nobody signs in with this name`);
    }
    if ((domain === undefined) !== (this.short ?? false)) {
      const form = this.short ? 'short names, without a domain' : `names with @${this.world.domain}`;
      const more =
        this.short === undefined
          ? '. This is wrong if the client has `preferShortUsername`: adopt did not read the client, and assumes that this setting is off'
          : '';
      return nobody(`Kanidm gives ${form}, so nobody signs in with this name${more}`);
    }
    if (people.has(name)) return { kind: 'person', key: name };
    if (serviceAccounts.has(name)) return { kind: 'service account', key: name };
    const named = builtIn(name);
    if (named) return named;
    if (!kanidmName.test(name)) return nobody(`Kanidm does not allow the name \`${name}\`, so nobody signs in with it`);
    return { kind: 'person', key: this.assume(name, { displayName: name }, true) };
  }

  /** Returns the key of an assumed person. Addresses that differ only after the `@` belong to different people. */
  private byMail(mail: string): string {
    const known = this.assumed.mails.get(mail);
    if (known !== undefined) return known;
    const key = this.assume(mail.replace(/@.*$/s, ''), { displayName: mail, mail }, false, mail);
    this.assumed.mails.set(mail, key);
    return key;
  }

  /** @param isName whether the key is the name in Kanidm, instead of a key that Kaniflux chose */
  private assume(wish: string, person: PersonInput, isName = false, longer = wish): string {
    const key = isName ? wish : freeKey(this.world.identities, wish, longer);
    this.world.identities.people.set(key, {
      ...person,
      displayName: person.displayName === '' ? key : person.displayName,
    });
    this.assumed.keys.add(key);
    return key;
  }

  private group(name: string): Named {
    const { groups } = this.world.issuer;
    if (!groups) return foreign("the API server reads no groups from Kanidm's tokens");
    if (groups.claim === undefined) return this.groupByExpression(name, groups.expression);
    const value = name.slice(groups.prefix.length);
    if (!name.startsWith(groups.prefix) || value === '')
      return foreign(`no Kanidm token has this group: group names begin with \`${groups.prefix}\``);
    return this.groupOf(value, groups.claim, groups.prefix);
  }

  /**
   * Returns the group for which the expression produces exactly this name. Candidates are the groups that were read.
   * Each word of the name is also a candidate, because a word can be the name of a group that was not read.
   */
  private groupByExpression(name: string, expression: string): Named {
    const { identities, domain } = this.world;
    const length = prefixWithin({ expression }, name);
    if (length === undefined)
      return foreign(`no Kanidm token has this group: ${prefixesMissed(expression, 'group names')}`);
    const words = name
      .slice(length)
      .split(/[^a-z0-9_.-]+/)
      .filter((word) => /^[a-z]/.test(word));
    const makes = (group: string) => {
      const made = mappedGroups({ groups: { expression } }, { groups: [`${group}@${domain}`] });
      return made?.value?.includes(name);
    };
    const holders = [...new Set([...identities.groups.keys(), ...words])].filter(makes);
    const [holder] = holders;
    if (holder !== undefined && holders.length === 1) return this.assumeGroup(holder);
    return producedBy(expression, 'group');
  }

  private assumeGroup(name: string): Named {
    const { groups } = this.world.identities;
    const named = builtIn(name);
    if (named) return named;
    if (!groups.has(name)) {
      groups.set(name, {});
      this.assumed.keys.add(name);
    }
    return { kind: 'group', key: name };
  }

  private groupOf(value: string, claim: string, prefix: string): Named {
    const { identities, client: id, domain } = this.world;
    const client = identities.clients.get(id);
    const key = this.byClaimMap(value, claim);
    if (key !== undefined) return builtIn(key) ?? { kind: 'group', key };
    if (claim !== 'groups')
      return nobody(
        `adopt cannot tell which group gets the value \`${value}\` in the claim ${claim}: either the entry of the client was not read (then run adopt with this entry too), or the client gives the value to no group or to several groups`,
      );
    const scope =
      client && groupScopes.find((one) => Object.values(client.scopes ?? {}).some((list) => list.includes(one)));
    if (isUuid(value)) {
      const found = [...identities.groups].find(([, group]) => group.id === value)?.[0];
      if (found === undefined)
        return nobody(
          'this is the UUID of a group that was not read: run adopt with the output of `kanidm group list -o json` too',
        );
      return { kind: 'group', key: found };
    }
    const at = value.lastIndexOf('@');
    const [name, of] = at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
    const wouldMatch = `\`${prefix}${name.toLowerCase()}@${domain}\``;
    if (of === undefined) {
      if (scope === 'groups_name' && identities.groups.has(name)) return { kind: 'group', key: name };
      if (prefix === '' && !kanidmName.test(name)) return foreign('no group of Kanidm can have this name');
      return nobody(groupWithoutDomain({ prefix, name, domain, client }));
    }
    if (of !== domain)
      return nobody(
        `group names of this Kanidm server end in @${domain}, so nobody is in this group; bind ${wouldMatch}`,
      );
    if (scope === 'groups_name' || scope === 'groups_uuid')
      return nobody(
        `the client's scope ${scope} does not put names with a domain into tokens, so nobody has the role by this subject today, unless ${impersonated}`,
      );
    if (!kanidmName.test(name)) return nobody(`Kanidm does not allow the group name \`${name}\``);
    if (identities.people.has(name) || identities.serviceAccounts.has(name))
      return nobody(`${name} is not a group: an account in Kanidm has this name`);
    return this.assumeGroup(name);
  }

  /** Returns the group to which a claim map of the client gives this value, if there is only one such group. */
  private byClaimMap(value: string, claim: string): string | undefined {
    const { claims } = this.world.identities.clients.get(this.world.client) ?? {};
    const map = claims && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    const holders = Object.entries(map?.values ?? {}).filter(([, values]) => values.includes(value));
    return holders.length === 1 ? holders[0]?.[0] : undefined;
  }
}
