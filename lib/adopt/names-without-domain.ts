import type { ClientInput } from '../config/schema/config-schema';

const unprefixed =
  'a name without a prefix may be the user of a certificate or a person in Kanidm: run adopt with the entries of Kanidm too';

/** Returns why adopt cannot identify the user behind a name that has neither a prefix nor a domain. */
export const userWithoutPrefix = ({ mayBeShort }: { mayBeShort: boolean }): string =>
  !mayBeShort
    ? unprefixed
    : `${unprefixed}. If this is the name of a person, the client has short user names. Without \`preferShortUsername: true\` in the config, Kaniflux turns short user names off, and the person loses the role`;

interface ShortGroup {
  readonly prefix: string;
  readonly name: string;
  readonly domain: string;
  /** The client, if it was read. */
  readonly client: ClientInput | undefined;
}

/** A way to have a group that is not in the tokens of the client. */
export const impersonated = 'a program impersonates this group, as the web UI of the Flux Operator can';

/** Returns why a binding that names a group without its domain matches nobody, and which name matches. */
export function groupWithoutDomain({ prefix, name, domain, client }: ShortGroup): string {
  const fact = `group names in Kanidm tokens end in @${domain}, so nobody has the role by this subject today`;
  const certificate = prefix === '' ? 'a client certificate has this group as its organization (O), or ' : '';
  const other = `, unless ${certificate}${impersonated}`;
  const bind = `bind \`${prefix}${name.toLowerCase()}@${domain}\``;
  const scope = 'the scope `groups_name` (Kanidm 1.8 or later) instead of `groups`';
  return client
    ? `${fact}${other}; ${bind}, or give the client ${scope}`
    : `the client was not read. If it has the scope \`groups\`, ${fact}${other}; ${bind}. If it has ${scope}, run adopt with its entry in Kanidm too`;
}
